#include "com/target.h"

#include "com/error.h"

/* dispex.h declares this IID, but no import library of mingw-w64 defines it. */
static const IID iid_dispatch_ex = {0xa6ef9860, 0xc720, 0x11d0, {0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9}};

bool target_open(IUnknown *object, target *out)
{
    out->ex = NULL;
    out->dispatch = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(object, &iid_dispatch_ex, (void **)&out->ex)))
    {
        out->dispatch = (IDispatch *)out->ex;
        IDispatch_AddRef(out->dispatch);
        return true;
    }
    out->ex = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&out->dispatch)))
        return true;
    out->dispatch = NULL;
    return false;
}

void target_close(target *t)
{
    if (t->ex)
        IDispatchEx_Release(t->ex);
    if (t->dispatch)
        IDispatch_Release(t->dispatch);
    t->ex = NULL;
    t->dispatch = NULL;
}

static bool find_ex(IDispatchEx *ex, const WCHAR *name, DISPID *id)
{
    BSTR text = SysAllocString(name);
    bool is_found = text && SUCCEEDED(IDispatchEx_GetDispID(ex, text, fdexNameCaseSensitive, id));

    SysFreeString(text);
    return is_found && *id != DISPID_UNKNOWN;
}

bool target_find(const target *t, const WCHAR *name, DISPID *id)
{
    LPOLESTR names[] = {(LPOLESTR)(uintptr_t)name};

    if (t->ex)
        return find_ex(t->ex, name, id);
    return SUCCEEDED(IDispatch_GetIDsOfNames(t->dispatch, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, id)) &&
           *id != DISPID_UNKNOWN;
}

bool target_is_function(const target *t)
{
    DISPID id;

    return t->ex && target_find(t, L"call", &id) && target_find(t, L"apply", &id);
}

/* Raises the error that the object gave, and frees what is in `exception`. */
static HRESULT raise_exception(HRESULT hr, EXCEPINFO *exception)
{
    if (hr == DISP_E_EXCEPTION && exception->pfnDeferredFillIn)
        exception->pfnDeferredFillIn(exception);
    if (hr == DISP_E_EXCEPTION && exception->scode)
        hr = exception->scode;
    else if (hr == DISP_E_EXCEPTION && exception->wCode)
        hr = VB_ERROR(exception->wCode);
    hr = error_raise_text(SUCCEEDED(hr) ? DISP_E_EXCEPTION : hr, exception->bstrDescription);
    SysFreeString(exception->bstrSource);
    SysFreeString(exception->bstrDescription);
    SysFreeString(exception->bstrHelpFile);
    return hr;
}

HRESULT target_call(const target *t, DISPID id, WORD flags, const VARIANT *argument, VARIANT *out)
{
    DISPPARAMS params = {(VARIANT *)(uintptr_t)argument, NULL, argument ? 1 : 0, 0};
    EXCEPINFO exception = {0};
    UINT bad_argument;
    HRESULT hr;

    VariantInit(out);
    if (t->ex)
        hr = IDispatchEx_InvokeEx(t->ex, id, LOCALE_USER_DEFAULT, flags, &params, out, &exception, NULL);
    else
        hr = IDispatch_Invoke(t->dispatch, id, &IID_NULL, LOCALE_USER_DEFAULT, flags, &params, out, &exception,
                              &bad_argument);
    if (SUCCEEDED(hr))
        return S_OK;
    VariantClear(out);
    return raise_exception(hr, &exception);
}

bool target_ask(const target *t, DISPID method, const VARIANT *name, bool otherwise)
{
    VARIANT answer;

    if (FAILED(target_call(t, method, DISPATCH_METHOD, name, &answer)))
        return otherwise;
    if (V_VT(&answer) == VT_BOOL)
        otherwise = V_BOOL(&answer) != VARIANT_FALSE;
    VariantClear(&answer);
    return otherwise;
}

bool target_lacks(HRESULT hr)
{
    switch (hr)
    {
    case DISP_E_MEMBERNOTFOUND:
    case DISP_E_UNKNOWNNAME:
    case DISP_E_BADPARAMCOUNT:
    case DISP_E_PARAMNOTOPTIONAL:
    case DISP_E_PARAMNOTFOUND:
    case DISP_E_TYPEMISMATCH:
    case E_NOTIMPL: return true;
    default: return hr == VB_ERROR(438) || hr == VB_ERROR(449) || hr == VB_ERROR(450);
    }
}

IEnumVARIANT *target_enumerate(const target *t)
{
    IEnumVARIANT *enumerator = NULL;
    VARIANT value;

    if (FAILED(target_call(t, DISPID_NEWENUM, DISPATCH_METHOD | DISPATCH_PROPERTYGET, NULL, &value)))
        return NULL;
    if ((V_VT(&value) == VT_UNKNOWN || V_VT(&value) == VT_DISPATCH) && V_UNKNOWN(&value) &&
        FAILED(IUnknown_QueryInterface(V_UNKNOWN(&value), &IID_IEnumVARIANT, (void **)&enumerator)))
        enumerator = NULL;
    VariantClear(&value);
    return enumerator;
}

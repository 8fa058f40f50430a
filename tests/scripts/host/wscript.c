#include "script_host.h"

static HRESULT fail(const WCHAR *description, HRESULT hr, EXCEPINFO *exception)
{
    if (!exception)
        return hr;
    memset(exception, 0, sizeof(*exception));
    exception->scode = hr;
    exception->bstrSource = SysAllocString(L"WScript");
    exception->bstrDescription = SysAllocString(description);
    return DISP_E_EXCEPTION;
}

/* The argument at `index`, counted from the left, without its references. */
static VARIANT *argument(const DISPPARAMS *params, UINT index)
{
    VARIANT *value = &params->rgvarg[params->cArgs - 1 - index];

    while (V_VT(value) == (VT_BYREF | VT_VARIANT))
        value = V_VARIANTREF(value);
    return value;
}

/* The same as a number, an object (no reference) or a text (to be freed); the type is wrong where it is 0 or NULL. */
static LONG number_argument(const DISPPARAMS *params, UINT index)
{
    VARIANT number;

    VariantInit(&number);
    if (index >= params->cArgs || FAILED(VariantChangeType(&number, argument(params, index), 0, VT_I4)))
        return 0;
    return V_I4(&number);
}

static IDispatch *object_argument(const DISPPARAMS *params, UINT index)
{
    VARIANT *value;

    if (index >= params->cArgs)
        return NULL;
    value = argument(params, index);
    if (V_VT(value) == (VT_BYREF | VT_DISPATCH))
        return *V_DISPATCHREF(value);
    return V_VT(value) == VT_DISPATCH ? V_DISPATCH(value) : NULL;
}

static BSTR text_argument(const DISPPARAMS *params, UINT index)
{
    VARIANT text;

    VariantInit(&text);
    if (index >= params->cArgs || FAILED(VariantChangeType(&text, argument(params, index), 0, VT_BSTR)))
        return NULL;
    return V_BSTR(&text);
}

HRESULT STDMETHODCALLTYPE no_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE no_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out)
{
    (void)iface, (void)index, (void)lcid;
    *out = NULL;
    return E_NOTIMPL;
}

/* A named item or property whose object the host holds for ever. */
static HRESULT STDMETHODCALLTYPE item_QueryInterface(IDispatch *iface, REFIID riid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch))
        return E_NOINTERFACE;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE item_AddRef(IDispatch *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE item_Release(IDispatch *iface)
{
    (void)iface;
    return 1;
}

static HRESULT find_name(const WCHAR *const *names, size_t count, const WCHAR *name, DISPID *id)
{
    size_t i;

    for (i = 0; i < count; i++)
    {
        if (lstrcmpiW(names[i], name) == 0)
        {
            *id = (DISPID)i;
            return S_OK;
        }
    }
    *id = DISPID_UNKNOWN;
    return DISP_E_UNKNOWNNAME;
}

static const WCHAR *const argument_members[] = {L"Item", L"Count", L"Length"};

static HRESULT STDMETHODCALLTYPE arguments_GetIDsOfNames(IDispatch *iface, REFIID riid, OLECHAR **names, UINT count,
                                                         LCID lcid, DISPID *ids)
{
    (void)iface, (void)riid, (void)count, (void)lcid;
    return find_name(argument_members, ARRAYSIZE(argument_members), names[0], &ids[0]);
}

static HRESULT STDMETHODCALLTYPE arguments_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
                                                  DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                                  UINT *wrong)
{
    LONG index = number_argument(params, 0);
    VARIANT ignored;

    (void)iface, (void)riid, (void)lcid, (void)flags, (void)wrong;
    if (!result)
        result = &ignored;
    V_VT(result) = VT_I4;
    V_I4(result) = running.argument_count;
    if (id != DISPID_VALUE)
        return S_OK;
    if (params->cArgs != 1 || index < 0 || index >= running.argument_count)
        return fail(L"There is no such argument.", DISP_E_BADINDEX, exception);
    V_VT(result) = VT_BSTR;
    V_BSTR(result) = SysAllocString(running.arguments[index]);
    return S_OK;
}

static IDispatchVtbl arguments_vtable = {
    .QueryInterface = item_QueryInterface,
    .AddRef = item_AddRef,
    .Release = item_Release,
    .GetTypeInfoCount = no_GetTypeInfoCount,
    .GetTypeInfo = no_GetTypeInfo,
    .GetIDsOfNames = arguments_GetIDsOfNames,
    .Invoke = arguments_Invoke,
};

static IDispatch arguments = {&arguments_vtable};

static HRESULT wscript_echo(DISPPARAMS *params)
{
    BSTR text;
    UINT i;

    for (i = 0; i < params->cArgs; i++)
    {
        text = text_argument(params, i);
        if (!text)
            return DISP_E_TYPEMISMATCH;
        if (i)
            print(stdout, L" ");
        print(stdout, text);
        SysFreeString(text);
    }
    print(stdout, L"\n");
    return S_OK;
}

/* Events come meanwhile. */
static void wscript_sleep(LONG ms)
{
    ULONGLONG now, end = GetTickCount64() + (ULONGLONG)(ms > 0 ? ms : 0);
    MSG message;

    for (;;)
    {
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        {
            TranslateMessage(&message);
            DispatchMessageW(&message);
        }
        now = GetTickCount64();
        if (now >= end)
            return;
        MsgWaitForMultipleObjectsEx(0, NULL, (DWORD)(end - now), QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    }
}

static HRESULT create_object(const WCHAR *name, const WCHAR *prefix, IDispatch **out)
{
    CLSID clsid;
    HRESULT hr = CLSIDFromProgID(name, &clsid);

    *out = NULL;
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)out);
    if (SUCCEEDED(hr) && prefix)
    {
        hr = events_connect(*out, prefix);
        if (FAILED(hr))
        {
            IDispatch_Release(*out);
            *out = NULL;
        }
    }
    return hr;
}

static HRESULT wscript_create_object(DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception)
{
    BSTR name = text_argument(params, 0), prefix = text_argument(params, 1);
    IDispatch *object = NULL;
    HRESULT hr = name ? create_object(name, prefix, &object) : DISP_E_BADPARAMCOUNT;

    SysFreeString(name);
    SysFreeString(prefix);
    if (FAILED(hr))
        return fail(L"The object could not be created, or not be connected.", hr, exception);
    V_VT(result) = VT_DISPATCH;
    V_DISPATCH(result) = object;
    return S_OK;
}

static HRESULT wscript_connect_object(DISPPARAMS *params, EXCEPINFO *exception)
{
    IDispatch *source = object_argument(params, 0);
    BSTR prefix = text_argument(params, 1);
    HRESULT hr = source && prefix ? events_connect(source, prefix) : DISP_E_TYPEMISMATCH;

    SysFreeString(prefix);
    return SUCCEEDED(hr) ? S_OK : fail(L"The object could not be connected.", hr, exception);
}

static HRESULT wscript_disconnect_object(DISPPARAMS *params, EXCEPINFO *exception)
{
    IDispatch *object = object_argument(params, 0);
    IUnknown *source;

    if (!object || FAILED(IDispatch_QueryInterface(object, &IID_IUnknown, (void **)&source)))
        return fail(L"DisconnectObject wants an object.", DISP_E_TYPEMISMATCH, exception);
    events_disconnect(source);
    IUnknown_Release(source);
    return S_OK;
}

/* As cscript does it: the script ends here, and so does the process, whatever else runs in it. */
static void wscript_quit(int code)
{
    events_disconnect(NULL);
    fflush(NULL);
    ExitProcess((UINT)code);
}

/* WScript.Arguments, and WScript.Arguments(0). */
static HRESULT wscript_arguments(DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception)
{
    if (params->cArgs > 0)
        return arguments_Invoke(&arguments, DISPID_VALUE, &IID_NULL, 0, DISPATCH_PROPERTYGET, params, result, exception,
                                NULL);
    V_VT(result) = VT_DISPATCH;
    V_DISPATCH(result) = &arguments;
    return S_OK;
}

static HRESULT text_result(const WCHAR *text, VARIANT *result)
{
    V_VT(result) = VT_BSTR;
    V_BSTR(result) = SysAllocString(text);
    return S_OK;
}

enum wscript_member
{
    ECHO_LINE,
    SLEEP,
    CREATE_OBJECT,
    CONNECT_OBJECT,
    DISCONNECT_OBJECT,
    QUIT,
    ARGUMENTS,
    SCRIPT_NAME,
    SCRIPT_FULL_NAME
};

static const WCHAR *const wscript_members[] = {
    [ECHO_LINE] = L"Echo",
    [SLEEP] = L"Sleep",
    [CREATE_OBJECT] = L"CreateObject",
    [CONNECT_OBJECT] = L"ConnectObject",
    [DISCONNECT_OBJECT] = L"DisconnectObject",
    [QUIT] = L"Quit",
    [ARGUMENTS] = L"Arguments",
    [SCRIPT_NAME] = L"ScriptName",
    [SCRIPT_FULL_NAME] = L"ScriptFullName",
};

static const WCHAR *file_name(const WCHAR *path)
{
    const WCHAR *name = path;

    for (; *path; path++)
    {
        if (*path == L'\\' || *path == L'/')
            name = path + 1;
    }
    return name;
}

static HRESULT STDMETHODCALLTYPE wscript_GetIDsOfNames(IDispatch *iface, REFIID riid, OLECHAR **names, UINT count,
                                                       LCID lcid, DISPID *ids)
{
    (void)iface, (void)riid, (void)count, (void)lcid;
    return find_name(wscript_members, ARRAYSIZE(wscript_members), names[0], &ids[0]);
}

static HRESULT STDMETHODCALLTYPE wscript_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
                                                DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
    VARIANT ignored;
    HRESULT hr = S_OK;

    (void)iface, (void)riid, (void)lcid, (void)flags, (void)wrong;
    VariantInit(&ignored);
    if (!result)
        result = &ignored;
    VariantInit(result);
    switch (id)
    {
    case ECHO_LINE: hr = wscript_echo(params); break;
    case SLEEP: wscript_sleep(number_argument(params, 0)); break;
    case CREATE_OBJECT: hr = wscript_create_object(params, result, exception); break;
    case CONNECT_OBJECT: hr = wscript_connect_object(params, exception); break;
    case DISCONNECT_OBJECT: hr = wscript_disconnect_object(params, exception); break;
    case QUIT: wscript_quit(number_argument(params, 0)); break;
    case ARGUMENTS: hr = wscript_arguments(params, result, exception); break;
    case SCRIPT_NAME: hr = text_result(file_name(running.path), result); break;
    case SCRIPT_FULL_NAME: hr = text_result(running.path, result); break;
    default: hr = DISP_E_MEMBERNOTFOUND; break;
    }
    VariantClear(&ignored);
    return hr;
}

static IDispatchVtbl wscript_vtable = {
    .QueryInterface = item_QueryInterface,
    .AddRef = item_AddRef,
    .Release = item_Release,
    .GetTypeInfoCount = no_GetTypeInfoCount,
    .GetTypeInfo = no_GetTypeInfo,
    .GetIDsOfNames = wscript_GetIDsOfNames,
    .Invoke = wscript_Invoke,
};

IDispatch wscript = {&wscript_vtable};

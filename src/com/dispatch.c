#include "com/dispatch.h"

#include "com/error.h"
#include "com/typeinfo.h"

HRESULT dispatch_get_type_info_count(object *o, UINT *count)
{
    (void)o;
    if (!count)
        return E_POINTER;
    *count = 1;
    return S_OK;
}

HRESULT dispatch_get_type_info(object *o, UINT index, LCID lcid, ITypeInfo **out)
{
    (void)lcid;
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (index != 0)
        return DISP_E_BADINDEX;
    return typeinfo_get(o->kind->dual, out);
}

HRESULT dispatch_get_ids_of_names(object *o, REFIID riid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids)
{
    ITypeInfo *info;
    HRESULT hr;

    (void)lcid;
    if (!IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (!names || !ids || count == 0)
        return E_INVALIDARG;
    hr = typeinfo_get(o->kind->dual, &info);
    if (FAILED(hr))
        return hr;
    hr = ITypeInfo_GetIDsOfNames(info, names, count, ids);
    ITypeInfo_Release(info);
    return hr;
}

/* What ITypeInfo::Invoke is documented to do with the error's sentence, for systems where it does not. */
static void complete_exception(EXCEPINFO *exception)
{
    IErrorInfo *info;

    if (exception->bstrDescription || exception->pfnDeferredFillIn || GetErrorInfo(0, &info) != S_OK)
        return;
    if (!exception->bstrSource)
        IErrorInfo_GetSource(info, &exception->bstrSource);
    IErrorInfo_GetDescription(info, &exception->bstrDescription);
    IErrorInfo_Release(info);
}

/* How many arguments the member takes at most. */
static UINT most_arguments(const FUNCDESC *func)
{
    UINT count = (UINT)func->cParams;

    if (count && (func->lprgelemdescParam[count - 1].paramdesc.wParamFlags & PARAMFLAG_FRETVAL))
        count--;
    return count;
}

/* Windows refuses an argument too many by itself, Wine drops it in silence. Of methods alone: those of a property may be
 * meant for the default member of what it gives, as in server.Connections(1). */
static bool has_too_many_arguments(ITypeInfo *info, DISPID id, const DISPPARAMS *params)
{
    bool too_many = false;
    FUNCDESC *func;

    for (UINT i = 0; params->cArgs && !too_many && SUCCEEDED(ITypeInfo_GetFuncDesc(info, i, &func)); i++)
    {
        too_many = func->memid == id && func->invkind == INVOKE_FUNC && params->cArgs > most_arguments(func);
        ITypeInfo_ReleaseFuncDesc(info, func);
    }
    return too_many;
}

static bool is_put(WORD flags, const DISPPARAMS *params)
{
    return (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) && params->cArgs == 1;
}

/* Nothing, for an object property, as .NET's binders put it: PowerShell's `$server.EventSink = $null` comes as Empty. */
static HRESULT put_nothing(ITypeInfo *info, object *o, DISPID id, WORD flags, const DISPPARAMS *params,
                           EXCEPINFO *exception)
{
    DISPPARAMS again = *params;
    VARIANT nothing;

    V_VT(&nothing) = VT_DISPATCH;
    V_DISPATCH(&nothing) = NULL;
    again.rgvarg = &nothing;
    return ITypeInfo_Invoke(info, object_identity(o), id, flags, &again, NULL, exception, NULL);
}

HRESULT dispatch_invoke(object *o, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                        EXCEPINFO *exception, UINT *bad_argument)
{
    ITypeInfo *info;
    HRESULT hr;

    (void)lcid;
    if (!IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (!params)
        return E_INVALIDARG;
    hr = typeinfo_get(o->kind->dual, &info);
    if (FAILED(hr))
        return hr;
    if (id == DISPID_NEWENUM && flags == DISPATCH_METHOD) /* JScript's Enumerator asks so for a property */
        flags |= DISPATCH_PROPERTYGET;
    error_clear();
    hr = DISP_E_BADPARAMCOUNT;
    if (!has_too_many_arguments(info, id, params))
        hr = ITypeInfo_Invoke(info, object_identity(o), id, flags, params, result, exception, bad_argument);
    if (hr == DISP_E_TYPEMISMATCH && is_put(flags, params) && V_VT(&params->rgvarg[0]) <= VT_NULL)
        hr = put_nothing(info, o, id, flags, params, exception);
    ITypeInfo_Release(info);
    if (hr == DISP_E_EXCEPTION && exception)
        complete_exception(exception);
    return hr;
}

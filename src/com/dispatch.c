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
    hr = ITypeInfo_Invoke(info, object_identity(o), id, flags, params, result, exception, bad_argument);
    ITypeInfo_Release(info);
    if (hr == DISP_E_EXCEPTION && exception)
        complete_exception(exception);
    return hr;
}

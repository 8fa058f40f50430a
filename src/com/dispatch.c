#include "com/dispatch.h"

#include "com/error.h"
#include "com/typeinfo.h"
#include "com/unload.h"

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

/* Puts the error's sentence into the EXCEPINFO. ITypeInfo::Invoke is documented to do so, but on some systems does
 * not. */
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

/* ---- late-bound calls ----
 *
 * This file decides what a call with too many arguments means, and whether a property can be put. ITypeInfo::Invoke
 * differs there between systems, and on some it calls the default member of Nothing. */

typedef struct late_call
{
    object *object;
    ITypeInfo *info;
    DISPID id;
    LCID lcid;
    WORD flags;
    DISPPARAMS *params;
    VARIANT *result;
    EXCEPINFO *exception;
    UINT *bad_argument;
} late_call;

static HRESULT invoke_member(const late_call *call, DISPPARAMS *params, VARIANT *result)
{
    HRESULT hr = ITypeInfo_Invoke(call->info, object_identity(call->object), call->id, call->flags, params, result,
                                  call->exception, call->bad_argument);

    if (hr == DISP_E_EXCEPTION && call->exception)
        complete_exception(call->exception);
    return hr;
}

static bool find_function(const late_call *call, INVOKEKIND kind, signature *out)
{
    return typeinfo_find_function(call->object->kind->dual, call->id, kind, out);
}

/* Puts Nothing to an object property. The binders of .NET pass Empty for Nothing: `$server.EventSink = $null` in
 * PowerShell. */
static HRESULT put_nothing(const late_call *call)
{
    DISPPARAMS again = *call->params;
    VARIANT nothing;

    V_VT(&nothing) = VT_DISPATCH;
    V_DISPATCH(&nothing) = NULL;
    again.rgvarg = &nothing;
    return invoke_member(call, &again, NULL);
}

static bool can_be_put(const late_call *call, signature *out)
{
    return ((call->flags & DISPATCH_PROPERTYPUT) && find_function(call, INVOKE_PROPERTYPUT, out)) ||
           ((call->flags & DISPATCH_PROPERTYPUTREF) && find_function(call, INVOKE_PROPERTYPUTREF, out));
}

static HRESULT put_property(const late_call *call)
{
    signature put;
    HRESULT hr;

    if (!can_be_put(call, &put))
        return DISP_E_MEMBERNOTFOUND;
    if (call->params->cArgs > put.most)
        return DISP_E_BADPARAMCOUNT;
    hr = invoke_member(call, call->params, call->result);
    if (hr == DISP_E_TYPEMISMATCH && put.takes_object && call->params->cArgs == 1 &&
        V_VT(&call->params->rgvarg[0]) <= VT_NULL)
        hr = put_nothing(call);
    return hr;
}

/* Passes the arguments to the default member of a value. A value without one, such as Nothing, refuses them. */
static HRESULT get_of_value(const late_call *call, const VARIANT *value)
{
    IDispatch *inner;
    HRESULT hr;

    if ((V_VT(value) != VT_DISPATCH && V_VT(value) != VT_UNKNOWN) || !V_UNKNOWN(value) ||
        FAILED(IUnknown_QueryInterface(V_UNKNOWN(value), &IID_IDispatch, (void **)&inner)))
        return DISP_E_BADPARAMCOUNT;
    hr = IDispatch_Invoke(inner, DISPID_VALUE, &IID_NULL, call->lcid, call->flags, call->params, call->result,
                          call->exception, call->bad_argument);
    IDispatch_Release(inner);
    return hr;
}

/* Gets a property without parameters that is called with arguments, as in server.Connections(1). */
static HRESULT get_with_arguments(const late_call *call)
{
    DISPPARAMS none = {NULL, NULL, 0, 0};
    VARIANT value;
    HRESULT hr;

    VariantInit(&value);
    hr = invoke_member(call, &none, &value);
    if (SUCCEEDED(hr))
        hr = get_of_value(call, &value);
    VariantClear(&value);
    return hr;
}

static HRESULT call_or_get(const late_call *call)
{
    signature called = {0, false};
    bool is_method = find_function(call, INVOKE_FUNC, &called);
    bool is_property = !is_method && find_function(call, INVOKE_PROPERTYGET, &called);

    if ((!is_method && !is_property) || call->params->cArgs <= called.most)
        return invoke_member(call, call->params, call->result);
    return is_property && called.most == 0 ? get_with_arguments(call) : DISP_E_BADPARAMCOUNT;
}

HRESULT dispatch_invoke(object *o, DISPID id, REFIID riid, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                        EXCEPINFO *exception, UINT *bad_argument)
{
    late_call call = {o, NULL, id, lcid, flags, params, result, exception, bad_argument};
    HRESULT hr;

    if (!IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (!params)
        return E_INVALIDARG;
    hr = typeinfo_get(o->kind->dual, &call.info);
    if (FAILED(hr))
        return hr;
    if (id == DISPID_NEWENUM && flags == DISPATCH_METHOD) /* JScript's Enumerator gets a property in this way */
        call.flags |= DISPATCH_PROPERTYGET;
    /* The conversion of arguments may run the consumer's code, too, before any method does. */
    unload_prevent();
    object_begin_call(o);
    error_clear();
    hr = flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF) ? put_property(&call) : call_or_get(&call);
    ITypeInfo_Release(call.info);
    object_end_call(o);
    unload_permit();
    return hr;
}

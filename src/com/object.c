#include "com/object.h"

#include "com/unload.h"
#include "com/typeinfo.h"

#include "base/check.h"

enum
{
    DESTROYED =
        -0x40000000 /* references while `destroy` runs: references taken and released meanwhile never bring it to 0 */
};

static object *impl_from_ISupportErrorInfo(ISupportErrorInfo *iface)
{
    return CONTAINER_OF(iface, object, ISupportErrorInfo_iface);
}

static object *impl_from_IProvideClassInfo2(IProvideClassInfo2 *iface)
{
    return CONTAINER_OF(iface, object, IProvideClassInfo2_iface);
}

/* ---- ISupportErrorInfo ---- */

static HRESULT STDMETHODCALLTYPE SupportErrorInfo_QueryInterface(ISupportErrorInfo *iface, REFIID riid, void **out)
{
    return object_query_interface(impl_from_ISupportErrorInfo(iface), riid, out);
}

static ULONG STDMETHODCALLTYPE SupportErrorInfo_AddRef(ISupportErrorInfo *iface)
{
    return object_add_ref(impl_from_ISupportErrorInfo(iface));
}

static ULONG STDMETHODCALLTYPE SupportErrorInfo_Release(ISupportErrorInfo *iface)
{
    return object_release(impl_from_ISupportErrorInfo(iface));
}

static HRESULT STDMETHODCALLTYPE SupportErrorInfo_InterfaceSupportsErrorInfo(ISupportErrorInfo *iface, REFIID riid)
{
    return IsEqualIID(riid, impl_from_ISupportErrorInfo(iface)->kind->dual) ? S_OK : S_FALSE;
}

static const ISupportErrorInfoVtbl SupportErrorInfo_vtable = {
    .QueryInterface = SupportErrorInfo_QueryInterface,
    .AddRef = SupportErrorInfo_AddRef,
    .Release = SupportErrorInfo_Release,
    .InterfaceSupportsErrorInfo = SupportErrorInfo_InterfaceSupportsErrorInfo,
};

/* ---- IProvideClassInfo2 ---- */

static HRESULT STDMETHODCALLTYPE ProvideClassInfo_QueryInterface(IProvideClassInfo2 *iface, REFIID riid, void **out)
{
    return object_query_interface(impl_from_IProvideClassInfo2(iface), riid, out);
}

static ULONG STDMETHODCALLTYPE ProvideClassInfo_AddRef(IProvideClassInfo2 *iface)
{
    return object_add_ref(impl_from_IProvideClassInfo2(iface));
}

static ULONG STDMETHODCALLTYPE ProvideClassInfo_Release(IProvideClassInfo2 *iface)
{
    return object_release(impl_from_IProvideClassInfo2(iface));
}

static HRESULT STDMETHODCALLTYPE ProvideClassInfo_GetClassInfo(IProvideClassInfo2 *iface, ITypeInfo **out)
{
    if (!out)
        return E_POINTER;
    return typeinfo_get(impl_from_IProvideClassInfo2(iface)->kind->coclass, out);
}

static HRESULT STDMETHODCALLTYPE ProvideClassInfo_GetGUID(IProvideClassInfo2 *iface, DWORD guid_kind, GUID *out)
{
    const object_kind *kind = impl_from_IProvideClassInfo2(iface)->kind;

    if (!out)
        return E_POINTER;
    *out = GUID_NULL;
    if (guid_kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID || !kind->events)
        return E_INVALIDARG;
    *out = *kind->events;
    return S_OK;
}

static const IProvideClassInfo2Vtbl ProvideClassInfo_vtable = {
    .QueryInterface = ProvideClassInfo_QueryInterface,
    .AddRef = ProvideClassInfo_AddRef,
    .Release = ProvideClassInfo_Release,
    .GetClassInfo = ProvideClassInfo_GetClassInfo,
    .GetGUID = ProvideClassInfo_GetGUID,
};

/* ---- the object ---- */

void object_init(object *o, const object_kind *kind)
{
    o->ISupportErrorInfo_iface.lpVtbl = &SupportErrorInfo_vtable;
    o->IProvideClassInfo2_iface.lpVtbl = &ProvideClassInfo_vtable;
    o->kind = kind;
    o->references = 1;
    unload_prevent();
}

void object_fini(object *o)
{
    if (o->marshaler)
        IUnknown_Release(o->marshaler);
    unload_permit();
}

static void *interface_at(object *o, size_t offset)
{
    return (char *)o + offset;
}

IUnknown *object_identity(object *o)
{
    return interface_at(o, o->kind->interfaces[0].offset);
}

static void *find_interface(object *o, REFIID riid)
{
    const object_kind *kind = o->kind;
    const object_interface *i;

    if (IsEqualIID(riid, &IID_IUnknown) || (kind->dual && IsEqualIID(riid, &IID_IDispatch)))
        return object_identity(o);
    for (i = kind->interfaces; i->iid; i++)
    {
        if (IsEqualIID(riid, i->iid))
            return interface_at(o, i->offset);
    }
    if (kind->dual && IsEqualIID(riid, &IID_ISupportErrorInfo))
        return &o->ISupportErrorInfo_iface;
    if (kind->coclass && (IsEqualIID(riid, &IID_IProvideClassInfo2) || IsEqualIID(riid, &IID_IProvideClassInfo)))
        return &o->IProvideClassInfo2_iface;
    return NULL;
}

HRESULT object_query_interface(object *o, REFIID riid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = find_interface(o, riid);
    if (!*out)
        return object_query_agile(&o->marshaler, object_identity(o), riid, out);
    object_add_ref(o);
    return S_OK;
}

ULONG object_add_ref(object *o)
{
    return (ULONG)InterlockedIncrement(&o->references);
}

ULONG object_release(object *o)
{
    LONG references = InterlockedDecrement(&o->references);

    if (references == 0)
    {
        InterlockedExchange(&o->references, DESTROYED);
        o->kind->destroy(o);
    }
    return (ULONG)references;
}

bool object_try_hold(object *o)
{
    return count_up(&o->references);
}

void object_begin_call(object *o)
{
    if (o->kind->begin_call)
        o->kind->begin_call(o);
    else
        object_add_ref(o);
}

void object_end_call(object *o)
{
    if (o->kind->end_call)
        o->kind->end_call(o);
    else
        object_release(o);
}

/* ---- agility ---- */

static IUnknown *get_marshaler(IUnknown **slot, IUnknown *outer)
{
    IUnknown *made, *before;

    before = InterlockedCompareExchangePointer((void **)slot, NULL, NULL);
    if (before)
        return before;
    if (FAILED(CoCreateFreeThreadedMarshaler(outer, &made)))
        return NULL;
    before = InterlockedCompareExchangePointer((void **)slot, made, NULL);
    if (!before)
        return made;
    IUnknown_Release(made);
    return before;
}

HRESULT object_query_agile(IUnknown **slot, IUnknown *outer, REFIID riid, void **out)
{
    IUnknown *marshaler;

    *out = NULL;
    if (IsEqualIID(riid, &IID_IAgileObject)) /* IAgileObject has no methods of its own */
    {
        *out = outer;
        IUnknown_AddRef(outer);
        return S_OK;
    }
    if (!IsEqualIID(riid, &IID_IMarshal))
        return E_NOINTERFACE;
    marshaler = get_marshaler(slot, outer);
    if (!marshaler)
        return E_OUTOFMEMORY;
    return IUnknown_QueryInterface(marshaler, riid, out);
}

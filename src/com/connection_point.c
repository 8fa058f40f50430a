/* A reference on the connection point is a reference on the source. */

#include "com/connection_point.h"

#include "com/enum_connections.h"

static connection_point *impl_from_IConnectionPointContainer(IConnectionPointContainer *iface)
{
    return CONTAINER_OF(iface, connection_point, IConnectionPointContainer_iface);
}

static connection_point *impl_from_IConnectionPoint(IConnectionPoint *iface)
{
    return CONTAINER_OF(iface, connection_point, IConnectionPoint_iface);
}

/* ---- IConnectionPointContainer, of the source's identity ---- */

static HRESULT STDMETHODCALLTYPE Container_QueryInterface(IConnectionPointContainer *iface, REFIID riid, void **out)
{
    return object_query_interface(impl_from_IConnectionPointContainer(iface)->source, riid, out);
}

static ULONG STDMETHODCALLTYPE Container_AddRef(IConnectionPointContainer *iface)
{
    return object_add_ref(impl_from_IConnectionPointContainer(iface)->source);
}

static ULONG STDMETHODCALLTYPE Container_Release(IConnectionPointContainer *iface)
{
    return object_release(impl_from_IConnectionPointContainer(iface)->source);
}

static HRESULT STDMETHODCALLTYPE Container_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                                IEnumConnectionPoints **out)
{
    if (!out)
        return E_POINTER;
    return enum_connection_points_create(&impl_from_IConnectionPointContainer(iface)->IConnectionPoint_iface, out);
}

static HRESULT STDMETHODCALLTYPE Container_FindConnectionPoint(IConnectionPointContainer *iface, REFIID riid,
                                                               IConnectionPoint **out)
{
    connection_point *p = impl_from_IConnectionPointContainer(iface);

    if (!out)
        return E_POINTER;
    *out = NULL;
    /* IID_IDispatch is accepted, too: some consumers name no dispinterface. */
    if (!IsEqualIID(riid, p->source->kind->events) && !IsEqualIID(riid, &IID_IDispatch))
        return CONNECT_E_NOCONNECTION;
    *out = &p->IConnectionPoint_iface;
    IConnectionPoint_AddRef(*out);
    return S_OK;
}

static const IConnectionPointContainerVtbl Container_vtable = {
    .QueryInterface = Container_QueryInterface,
    .AddRef = Container_AddRef,
    .Release = Container_Release,
    .EnumConnectionPoints = Container_EnumConnectionPoints,
    .FindConnectionPoint = Container_FindConnectionPoint,
};

/* ---- IConnectionPoint, an identity of its own ---- */

static HRESULT STDMETHODCALLTYPE Point_QueryInterface(IConnectionPoint *iface, REFIID riid, void **out)
{
    connection_point *p = impl_from_IConnectionPoint(iface);

    if (!out)
        return E_POINTER;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IConnectionPoint))
        return object_query_agile(&p->marshaler, (IUnknown *)iface, riid, out);
    *out = iface;
    object_add_ref(p->source);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE Point_AddRef(IConnectionPoint *iface)
{
    return object_add_ref(impl_from_IConnectionPoint(iface)->source);
}

static ULONG STDMETHODCALLTYPE Point_Release(IConnectionPoint *iface)
{
    return object_release(impl_from_IConnectionPoint(iface)->source);
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionInterface(IConnectionPoint *iface, IID *out)
{
    if (!out)
        return E_POINTER;
    *out = *impl_from_IConnectionPoint(iface)->source->kind->events;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionPointContainer(IConnectionPoint *iface,
                                                                   IConnectionPointContainer **out)
{
    if (!out)
        return E_POINTER;
    *out = &impl_from_IConnectionPoint(iface)->IConnectionPointContainer_iface;
    IConnectionPointContainer_AddRef(*out);
    return S_OK;
}

static HRESULT advise(connection_point *p, IUnknown *consumer, DWORD *cookie)
{
    sink *opened;
    HRESULT hr = sink_open(consumer, p->source->kind->events, &opened);

    if (FAILED(hr))
        return hr;
    hr = sinks_add(p->sinks, opened, cookie);
    if (FAILED(hr))
    {
        *cookie = 0;
        sink_silence(opened); /* closes its gate, which holds the sink */
        sink_release(opened);
    }
    return hr;
}

/* Advise and Unadvise hold the source: consumers may release their last reference while their sink is asked for its
 * interfaces, or is released. */
static HRESULT STDMETHODCALLTYPE Point_Advise(IConnectionPoint *iface, IUnknown *consumer, DWORD *cookie)
{
    connection_point *p = impl_from_IConnectionPoint(iface);
    HRESULT hr;

    if (!cookie)
        return E_POINTER;
    *cookie = 0;
    if (!consumer)
        return E_POINTER;
    IConnectionPoint_AddRef(iface);
    hr = advise(p, consumer, cookie);
    IConnectionPoint_Release(iface);
    return hr;
}

static HRESULT STDMETHODCALLTYPE Point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    HRESULT hr;

    IConnectionPoint_AddRef(iface);
    hr = sinks_remove(impl_from_IConnectionPoint(iface)->sinks, cookie);
    IConnectionPoint_Release(iface);
    return hr;
}

static HRESULT STDMETHODCALLTYPE Point_EnumConnections(IConnectionPoint *iface, IEnumConnections **out)
{
    if (!out)
        return E_POINTER;
    return enum_connections_create(impl_from_IConnectionPoint(iface)->sinks, out);
}

static const IConnectionPointVtbl Point_vtable = {
    .QueryInterface = Point_QueryInterface,
    .AddRef = Point_AddRef,
    .Release = Point_Release,
    .GetConnectionInterface = Point_GetConnectionInterface,
    .GetConnectionPointContainer = Point_GetConnectionPointContainer,
    .Advise = Point_Advise,
    .Unadvise = Point_Unadvise,
    .EnumConnections = Point_EnumConnections,
};

/* ---- as a field ---- */

void connection_point_init(connection_point *p, object *source, sinks *s)
{
    p->IConnectionPointContainer_iface.lpVtbl = &Container_vtable;
    p->IConnectionPoint_iface.lpVtbl = &Point_vtable;
    p->source = source;
    p->sinks = s;
    p->marshaler = NULL;
}

void connection_point_fini(connection_point *p)
{
    if (p->marshaler)
        IUnknown_Release(p->marshaler);
}

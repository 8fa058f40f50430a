#include "com/enum_connections.h"

#include "com/enumerator.h"

typedef struct enum_points
{
    enumerator enumerator;
    IEnumConnectionPoints IEnumConnectionPoints_iface;
} enum_points;

typedef struct enum_connections
{
    enumerator enumerator;
    IEnumConnections IEnumConnections_iface;
} enum_connections;

static HRESULT create_enum_points(enumerator_items *items, ULONG position, IEnumConnectionPoints **out);
static HRESULT create_enum_connections(enumerator_items *items, ULONG position, IEnumConnections **out);

/* ---- IEnumConnectionPoints ---- */

static enum_points *impl_from_IEnumConnectionPoints(IEnumConnectionPoints *iface)
{
    return CONTAINER_OF(iface, enum_points, IEnumConnectionPoints_iface);
}

static HRESULT STDMETHODCALLTYPE EnumPoints_QueryInterface(IEnumConnectionPoints *iface, REFIID riid, void **out)
{
    return object_query_interface(&impl_from_IEnumConnectionPoints(iface)->enumerator.object, riid, out);
}

static ULONG STDMETHODCALLTYPE EnumPoints_AddRef(IEnumConnectionPoints *iface)
{
    return object_add_ref(&impl_from_IEnumConnectionPoints(iface)->enumerator.object);
}

static ULONG STDMETHODCALLTYPE EnumPoints_Release(IEnumConnectionPoints *iface)
{
    return object_release(&impl_from_IEnumConnectionPoints(iface)->enumerator.object);
}

static HRESULT STDMETHODCALLTYPE EnumPoints_Next(IEnumConnectionPoints *iface, ULONG count, IConnectionPoint **elements,
                                                 ULONG *fetched)
{
    return enumerator_next(&impl_from_IEnumConnectionPoints(iface)->enumerator, count, elements, fetched);
}

static HRESULT STDMETHODCALLTYPE EnumPoints_Skip(IEnumConnectionPoints *iface, ULONG count)
{
    return enumerator_skip(&impl_from_IEnumConnectionPoints(iface)->enumerator, count);
}

static HRESULT STDMETHODCALLTYPE EnumPoints_Reset(IEnumConnectionPoints *iface)
{
    return enumerator_reset(&impl_from_IEnumConnectionPoints(iface)->enumerator);
}

static HRESULT STDMETHODCALLTYPE EnumPoints_Clone(IEnumConnectionPoints *iface, IEnumConnectionPoints **out)
{
    enumerator *e = &impl_from_IEnumConnectionPoints(iface)->enumerator;

    if (!out)
        return E_POINTER;
    return create_enum_points(e->items, enumerator_position(e), out);
}

static const IEnumConnectionPointsVtbl EnumPoints_vtable = {
    .QueryInterface = EnumPoints_QueryInterface,
    .AddRef = EnumPoints_AddRef,
    .Release = EnumPoints_Release,
    .Next = EnumPoints_Next,
    .Skip = EnumPoints_Skip,
    .Reset = EnumPoints_Reset,
    .Clone = EnumPoints_Clone,
};

static void destroy_enum_points(object *o)
{
    enum_points *e = (enum_points *)o;

    enumerator_fini(&e->enumerator);
    mem_free(e);
}

static const object_interface enum_points_interfaces[] = {
    {&IID_IEnumConnectionPoints, offsetof(enum_points, IEnumConnectionPoints_iface)},
    {NULL, 0},
};

static const object_kind enum_points_kind = {
    .interfaces = enum_points_interfaces,
    .destroy = destroy_enum_points,
};

static HRESULT create_enum_points(enumerator_items *items, ULONG position, IEnumConnectionPoints **out)
{
    enum_points *e = mem_alloc(sizeof(*e));

    *out = NULL;
    if (!e)
        return E_OUTOFMEMORY;
    e->IEnumConnectionPoints_iface.lpVtbl = &EnumPoints_vtable;
    enumerator_init(&e->enumerator, &enum_points_kind, items, position);
    *out = &e->IEnumConnectionPoints_iface;
    return S_OK;
}

static HRESULT copy_point(void *element, const void *item)
{
    IConnectionPoint *point = *(IConnectionPoint *const *)item;

    IConnectionPoint_AddRef(point);
    *(IConnectionPoint **)element = point;
    return S_OK;
}

static void free_point(void *value)
{
    IConnectionPoint *point = *(IConnectionPoint **)value;

    if (point)
        IConnectionPoint_Release(point);
}

static const enumerator_items_kind point_items = {
    .item_size = sizeof(IConnectionPoint *),
    .element_size = sizeof(IConnectionPoint *),
    .copy = copy_point,
    .free_element = free_point,
    .free_item = free_point,
};

HRESULT enum_connection_points_create(IConnectionPoint *point, IEnumConnectionPoints **out)
{
    enumerator_items *items = enumerator_items_create(&point_items, 1);
    HRESULT hr;

    *out = NULL;
    if (!items)
        return E_OUTOFMEMORY;
    copy_point(enumerator_items_at(items, 0), &point);
    hr = create_enum_points(items, 0, out);
    enumerator_items_release(items);
    return hr;
}

/* ---- IEnumConnections ---- */

static enum_connections *impl_from_IEnumConnections(IEnumConnections *iface)
{
    return CONTAINER_OF(iface, enum_connections, IEnumConnections_iface);
}

static HRESULT STDMETHODCALLTYPE EnumConnections_QueryInterface(IEnumConnections *iface, REFIID riid, void **out)
{
    return object_query_interface(&impl_from_IEnumConnections(iface)->enumerator.object, riid, out);
}

static ULONG STDMETHODCALLTYPE EnumConnections_AddRef(IEnumConnections *iface)
{
    return object_add_ref(&impl_from_IEnumConnections(iface)->enumerator.object);
}

static ULONG STDMETHODCALLTYPE EnumConnections_Release(IEnumConnections *iface)
{
    return object_release(&impl_from_IEnumConnections(iface)->enumerator.object);
}

static HRESULT STDMETHODCALLTYPE EnumConnections_Next(IEnumConnections *iface, ULONG count, CONNECTDATA *elements,
                                                      ULONG *fetched)
{
    return enumerator_next(&impl_from_IEnumConnections(iface)->enumerator, count, elements, fetched);
}

static HRESULT STDMETHODCALLTYPE EnumConnections_Skip(IEnumConnections *iface, ULONG count)
{
    return enumerator_skip(&impl_from_IEnumConnections(iface)->enumerator, count);
}

static HRESULT STDMETHODCALLTYPE EnumConnections_Reset(IEnumConnections *iface)
{
    return enumerator_reset(&impl_from_IEnumConnections(iface)->enumerator);
}

static HRESULT STDMETHODCALLTYPE EnumConnections_Clone(IEnumConnections *iface, IEnumConnections **out)
{
    enumerator *e = &impl_from_IEnumConnections(iface)->enumerator;

    if (!out)
        return E_POINTER;
    return create_enum_connections(e->items, enumerator_position(e), out);
}

static const IEnumConnectionsVtbl EnumConnections_vtable = {
    .QueryInterface = EnumConnections_QueryInterface,
    .AddRef = EnumConnections_AddRef,
    .Release = EnumConnections_Release,
    .Next = EnumConnections_Next,
    .Skip = EnumConnections_Skip,
    .Reset = EnumConnections_Reset,
    .Clone = EnumConnections_Clone,
};

static void destroy_enum_connections(object *o)
{
    enum_connections *e = (enum_connections *)o;

    enumerator_fini(&e->enumerator);
    mem_free(e);
}

static const object_interface enum_connections_interfaces[] = {
    {&IID_IEnumConnections, offsetof(enum_connections, IEnumConnections_iface)},
    {NULL, 0},
};

static const object_kind enum_connections_kind = {
    .interfaces = enum_connections_interfaces,
    .destroy = destroy_enum_connections,
};

static HRESULT create_enum_connections(enumerator_items *items, ULONG position, IEnumConnections **out)
{
    enum_connections *e = mem_alloc(sizeof(*e));

    *out = NULL;
    if (!e)
        return E_OUTOFMEMORY;
    e->IEnumConnections_iface.lpVtbl = &EnumConnections_vtable;
    enumerator_init(&e->enumerator, &enum_connections_kind, items, position);
    *out = &e->IEnumConnections_iface;
    return S_OK;
}

typedef struct advised
{
    sink *sink;
    DWORD cookie;
} advised;

static HRESULT copy_advised(void *element, const void *item)
{
    const advised *a = item;
    CONNECTDATA *data = element;

    data->dwCookie = a->cookie;
    return sink_get_consumer(a->sink, &IID_IUnknown, (void **)&data->pUnk);
}

static void free_connect_data(void *value)
{
    CONNECTDATA *data = value;

    IUnknown_Release(data->pUnk);
    data->pUnk = NULL;
}

static void free_advised(void *value)
{
    advised *a = value;

    if (a->sink)
        sink_release(a->sink);
}

static const enumerator_items_kind advised_items = {
    .item_size = sizeof(advised),
    .element_size = sizeof(CONNECTDATA),
    .copy = copy_advised,
    .free_element = free_connect_data,
    .free_item = free_advised,
};

static enumerator_items *items_of_snapshot(const sinks_snapshot *snapshot)
{
    enumerator_items *items;
    ULONG count = 0;
    unsigned i;

    for (i = 0; i < snapshot->count; i++)
        count += snapshot->cookies[i] != 0; /* 0 is EventSink's */
    items = enumerator_items_create(&advised_items, count);
    if (!items)
        return NULL;
    for (count = 0, i = 0; i < snapshot->count; i++)
    {
        if (snapshot->cookies[i] != 0)
        {
            advised *a = enumerator_items_at(items, count++);

            a->sink = sink_hold(snapshot->items[i]);
            a->cookie = snapshot->cookies[i];
        }
    }
    return items;
}

HRESULT enum_connections_create(sinks *s, IEnumConnections **out)
{
    sinks_snapshot snapshot;
    enumerator_items *items;
    HRESULT hr;

    *out = NULL;
    hr = sinks_take_snapshot(s, &snapshot);
    if (FAILED(hr))
        return hr;
    items = items_of_snapshot(&snapshot);
    sinks_free_snapshot(&snapshot);
    if (!items)
        return E_OUTOFMEMORY;
    hr = create_enum_connections(items, 0, out);
    enumerator_items_release(items);
    return hr;
}

#include "com/enum_connections.h"

#include "com/enumerator.h"

/* ---- connection points ---- */

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

static const enumerator_kind points_kind = {
    .iid = &IID_IEnumConnectionPoints,
    .item_size = sizeof(IConnectionPoint *),
    .element_size = sizeof(IConnectionPoint *),
    .copy = copy_point,
    .free_element = free_point,
    .free_item = free_point,
};

HRESULT enum_connection_points_create(IConnectionPoint *point, IEnumConnectionPoints **out)
{
    enumerator_items *items = enumerator_items_create(&points_kind, 1);
    HRESULT hr;

    *out = NULL;
    if (!items)
        return E_OUTOFMEMORY;
    copy_point(enumerator_items_at(items, 0), &point);
    hr = enumerator_create(items, (void **)out);
    enumerator_items_release(items);
    return hr;
}

/* ---- connections ---- */

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

static const enumerator_kind advised_kind = {
    .iid = &IID_IEnumConnections,
    .item_size = sizeof(advised),
    .element_size = sizeof(CONNECTDATA),
    .copy = copy_advised,
    .free_element = free_connect_data,
    .free_item = free_advised,
};

/* Takes a reference on each advised sink, and returns how many there are. If a sink has gone since, sets its cookie to
 * 0, which is the cookie of EventSink, too. */
static ULONG hold_advised(sinks_snapshot *snapshot)
{
    ULONG count = 0;

    for (unsigned i = 0; i < snapshot->count; i++)
    {
        if (snapshot->cookies[i] && !sink_try_hold(snapshot->items[i]))
            snapshot->cookies[i] = 0;
        count += snapshot->cookies[i] != 0;
    }
    return count;
}

static enumerator_items *items_of_snapshot(sinks_snapshot *snapshot)
{
    ULONG count = hold_advised(snapshot);
    enumerator_items *items = enumerator_items_create(&advised_kind, count);

    count = 0;
    for (unsigned i = 0; i < snapshot->count; i++)
    {
        if (!snapshot->cookies[i])
            continue;
        if (items)
            *(advised *)enumerator_items_at(items, count++) = (advised){snapshot->items[i], snapshot->cookies[i]};
        else
            sink_release(snapshot->items[i]);
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
    hr = enumerator_create(items, (void **)out);
    enumerator_items_release(items);
    return hr;
}

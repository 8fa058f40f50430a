#include "com/connections.h"

#include "com/dispatch.h"
#include "com/enum_variant.h"
#include "com/error.h"

typedef struct connections
{
    object object;
    INamedPipeConnections INamedPipeConnections_iface;
    LONG count;
    INamedPipeServerConnection **items; /* each held */
} connections;

static connections *impl_from_INamedPipeConnections(INamedPipeConnections *iface)
{
    return CONTAINER_OF(iface, connections, INamedPipeConnections_iface);
}

FORWARD_DUAL(NamedPipeConnections, INamedPipeConnections)

static void give(INamedPipeServerConnection *item, INamedPipeServerConnection **value)
{
    INamedPipeServerConnection_AddRef(item);
    *value = item;
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get_Item(INamedPipeConnections *iface, LONG index,
                                                               INamedPipeServerConnection **value)
{
    const connections *c = impl_from_INamedPipeConnections(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    if (index < 1 || index > c->count)
        return error_raise(ERROR_ID_NO_ITEM, index, c->count);
    give(c->items[index - 1], value);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get_Count(INamedPipeConnections *iface, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeConnections(iface)->count;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get_ByID(INamedPipeConnections *iface, LONG id,
                                                               INamedPipeServerConnection **value)
{
    const connections *c = impl_from_INamedPipeConnections(iface);
    LONG i, found;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    for (i = 0; i < c->count; i++)
    {
        if (SUCCEEDED(INamedPipeServerConnection_get_ID(c->items[i], &found)) && found == id)
        {
            give(c->items[i], value);
            break;
        }
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get__NewEnum(INamedPipeConnections *iface, IUnknown **value)
{
    const connections *c = impl_from_INamedPipeConnections(iface);
    IEnumVARIANT *made;
    VARIANT *items;
    HRESULT hr;
    LONG i;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    items = mem_alloc((size_t)c->count * sizeof(*items) + 1);
    if (!items)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    for (i = 0; i < c->count; i++)
    {
        V_VT(&items[i]) = VT_DISPATCH;
        V_DISPATCH(&items[i]) = (IDispatch *)c->items[i]; /* borrowed: the enumerator copies */
    }
    hr = enum_variant_create(items, (ULONG)c->count, &made);
    mem_free(items);
    if (FAILED(hr))
        return error_raise_hresult(hr);
    *value = (IUnknown *)made;
    return S_OK;
}

static const INamedPipeConnectionsVtbl NamedPipeConnections_vtable = {
    .QueryInterface = NamedPipeConnections_QueryInterface,
    .AddRef = NamedPipeConnections_AddRef,
    .Release = NamedPipeConnections_Release,
    .GetTypeInfoCount = NamedPipeConnections_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeConnections_GetTypeInfo,
    .GetIDsOfNames = NamedPipeConnections_GetIDsOfNames,
    .Invoke = NamedPipeConnections_Invoke,
    .get_Item = NamedPipeConnections_get_Item,
    .get_Count = NamedPipeConnections_get_Count,
    .get_ByID = NamedPipeConnections_get_ByID,
    .get__NewEnum = NamedPipeConnections_get__NewEnum,
};

/* ---- making and ending ---- */

static void destroy(object *o)
{
    connections *c = (connections *)o;
    LONG i;

    for (i = 0; i < c->count; i++)
        INamedPipeServerConnection_Release(c->items[i]);
    mem_free(c->items);
    object_fini(&c->object);
    mem_free(c);
}

static const object_interface interfaces[] = {
    {&IID_INamedPipeConnections, offsetof(connections, INamedPipeConnections_iface)},
    {NULL, 0},
};

static const object_kind connections_kind = {
    .dual = &IID_INamedPipeConnections,
    .coclass = &CLSID_NamedPipeConnections,
    .interfaces = interfaces,
    .destroy = destroy,
};

HRESULT connections_create(INamedPipeServerConnection *const *items, LONG count, INamedPipeConnections **out)
{
    connections *c = mem_alloc(sizeof(*c));

    *out = NULL;
    if (!c)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    object_init(&c->object, &connections_kind);
    c->INamedPipeConnections_iface.lpVtbl = &NamedPipeConnections_vtable;
    c->items = mem_alloc((size_t)count * sizeof(*c->items) + 1);
    if (!c->items)
    {
        INamedPipeConnections_Release(&c->INamedPipeConnections_iface);
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    for (; c->count < count; c->count++)
        give(items[c->count], &c->items[c->count]);
    *out = &c->INamedPipeConnections_iface;
    return S_OK;
}

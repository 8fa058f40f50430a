#include "com/connections.h"

#include "com/collection.h"
#include "com/dispatch.h"
#include "com/error.h"

typedef struct connections
{
    object object;
    INamedPipeConnections INamedPipeConnections_iface;
    collection items;
} connections;

static connections *impl_from_INamedPipeConnections(INamedPipeConnections *iface)
{
    return CONTAINER_OF(iface, connections, INamedPipeConnections_iface);
}

FORWARD_DUAL(NamedPipeConnections, INamedPipeConnections)

static INamedPipeServerConnection *connection_in(const VARIANT *item)
{
    return (INamedPipeServerConnection *)V_DISPATCH(item);
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get_Item(INamedPipeConnections *iface, LONG index,
                                                               INamedPipeServerConnection **value)
{
    VARIANT item;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    hr = collection_get_item(&impl_from_INamedPipeConnections(iface)->items, index, &item);
    if (SUCCEEDED(hr))
        *value = connection_in(&item);
    return error_of(&IID_INamedPipeConnections, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get_Count(INamedPipeConnections *iface, LONG *value)
{
    return error_of(&IID_INamedPipeConnections,
                    collection_get_count(&impl_from_INamedPipeConnections(iface)->items, value));
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get_ByID(INamedPipeConnections *iface, LONG id,
                                                               INamedPipeServerConnection **value)
{
    const collection *items = &impl_from_INamedPipeConnections(iface)->items;
    LONG i, found;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    for (i = 0; i < items->count; i++)
    {
        INamedPipeServerConnection *item = connection_in(&items->items[i]);

        if (SUCCEEDED(INamedPipeServerConnection_get_ID(item, &found)) && found == id)
        {
            INamedPipeServerConnection_AddRef(item);
            *value = item;
            break;
        }
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeConnections_get__NewEnum(INamedPipeConnections *iface, IUnknown **value)
{
    return error_of(&IID_INamedPipeConnections,
                    collection_get_new_enum(&impl_from_INamedPipeConnections(iface)->items, value));
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

static void connections_destroy(object *o)
{
    connections *c = (connections *)o;

    collection_fini(&c->items);
    object_fini(&c->object);
    mem_free(c);
}

static const object_interface connections_interfaces[] = {
    {&IID_INamedPipeConnections, offsetof(connections, INamedPipeConnections_iface)},
    {NULL, 0},
};

static const object_kind connections_kind = {
    .dual = &IID_INamedPipeConnections,
    .coclass = &CLSID_NamedPipeConnections,
    .interfaces = connections_interfaces,
    .destroy = connections_destroy,
};

HRESULT connections_create(INamedPipeServerConnection *const *items, LONG count, INamedPipeConnections **out)
{
    connections *c = mem_alloc(sizeof(*c));

    *out = NULL;
    if (!c)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    object_init(&c->object, &connections_kind);
    c->INamedPipeConnections_iface.lpVtbl = &NamedPipeConnections_vtable;
    if (!collection_init(&c->items, count))
    {
        INamedPipeConnections_Release(&c->INamedPipeConnections_iface);
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    for (LONG i = 0; i < count; i++)
    {
        INamedPipeServerConnection_AddRef(items[i]);
        V_VT(&c->items.items[i]) = VT_DISPATCH;
        V_DISPATCH(&c->items.items[i]) = (IDispatch *)items[i];
    }
    *out = &c->INamedPipeConnections_iface;
    return S_OK;
}

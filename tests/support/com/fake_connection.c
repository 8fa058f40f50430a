#include "com/dispatch.h"

#include "support/com/fake_connection.h"

typedef struct fake_connection
{
    object object;
    INamedPipeServerConnection INamedPipeServerConnection_iface;
    LONG id;
} fake_connection;

LONG fake_connections;

static fake_connection *impl_from_INamedPipeServerConnection(INamedPipeServerConnection *iface)
{
    return CONTAINER_OF(iface, fake_connection, INamedPipeServerConnection_iface);
}

FORWARD_DUAL(FakeConnection, INamedPipeServerConnection)

static HRESULT STDMETHODCALLTYPE FakeConnection_get_ID(INamedPipeServerConnection *iface, LONG *value)
{
    *value = impl_from_INamedPipeServerConnection(iface)->id;
    return S_OK;
}

static const INamedPipeServerConnectionVtbl FakeConnection_vtable = {
    .QueryInterface = FakeConnection_QueryInterface,
    .AddRef = FakeConnection_AddRef,
    .Release = FakeConnection_Release,
    .GetTypeInfoCount = FakeConnection_GetTypeInfoCount,
    .GetTypeInfo = FakeConnection_GetTypeInfo,
    .GetIDsOfNames = FakeConnection_GetIDsOfNames,
    .Invoke = FakeConnection_Invoke,
    .get_ID = FakeConnection_get_ID,
};

static void destroy(object *o)
{
    object_fini(o);
    mem_free(o);
    InterlockedDecrement(&fake_connections);
}

static const object_interface interfaces[] = {
    {&IID_INamedPipeServerConnection, offsetof(fake_connection, INamedPipeServerConnection_iface)},
    {NULL, 0},
};

static const object_kind fake_connection_kind = {
    .dual = &IID_INamedPipeServerConnection,
    .coclass = &CLSID_NamedPipeServerConnection,
    .interfaces = interfaces,
    .destroy = destroy,
};

INamedPipeServerConnection *fake_connection_create(LONG id)
{
    fake_connection *c = mem_alloc(sizeof(*c));

    object_init(&c->object, &fake_connection_kind);
    c->INamedPipeServerConnection_iface.lpVtbl = &FakeConnection_vtable;
    c->id = id;
    InterlockedIncrement(&fake_connections);
    return &c->INamedPipeServerConnection_iface;
}

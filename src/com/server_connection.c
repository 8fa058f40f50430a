#include "com/server_connection.h"

#include "com/dispatch.h"
#include "com/error.h"

static server_connection *impl_from_INamedPipeServerConnection(INamedPipeServerConnection *iface)
{
    return CONTAINER_OF(iface, server_connection, INamedPipeServerConnection_iface);
}

static server_connection *impl_from_object(object *o)
{
    return CONTAINER_OF(o, server_connection, object);
}

FORWARD_DUAL(connection, INamedPipeServerConnection)

static server *server_of(const endpoint *e)
{
    return CONTAINER_OF(e->host, server, host);
}

FORWARD_ENDPOINT(connection, INamedPipeServerConnection)

/* ---- what it tells ---- */

static HRESULT STDMETHODCALLTYPE connection_get_ID(INamedPipeServerConnection *iface, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeServerConnection(iface)->id;
    return S_OK;
}

/* A pointer that holds nothing: the server is Nothing once its consumers have let it go. */
static HRESULT STDMETHODCALLTYPE connection_get_Server(INamedPipeServerConnection *iface, INamedPipeServer **value)
{
    server *s = server_of(&impl_from_INamedPipeServerConnection(iface)->endpoint);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = object_try_hold(&s->object) ? &s->INamedPipeServer_iface : NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_ClientProcessId(INamedPipeServerConnection *iface, LONG *value)
{
    return endpoint_get_process(&impl_from_INamedPipeServerConnection(iface)->endpoint, value);
}

static HRESULT STDMETHODCALLTYPE connection_get_ConnectedAt(INamedPipeServerConnection *iface, DATE *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeServerConnection(iface)->connected_at;
    return S_OK;
}

static const NamedPipeDisconnectReason reasons[CLOSE_REASONS] = {
    [CLOSE_NONE] = NamedPipeReasonNone,
    [CLOSE_OTHER_END] = NamedPipeReasonClientClosed,
    [CLOSE_CONSUMER] = NamedPipeReasonServerClosed,
    [CLOSE_STOPPED] = NamedPipeReasonServerStopped,
    [CLOSE_IDLE] = NamedPipeReasonIdleTimeout,
    [CLOSE_TOO_LONG] = NamedPipeReasonMessageTooLong,
    [CLOSE_FAILED] = NamedPipeReasonTransportError,
    [CLOSE_CONNECT_FAILED] = NamedPipeReasonConnectFailed,
};

static const INamedPipeServerConnectionVtbl connection_vtable = {
    .QueryInterface = connection_QueryInterface,
    .AddRef = connection_AddRef,
    .Release = connection_Release,
    .GetTypeInfoCount = connection_GetTypeInfoCount,
    .GetTypeInfo = connection_GetTypeInfo,
    .GetIDsOfNames = connection_GetIDsOfNames,
    .Invoke = connection_Invoke,
    .get_CustomData = connection_get_CustomData,
    .put_CustomData = connection_put_CustomData,
    .putref_CustomData = connection_putref_CustomData,
    .get_Handle = connection_get_Handle,
    .get_IsConnected = connection_get_IsConnected,
    .get_IsOpening = connection_get_IsOpening,
    .get_ID = connection_get_ID,
    .get_Server = connection_get_Server,
    .get_ClientProcessId = connection_get_ClientProcessId,
    .get_ConnectedAt = connection_get_ConnectedAt,
    .get_DisconnectReason = connection_get_DisconnectReason,
    .get_LastError = connection_get_LastError,
    .get_PendingSendBytes = connection_get_PendingSendBytes,
    .AsyncClose = connection_AsyncClose,
    .AsyncRead = connection_AsyncRead,
    .AsyncWrite = connection_AsyncWrite,
    .AsyncWriteText = connection_AsyncWriteText,
};

/* ---- life ---- */

static void destroy(object *o)
{
    server_connection *c = impl_from_object(o);
    server *s = server_of(&c->endpoint);
    run *r = &c->endpoint.run->run;

    lock_acquire(&s->lock);
    list_remove(&c->link);
    lock_release(&s->lock);
    endpoint_fini(&c->endpoint);
    object_fini(o);
    mem_free(c);
    run_release(r);
}

static const object_interface interfaces[] = {
    {&IID_INamedPipeServerConnection, offsetof(server_connection, INamedPipeServerConnection_iface)},
    {NULL, 0},
};

static const object_kind kind = {
    .dual = &IID_INamedPipeServerConnection,
    .coclass = &CLSID_NamedPipeServerConnection,
    .interfaces = interfaces,
    .destroy = destroy,
};

static void lane_hold(lane *l)
{
    object_add_ref(endpoint_of(l)->object);
}

static void lane_release(lane *l)
{
    object_release(endpoint_of(l)->object);
}

static DATE local_now(void)
{
    SYSTEMTIME now;
    DATE date = 0;

    GetLocalTime(&now);
    SystemTimeToVariantTime(&now, &date);
    return date;
}

lane *server_connection_create(host_run *r, connection *pipe)
{
    server_connection *c = mem_alloc(sizeof(*c));
    server *s = CONTAINER_OF(r->host, server, host);

    if (!c)
        return NULL;
    object_init(&c->object, &kind);
    c->INamedPipeServerConnection_iface.lpVtbl = (INamedPipeServerConnectionVtbl *)&connection_vtable;
    endpoint_init(&c->endpoint, &c->object, r, &s->source.audience, lane_hold, lane_release, reasons);
    c->endpoint.pipe = connection_hold(pipe);
    c->connected_at = local_now();
    lock_acquire(&s->lock);
    c->id = ++s->last_id;
    list_append(&s->connections, &c->link);
    lock_release(&s->lock);
    return &c->endpoint.lane;
}

/* ---- all of them ---- */

static LONG count_links(const list *l)
{
    LONG count = 0;

    for (list_link *link = list_first(l); link; link = list_next(l, link))
        count++;
    return count;
}

/* Those that have dropped never come back, so they leave the list for good. */
static void collect(server *s, server_connection **items, LONG *count) REQUIRES_LOCK(s->lock)
{
    list_link *next;

    for (list_link *link = list_first(&s->connections); link; link = next)
    {
        server_connection *c = CONTAINER_OF(link, server_connection, link);

        next = list_next(&s->connections, link);
        if (!connection_is_open(c->endpoint.pipe))
            list_remove(link);
        else if (object_try_hold(&c->object))
            items[(*count)++] = c;
    }
}

HRESULT server_connection_snapshot(server *s, server_connection ***out, LONG *count)
{
    server_connection **items;
    LONG room;

    *out = NULL;
    *count = 0;
    lock_acquire(&s->lock);
    room = count_links(&s->connections);
    items = mem_alloc((size_t)(room ? room : 1) * sizeof(*items));
    if (items)
        collect(s, items, count);
    lock_release(&s->lock);
    if (!items)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    *out = items;
    return S_OK;
}

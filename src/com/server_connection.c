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

FORWARD_DUAL(NamedPipeServerConnection, INamedPipeServerConnection)

FORWARD_ENDPOINT(NamedPipeServerConnection, INamedPipeServerConnection)

/* ---- properties ---- */

static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_ID(INamedPipeServerConnection *iface, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeServerConnection(iface)->id;
    return S_OK;
}

/* The connection does not hold the server: after the consumers' last Release of the server this gives Nothing. */
static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_Server(INamedPipeServerConnection *iface,
                                                                      INamedPipeServer **value)
{
    object *server = impl_from_INamedPipeServerConnection(iface)->clients->server;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    if (!object_try_hold(server))
        return S_OK;
    hr = object_query_interface(server, &IID_INamedPipeServer, (void **)value);
    object_release(server);
    return hr;
}

static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_ClientProcessId(INamedPipeServerConnection *iface,
                                                                               LONG *value)
{
    return endpoint_get_process(&impl_from_INamedPipeServerConnection(iface)->endpoint, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_ClientSessionId(INamedPipeServerConnection *iface,
                                                                               LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (LONG)connection_get_status(impl_from_INamedPipeServerConnection(iface)->session.pipe).session;
    return S_OK;
}

/* Gives a name of the client, "" if it is not known. */
static HRESULT give_name(server_connection *c, DWORD (*get)(connection *pipe, const WCHAR **name), BSTR *value)
{
    const WCHAR *name;
    DWORD error;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    error = get(c->session.pipe, &name);
    if (error)
        return error_raise_code(error);
    *value = SysAllocString(name ? name : L"");
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_ClientUserName(INamedPipeServerConnection *iface,
                                                                              BSTR *value)
{
    return give_name(impl_from_INamedPipeServerConnection(iface), connection_get_user_name, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_ClientComputerName(INamedPipeServerConnection *iface,
                                                                                  BSTR *value)
{
    return give_name(impl_from_INamedPipeServerConnection(iface), connection_get_computer_name, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServerConnection_get_ConnectedAt(INamedPipeServerConnection *iface,
                                                                           DATE *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeServerConnection(iface)->connected_at;
    return S_OK;
}

static const NamedPipeDisconnectReason server_reasons[CLOSE_REASONS] = {
    [CLOSE_NONE] = NamedPipeReasonNone,
    [CLOSE_OTHER_END] = NamedPipeReasonClientClosed,
    [CLOSE_CONSUMER] = NamedPipeReasonServerClosed,
    [CLOSE_STOPPED] = NamedPipeReasonServerStopped,
    [CLOSE_IDLE] = NamedPipeReasonIdleTimeout,
    [CLOSE_TOO_LONG] = NamedPipeReasonMessageTooLong,
    [CLOSE_FAILED] = NamedPipeReasonTransportError,
    [CLOSE_CONNECT_FAILED] = NamedPipeReasonConnectFailed,
    [CLOSE_BAD_FRAME] = NamedPipeReasonBadFrame,
};

static const INamedPipeServerConnectionVtbl NamedPipeServerConnection_vtable = {
    .QueryInterface = NamedPipeServerConnection_QueryInterface,
    .AddRef = NamedPipeServerConnection_AddRef,
    .Release = NamedPipeServerConnection_Release,
    .GetTypeInfoCount = NamedPipeServerConnection_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeServerConnection_GetTypeInfo,
    .GetIDsOfNames = NamedPipeServerConnection_GetIDsOfNames,
    .Invoke = NamedPipeServerConnection_Invoke,
    .get_CustomData = NamedPipeServerConnection_get_CustomData,
    .put_CustomData = NamedPipeServerConnection_put_CustomData,
    .putref_CustomData = NamedPipeServerConnection_putref_CustomData,
    .get_Handle = NamedPipeServerConnection_get_Handle,
    .get_IsConnected = NamedPipeServerConnection_get_IsConnected,
    .get_IsOpening = NamedPipeServerConnection_get_IsOpening,
    .get_ID = NamedPipeServerConnection_get_ID,
    .get_Server = NamedPipeServerConnection_get_Server,
    .get_ClientProcessId = NamedPipeServerConnection_get_ClientProcessId,
    .get_ClientSessionId = NamedPipeServerConnection_get_ClientSessionId,
    .get_ClientUserName = NamedPipeServerConnection_get_ClientUserName,
    .get_ClientComputerName = NamedPipeServerConnection_get_ClientComputerName,
    .get_ConnectedAt = NamedPipeServerConnection_get_ConnectedAt,
    .get_DisconnectReason = NamedPipeServerConnection_get_DisconnectReason,
    .get_LastError = NamedPipeServerConnection_get_LastError,
    .get_PendingSendBytes = NamedPipeServerConnection_get_PendingSendBytes,
    .get_MessagesReceived = NamedPipeServerConnection_get_MessagesReceived,
    .get_MessagesSent = NamedPipeServerConnection_get_MessagesSent,
    .get_BytesReceived = NamedPipeServerConnection_get_BytesReceived,
    .get_BytesSent = NamedPipeServerConnection_get_BytesSent,
    .AsyncClose = NamedPipeServerConnection_AsyncClose,
    .AsyncRead = NamedPipeServerConnection_AsyncRead,
    .AsyncWrite = NamedPipeServerConnection_AsyncWrite,
    .AsyncWriteText = NamedPipeServerConnection_AsyncWriteText,
    .AsyncWriteJson = NamedPipeServerConnection_AsyncWriteJson,
};

/* ---- life ---- */

static void server_connection_destroy(object *o)
{
    server_connection *c = impl_from_object(o);
    server_clients *clients = c->clients;
    run *r = &c->endpoint.run->run;

    lock_acquire(&clients->lock);
    list_remove(&c->link);
    lock_release(&clients->lock);
    sessions_fini_only(&c->endpoint.sessions);
    endpoint_fini(&c->endpoint);
    object_fini(o);
    mem_free(c);
    run_release(r);
}

static const object_interface server_connection_interfaces[] = {
    {&IID_INamedPipeServerConnection, offsetof(server_connection, INamedPipeServerConnection_iface)},
    {NULL, 0},
};

static const object_kind server_connection_kind = {
    .dual = &IID_INamedPipeServerConnection,
    .coclass = &CLSID_NamedPipeServerConnection,
    .interfaces = server_connection_interfaces,
    .destroy = server_connection_destroy,
};

static void server_lane_hold(lane *l)
{
    object_add_ref(endpoint_of(l)->object);
}

static void server_lane_release(lane *l)
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

lane *server_connection_create(server_clients *clients, host_run *r, connection *pipe)
{
    server_connection *c = mem_alloc(sizeof(*c));

    if (!c)
        return NULL;
    object_init(&c->object, &server_connection_kind);
    c->INamedPipeServerConnection_iface.lpVtbl = (INamedPipeServerConnectionVtbl *)&NamedPipeServerConnection_vtable;
    endpoint_init(&c->endpoint, &c->object, r, server_reasons);
    lane_init(&c->session.lane, &r->run.state, clients->audience, server_lane_hold, server_lane_release);
    c->session.pipe = connection_hold(pipe);
    sessions_init_only(&c->endpoint.sessions, &r->run, &c->session);
    c->connected_at = local_now();
    c->clients = clients;
    lock_acquire(&clients->lock);
    c->id = ++clients->last_id;
    list_append(&clients->connections, &c->link);
    lock_release(&clients->lock);
    endpoint_identify(&c->endpoint, c->id, NULL);
    endpoint_enter(&c->endpoint);
    return &c->session.lane;
}

/* ---- the clients of a server ---- */

void server_clients_init(server_clients *clients, object *server, audience *a)
{
    clients->server = server;
    clients->audience = a;
    list_init(&clients->connections);
}

static LONG count_links(const list *l)
{
    LONG count = 0;

    for (list_link *link = list_first(l); link; link = list_next(l, link))
        count++;
    return count;
}

/* Collects the open connections, each with a reference. A connection that is not open never opens again, so removes it
 * from the list. */
static void collect(server_clients *clients, server_connection **items, LONG *count) REQUIRES_LOCK(clients->lock)
{
    list_link *next;

    for (list_link *link = list_first(&clients->connections); link; link = next)
    {
        server_connection *c = CONTAINER_OF(link, server_connection, link);

        next = list_next(&clients->connections, link);
        if (!connection_get_status(c->session.pipe).open)
            list_remove(link);
        else if (object_try_hold(&c->object))
            items[(*count)++] = c;
    }
}

HRESULT server_clients_snapshot(server_clients *clients, server_connection ***out, LONG *count)
{
    server_connection **items;
    LONG room;

    *out = NULL;
    *count = 0;
    lock_acquire(&clients->lock);
    room = count_links(&clients->connections);
    items = mem_alloc((size_t)(room ? room : 1) * sizeof(*items));
    if (items)
        collect(clients, items, count);
    lock_release(&clients->lock);
    if (!items)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    *out = items;
    return S_OK;
}

void server_clients_release(server_connection **items, LONG count)
{
    for (LONG i = 0; i < count; i++)
        object_release(&items[i]->object);
    mem_free(items);
}

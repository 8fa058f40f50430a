#include "com/server_connection.h"

#include "com/bytes.h"
#include "com/dispatch.h"
#include "com/error.h"
#include "com/text.h"

static server_connection *impl_from_INamedPipeServerConnection(INamedPipeServerConnection *iface)
{
    return CONTAINER_OF(iface, server_connection, INamedPipeServerConnection_iface);
}

static server_connection *impl_from_object(object *o)
{
    return CONTAINER_OF(o, server_connection, object);
}

FORWARD_DUAL(connection, INamedPipeServerConnection)

server_connection *server_connection_of(lane *l)
{
    return CONTAINER_OF(l, server_connection, lane);
}

/* ---- CustomData ---- */

static HRESULT set_custom(server_connection *c, const VARIANT *value)
{
    held *fresh, *old;
    HRESULT hr = held_create(value, &fresh);

    if (FAILED(hr))
        return hr;
    lock_acquire(&c->lock);
    old = c->custom;
    c->custom = fresh;
    lock_release(&c->lock);
    held_free(old);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_CustomData(INamedPipeServerConnection *iface, VARIANT *value)
{
    server_connection *c = impl_from_INamedPipeServerConnection(iface);
    held *custom;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&c->lock);
    custom = held_hold(c->custom);
    lock_release(&c->lock);
    hr = held_get(custom, value);
    held_free(custom);
    return hr;
}

static HRESULT STDMETHODCALLTYPE connection_put_CustomData(INamedPipeServerConnection *iface, VARIANT value)
{
    return set_custom(impl_from_INamedPipeServerConnection(iface), &value);
}

static HRESULT STDMETHODCALLTYPE connection_putref_CustomData(INamedPipeServerConnection *iface, VARIANT value)
{
    return set_custom(impl_from_INamedPipeServerConnection(iface), &value);
}

/* ---- what it tells ---- */

static HRESULT STDMETHODCALLTYPE connection_get_Handle(INamedPipeServerConnection *iface, INT_PTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (INT_PTR)connection_handle(impl_from_INamedPipeServerConnection(iface)->pipe);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_IsConnected(INamedPipeServerConnection *iface, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = connection_is_open(impl_from_INamedPipeServerConnection(iface)->pipe) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_IsOpening(INamedPipeServerConnection *iface, VARIANT_BOOL *value)
{
    (void)iface;
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = VARIANT_FALSE;
    return S_OK;
}

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
    server *s = impl_from_INamedPipeServerConnection(iface)->server;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = object_try_hold(&s->object) ? &s->INamedPipeServer_iface : NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_ClientProcessId(INamedPipeServerConnection *iface, LONG *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (LONG)connection_client_process(impl_from_INamedPipeServerConnection(iface)->pipe);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_ConnectedAt(INamedPipeServerConnection *iface, DATE *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = impl_from_INamedPipeServerConnection(iface)->connected_at;
    return S_OK;
}

static NamedPipeDisconnectReason reason_of(close_reason reason)
{
    switch (reason)
    {
    case CLOSE_CLIENT: return NamedPipeReasonClientClosed;
    case CLOSE_CONSUMER: return NamedPipeReasonServerClosed;
    case CLOSE_STOPPED: return NamedPipeReasonServerStopped;
    case CLOSE_IDLE: return NamedPipeReasonIdleTimeout;
    case CLOSE_TOO_LONG: return NamedPipeReasonMessageTooLong;
    case CLOSE_FAILED: return NamedPipeReasonTransportError;
    case CLOSE_NONE: break;
    }
    return NamedPipeReasonNone;
}

static HRESULT STDMETHODCALLTYPE connection_get_DisconnectReason(INamedPipeServerConnection *iface,
                                                                 NamedPipeDisconnectReason *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = reason_of(connection_reason(impl_from_INamedPipeServerConnection(iface)->pipe));
    return S_OK;
}

/* Whether it is a pipe_error, and no code of Windows'. */
static bool is_own(DWORD error)
{
    return (error & 0x20000000) != 0;
}

static HRESULT STDMETHODCALLTYPE connection_get_LastError(INamedPipeServerConnection *iface, LONG *value)
{
    DWORD error;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    error = connection_last_error(impl_from_INamedPipeServerConnection(iface)->pipe);
    *value = is_own(error) ? error_number(error) : (LONG)error;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_get_PendingSendBytes(INamedPipeServerConnection *iface, double *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = (double)connection_pending_bytes(impl_from_INamedPipeServerConnection(iface)->pipe);
    return S_OK;
}

/* ---- what it does ---- */

bool server_connection_tells(server_connection *c, pipe_event_kind kind)
{
    return !c->closed || kind == PIPE_CONNECTED || kind == PIPE_DISCONNECTED;
}

/* A connection that has ended takes requests in silence until the consumer has been told: an echo must not fail because its client was quick. */
static HRESULT answer(server_connection *c, DWORD error)
{
    bool told = c->refuses || c->lane.told || c->lane.run->silenced;

    if (!error || (error == PIPE_ERROR_NOT_OPEN && !told))
        return S_OK;
    return error_raise_code(error);
}

static HRESULT STDMETHODCALLTYPE connection_AsyncClose(INamedPipeServerConnection *iface, VARIANT_BOOL graceful)
{
    server_connection *c = impl_from_INamedPipeServerConnection(iface);

    InterlockedExchange(&c->refuses, 1);
    if (!graceful)
        InterlockedExchange(&c->closed, 1);
    connection_close(c->pipe, graceful ? CLOSE_GRACEFULLY : CLOSE_AT_ONCE);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connection_AsyncRead(INamedPipeServerConnection *iface, VARIANT cookie)
{
    server_connection *c = impl_from_INamedPipeServerConnection(iface);
    held *h;
    DWORD error;
    HRESULT hr = held_create(&cookie, &h);

    if (FAILED(hr))
        return hr;
    error = connection_read(c->pipe, h);
    if (error)
        held_free(h);
    return answer(c, error);
}

HRESULT server_connection_write(server_connection *c, payload *p, held *cookie)
{
    DWORD error = connection_write(c->pipe, p, cookie);

    if (error)
        held_free(cookie);
    return answer(c, error);
}

/* Sends a view; the payload is the one copy. */
static HRESULT write_bytes(server_connection *c, const byte_view *data, const VARIANT *cookie)
{
    payload *p;
    held *h;
    HRESULT hr;

    if (!data->size)
        return S_OK;
    hr = held_create(cookie, &h);
    if (FAILED(hr))
        return hr;
    p = payload_create(data->data, data->size);
    if (!p)
    {
        held_free(h);
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    hr = server_connection_write(c, p, h);
    payload_release(p);
    return hr;
}

static HRESULT STDMETHODCALLTYPE connection_AsyncWrite(INamedPipeServerConnection *iface, VARIANT value, VARIANT cookie)
{
    byte_view data;
    HRESULT hr = bytes_from_variant(&value, &data);

    if (FAILED(hr))
        return hr;
    hr = write_bytes(impl_from_INamedPipeServerConnection(iface), &data, &cookie);
    bytes_free(&data);
    return hr;
}

static HRESULT STDMETHODCALLTYPE connection_AsyncWriteText(INamedPipeServerConnection *iface, BSTR text, LONG code_page,
                                                           VARIANT cookie)
{
    byte_view data;
    HRESULT hr = text_encode(text, code_page, &data);

    if (SUCCEEDED(hr))
        hr = write_bytes(impl_from_INamedPipeServerConnection(iface), &data, &cookie);
    bytes_free(&data);
    return hr;
}

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
    server *s = c->server;

    lock_acquire(&s->lock);
    list_remove(&c->link);
    lock_release(&s->lock);
    held_free(c->custom);
    connection_release(c->pipe);
    run_release(c->lane.run);
    server_run_release(c->run);
    object_fini(o);
    mem_free(c);
    server_release(s);
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
    object_add_ref(&server_connection_of(l)->object);
}

static void lane_release(lane *l)
{
    object_release(&server_connection_of(l)->object);
}

static DATE local_now(void)
{
    SYSTEMTIME now;
    DATE date = 0;

    GetLocalTime(&now);
    SystemTimeToVariantTime(&now, &date);
    return date;
}

server_connection *server_connection_create(server_run *r, connection *pipe)
{
    server_connection *c = mem_alloc(sizeof(*c));
    server *s = r->server;

    if (!c)
        return NULL;
    object_init(&c->object, &kind);
    c->INamedPipeServerConnection_iface.lpVtbl = (INamedPipeServerConnectionVtbl *)&connection_vtable;
    server_hold(s); /* it is there: the run holds it */
    c->server = s;
    InterlockedIncrement(&r->references);
    c->run = r;
    lane_init(&c->lane, run_hold(r->run), lane_hold, lane_release);
    c->pipe = connection_hold(pipe);
    c->connected_at = local_now();
    lock_acquire(&s->lock);
    c->id = ++s->last_id;
    list_append(&s->connections, &c->link);
    lock_release(&s->lock);
    return c;
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
        if (!connection_is_open(c->pipe))
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

#include "com/client_connection.h"

#include "com/calling.h"
#include "com/dispatch.h"
#include "com/endpoint.h"
#include "com/error.h"
#include "com/source.h"

#include "base/check.h"

typedef struct client_connection
{
    object object;
    INamedPipeClientConnection INamedPipeClientConnection_iface;
    endpoint endpoint;
    source source;
    volatile LONG holds; /* Interlocked; references on the memory */
    BSTR pipe_name, server_name;
} client_connection;

static client_connection *impl_from_INamedPipeClientConnection(INamedPipeClientConnection *iface)
{
    return CONTAINER_OF(iface, client_connection, INamedPipeClientConnection_iface);
}

static void release_memory(client_connection *c)
{
    run *r = &c->endpoint.run->run;

    if (count_down(&c->holds))
        return;
    sessions_fini(&c->endpoint.sessions);
    endpoint_fini(&c->endpoint);
    source_fini(&c->source);
    SysFreeString(c->pipe_name);
    SysFreeString(c->server_name);
    object_fini(&c->object);
    mem_free(c);
    run_release(r);
}

FORWARD_DUAL(NamedPipeClientConnection, INamedPipeClientConnection)
FORWARD_ENDPOINT(NamedPipeClientConnection, INamedPipeClientConnection)

/* ---- properties ---- */

static HRESULT give_text(BSTR text, BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = SysAllocStringLen(text, SysStringLen(text));
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_get_PipeName(INamedPipeClientConnection *iface, BSTR *value)
{
    return give_text(impl_from_INamedPipeClientConnection(iface)->pipe_name, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_get_ServerName(INamedPipeClientConnection *iface,
                                                                          BSTR *value)
{
    return give_text(impl_from_INamedPipeClientConnection(iface)->server_name, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_get_ServerProcessId(INamedPipeClientConnection *iface,
                                                                               LONG *value)
{
    return endpoint_get_process(&impl_from_INamedPipeClientConnection(iface)->endpoint, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_get_MessageMode(INamedPipeClientConnection *iface,
                                                                           VARIANT_BOOL *value)
{
    return endpoint_get_message_mode(&impl_from_INamedPipeClientConnection(iface)->endpoint, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_get_Reconnects(INamedPipeClientConnection *iface,
                                                                          double *value)
{
    return error_of(&IID_INamedPipeClientConnection,
                    endpoint_get_reconnects(&impl_from_INamedPipeClientConnection(iface)->endpoint, value));
}

static const NamedPipeDisconnectReason client_reasons[CLOSE_REASONS] = {
    [CLOSE_NONE] = NamedPipeReasonNone,
    [CLOSE_OTHER_END] = NamedPipeReasonServerClosed,
    [CLOSE_CONSUMER] = NamedPipeReasonClientClosed,
    [CLOSE_STOPPED] = NamedPipeReasonClientClosed,
    [CLOSE_IDLE] = NamedPipeReasonIdleTimeout,
    [CLOSE_TOO_LONG] = NamedPipeReasonMessageTooLong,
    [CLOSE_FAILED] = NamedPipeReasonTransportError,
    [CLOSE_CONNECT_FAILED] = NamedPipeReasonConnectFailed,
    [CLOSE_BAD_FRAME] = NamedPipeReasonBadFrame,
    [CLOSE_TIMED_OUT] = NamedPipeReasonTimedOut,
};

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_get_EventSink(INamedPipeClientConnection *iface,
                                                                         IDispatch **value)
{
    return error_of(&IID_INamedPipeClientConnection,
                    source_get_event_sink(&impl_from_INamedPipeClientConnection(iface)->source, value));
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_put_EventSink(INamedPipeClientConnection *iface,
                                                                         IDispatch *value)
{
    return error_of(&IID_INamedPipeClientConnection,
                    source_put_event_sink(&impl_from_INamedPipeClientConnection(iface)->source, value));
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_putref_EventSink(INamedPipeClientConnection *iface,
                                                                            IDispatch *value)
{
    return error_of(&IID_INamedPipeClientConnection,
                    source_put_event_sink(&impl_from_INamedPipeClientConnection(iface)->source, value));
}

/* ---- Call ---- */

/* One Call. Anything of the consumer's may run while it waits, so it holds the session, and with it the memory of the
 * connection. */
typedef struct connection_call
{
    calling calling;
    client_connection *connection;
    session *session;
    DWORD timeout;
} connection_call;

static HRESULT raise_call_error(const client_connection *c, DWORD error)
{
    if (error == PIPE_ERROR_SEND_QUEUE_FULL)
        return error_raise(ERROR_ID_SEND_QUEUE_FULL, client_events[PIPE_SENT].name);
    if (error == PIPE_ERROR_NOT_OPEN)
        return error_raise(ERROR_ID_CALL_ENDED);
    if (error == PIPE_ERROR_TIMED_OUT)
        return error_raise(ERROR_ID_TAKEN_BACK);
    return error_raise_remote(error, c->server_name);
}

static HRESULT ask(calling *of, payload *message, SAFEARRAY **answer)
{
    const connection_call *call = CONTAINER_OF(of, connection_call, calling);
    client_connection *c = call->connection;
    buffer *b;
    DWORD bytes, error;

    endpoint_trace_bytes(&c->endpoint, L"call", payload_data(message), payload_size(message));
    error = connection_ask(call->session->pipe, message, call->timeout, calling_wait, NULL, &b, &bytes);
    endpoint_trace_error(&c->endpoint, L"call failed", error);
    if (error)
        return raise_call_error(c, error);
    endpoint_trace_bytes(&c->endpoint, L"answer", b->data, bytes);
    *answer = calling_answer(&c->endpoint.run->pool.source, b, bytes);
    return S_OK;
}

static HRESULT call_begin(connection_call *call, client_connection *c, const WCHAR *method, LONG timeout)
{
    HRESULT hr = host_judge_timeout(timeout);

    if (SUCCEEDED(hr) && queue_is_in_worker_handler(c->endpoint.host->queue))
        hr = error_raise(ERROR_ID_INSIDE_HANDLER, method);
    call->session = sessions_use(&c->endpoint.sessions);
    call->calling.framing = connection_framing(call->session->pipe);
    call->calling.perform = ask;
    call->connection = c;
    call->timeout = (DWORD)timeout;
    return hr;
}

/* What the release frees may run code that clears the error of the thread: so that is set last. */
static HRESULT call_end(connection_call *call, const char *function, HRESULT hr)
{
    session_done(call->session);
    return error_of_function(&IID_INamedPipeClientConnection, function, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_Call(INamedPipeClientConnection *iface, VARIANT value,
                                                                LONG timeout, SAFEARRAY **answer)
{
    connection_call call;
    HRESULT hr = call_begin(&call, impl_from_INamedPipeClientConnection(iface), L"Call", timeout);

    if (answer)
        *answer = NULL;
    return call_end(&call, __func__, SUCCEEDED(hr) ? calling_bytes(&call.calling, &value, answer) : hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_CallText(INamedPipeClientConnection *iface, BSTR text,
                                                                    LONG timeout, LONG code_page, BSTR *answer)
{
    connection_call call;
    HRESULT hr = call_begin(&call, impl_from_INamedPipeClientConnection(iface), L"CallText", timeout);

    if (answer)
        *answer = NULL;
    return call_end(&call, __func__, SUCCEEDED(hr) ? calling_text(&call.calling, text, code_page, answer) : hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientConnection_CallJson(INamedPipeClientConnection *iface, VARIANT value,
                                                                    LONG timeout, VARIANT *answer)
{
    connection_call call;
    HRESULT hr = call_begin(&call, impl_from_INamedPipeClientConnection(iface), L"CallJson", timeout);

    if (answer)
        VariantInit(answer);
    return call_end(&call, __func__, SUCCEEDED(hr) ? calling_json(&call.calling, &value, answer) : hr);
}

static const INamedPipeClientConnectionVtbl NamedPipeClientConnection_vtable = {
    .QueryInterface = NamedPipeClientConnection_QueryInterface,
    .AddRef = NamedPipeClientConnection_AddRef,
    .Release = NamedPipeClientConnection_Release,
    .GetTypeInfoCount = NamedPipeClientConnection_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeClientConnection_GetTypeInfo,
    .GetIDsOfNames = NamedPipeClientConnection_GetIDsOfNames,
    .Invoke = NamedPipeClientConnection_Invoke,
    .get_CustomData = NamedPipeClientConnection_get_CustomData,
    .put_CustomData = NamedPipeClientConnection_put_CustomData,
    .putref_CustomData = NamedPipeClientConnection_putref_CustomData,
    .get_Handle = NamedPipeClientConnection_get_Handle,
    .get_IsConnected = NamedPipeClientConnection_get_IsConnected,
    .get_IsOpening = NamedPipeClientConnection_get_IsOpening,
    .get_DisconnectReason = NamedPipeClientConnection_get_DisconnectReason,
    .get_LastError = NamedPipeClientConnection_get_LastError,
    .get_PendingSendBytes = NamedPipeClientConnection_get_PendingSendBytes,
    .get_MessagesReceived = NamedPipeClientConnection_get_MessagesReceived,
    .get_MessagesSent = NamedPipeClientConnection_get_MessagesSent,
    .get_BytesReceived = NamedPipeClientConnection_get_BytesReceived,
    .get_BytesSent = NamedPipeClientConnection_get_BytesSent,
    .get_PipeName = NamedPipeClientConnection_get_PipeName,
    .get_ServerName = NamedPipeClientConnection_get_ServerName,
    .get_ServerProcessId = NamedPipeClientConnection_get_ServerProcessId,
    .get_MessageMode = NamedPipeClientConnection_get_MessageMode,
    .get_Reconnects = NamedPipeClientConnection_get_Reconnects,
    .get_EventSink = NamedPipeClientConnection_get_EventSink,
    .put_EventSink = NamedPipeClientConnection_put_EventSink,
    .putref_EventSink = NamedPipeClientConnection_putref_EventSink,
    .AsyncClose = NamedPipeClientConnection_AsyncClose,
    .AsyncRead = NamedPipeClientConnection_AsyncRead,
    .AsyncWrite = NamedPipeClientConnection_AsyncWrite,
    .AsyncWriteText = NamedPipeClientConnection_AsyncWriteText,
    .AsyncWriteJson = NamedPipeClientConnection_AsyncWriteJson,
    .Call = NamedPipeClientConnection_Call,
    .CallText = NamedPipeClientConnection_CallText,
    .CallJson = NamedPipeClientConnection_CallJson,
};

/* ---- life ---- */

static client_connection *connection_of(sessions *of)
{
    return CONTAINER_OF(of, client_connection, endpoint.sessions);
}

static void hold_for_session(sessions *of)
{
    InterlockedIncrement(&connection_of(of)->holds);
}

static void release_for_session(sessions *of)
{
    release_memory(connection_of(of));
}

/* Called at the consumers' last Release. */
static void client_connection_destroy(object *o)
{
    client_connection *c = CONTAINER_OF(o, client_connection, object);
    host *h = c->endpoint.host;

    source_silence(&c->source);
    InterlockedExchange(&c->endpoint.refuses, 1); /* for a method that is under way */
    sessions_silence(&c->endpoint.sessions);
    host_drop_user(h);
    release_memory(c);
}

static void client_connection_begin_call(object *o)
{
    sessions_begin_call(&CONTAINER_OF(o, client_connection, object)->endpoint.sessions);
}

static void client_connection_end_call(object *o)
{
    sessions_end_call(&CONTAINER_OF(o, client_connection, object)->endpoint.sessions);
}

static const object_interface client_connection_interfaces[] = {
    {&IID_INamedPipeClientConnection, offsetof(client_connection, INamedPipeClientConnection_iface)},
    {&IID_IConnectionPointContainer, offsetof(client_connection, source.point.IConnectionPointContainer_iface)},
    {NULL, 0},
};

static const object_kind client_connection_kind = {
    .dual = &IID_INamedPipeClientConnection,
    .coclass = &CLSID_NamedPipeClientConnection,
    .events = &DIID__INamedPipeClientConnectionEvents,
    .interfaces = client_connection_interfaces,
    .destroy = client_connection_destroy,
    .begin_call = client_connection_begin_call,
    .end_call = client_connection_end_call,
};

static client_connection *client_connection_prepare(host_run *r, const pipe_address *address)
{
    client_connection *c = mem_alloc(sizeof(*c));

    if (!c)
        return NULL;
    object_init(&c->object, &client_connection_kind);
    c->INamedPipeClientConnection_iface.lpVtbl = (INamedPipeClientConnectionVtbl *)&NamedPipeClientConnection_vtable;
    c->holds = 1; /* the object's, until `destroy` */
    source_init(&c->source, &c->object, r->host, client_events);
    endpoint_init(&c->endpoint, &c->object, r, client_reasons);
    sessions_init(&c->endpoint.sessions, &r->run, &c->source.audience, hold_for_session, release_for_session);
    host_add_user(c->endpoint.host);
    c->pipe_name = SysAllocString(address->name);
    c->server_name = SysAllocString(address->server);
    if (c->pipe_name && c->server_name)
    {
        endpoint_identify(&c->endpoint, InterlockedIncrement(&r->host->last_connection), c->pipe_name);
        return c;
    }
    object_release(&c->object);
    return NULL;
}

HRESULT client_connection_create(host_run *r, const pipe_address *address, const WCHAR *path, DWORD timeout,
                                 const flow_settings *flow, INamedPipeClientConnection **out)
{
    client_connection *c = client_connection_prepare(r, address);
    DWORD error;

    *out = NULL;
    if (!c)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    endpoint_trace(&c->endpoint, L"dial", path);
    error = sessions_dial(&c->endpoint.sessions, path, timeout, flow);
    if (error)
    {
        object_release(&c->object);
        return error_raise_code(error);
    }
    endpoint_enter(&c->endpoint);
    *out = &c->INamedPipeClientConnection_iface;
    return S_OK;
}

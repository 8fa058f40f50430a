#include "com/server.h"

#include "com/broadcast.h"
#include "com/connections.h"
#include "com/conversion.h"
#include "com/diagnosis.h"
#include "com/dispatch.h"
#include "com/error.h"
#include "com/firing.h"
#include "com/text.h"
#include "pipe/name.h"

static server *impl_from_INamedPipeServer(INamedPipeServer *iface)
{
    return CONTAINER_OF(iface, server, INamedPipeServer_iface);
}

FORWARD_DUAL(NamedPipeServer, INamedPipeServer)
FORWARD_HOST(NamedPipeServer, INamedPipeServer)
FORWARD_SETTING(NamedPipeServer, INamedPipeServer, MaxConnections, LONG, long, max_connections)
FORWARD_SETTING(NamedPipeServer, INamedPipeServer, ListenBacklog, LONG, long, backlog)
FORWARD_SETTING(NamedPipeServer, INamedPipeServer, AllowRemoteClients, VARIANT_BOOL, bool, allow_remote)
FORWARD_ENUM(NamedPipeServer, INamedPipeServer, Security, security)
FORWARD_CONVERSION(NamedPipeServer, INamedPipeServer)

/* ---- properties ---- */

static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_PipeName(INamedPipeServer *iface, BSTR *value)
{
    settings *of = &impl_from_INamedPipeServer(iface)->settings;

    return settings_get_text(of, &of->pipe_name, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_put_PipeName(INamedPipeServer *iface, BSTR value)
{
    settings *of = &impl_from_INamedPipeServer(iface)->settings;

    return settings_put_text(of, &of->pipe_name, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_SecurityDescriptor(INamedPipeServer *iface, BSTR *value)
{
    settings *of = &impl_from_INamedPipeServer(iface)->settings;

    return settings_get_text(of, &of->descriptor, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_put_SecurityDescriptor(INamedPipeServer *iface, BSTR value)
{
    settings *of = &impl_from_INamedPipeServer(iface)->settings;

    return settings_put_text(of, &of->descriptor, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_IsRunning(INamedPipeServer *iface, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = host_is_running(&impl_from_INamedPipeServer(iface)->host) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_Connections(INamedPipeServer *iface, INamedPipeConnections **value)
{
    INamedPipeServerConnection **ifaces;
    server_connection **items;
    LONG count;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    hr = server_clients_snapshot(&impl_from_INamedPipeServer(iface)->clients, &items, &count);
    if (FAILED(hr))
        return hr;
    ifaces = mem_alloc((size_t)(count ? count : 1) * sizeof(*ifaces));
    for (LONG i = 0; ifaces && i < count; i++)
        ifaces[i] = &items[i]->INamedPipeServerConnection_iface;
    hr = ifaces ? connections_create(ifaces, count, value) : error_raise(ERROR_ID_OUT_OF_MEMORY);
    mem_free(ifaces);
    server_clients_release(items, count);
    return hr;
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_TotalConnections(INamedPipeServer *iface, double *value)
{
    LONGLONG clients;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    host_traffic(&impl_from_INamedPipeServer(iface)->host, &clients);
    *value = (double)clients;
    return S_OK;
}

#define COUNTER(Property, field)                                                                            \
    static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_##Property(INamedPipeServer *iface, double *value) \
    {                                                                                                       \
        LONGLONG clients;                                                                                   \
                                                                                                            \
        if (!value)                                                                                         \
            return error_raise(ERROR_ID_NULL_POINTER);                                                      \
        *value = (double)host_traffic(&impl_from_INamedPipeServer(iface)->host, &clients).field;            \
        return S_OK;                                                                                        \
    }

COUNTER(MessagesReceived, messages_received)
COUNTER(MessagesSent, messages_sent)
COUNTER(BytesReceived, bytes_received)
COUNTER(BytesSent, bytes_sent)

static HRESULT STDMETHODCALLTYPE NamedPipeServer_get_EventSink(INamedPipeServer *iface, IDispatch **value)
{
    return source_get_event_sink(&impl_from_INamedPipeServer(iface)->source, value);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_put_EventSink(INamedPipeServer *iface, IDispatch *value)
{
    return error_of(&IID_INamedPipeServer, source_put_event_sink(&impl_from_INamedPipeServer(iface)->source, value));
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_putref_EventSink(INamedPipeServer *iface, IDispatch *value)
{
    return error_of(&IID_INamedPipeServer, source_put_event_sink(&impl_from_INamedPipeServer(iface)->source, value));
}

/* ---- methods; those that may wait hold the memory, since a handler may release the server meanwhile ---- */

static HRESULT judge_path(const settings *wanted, pipe_address *address)
{
    UINT length = SysStringLen(wanted->pipe_name);

    if (!length)
        return error_raise(ERROR_ID_NO_PIPE_NAME);
    if (!pipe_address_of_own(wanted->pipe_name, length, address))
        return error_raise(ERROR_ID_BAD_PIPE_NAME, L"PipeName", wanted->pipe_name);
    return S_OK;
}

static HRESULT start(server *s, const settings *wanted)
{
    pipe_address address;
    HRESULT hr = judge_path(wanted, &address);
    WCHAR *path;

    if (FAILED(hr))
        return hr;
    path = pipe_path_create(&address);
    if (!path)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    sinks_judge(&s->source.sinks); /* the process may have loaded a runtime since Advise */
    hr = host_start(&s->host, wanted, path, &s->source.audience);
    mem_free(path);
    return hr;
}

static HRESULT start_as_set(server *s)
{
    settings wanted;
    HRESULT hr;

    if (host_is_settled(&s->host))
        return S_OK;
    hr = settings_copy(&s->settings, &wanted);
    if (SUCCEEDED(hr))
        hr = start(s, &wanted);
    settings_fini(&wanted);
    return hr;
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_Start(INamedPipeServer *iface)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    host_hold(&s->host);
    hr = error_of(&IID_INamedPipeServer, start_as_set(s));
    host_note_start(&s->host, hr);
    host_release(&s->host);
    return hr;
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_Stop(INamedPipeServer *iface, LONG drain_ms)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    host_hold(&s->host);
    hr = error_of(&IID_INamedPipeServer, host_stop(&s->host, drain_ms));
    host_release(&s->host);
    return hr;
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_AsyncBroadcast(INamedPipeServer *iface, VARIANT value, VARIANT cookie,
                                                                LONG *count)
{
    server *s = impl_from_INamedPipeServer(iface);
    byte_view data;
    HRESULT hr;

    if (!count)
        return error_raise(ERROR_ID_NULL_POINTER);
    *count = 0;
    if (bytes_come_from_object(&value))
        return error_of(&IID_INamedPipeServer, broadcast_object(&s->host, &s->clients, &value, &cookie, count));
    hr = bytes_from_variant(&value, &data);
    return error_of(&IID_INamedPipeServer,
                    SUCCEEDED(hr) ? broadcast_bytes(&s->host, &s->clients, &data, false, &cookie, count) : hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_AsyncBroadcastText(INamedPipeServer *iface, BSTR text, LONG code_page,
                                                                    VARIANT cookie, LONG *count)
{
    server *s = impl_from_INamedPipeServer(iface);
    byte_view data;
    HRESULT hr;

    if (!count)
        return error_raise(ERROR_ID_NULL_POINTER);
    *count = 0;
    hr = text_encode(text, code_page, &data);
    if (SUCCEEDED(hr))
        hr = broadcast_bytes(&s->host, &s->clients, &data, true, &cookie, count);
    return error_of(&IID_INamedPipeServer, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeServer_Diagnose(INamedPipeServer *iface, BSTR *value)
{
    server *s = impl_from_INamedPipeServer(iface);
    diagnosis_subject subject = {&s->host, &s->settings, &s->source, true};

    return error_of(&IID_INamedPipeServer, diagnosis_write(&subject, value));
}

static const INamedPipeServerVtbl NamedPipeServer_vtable = {
    .QueryInterface = NamedPipeServer_QueryInterface,
    .AddRef = NamedPipeServer_AddRef,
    .Release = NamedPipeServer_Release,
    .GetTypeInfoCount = NamedPipeServer_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeServer_GetTypeInfo,
    .GetIDsOfNames = NamedPipeServer_GetIDsOfNames,
    .Invoke = NamedPipeServer_Invoke,
    .get_PipeName = NamedPipeServer_get_PipeName,
    .put_PipeName = NamedPipeServer_put_PipeName,
    .get_NumThreadsIOCP = NamedPipeServer_get_NumThreadsIOCP,
    .put_NumThreadsIOCP = NamedPipeServer_put_NumThreadsIOCP,
    .get_FreeThreadingEvents = NamedPipeServer_get_FreeThreadingEvents,
    .put_FreeThreadingEvents = NamedPipeServer_put_FreeThreadingEvents,
    .get_ContinuouslyReadFromPipe = NamedPipeServer_get_ContinuouslyReadFromPipe,
    .put_ContinuouslyReadFromPipe = NamedPipeServer_put_ContinuouslyReadFromPipe,
    .get_MessageBufferSize = NamedPipeServer_get_MessageBufferSize,
    .put_MessageBufferSize = NamedPipeServer_put_MessageBufferSize,
    .get_IsRunning = NamedPipeServer_get_IsRunning,
    .get_Version = NamedPipeServer_get_Version,
    .get_Connections = NamedPipeServer_get_Connections,
    .get_MaxConnections = NamedPipeServer_get_MaxConnections,
    .put_MaxConnections = NamedPipeServer_put_MaxConnections,
    .get_ListenBacklog = NamedPipeServer_get_ListenBacklog,
    .put_ListenBacklog = NamedPipeServer_put_ListenBacklog,
    .get_MaxMessageSize = NamedPipeServer_get_MaxMessageSize,
    .put_MaxMessageSize = NamedPipeServer_put_MaxMessageSize,
    .get_ReceiveQueueLimit = NamedPipeServer_get_ReceiveQueueLimit,
    .put_ReceiveQueueLimit = NamedPipeServer_put_ReceiveQueueLimit,
    .get_SendQueueLimit = NamedPipeServer_get_SendQueueLimit,
    .put_SendQueueLimit = NamedPipeServer_put_SendQueueLimit,
    .get_IdleTimeout = NamedPipeServer_get_IdleTimeout,
    .put_IdleTimeout = NamedPipeServer_put_IdleTimeout,
    .get_Security = NamedPipeServer_get_Security,
    .put_Security = NamedPipeServer_put_Security,
    .get_SecurityDescriptor = NamedPipeServer_get_SecurityDescriptor,
    .put_SecurityDescriptor = NamedPipeServer_put_SecurityDescriptor,
    .get_AllowRemoteClients = NamedPipeServer_get_AllowRemoteClients,
    .put_AllowRemoteClients = NamedPipeServer_put_AllowRemoteClients,
    .get_EventSink = NamedPipeServer_get_EventSink,
    .put_EventSink = NamedPipeServer_put_EventSink,
    .putref_EventSink = NamedPipeServer_putref_EventSink,
    .get_LastEventError = NamedPipeServer_get_LastEventError,
    .get_TotalConnections = NamedPipeServer_get_TotalConnections,
    .get_MessagesReceived = NamedPipeServer_get_MessagesReceived,
    .get_MessagesSent = NamedPipeServer_get_MessagesSent,
    .get_BytesReceived = NamedPipeServer_get_BytesReceived,
    .get_BytesSent = NamedPipeServer_get_BytesSent,
    .get_Framing = NamedPipeServer_get_Framing,
    .put_Framing = NamedPipeServer_put_Framing,
    .Start = NamedPipeServer_Start,
    .Stop = NamedPipeServer_Stop,
    .AsyncBroadcast = NamedPipeServer_AsyncBroadcast,
    .ManualMessageLoopEnter = NamedPipeServer_ManualMessageLoopEnter,
    .ManualMessageLoopLeave = NamedPipeServer_ManualMessageLoopLeave,
    .AsyncBroadcastText = NamedPipeServer_AsyncBroadcastText,
    .WaitEvent = NamedPipeServer_WaitEvent,
    .BytesToText = NamedPipeServer_BytesToText,
    .TextToBytes = NamedPipeServer_TextToBytes,
    .BytesToArray = NamedPipeServer_BytesToArray,
    .ToJson = NamedPipeServer_ToJson,
    .FromJson = NamedPipeServer_FromJson,
    .get_TraceFile = NamedPipeServer_get_TraceFile,
    .put_TraceFile = NamedPipeServer_put_TraceFile,
    .get_TraceData = NamedPipeServer_get_TraceData,
    .put_TraceData = NamedPipeServer_put_TraceData,
    .Diagnose = NamedPipeServer_Diagnose,
};

/* ---- life ---- */

/* Called at the consumers' last Release. */
static void server_destroy(object *o)
{
    server *s = CONTAINER_OF(o, server, object);

    source_silence(&s->source);
    host_drop_user(&s->host);
    host_release(&s->host);
}

static void server_begin_call(object *o)
{
    host_hold(&CONTAINER_OF(o, server, object)->host);
}

static void server_end_call(object *o)
{
    host_release(&CONTAINER_OF(o, server, object)->host);
}

static const object_interface server_interfaces[] = {
    {&IID_INamedPipeServer, offsetof(server, INamedPipeServer_iface)},
    {&IID_IConnectionPointContainer, offsetof(server, source.point.IConnectionPointContainer_iface)},
    {NULL, 0},
};

static const object_kind server_kind = {
    .dual = &IID_INamedPipeServer,
    .coclass = &CLSID_NamedPipeServer,
    .events = &DIID__INamedPipeServerEvents,
    .interfaces = server_interfaces,
    .destroy = server_destroy,
    .begin_call = server_begin_call,
    .end_call = server_end_call,
};

static void server_end(host *h)
{
    server *s = CONTAINER_OF(h, server, host);

    source_fini(&s->source);
    host_fini(h);
    settings_fini(&s->settings);
    object_fini(&s->object);
    mem_free(s);
}

static lane *server_connected(host_run *r, connection *pipe)
{
    return server_connection_create(&CONTAINER_OF(r->host, server, host)->clients, r, pipe);
}

static const host_calls server_calls = {
    .kind = L"server",
    .events = &firing_calls,
    .connected = server_connected,
    .end = server_end,
};

HRESULT NamedPipeServer_create(REFIID riid, void **out)
{
    server *s = mem_alloc(sizeof(*s));
    HRESULT hr;

    *out = NULL;
    if (!s || !host_init(&s->host, &server_calls))
    {
        mem_free(s);
        return E_OUTOFMEMORY;
    }
    object_init(&s->object, &server_kind);
    s->INamedPipeServer_iface.lpVtbl = (INamedPipeServerVtbl *)&NamedPipeServer_vtable;
    source_init(&s->source, &s->object, &s->host, server_events);
    settings_init(&s->settings);
    server_clients_init(&s->clients, &s->object, &s->source.audience);
    hr = object_query_interface(&s->object, riid, out);
    object_release(&s->object);
    return hr;
}

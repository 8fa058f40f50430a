#include "com/server.h"

#include "com/bytes.h"
#include "com/connections.h"
#include "com/dispatch.h"
#include "com/error.h"
#include "com/server_connection.h"
#include "com/text.h"
#include "pipe/name.h"

static server *impl_from_INamedPipeServer(INamedPipeServer *iface)
{
    return CONTAINER_OF(iface, server, INamedPipeServer_iface);
}

FORWARD_DUAL(server, INamedPipeServer)

FORWARD_HOST(server, INamedPipeServer)

/* ---- properties ---- */

static HRESULT STDMETHODCALLTYPE server_get_PipeName(INamedPipeServer *iface, BSTR *value)
{
    settings *of = &impl_from_INamedPipeServer(iface)->settings;

    return settings_get_text(of, &of->pipe_name, value);
}

static HRESULT STDMETHODCALLTYPE server_put_PipeName(INamedPipeServer *iface, BSTR value)
{
    settings *of = &impl_from_INamedPipeServer(iface)->settings;

    return settings_put_text(of, &of->pipe_name, value);
}

static HRESULT STDMETHODCALLTYPE server_get_IsRunning(INamedPipeServer *iface, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = host_is_running(&impl_from_INamedPipeServer(iface)->host) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

static void release_all(server_connection **items, LONG count)
{
    for (LONG i = 0; i < count; i++)
        object_release(&items[i]->object);
    mem_free(items);
}

static HRESULT STDMETHODCALLTYPE server_get_Connections(INamedPipeServer *iface, INamedPipeConnections **value)
{
    INamedPipeServerConnection **ifaces;
    server_connection **items;
    LONG count;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    hr = server_connection_snapshot(impl_from_INamedPipeServer(iface), &items, &count);
    if (FAILED(hr))
        return hr;
    ifaces = mem_alloc((size_t)(count ? count : 1) * sizeof(*ifaces));
    for (LONG i = 0; ifaces && i < count; i++)
        ifaces[i] = &items[i]->INamedPipeServerConnection_iface;
    hr = ifaces ? connections_create(ifaces, count, value) : error_raise(ERROR_ID_OUT_OF_MEMORY);
    mem_free(ifaces);
    release_all(items, count);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_get_EventSink(INamedPipeServer *iface, IDispatch **value)
{
    return source_get_event_sink(&impl_from_INamedPipeServer(iface)->source, value);
}

static HRESULT STDMETHODCALLTYPE server_put_EventSink(INamedPipeServer *iface, IDispatch *value)
{
    return source_put_event_sink(&impl_from_INamedPipeServer(iface)->source, value);
}

static HRESULT STDMETHODCALLTYPE server_putref_EventSink(INamedPipeServer *iface, IDispatch *value)
{
    return source_put_event_sink(&impl_from_INamedPipeServer(iface)->source, value);
}

/* ---- methods; each that may wait holds the memory, since a handler may release the server meanwhile ---- */

static HRESULT judge(const settings *wanted)
{
    UINT length = SysStringLen(wanted->pipe_name);

    if (!length)
        return error_raise(ERROR_ID_NO_PIPE_NAME);
    if (!pipe_name_is_possible(wanted->pipe_name, length))
        return error_raise(ERROR_ID_BAD_PIPE_NAME, L"PipeName", wanted->pipe_name);
    return settings_judge(wanted);
}

static HRESULT start(server *s, const settings *wanted)
{
    HRESULT hr = judge(wanted);
    WCHAR *path;

    if (FAILED(hr))
        return hr;
    path = pipe_path_create(wanted->pipe_name, SysStringLen(wanted->pipe_name));
    if (!path)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    sinks_judge(&s->source.sinks); /* what the process hosts may have changed since they came */
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

static HRESULT STDMETHODCALLTYPE server_Start(INamedPipeServer *iface)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    host_hold(&s->host);
    hr = start_as_set(s);
    host_release(&s->host);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_Stop(INamedPipeServer *iface, LONG drain_ms)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    host_hold(&s->host);
    hr = host_stop(&s->host, drain_ms);
    host_release(&s->host);
    return hr;
}

/* One payload and one cookie for all; who has no room is told by ClientError. */
static LONG send_to_all(server_connection **items, LONG count, payload *p, held *cookie)
{
    LONG sent = 0;

    for (LONG i = 0; i < count; i++)
    {
        DWORD error = connection_write(items[i]->endpoint.pipe, p, held_hold(cookie));

        if (!error)
        {
            sent++;
            continue;
        }
        held_free(cookie);
        if (error != PIPE_ERROR_NOT_OPEN)
            connection_report(items[i]->endpoint.pipe, error);
    }
    return sent;
}

static HRESULT broadcast(server *s, const byte_view *data, const VARIANT *cookie, LONG *sent)
{
    server_connection **items;
    LONG count;
    payload *p = NULL;
    held *h;
    HRESULT hr;

    if (!data->size || !host_is_running(&s->host))
        return S_OK;
    hr = held_create(cookie, &h);
    if (FAILED(hr))
        return hr;
    hr = server_connection_snapshot(s, &items, &count);
    if (SUCCEEDED(hr))
    {
        p = payload_create(data->data, data->size);
        if (p)
            *sent = send_to_all(items, count, p, h);
        else
            hr = error_raise(ERROR_ID_OUT_OF_MEMORY);
        payload_release(p);
        release_all(items, count);
    }
    held_free(h);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_AsyncBroadcast(INamedPipeServer *iface, VARIANT value, VARIANT cookie,
                                                       LONG *count)
{
    byte_view data;
    HRESULT hr;

    if (!count)
        return error_raise(ERROR_ID_NULL_POINTER);
    *count = 0;
    hr = bytes_from_variant(&value, &data);
    if (FAILED(hr))
        return hr;
    hr = broadcast(impl_from_INamedPipeServer(iface), &data, &cookie, count);
    bytes_free(&data);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_AsyncBroadcastText(INamedPipeServer *iface, BSTR text, LONG code_page,
                                                           VARIANT cookie, LONG *count)
{
    byte_view data;
    HRESULT hr;

    if (!count)
        return error_raise(ERROR_ID_NULL_POINTER);
    *count = 0;
    hr = text_encode(text, code_page, &data);
    if (SUCCEEDED(hr))
        hr = broadcast(impl_from_INamedPipeServer(iface), &data, &cookie, count);
    bytes_free(&data);
    return hr;
}

/* ---- conversions ---- */

static HRESULT STDMETHODCALLTYPE server_BytesToText(INamedPipeServer *iface, VARIANT value, LONG code_page, BSTR *text)
{
    byte_view data;
    HRESULT hr;

    (void)iface;
    if (!text)
        return error_raise(ERROR_ID_NULL_POINTER);
    *text = NULL;
    hr = bytes_from_variant(&value, &data);
    if (FAILED(hr))
        return hr;
    hr = text_decode(data.data, data.size, code_page, text);
    bytes_free(&data);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_TextToBytes(INamedPipeServer *iface, BSTR text, LONG code_page, SAFEARRAY **out)
{
    byte_view data;
    HRESULT hr;

    (void)iface;
    if (!out)
        return error_raise(ERROR_ID_NULL_POINTER);
    *out = NULL;
    hr = text_encode(text, code_page, &data);
    if (SUCCEEDED(hr))
    {
        *out = bytes_to_array(data.data, data.size);
        if (!*out)
            hr = error_raise(ERROR_ID_OUT_OF_MEMORY);
    }
    bytes_free(&data);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_BytesToArray(INamedPipeServer *iface, VARIANT value, VARIANT *elements)
{
    byte_view data;
    HRESULT hr;

    (void)iface;
    if (!elements)
        return error_raise(ERROR_ID_NULL_POINTER);
    VariantInit(elements);
    hr = bytes_from_variant(&value, &data);
    if (FAILED(hr))
        return hr;
    hr = bytes_to_variants(data.data, data.size, elements);
    bytes_free(&data);
    return hr;
}

static const INamedPipeServerVtbl server_vtable = {
    .QueryInterface = server_QueryInterface,
    .AddRef = server_AddRef,
    .Release = server_Release,
    .GetTypeInfoCount = server_GetTypeInfoCount,
    .GetTypeInfo = server_GetTypeInfo,
    .GetIDsOfNames = server_GetIDsOfNames,
    .Invoke = server_Invoke,
    .get_PipeName = server_get_PipeName,
    .put_PipeName = server_put_PipeName,
    .get_NumThreadsIOCP = server_get_NumThreadsIOCP,
    .put_NumThreadsIOCP = server_put_NumThreadsIOCP,
    .get_FreeThreadingEvents = server_get_FreeThreadingEvents,
    .put_FreeThreadingEvents = server_put_FreeThreadingEvents,
    .get_ContinuouslyReadFromPipe = server_get_ContinuouslyReadFromPipe,
    .put_ContinuouslyReadFromPipe = server_put_ContinuouslyReadFromPipe,
    .get_MessageBufferSize = server_get_MessageBufferSize,
    .put_MessageBufferSize = server_put_MessageBufferSize,
    .get_IsRunning = server_get_IsRunning,
    .get_Version = server_get_Version,
    .get_Connections = server_get_Connections,
    .get_ReceiveQueueLimit = server_get_ReceiveQueueLimit,
    .put_ReceiveQueueLimit = server_put_ReceiveQueueLimit,
    .get_SendQueueLimit = server_get_SendQueueLimit,
    .put_SendQueueLimit = server_put_SendQueueLimit,
    .get_EventSink = server_get_EventSink,
    .put_EventSink = server_put_EventSink,
    .putref_EventSink = server_putref_EventSink,
    .get_LastEventError = server_get_LastEventError,
    .Start = server_Start,
    .Stop = server_Stop,
    .AsyncBroadcast = server_AsyncBroadcast,
    .ManualMessageLoopEnter = server_ManualMessageLoopEnter,
    .ManualMessageLoopLeave = server_ManualMessageLoopLeave,
    .AsyncBroadcastText = server_AsyncBroadcastText,
    .WaitEvent = server_WaitEvent,
    .BytesToText = server_BytesToText,
    .TextToBytes = server_TextToBytes,
    .BytesToArray = server_BytesToArray,
};

/* ---- life ---- */

/* The consumers' last reference. */
static void destroy(object *o)
{
    server *s = CONTAINER_OF(o, server, object);

    source_silence(&s->source);
    host_end_in_silence(&s->host);
    host_release(&s->host);
}

static const object_interface interfaces[] = {
    {&IID_INamedPipeServer, offsetof(server, INamedPipeServer_iface)},
    {&IID_IConnectionPointContainer, offsetof(server, source.point.IConnectionPointContainer_iface)},
    {NULL, 0},
};

static const object_kind kind = {
    .dual = &IID_INamedPipeServer,
    .coclass = &CLSID_NamedPipeServer,
    .events = &DIID__INamedPipeServerEvents,
    .interfaces = interfaces,
    .destroy = destroy,
};

static void end(host *h)
{
    server *s = CONTAINER_OF(h, server, host);

    source_fini(&s->source);
    host_fini(h);
    settings_fini(&s->settings);
    object_fini(&s->object);
    mem_free(s);
}

static const host_calls calls = {
    .connected = server_connection_create,
    .end = end,
};

HRESULT NamedPipeServer_create(REFIID riid, void **out)
{
    server *s = mem_alloc(sizeof(*s));
    HRESULT hr;

    *out = NULL;
    if (!s || !host_init(&s->host, &calls))
    {
        mem_free(s);
        return E_OUTOFMEMORY;
    }
    object_init(&s->object, &kind);
    s->INamedPipeServer_iface.lpVtbl = (INamedPipeServerVtbl *)&server_vtable;
    source_init(&s->source, &s->object, &s->host, server_events);
    settings_init(&s->settings);
    list_init(&s->connections);
    hr = object_query_interface(&s->object, riid, out);
    object_release(&s->object);
    return hr;
}

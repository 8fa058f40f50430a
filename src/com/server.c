#include "com/server.h"

#include "com/apartment.h"
#include "com/bytes.h"
#include "com/connections.h"
#include "com/dispatch.h"
#include "com/error.h"
#include "com/server_connection.h"
#include "com/text.h"
#include "com/version.h"

#define WIDEN_(text) L##text
#define WIDEN(text) WIDEN_(text)
#ifdef _WIN64
#define BITNESS L" x64"
#else
#define BITNESS L" x86"
#endif

static server *impl_from_INamedPipeServer(INamedPipeServer *iface)
{
    return CONTAINER_OF(iface, server, INamedPipeServer_iface);
}

FORWARD_DUAL(server, INamedPipeServer)

/* ---- properties ---- */

static HRESULT get_long(INamedPipeServer *iface, size_t offset, LONG *value)
{
    server *s = impl_from_INamedPipeServer(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = *(LONG *)((char *)&s->settings + offset);
    lock_release(&s->lock);
    return S_OK;
}

static HRESULT put_long(INamedPipeServer *iface, size_t offset, LONG value)
{
    server *s = impl_from_INamedPipeServer(iface);

    lock_acquire(&s->lock);
    *(LONG *)((char *)&s->settings + offset) = value;
    lock_release(&s->lock);
    return S_OK;
}

static HRESULT get_bool(INamedPipeServer *iface, size_t offset, VARIANT_BOOL *value)
{
    server *s = impl_from_INamedPipeServer(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = *(VARIANT_BOOL *)((char *)&s->settings + offset);
    lock_release(&s->lock);
    return S_OK;
}

static HRESULT put_bool(INamedPipeServer *iface, size_t offset, VARIANT_BOOL value)
{
    server *s = impl_from_INamedPipeServer(iface);

    lock_acquire(&s->lock);
    *(VARIANT_BOOL *)((char *)&s->settings + offset) = value ? VARIANT_TRUE : VARIANT_FALSE;
    lock_release(&s->lock);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_get_PipeName(INamedPipeServer *iface, BSTR *value)
{
    server *s = impl_from_INamedPipeServer(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = SysAllocStringLen(s->settings.pipe_name, SysStringLen(s->settings.pipe_name));
    lock_release(&s->lock);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT STDMETHODCALLTYPE server_put_PipeName(INamedPipeServer *iface, BSTR value)
{
    server *s = impl_from_INamedPipeServer(iface);
    BSTR fresh = SysAllocStringLen(value, SysStringLen(value)), old;

    if (!fresh)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    lock_acquire(&s->lock);
    old = s->settings.pipe_name;
    s->settings.pipe_name = fresh;
    lock_release(&s->lock);
    SysFreeString(old);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_get_NumThreadsIOCP(INamedPipeServer *iface, LONG *value)
{
    return get_long(iface, offsetof(settings, threads), value);
}

static HRESULT STDMETHODCALLTYPE server_put_NumThreadsIOCP(INamedPipeServer *iface, LONG value)
{
    return put_long(iface, offsetof(settings, threads), value);
}

static HRESULT STDMETHODCALLTYPE server_get_FreeThreadingEvents(INamedPipeServer *iface, VARIANT_BOOL *value)
{
    return get_bool(iface, offsetof(settings, free_threading), value);
}

static HRESULT STDMETHODCALLTYPE server_put_FreeThreadingEvents(INamedPipeServer *iface, VARIANT_BOOL value)
{
    return put_bool(iface, offsetof(settings, free_threading), value);
}

static HRESULT STDMETHODCALLTYPE server_get_ContinuouslyReadFromPipe(INamedPipeServer *iface, VARIANT_BOOL *value)
{
    return get_bool(iface, offsetof(settings, read_continuously), value);
}

static HRESULT STDMETHODCALLTYPE server_put_ContinuouslyReadFromPipe(INamedPipeServer *iface, VARIANT_BOOL value)
{
    return put_bool(iface, offsetof(settings, read_continuously), value);
}

static HRESULT STDMETHODCALLTYPE server_get_MessageBufferSize(INamedPipeServer *iface, LONG *value)
{
    return get_long(iface, offsetof(settings, buffer_size), value);
}

static HRESULT STDMETHODCALLTYPE server_put_MessageBufferSize(INamedPipeServer *iface, LONG value)
{
    return put_long(iface, offsetof(settings, buffer_size), value);
}

static HRESULT STDMETHODCALLTYPE server_get_ReceiveQueueLimit(INamedPipeServer *iface, LONG *value)
{
    return get_long(iface, offsetof(settings, receive_limit), value);
}

static HRESULT STDMETHODCALLTYPE server_put_ReceiveQueueLimit(INamedPipeServer *iface, LONG value)
{
    return put_long(iface, offsetof(settings, receive_limit), value);
}

static HRESULT STDMETHODCALLTYPE server_get_SendQueueLimit(INamedPipeServer *iface, LONG *value)
{
    return get_long(iface, offsetof(settings, send_limit), value);
}

static HRESULT STDMETHODCALLTYPE server_put_SendQueueLimit(INamedPipeServer *iface, LONG value)
{
    return put_long(iface, offsetof(settings, send_limit), value);
}

static HRESULT STDMETHODCALLTYPE server_get_IsRunning(INamedPipeServer *iface, VARIANT_BOOL *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = server_is_running(impl_from_INamedPipeServer(iface)) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_get_Version(INamedPipeServer *iface, BSTR *value)
{
    (void)iface;
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = SysAllocString(WIDEN(VERSION) BITNESS);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT STDMETHODCALLTYPE server_get_LastEventError(INamedPipeServer *iface, BSTR *value)
{
    server *s = impl_from_INamedPipeServer(iface);

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&s->lock);
    *value = SysAllocStringLen(s->last_event_error, SysStringLen(s->last_event_error));
    lock_release(&s->lock);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
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

/* ---- EventSink ---- */

static HRESULT STDMETHODCALLTYPE server_get_EventSink(INamedPipeServer *iface, IDispatch **value)
{
    sink *named;
    HRESULT hr = S_OK;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    named = sinks_get_named(&impl_from_INamedPipeServer(iface)->sinks);
    if (!named)
        return S_OK;
    hr = sink_get_consumer(named, &IID_IDispatch, (void **)value);
    sink_release(named);
    return error_raise_hresult(hr);
}

static HRESULT put_sink(INamedPipeServer *iface, IDispatch *value)
{
    server *s = impl_from_INamedPipeServer(iface);
    sink *named = NULL;
    HRESULT hr = S_OK;

    if (value)
        hr = sink_open_named(value, firing_names, FIRING_EVENTS, &named);
    if (hr == E_INVALIDARG)
        return error_raise(ERROR_ID_NO_EVENT_METHODS);
    if (FAILED(hr))
        return error_raise_hresult(hr);
    sinks_set_named(&s->sinks, named);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_put_EventSink(INamedPipeServer *iface, IDispatch *value)
{
    return put_sink(iface, value);
}

static HRESULT STDMETHODCALLTYPE server_putref_EventSink(INamedPipeServer *iface, IDispatch *value)
{
    return put_sink(iface, value);
}

/* ---- methods; each holds the memory, since a handler may release the server meanwhile ---- */

static HRESULT STDMETHODCALLTYPE server_Start(INamedPipeServer *iface)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    server_hold(s);
    hr = server_start(s);
    server_release(s);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_Stop(INamedPipeServer *iface, LONG drain_ms)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    server_hold(s);
    hr = server_stop(s, drain_ms);
    server_release(s);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_ManualMessageLoopEnter(INamedPipeServer *iface, LONG timeout,
                                                               VARIANT_BOOL *left)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    if (!left)
        return error_raise(ERROR_ID_NULL_POINTER);
    server_hold(s);
    hr = server_enter_loop(s, timeout, left);
    server_release(s);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_ManualMessageLoopLeave(INamedPipeServer *iface)
{
    queue_leave(impl_from_INamedPipeServer(iface)->queue, true);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_WaitEvent(INamedPipeServer *iface, LONG timeout, INamedPipeEvent **event)
{
    server *s = impl_from_INamedPipeServer(iface);
    HRESULT hr;

    if (!event)
        return error_raise(ERROR_ID_NULL_POINTER);
    server_hold(s);
    hr = server_wait_event(s, timeout, event);
    server_release(s);
    return hr;
}

/* One payload and one cookie for all; who has no room is told by ClientError. */
static LONG send_to_all(server_connection **items, LONG count, payload *p, held *cookie)
{
    LONG sent = 0;

    for (LONG i = 0; i < count; i++)
    {
        DWORD error = connection_write(items[i]->pipe, p, held_hold(cookie));

        if (!error)
        {
            sent++;
            continue;
        }
        held_free(cookie);
        if (error != PIPE_ERROR_NOT_OPEN)
            connection_report(items[i]->pipe, error);
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

    if (!data->size || !server_is_running(s))
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

bool server_hold(server *s)
{
    LONG holds = s->holds;

    while (holds > 0)
    {
        LONG seen = InterlockedCompareExchange(&s->holds, holds + 1, holds);

        if (seen == holds)
            return true;
        holds = seen;
    }
    return false;
}

static void end(server *s)
{
    connection_point_fini(&s->point);
    queue_release(s->queue); /* and with it the window */
    settings_fini(&s->settings);
    SysFreeString(s->last_event_error);
    CloseHandle(s->not_stopping);
    object_fini(&s->object);
    mem_free(s);
}

static void end_task(task *t)
{
    end(CONTAINER_OF(t, server, end));
}

/* What is bound to the creating thread is freed there, so that no task of the queue's is on its way when it goes. */
void server_release(server *s)
{
    thread_window *window = s->window;

    if (InterlockedDecrement(&s->holds))
        return;
    if (!window || thread_window_is_here(window))
    {
        end(s);
        return;
    }
    thread_window_hold(
        window); /* for the call: the task releases the other reference, perhaps before the call returns */
    if (!thread_window_post(window, &s->end))
        end(s);
    thread_window_release(window);
}

/* The consumers' last reference. */
static void destroy(object *o)
{
    server *s = CONTAINER_OF(o, server, object);

    server_end_in_silence(s);
    server_release(s);
}

static const object_interface interfaces[] = {
    {&IID_INamedPipeServer, offsetof(server, INamedPipeServer_iface)},
    {&IID_IConnectionPointContainer,
     offsetof(server, point) + offsetof(connection_point, IConnectionPointContainer_iface)},
    {NULL, 0},
};

static const object_kind kind = {
    .dual = &IID_INamedPipeServer,
    .coclass = &CLSID_NamedPipeServer,
    .events = &DIID__INamedPipeServerEvents,
    .interfaces = interfaces,
    .destroy = destroy,
};

/* Two changes at once must not leave the queue with the older answer. */
static void sinks_changed(sinks *changed)
{
    server *s = CONTAINER_OF(changed, server, sinks);

    lock_acquire(&s->hearing);
    queue_set_heard(s->queue, !sinks_empty(&s->sinks));
    lock_release(&s->hearing);
}

static server *create(void)
{
    server *s = mem_alloc(sizeof(*s));
    bool sta = apartment_current() != 0;

    if (!s)
        return NULL;
    s->window = sta ? thread_window_get() : NULL;
    s->not_stopping = CreateEventW(NULL, TRUE, TRUE, NULL);
    s->queue_owner.calls = &firing_calls;
    if ((!sta || s->window) && s->not_stopping)
        s->queue = queue_create(&s->queue_owner, s->window);
    if (s->queue)
        return s;
    if (s->window)
        thread_window_release(s->window);
    if (s->not_stopping)
        CloseHandle(s->not_stopping);
    mem_free(s);
    return NULL;
}

HRESULT NamedPipeServer_create(REFIID riid, void **out)
{
    server *s = create();
    HRESULT hr;

    *out = NULL;
    if (!s)
        return E_OUTOFMEMORY;
    s->holds = 1;
    s->end.run = end_task;
    object_init(&s->object, &kind);
    s->INamedPipeServer_iface.lpVtbl = (INamedPipeServerVtbl *)&server_vtable;
    sinks_init(&s->sinks, sinks_changed);
    connection_point_init(&s->point, &s->object, &s->sinks);
    settings_init(&s->settings);
    list_init(&s->connections);
    hr = object_query_interface(&s->object, riid, out);
    object_release(&s->object);
    return hr;
}

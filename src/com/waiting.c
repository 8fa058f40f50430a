/* ManualMessageLoopEnter and WaitEvent: who may wait where, and what an event looks like to him. */

#include "com/apartment.h"
#include "com/error.h"
#include "com/held.h"
#include "com/pipe_event_object.h"
#include "com/server.h"
#include "com/server_connection.h"
#include "deliver/loop.h"

/* Whether the calling thread is one on which the default mode raises events. */
static bool is_raising_thread(server *s)
{
    if (s->window)
        return thread_window_is_here(s->window);
    return apartment_current() == 0;
}

static HRESULT judge_timeout(LONG timeout)
{
    return timeout < -1 ? error_raise(ERROR_ID_TIMEOUT_RANGE, L"TimeoutMs", timeout) : S_OK;
}

HRESULT server_enter_loop(server *s, LONG timeout, VARIANT_BOOL *left)
{
    HRESULT hr = judge_timeout(timeout);

    *left = VARIANT_FALSE;
    if (FAILED(hr))
        return hr;
    if (queue_is_in_worker_handler(s->queue))
        return error_raise(ERROR_ID_INSIDE_HANDLER, L"ManualMessageLoopEnter");
    if (!is_raising_thread(s))
        return error_raise(ERROR_ID_WRONG_THREAD, L"ManualMessageLoopEnter");
    switch (loop_enter(s->queue, s->window != NULL, (DWORD)timeout))
    {
    case LOOP_LEFT: *left = VARIANT_TRUE; return S_OK;
    case LOOP_TIMEOUT: return S_OK;
    case LOOP_FAILED: break;
    }
    return error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static bool is_running(void *context)
{
    return server_is_running(context);
}

static NamedPipeEventKind kind_of(pipe_event_kind kind)
{
    switch (kind)
    {
    case PIPE_READY: return NamedPipeEventServerReady;
    case PIPE_CONNECTED: return NamedPipeEventClientConnected;
    case PIPE_DISCONNECTED: return NamedPipeEventClientDisconnected;
    case PIPE_MESSAGE: return NamedPipeEventClientMessageReceived;
    case PIPE_SENT: return NamedPipeEventClientMessageSent;
    case PIPE_CLIENT_ERROR: return NamedPipeEventClientError;
    case PIPE_SERVER_ERROR: break;
    }
    return NamedPipeEventServerError;
}

/* The event as an object, which takes over its cookie and its data. */
static HRESULT make_object(pipe_event *event, INamedPipeEvent **out)
{
    IDispatch *client = NULL;
    SAFEARRAY *data = NULL;
    held *cookie = event->cookie;
    BSTR description = event->error ? error_describe(event->error) : NULL;
    HRESULT hr;

    if (event->connection)
        client = (IDispatch *)&server_connection_of(event->lane)->INamedPipeServerConnection_iface;
    if (event->buffer)
        data = buffers_detach(event->buffer, event->bytes);
    event->buffer = NULL;
    event->cookie = NULL;
    hr = pipe_event_object_create(kind_of(event->kind), client, cookie, data,
                                  event->error ? error_number(event->error) : 0, description, out);
    SysFreeString(description);
    return hr;
}

/* The next event that is still to be told. */
static pipe_event *next_event(server *s, bool pump, ULONGLONG until, bool forever)
{
    for (;;)
    {
        ULONGLONG now = GetTickCount64();
        DWORD ms = forever ? INFINITE : until > now ? (DWORD)(until - now) : 0;
        pipe_event *event = loop_wait_event(s->queue, pump, ms, is_running, s);

        if (!event || !event->connection || server_connection_tells(server_connection_of(event->lane), event->kind))
            return event;
        queue_finish_taken(s->queue, event);
    }
}

HRESULT server_wait_event(server *s, LONG timeout, INamedPipeEvent **out)
{
    pipe_event *event;
    HRESULT hr = judge_timeout(timeout);

    *out = NULL;
    if (FAILED(hr))
        return hr;
    if (queue_is_in_worker_handler(s->queue))
        return error_raise(ERROR_ID_INSIDE_HANDLER, L"WaitEvent");
    if (!s->free_threading && !is_raising_thread(s))
        return error_raise(ERROR_ID_WRONG_THREAD, L"WaitEvent");
    queue_note_waiting(s->queue);
    event =
        next_event(s, apartment_current() != 0, GetTickCount64() + (ULONGLONG)(timeout > 0 ? timeout : 0), timeout < 0);
    if (!event)
        return S_OK;
    hr = make_object(event, out);
    queue_finish_taken(s->queue, event);
    return hr;
}

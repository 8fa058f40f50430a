/* The members that a server and a client manager have in common. */

#include "com/apartment.h"
#include "com/endpoint.h"
#include "com/error.h"
#include "com/failure_report.h"
#include "com/host.h"
#include "com/pipe_event_object.h"
#include "com/source.h"
#include "com/stored.h"
#include "com/version.h"
#include "deliver/loop.h"

#include "base/deadline.h"

/* ---- properties ---- */

HRESULT host_get_version(BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = SysAllocString(VERSION_WITH_BITNESS);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

HRESULT host_get_last_event_error(host *h, BSTR *value)
{
    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    lock_acquire(&h->lock);
    *value = SysAllocStringLen(h->last_event_error, SysStringLen(h->last_event_error));
    lock_release(&h->lock);
    return *value ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

/* ---- waiting: who may wait where, and how the consumer sees an event ---- */

/* Returns whether the default mode raises events on the calling thread. */
static bool is_raising_thread(host *h)
{
    if (h->window)
        return thread_window_is_here(h->window);
    return apartment_current() == 0;
}

HRESULT host_judge_timeout(LONG timeout)
{
    return timeout < -1 ? error_raise(ERROR_ID_TIMEOUT_RANGE, L"TimeoutMs", timeout) : S_OK;
}

static HRESULT enter_loop(host *h, LONG timeout, VARIANT_BOOL *left)
{
    HRESULT hr = host_judge_timeout(timeout);

    *left = VARIANT_FALSE;
    if (FAILED(hr))
        return hr;
    if (queue_is_in_worker_handler(h->queue))
        return error_raise(ERROR_ID_INSIDE_HANDLER, L"ManualMessageLoopEnter");
    if (!is_raising_thread(h))
        return error_raise(ERROR_ID_WRONG_THREAD, L"ManualMessageLoopEnter");
    if (!LOAD_ACQUIRE(&h->users)) /* released while the arguments were converted: nobody is left to call Leave */
    {
        *left = VARIANT_TRUE;
        return S_OK;
    }
    switch (loop_enter(h->queue, h->window != NULL, (DWORD)timeout))
    {
    case LOOP_LEFT: *left = VARIANT_TRUE; return S_OK;
    case LOOP_TIMEOUT: return S_OK;
    case LOOP_FAILED: break;
    }
    return error_raise(ERROR_ID_OUT_OF_MEMORY);
}

/* Both waits hold the host's memory, since a handler may release everything meanwhile. */
HRESULT host_enter_loop(host *h, LONG timeout, VARIANT_BOOL *left)
{
    HRESULT hr;

    if (!left)
        return error_raise(ERROR_ID_NULL_POINTER);
    host_hold(h);
    hr = enter_loop(h, timeout, left);
    host_release(h);
    return hr;
}

HRESULT host_leave_loop(host *h)
{
    queue_leave(h->queue, true);
    return S_OK;
}

static bool is_running(void *context)
{
    return host_is_running(context);
}

/* Writes that WaitEvent gives the event to the consumer, if a trace is written. */
static void trace_event(host *h, const pipe_event *event, const WCHAR *name)
{
    trace_line line = {.what = L"waited for", .more = name};

    if (!tracing_is_on(&h->tracing))
        return;
    line.connection = event->connection ? endpoint_of(event->lane)->number : 0;
    tracing_write(&h->tracing, &line);
}

/* Makes an object for the event; the cookie and the data of the event become the object's. */
static HRESULT make_object(host *h, pipe_event *event, INamedPipeEvent **out)
{
    const event_shape *shape = &source_of_audience(event->lane->audience)->events[event->kind];
    object *about = event->connection ? endpoint_of(event->lane)->object : NULL;
    SAFEARRAY *data = NULL;
    stored *cookie = event->error == PIPE_ERROR_HANDLER_FAILED ? NULL : event->cookie;
    BSTR description = event->error ? failure_report_describe(event) : NULL;
    HRESULT hr;

    if (about && !object_try_hold(about))
        about = NULL; /* consumers have released it */
    trace_event(h, event, shape->name);
    if (event->connection)
        endpoint_begin_telling(event);
    if (event->buffer)
        data = buffers_detach(event->buffer, event->bytes);
    event->buffer = NULL;
    if (cookie)
        event->cookie = NULL;
    hr = pipe_event_object_create(shape->kind, about ? (IDispatch *)object_identity(about) : NULL, cookie, data,
                                  event->error ? error_number(event->error) : 0, description, out);
    SysFreeString(description);
    if (about)
        object_release(about);
    return hr;
}

/* Returns the next event that may still be told. */
static pipe_event *next_event(host *h, bool pump, DWORD timeout)
{
    deadline until = deadline_in(timeout);

    for (;;)
    {
        pipe_event *event = loop_wait_event(h->queue, pump, deadline_left(until), is_running, h);

        if (!event || !event->connection || endpoint_tells(event))
            return event;
        queue_end_event(h->queue, event);
    }
}

static HRESULT wait_event(host *h, LONG timeout, INamedPipeEvent **out)
{
    pipe_event *event;
    HRESULT hr = host_judge_timeout(timeout);

    *out = NULL;
    if (FAILED(hr))
        return hr;
    if (queue_is_in_worker_handler(h->queue))
        return error_raise(ERROR_ID_INSIDE_HANDLER, L"WaitEvent");
    if (!LOAD_ACQUIRE(&h->free_threading) && !is_raising_thread(h))
        return error_raise(ERROR_ID_WRONG_THREAD, L"WaitEvent");
    queue_note_waiting(h->queue);
    event = next_event(h, apartment_current() != 0, (DWORD)timeout); /* -1 is INFINITE */
    if (!event)
        return S_OK;
    hr = make_object(h, event, out);
    queue_end_event(h->queue, event);
    return hr;
}

HRESULT host_wait_event(host *h, LONG timeout, INamedPipeEvent **out)
{
    HRESULT hr;

    if (!out)
        return error_raise(ERROR_ID_NULL_POINTER);
    host_hold(h);
    hr = wait_event(h, timeout, out);
    host_release(h);
    return hr;
}

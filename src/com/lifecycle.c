/* Start, Stop and the last Release.
 *
 * Threading: `life` is held while a run is made or taken away, never while anything is waited for. A Stop marks itself in `stopping`, so that others wait for it instead
 * of beginning a second one. */

#include "com/apartment.h"
#include "com/error.h"
#include "com/held.h"
#include "com/module.h"
#include "com/server.h"
#include "com/server_connection.h"
#include "pipe/name.h"

#define PATIENCE_MS 5000 /* for another thread's Stop */
#define DRAIN_MAX_MS 600000

/* ---- what a run asks of its owner ---- */

static server_run *impl_from_run_owner(run_owner *owner)
{
    return CONTAINER_OF(owner, server_run, owner);
}

static lane *on_connected(run_owner *owner, run *r, connection *c)
{
    server_run *sr = impl_from_run_owner(owner);
    server_connection *made;

    sr->run = r; /* known here before run_start has returned */
    made = server_connection_create(sr, c);
    return made ? &made->lane : NULL;
}

static buffer *on_buffer_alloc(run_owner *owner, DWORD size)
{
    return buffers_alloc(&impl_from_run_owner(owner)->pool, size);
}

static void on_buffer_free(run_owner *owner, buffer *b)
{
    buffers_free(&impl_from_run_owner(owner)->pool, b);
}

static buffer *on_buffer_settle(run_owner *owner, buffer *b, DWORD size)
{
    return buffers_settle(&impl_from_run_owner(owner)->pool, b, size);
}

static void on_cookie_free(run_owner *owner, void *cookie)
{
    (void)owner;
    held_free(cookie);
}

static void on_worker_begins(run_owner *owner, queue_way way)
{
    (void)owner;
    module_add();
    if (way == QUEUE_WORKERS)
        CoInitializeEx(NULL, COINIT_MULTITHREADED);
}

static void on_worker_ends(run_owner *owner, queue_way way)
{
    (void)owner;
    if (way == QUEUE_WORKERS)
        CoUninitialize();
    module_subtract();
}

static void on_ended(run_owner *owner, run *r)
{
    (void)owner;
    (void)r;
}

static void on_hold(run_owner *owner)
{
    InterlockedIncrement(&impl_from_run_owner(owner)->references);
}

static void on_release(run_owner *owner)
{
    server_run_release(impl_from_run_owner(owner));
}

static const run_calls calls = {
    .connected = on_connected,
    .buffer_alloc = on_buffer_alloc,
    .buffer_free = on_buffer_free,
    .buffer_settle = on_buffer_settle,
    .cookie_free = on_cookie_free,
    .worker_begins = on_worker_begins,
    .worker_ends = on_worker_ends,
    .ended = on_ended,
    .hold = on_hold,
    .release = on_release,
};

static server_run *server_run_create(server *s, DWORD buffer_size)
{
    server_run *r = mem_alloc(sizeof(*r));

    if (!r)
        return NULL;
    r->owner.calls = &calls;
    r->references = 1;
    r->server = s;
    server_hold(s); /* it is there: a method of it runs */
    buffers_init(&r->pool, buffer_size);
    return r;
}

void server_run_release(server_run *r)
{
    server *s;

    if (!r || InterlockedDecrement(&r->references))
        return;
    s = r->server;
    buffers_fini(&r->pool);
    mem_free(r);
    server_release(s);
}

/* ---- Start ---- */

static queue_way way_of(const server *s, const settings *wanted)
{
    if (wanted->free_threading)
        return QUEUE_WORKERS;
    return s->window ? QUEUE_WINDOW : QUEUE_WAITERS;
}

static DWORD open_run(server *s, const settings *wanted, server_run *r, run **out)
{
    engine_settings chosen = {
        .threads = (unsigned)wanted->threads,
        .backlog = 4,
        .buffer_size = (DWORD)wanted->buffer_size,
        .read_continuously = wanted->read_continuously != VARIANT_FALSE,
        .allow_remote = false,
        .receive_limit = wanted->receive_limit,
        .send_limit = wanted->send_limit,
    };
    WCHAR *path = pipe_path_create(wanted->pipe_name, SysStringLen(wanted->pipe_name));
    DWORD error;

    *out = NULL;
    if (!path)
        return ERROR_NOT_ENOUGH_MEMORY;
    chosen.path = path;
    error = run_start(&chosen, way_of(s, wanted), s->queue, &r->owner, out);
    mem_free(path);
    return error;
}

/* Locked by `life`. */
static HRESULT start_locked(server *s, const settings *wanted) REQUIRES_LOCK(s->life)
{
    server_run *r;
    DWORD error;

    if (s->current)
        return S_OK;
    r = server_run_create(s, (DWORD)wanted->buffer_size);
    if (!r)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    error = open_run(s, wanted, r, &r->run);
    if (error)
    {
        server_run_release(r);
        return error_raise_code(error);
    }
    queue_forget_leave(s->queue);
    s->free_threading = wanted->free_threading != VARIANT_FALSE;
    s->current = r;
    run_open(r->run); /* before a Stop can find it */
    return S_OK;
}

static HRESULT copy_settings(server *s, settings *out)
{
    BSTR name;

    lock_acquire(&s->lock);
    *out = s->settings;
    name = SysAllocStringLen(out->pipe_name, SysStringLen(out->pipe_name));
    lock_release(&s->lock);
    out->pipe_name = name;
    return name ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

/* Waits for another thread's Stop. False: it goes on. */
static bool wait_for_stop(server *s)
{
    DWORD stopping;

    lock_acquire(&s->life);
    stopping = s->stopping;
    lock_release(&s->life);
    if (!stopping)
        return true;
    return stopping != GetCurrentThreadId() && apartment_wait(s->not_stopping, PATIENCE_MS);
}

static HRESULT start(server *s, const settings *wanted)
{
    HRESULT hr = settings_judge(wanted);

    if (FAILED(hr))
        return hr;
    lock_acquire(&s->life);
    hr = start_locked(s, wanted);
    lock_release(&s->life);
    return hr;
}

HRESULT server_start(server *s)
{
    settings wanted;
    HRESULT hr;

    if (server_is_running(s) && !s->stopping)
        return S_OK;
    if (!wait_for_stop(s))
        return error_raise(ERROR_ID_TIMED_OUT);
    hr = copy_settings(s, &wanted);
    if (SUCCEEDED(hr))
        hr = start(s, &wanted);
    settings_fini(&wanted);
    return hr;
}

/* ---- Stop ---- */

/* Sends what is queued, for `ms` at most. */
static void drain(run *r, DWORD ms)
{
    if (!ms)
        return;
    run_begin_close(r, CLOSE_GRACEFULLY);
    apartment_wait(run_ended(r), ms);
}

/* Waits for the workers. Where handlers do not return they are left behind: none begins any more. */
static void await_workers(run *r)
{
    ULONGLONG since = GetTickCount64();
    DWORD ms;

    while ((ms = run_patience(r, since)) != 0)
        if (apartment_wait(run_ended(r), ms))
            break;
    if (!ms)
        run_silence(r);
}

/* Takes the run away: the server is stopped. */
static void retire(server *s)
{
    server_run *r;

    lock_acquire(&s->life);
    r = s->current;
    s->current = NULL;
    s->stopping = 0;
    SetEvent(s->not_stopping);
    lock_release(&s->life);
    if (!r)
        return;
    run_release(r->run);
    server_run_release(r);
}

/* Ends the run. What comes meanwhile is raised afterwards, where this is the thread that raises. */
static void end_run(server *s, run *r, DWORD drain_ms)
{
    bool hush = s->window && thread_window_is_here(s->window);

    if (hush)
        queue_hush(s->queue, true);
    drain(r, drain_ms);
    run_begin_close(r, CLOSE_AT_ONCE);
    await_workers(r);
    engine_close_handles(r->engine);
    if (hush)
        queue_hush(s->queue, false);
}

/* Raises what waits, where this is the thread for it. */
static void deliver_rest(server *s)
{
    if (s->window)
    {
        if (thread_window_is_here(s->window))
            queue_drain_window(s->queue);
        return;
    }
    if (queue_has_waiters(s->queue) && !queue_is_in_handler(s->queue))
        return;
    while (queue_raise_one(s->queue, (LONGLONG)0x7fffffffffffffffLL))
        continue;
}

static void stop(server *s, run *r, DWORD drain_ms)
{
    bool in_worker_handler = queue_is_in_worker_handler(s->queue);

    if (in_worker_handler)
    {
        run_begin_close(r, CLOSE_AT_ONCE);
        engine_close_handles(r->engine);
    }
    else
        end_run(s, r, drain_ms);
    retire(s);
    queue_leave(s->queue, false);
    if (!in_worker_handler)
        deliver_rest(s);
}

/* The run that this Stop is to end, held (a handler may release the server meanwhile); NULL: there is none, or another Stop is at it. */
static run *begin_stop(server *s, bool *other)
{
    run *r = NULL;

    lock_acquire(&s->life);
    *other = s->stopping != 0;
    if (!*other && s->current)
    {
        r = run_hold(s->current->run);
        s->stopping = GetCurrentThreadId();
        ResetEvent(s->not_stopping);
    }
    lock_release(&s->life);
    return r;
}

HRESULT server_stop(server *s, LONG drain_ms)
{
    run *r;
    bool other;

    if (drain_ms < 0 || drain_ms > DRAIN_MAX_MS)
        return error_raise(ERROR_ID_OUT_OF_RANGE, L"DrainMs", drain_ms, L"0 to 600000 milliseconds");
    r = begin_stop(s, &other);
    if (r)
        stop(s, r, (DWORD)drain_ms);
    else if (other && !queue_is_in_handler(s->queue))
        wait_for_stop(s);
    run_release(r);
    return S_OK;
}

/* ---- the last Release ---- */

void server_end_in_silence(server *s)
{
    server_run *r;

    queue_close(s->queue);
    sinks_clear(&s->sinks);
    lock_acquire(&s->life);
    r = s->current;
    s->current = NULL;
    lock_release(&s->life);
    if (!r)
        return;
    run_silence(r->run);
    run_begin_close(r->run, CLOSE_AT_ONCE);
    engine_close_handles(r->run->engine);
    run_release(r->run);
    server_run_release(r);
}

bool server_is_running(server *s)
{
    bool running;

    lock_acquire(&s->life);
    running = s->current != NULL;
    lock_release(&s->life);
    return running;
}

server_run *server_run_get(server *s)
{
    server_run *r;

    lock_acquire(&s->life);
    r = s->current;
    if (r)
        on_hold(&r->owner);
    lock_release(&s->life);
    return r;
}

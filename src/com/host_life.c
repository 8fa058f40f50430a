/* Starts and stops of a host.
 *
 * Threading: a start sets `starting`, so that other starts and stops wait for it. That wait is short, since a start
 * waits for no code of the consumer. A stop sets `stopping`, so that other stops wait for it instead of beginning a
 * second stop. Neither holds `life` meanwhile. */

#include "com/host.h"

#include "com/apartment.h"
#include "com/error.h"

#include "base/check.h"

#define PATIENCE_MS 5000 /* how long to wait for another thread's stop */
#define DRAIN_MAX_MS 600000

/* ---- the trace ---- */

static void trace_start(host *h, const WCHAR *what, DWORD error, const WCHAR *more)
{
    trace_line line = {.what = what, .error = error ? error_number(error) : 0, .more = more};

    if (tracing_is_on(&h->tracing))
        tracing_write(&h->tracing, &line);
}

static void trace_stop(host *h, const WCHAR *what)
{
    trace_line line = {.what = what};

    if (tracing_is_on(&h->tracing))
        tracing_write(&h->tracing, &line);
}

/* ---- start ---- */

static queue_way way_of(const host *h, const settings *wanted)
{
    if (wanted->free_threading)
        return QUEUE_WORKERS;
    return h->window ? QUEUE_WINDOW : QUEUE_WAITERS;
}

/* Acquires `life` when no start is under way. */
static void acquire_at_rest(host *h) ACQUIRES(h->life) NO_THREAD_SAFETY_ANALYSIS
{
    lock_acquire(&h->life);
    while (h->starting)
        lock_wait(&h->life, &h->started, INFINITE);
}

static bool is_running(host *h)
{
    bool running;

    acquire_at_rest(h);
    running = h->current != NULL;
    lock_release(&h->life);
    return running;
}

/* Sets `starting`, unless there is a run already. Fails if the last user has gone while this start waited: nobody is
 * left to stop the run. */
static HRESULT begin_start(host *h, bool *begun)
{
    bool released;

    acquire_at_rest(h);
    released = !LOAD_ACQUIRE(&h->users);
    *begun = !h->current && !released;
    h->starting = *begun;
    lock_release(&h->life);
    return released ? error_raise_code(ERROR_CANCELLED) : S_OK;
}

/* Clears `starting`. `r` is the new run; NULL: there is none. */
static void end_start(host *h, host_run *r)
{
    lock_acquire(&h->life);
    h->starting = false;
    h->current = r;
    if (r)
        h->counts_on = NULL;
    if (r)
        run_open(&r->run); /* before a stop can find the run */
    WakeAllConditionVariable(&h->started);
    lock_release(&h->life);
}

static HRESULT make_run(host *h, const settings *wanted, const SECURITY_DESCRIPTOR *descriptor, const WCHAR *path,
                        audience *a)
{
    engine_settings chosen = {
        .path = path,
        .threads = (unsigned)wanted->threads,
        .backlog = (unsigned)wanted->backlog,
        .max_connections = (unsigned)wanted->max_connections,
        .access = settings_access(wanted, descriptor),
        .flow = settings_flow(wanted),
    };
    host_run *r;
    DWORD error;

    trace_start(h, L"start", 0, path);
    error = host_run_start(h, &chosen, way_of(h, wanted), a, &r);
    trace_start(h, error ? L"start failed" : L"started", error, NULL);
    if (!error)
    {
        queue_forget_leave(h->queue);
        STORE_RELEASE(&h->free_threading, wanted->free_threading != VARIANT_FALSE);
    }
    end_start(h, r);
    return error ? error_raise_code(error) : S_OK;
}

/* Waits for another thread's stop. False: that stop is still under way. */
static bool wait_for_stop(host *h)
{
    DWORD stopping;

    lock_acquire(&h->life);
    stopping = h->stopping;
    lock_release(&h->life);
    if (!stopping)
        return true;
    return stopping != GetCurrentThreadId() && apartment_wait(h->not_stopping, PATIENCE_MS);
}

/* Returns whether a stop waits for a handler that the calling thread is inside. */
static bool holds_up_stop(host *h)
{
    bool holds_up;
    run *r;

    lock_acquire(&h->life);
    r = h->awaited ? run_hold(h->awaited) : NULL;
    lock_release(&h->life);
    holds_up = r && queue_holds_up(h->queue, &r->state);
    run_release(r);
    return holds_up;
}

HRESULT host_start(host *h, const settings *wanted, const WCHAR *path, audience *a)
{
    SECURITY_DESCRIPTOR *descriptor;
    HRESULT hr;
    bool begun;

    if (holds_up_stop(h))
        return error_raise(ERROR_ID_STOP_WAITS);
    if (!wait_for_stop(h))
        return error_raise(ERROR_ID_TIMED_OUT);
    if (is_running(h))
        return S_OK;
    hr = settings_judge(wanted, &descriptor); /* before `starting` is set: it may wait for a domain controller */
    if (FAILED(hr))
        return hr;
    hr = begin_start(h, &begun);
    if (begun)
        hr = make_run(h, wanted, descriptor, path, a);
    LocalFree(descriptor);
    return hr;
}

/* ---- stop ---- */

/* Sends queued messages, for `ms` at most. */
static void drain(run *r, DWORD ms)
{
    if (!ms)
        return;
    run_begin_close(r, CLOSE_GRACEFULLY);
    apartment_wait(run_ended(r), ms);
}

/* Waits for the workers. If handlers do not return, leaves them behind and silences the run: no handler begins any
 * more. */
static void await_workers(run *r)
{
    ULONGLONG since = win32.tick_count();
    DWORD ms;

    while ((ms = run_patience(r, since)) != 0)
        if (apartment_wait(run_ended(r), ms))
            break;
    if (!ms)
        run_silence(r);
}

/* Releases the present run: the host is stopped. */
static void retire(host *h)
{
    host_run *r;

    lock_acquire(&h->life);
    r = h->current;
    if (r)
        h->carried = engine_traffic(run_engine(&r->run), &h->clients_ever);
    h->counts_on = r;
    h->current = NULL;
    h->awaited = NULL;
    h->stopping = 0;
    SetEvent(h->not_stopping);
    lock_release(&h->life);
    if (r)
        run_release(&r->run);
}

/* Ends the run. If this is the thread that raises events, events that come meanwhile are raised afterwards. */
static void end_run(host *h, run *r, DWORD drain_ms)
{
    bool raises = h->window && thread_window_is_here(h->window);

    if (raises)
        queue_hold_window_back(h->queue, true);
    drain(r, drain_ms);
    run_begin_close(r, CLOSE_AT_ONCE);
    await_workers(r);
    engine_close_handles(run_engine(r));
    if (raises)
        queue_hold_window_back(h->queue, false);
}

/* Raises the events that wait of this run and of older runs, if this thread may raise them. Events that are refused
 * wait on. */
static void deliver_rest(host *h, const run *r)
{
    backlog_limit limit = run_limit(r);

    if (h->window)
    {
        if (thread_window_is_here(h->window))
            queue_drain_window(h->queue, &limit);
        return;
    }
    if (queue_has_waiters(h->queue) && !queue_is_in_handler(h->queue))
        return;
    while (queue_raise_one(h->queue, &limit) == STEP_RAISED)
        continue;
}

static void stop(host *h, run *r, DWORD drain_ms, bool in_worker_handler)
{
    if (in_worker_handler)
    {
        run_begin_close(r, CLOSE_AT_ONCE);
        engine_close_handles(run_engine(r));
    }
    else
        end_run(h, r, drain_ms);
    retire(h);
    queue_leave(h->queue, false);
    if (!in_worker_handler)
        deliver_rest(h, r);
}

/* Returns the run that this stop ends, with a reference, since a handler may release everything meanwhile. NULL: there
 * is no run, or another stop is ending it; then `*other` is true. */
static run *begin_stop(host *h, bool in_worker_handler, bool *other)
{
    run *r = NULL;

    acquire_at_rest(h);
    *other = h->stopping != 0;
    if (!*other && h->current)
    {
        r = run_hold(&h->current->run);
        h->awaited = in_worker_handler ? NULL : r;
        h->stopping = GetCurrentThreadId();
        ResetEvent(h->not_stopping);
    }
    lock_release(&h->life);
    return r;
}

HRESULT host_stop(host *h, LONG drain_ms)
{
    run *r;
    bool in_worker_handler, other;

    if (drain_ms < 0 || drain_ms > DRAIN_MAX_MS)
        return error_raise(ERROR_ID_OUT_OF_RANGE, L"DrainMs", drain_ms, L"0 to 600000 milliseconds");
    in_worker_handler = queue_is_in_worker_handler(h->queue);
    r = begin_stop(h, in_worker_handler, &other);
    if (r)
    {
        trace_stop(h, L"stop");
        stop(h, r, (DWORD)drain_ms, in_worker_handler);
        trace_stop(h, L"stopped");
    }
    else if (other && !queue_is_in_handler(h->queue))
        wait_for_stop(h);
    run_release(r);
    return S_OK;
}

/* ---- the last Release ---- */

static void end_in_silence(host *h)
{
    host_run *r;

    queue_silence(h->queue);
    acquire_at_rest(h);
    r = h->current;
    h->current = NULL;
    lock_release(&h->life);
    if (!r)
        return;
    run_silence(&r->run);
    run_begin_close(&r->run, CLOSE_AT_ONCE);
    engine_close_handles(run_engine(&r->run));
    run_release(&r->run);
}

void host_add_user(host *h)
{
    InterlockedIncrement(&h->users);
}

void host_drop_user(host *h)
{
    if (count_down(&h->users) == 0)
        end_in_silence(h);
}

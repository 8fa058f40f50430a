/* Starts and stops of a host, as src/com/host_life.c has them. */

#include "watch_queue.h"

#include "failure.h"
#include "faults.h"
#include "pipe/engine.h"
#include "scenario.h"
#include "scheduler.h"

#define PATIENCE_MS 5000

/* A stop waits for the threads that still use an instance of the pipe, but not for ever. */
static DWORD check_failure(DWORD error)
{
    if (!faults_made() && !(error == PIPE_ERROR_NAME_IN_USE && scheduler_has_hurried()))
        fail("a start fails with %u without a fault", error);
    return error;
}

/* ---- start ---- */

static void acquire_at_rest(host *h)
{
    lock_acquire(&h->life);
    while (h->starting)
        lock_wait(&h->life, &h->started, INFINITE);
}

static bool begin_start(host *h)
{
    bool begun;

    acquire_at_rest(h);
    begun = !h->current && LOAD_ACQUIRE(&h->users);
    h->starting = begun;
    lock_release(&h->life);
    return begun;
}

static void end_start(host *h, host_run *r)
{
    lock_acquire(&h->life);
    h->starting = false;
    h->current = r;
    if (r)
    {
        r->opened = true;
        run_open(&r->run);
    }
    WakeAllConditionVariable(&h->started);
    lock_release(&h->life);
}

static DWORD make_run(host *h, host_run **out)
{
    run_settings wanted = {.engine = h->settings, .way = h->way, .cookie_free = cookie_free};
    host_run *r = mem_alloc(sizeof(*r));
    DWORD error;

    *out = NULL;
    if (!r)
        return ERROR_NOT_ENOUGH_MEMORY;
    r->host = h;
    r->listens = h->settings.path != NULL;
    host_hold(h);
    wanted.buffers = &h->supplies.buffers;
    r->next = h->runs;
    h->runs = r;
    error = run_start(&r->run, &wanted, &host_run_calls, h->queue, &h->memory->audience);
    if (!error)
        *out = r;
    return error;
}

static bool wait_for_stop(host *h)
{
    DWORD stopping;

    lock_acquire(&h->life);
    stopping = h->stopping;
    lock_release(&h->life);
    if (!stopping)
        return true;
    return stopping != GetCurrentThreadId() && host_await(h, h->not_stopping, PATIENCE_MS);
}

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

DWORD host_start(host *h)
{
    host_run *r;
    DWORD error;

    if (holds_up_stop(h) || !wait_for_stop(h))
        return PIPE_ERROR_TIMED_OUT;
    if (!begin_start(h))
        return LOAD_ACQUIRE(&h->users) ? 0 : ERROR_CANCELLED;
    error = make_run(h, &r);
    if (!error)
        queue_forget_leave(h->queue);
    end_start(h, r);
    return error ? check_failure(error) : 0;
}

bool host_is_running(host *h)
{
    bool running;

    lock_acquire(&h->life);
    running = h->current != NULL;
    lock_release(&h->life);
    return running;
}

/* ---- stop ---- */

/* Afterwards the name is free, unless a thread that still uses an instance has not run for a second. */
static void close_handles(run *r)
{
    engine_close_handles(run_engine(r));
    if (run_engine(r)->claim.instances && !scheduler_has_hurried())
        fail("an instance of the pipe is open after a stop");
}

static void await_workers(host *h, run *r)
{
    ULONGLONG since = win32.tick_count();
    DWORD ms;

    while ((ms = run_patience(r, since)) != 0)
        if (host_await(h, run_ended(r), ms))
            break;
    if (!ms)
        run_silence(r);
}

static void retire(host *h)
{
    host_run *r;

    lock_acquire(&h->life);
    r = h->current;
    h->current = NULL;
    h->awaited = NULL;
    h->stopping = 0;
    SetEvent(h->not_stopping);
    lock_release(&h->life);
    if (r)
        run_release(&r->run);
}

static bool is_window_thread(const host *h)
{
    return h->window && thread_window_is_here(h->window);
}

/* While it waits, the window's thread may dispatch messages, as COM does there; no event is raised by them. */
static void end_run(host *h, run *r, DWORD drain_ms)
{
    unsigned before = h->raised;

    if (is_window_thread(h))
        queue_hold_window_back(h->queue, true);
    if (drain_ms)
    {
        run_begin_close(r, CLOSE_GRACEFULLY);
        host_await(h, run_ended(r), drain_ms);
    }
    run_begin_close(r, CLOSE_AT_ONCE);
    await_workers(h, r);
    close_handles(r);
    if (!is_window_thread(h))
        return;
    if (h->raised != before)
        fail("an event is raised while the window's thread waits in a stop");
    queue_hold_window_back(h->queue, false);
}

/* What a stop waits for comes at once, unless handlers take time. */
static void check_time(const host *h, uint64_t begun, DWORD drain_ms)
{
    if (!h->stop_ms || faults_made() || scheduler_has_hurried())
        return;
    if (scheduler_now() - begun > drain_ms + h->stop_ms)
        fail("a stop lasts %u ms", (unsigned)(scheduler_now() - begun));
}

/* On the window's thread a stop returns with every event raised, unless one was refused just now. */
static void check_all_told(host *h, const run *r)
{
    if (LOAD_ACQUIRE(&r->state.silenced) || h->misses)
        return;
    if (h->refusing || thread_window_is_held_back(h->window))
        return;
    for (endpoint *e = h->endpoints; e; e = e->next)
        if (e->object && (host_sinks_of(h, e)[0] || host_sinks_of(h, e)[1]) && &e->run->run == r &&
            !e->view.disconnected)
            fail("a stop on the window's thread returns before DISCONNECTED of a connection");
}

static void deliver_rest(host *h, run *r)
{
    backlog_limit limit = run_limit(r);
    int me = scheduler_current();

    if (is_window_thread(h))
    {
        queue_drain_window(h->queue, &limit);
        check_all_told(h, r);
    }
    if (h->window || (queue_has_waiters(h->queue) && !queue_is_in_handler(h->queue)))
        return;
    h->waits[me]++;
    while (queue_raise_one(h->queue, &limit) == STEP_RAISED)
        continue;
    h->waits[me]--;
}

static void stop(host *h, run *r, DWORD drain_ms, bool in_worker_handler)
{
    if (in_worker_handler)
    {
        run_begin_close(r, CLOSE_AT_ONCE);
        close_handles(r);
    }
    else
        end_run(h, r, drain_ms);
    retire(h);
    queue_leave(h->queue, false);
    if (!in_worker_handler)
        deliver_rest(h, r);
}

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

void host_stop(host *h, DWORD drain_ms)
{
    bool in_worker_handler = queue_is_in_worker_handler(h->queue), other;
    uint64_t begun = scheduler_now();
    run *r = begin_stop(h, in_worker_handler, &other);

    if (r)
    {
        stop(h, r, drain_ms, in_worker_handler);
        check_time(h, begun, drain_ms);
    }
    else if (other && !queue_is_in_handler(h->queue))
        wait_for_stop(h);
    run_release(r);
}

/* ---- the last user ---- */

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
    close_handles(&r->run);
    run_release(&r->run);
}

void host_add_user(host *h)
{
    h->references++;
    InterlockedIncrement(&h->users);
}

void host_drop_user(host *h)
{
    h->references--;
    if (count_down(&h->users))
        return;
    for (unsigned i = 0; i < SINKS_MOST; i++)
        host_set_sink(h, i, false);
    end_in_silence(h);
    host_release(h);
}

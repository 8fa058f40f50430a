#include "deliver/run.h"

#include "base/check.h"

static run *run_of(engine_owner *owner)
{
    return CONTAINER_OF(owner, run, engine_owner);
}

/* ---- the engine's calls ---- */

/* Returns the lane of a new client's object; NULL: there is none, and the client is disconnected. */
static lane *meet_client(run *r, connection *c)
{
    lane *l = r->calls->connected(r, c);

    connection_set_user(c, l);
    if (!l)
        connection_close(c, CLOSE_AT_ONCE);
    return l;
}

static lane *lane_of(run *r, pipe_event *event)
{
    lane *known = event->connection ? connection_get_user(event->connection) : &r->state.own_lane;

    return known || event->kind != PIPE_CONNECTED ? known : meet_client(r, event->connection);
}

static bool is_noticed(const run *r, const pipe_event *event)
{
    return r->notices && (event->error || LOAD_ACQUIRE(r->notices));
}

static void on_event(engine_owner *owner, pipe_event *event)
{
    run *r = run_of(owner);
    lane *l = lane_of(r, event);
    connection *over = event->kind == PIPE_DISCONNECTED ? connection_hold(event->connection) : NULL;

    if (l && is_noticed(r, event))
        r->calls->notice(r, l, event);
    if (over && l && r->calls->disconnected)
        r->calls->disconnected(r, l);
    if (l)
        queue_push(r->queue, l, event);
    else
        pipe_event_release(event);
    if (!over)
        return;
    if (!l || r->state.way != QUEUE_WORKERS || queue_nobody_hears(r->queue, l))
        connection_close_handle(over);
    if (l)
        l->release(l); /* the connection's reference on its object: this was its last event */
    connection_release(over);
}

static bool on_may_dial(engine_owner *owner, connection *c)
{
    run *r = run_of(owner);

    return !r->calls->may_dial || r->calls->may_dial(r, connection_get_user(c));
}

static bool on_would_wait(engine_owner *owner, connection *c)
{
    lane *l = connection_get_user(c);

    return l && queue_is_behind(run_of(owner)->queue, l);
}

static void on_engine_worker_begins(engine_owner *owner)
{
    run *r = run_of(owner);
    DWORD error = r->calls->worker_begins(r);

    if (!r->all_begun)
        return;
    if (error)
        InterlockedCompareExchange(&r->begin_error, (LONG)error, 0);
    if (count_down(&r->to_begin) == 0)
        SetEvent(r->all_begun);
}

static void on_engine_worker_ends(engine_owner *owner)
{
    run *r = run_of(owner);

    r->calls->worker_ends(r);
}

static void on_turn(engine_owner *owner)
{
    run *r = run_of(owner);

    queue_read_on(r->queue, &r->state);
    if (r->state.way == QUEUE_WORKERS)
        queue_raise_ready(r->queue, &r->state);
}

static void on_ended(engine_owner *owner)
{
    run *r = run_of(owner);

    queue_end_run(r->queue, &r->state);
    run_release(r); /* the workers' reference */
}

static const engine_calls run_engine_calls = {
    .event = on_event,
    .would_wait = on_would_wait,
    .worker_begins = on_engine_worker_begins,
    .worker_ends = on_engine_worker_ends,
    .turn = on_turn,
    .ended = on_ended,
    .may_dial = on_may_dial,
};

/* ---- life ---- */

static run *run_of_lane(lane *own)
{
    return CONTAINER_OF(own, run, state.own_lane);
}

static void own_lane_hold(lane *l)
{
    run_hold(run_of_lane(l));
}

static void own_lane_release(lane *l)
{
    run_release(run_of_lane(l));
}

run *run_hold(run *r)
{
    InterlockedIncrement(&r->references);
    return r;
}

void run_release(run *r)
{
    if (!r || count_down(&r->references))
        return;
    if (r->state.number)
        lane_fini(&r->state.own_lane);
    engine_release(r->state.engine);
    queue_release(r->queue);
    if (r->all_begun)
        CloseHandle(r->all_begun);
    r->calls->free(r);
}

/* Waits until the workers have begun. If one failed, closes the engine. */
static DWORD await_begin(run *r)
{
    DWORD error;

    if (!r->all_begun)
        return 0;
    WaitForSingleObject(r->all_begun, INFINITE);
    error = (DWORD)LOAD_ACQUIRE(&r->begin_error);
    if (error)
        run_begin_close(r, CLOSE_AT_ONCE);
    return error;
}

static DWORD prepare_begin(run *r)
{
    if (!run_is_free_threaded(r))
        return 0;
    r->to_begin = (LONG)r->state.threads;
    r->all_begun = CreateEventW(NULL, TRUE, FALSE, NULL);
    return r->all_begun ? 0 : GetLastError();
}

static DWORD prepare(run *r, const run_settings *settings, const run_calls *calls, queue *q)
{
    r->engine_owner.calls = &run_engine_calls;
    r->engine_owner.buffers = settings->buffers;
    r->engine_owner.cookie_free = settings->cookie_free;
    r->calls = calls;
    r->notices = settings->notices;
    r->references = 1;
    r->queue = queue_hold(q);
    r->state.way = settings->way;
    r->state.threads = settings->engine.threads;
    r->state.ready_delivered = !settings->engine.path; /* without a path no READY comes */
    return prepare_begin(r);
}

/* Starts the open engine. After a failure the engine ends by itself. */
static DWORD run_begin(run *r, bool listens)
{
    DWORD error = listens ? engine_listen(r->state.engine) : 0;

    if (!error)
        error = engine_run(r->state.engine);
    return error ? error : await_begin(r);
}

DWORD run_start(run *r, const run_settings *settings, const run_calls *calls, queue *q, audience *a)
{
    DWORD error = prepare(r, settings, calls, q);

    if (!error)
        error = engine_open(&settings->engine, &r->engine_owner, &r->state.engine);
    if (!error)
    {
        queue_add_run(q, &r->state, a, own_lane_hold, own_lane_release);
        run_hold(r); /* the workers' reference, until on_ended */
        error = run_begin(r, settings->engine.path != NULL);
        if (error)
        {
            run_silence(r);
            engine_close_handles(r->state.engine); /* the name is free for the next start */
        }
    }
    if (error)
        run_release(r);
    return error;
}

void run_open(run *r)
{
    queue_open_run(r->queue, &r->state);
}

void run_silence(run *r)
{
    queue_silence_run(r->queue, &r->state);
}

static void report_free(pipe_event *event)
{
    mem_free(event);
}

bool run_report(lane *l, DWORD error, void *cookie)
{
    run *r = CONTAINER_OF(l->run, run, state);
    pipe_event *event = mem_alloc(sizeof(*event));

    if (!event)
        return false;
    event->kind = PIPE_SERVER_ERROR;
    event->engine = engine_hold(r->state.engine);
    event->error = error;
    event->cookie = cookie;
    event->free = report_free;
    queue_push(r->queue, &r->state.own_lane, event);
    return true;
}

DWORD run_patience(run *r, ULONGLONG since)
{
    ULONGLONG until, now = win32.tick_count();

    lock_acquire(&r->queue->lock);
    until = (r->state.active_at > since ? r->state.active_at : since) + 5000;
    lock_release(&r->queue->lock);
    return until > now ? (DWORD)(until - now) : 0;
}

void run_begin_close(run *r, close_manner manner)
{
    if (manner == CLOSE_AT_ONCE)
        InterlockedExchange(&r->state.closing, 1);
    engine_begin_close(r->state.engine, manner);
}

HANDLE run_ended(run *r)
{
    return engine_ended(r->state.engine);
}

backlog_limit run_limit(const run *r)
{
    backlog_limit limit = {no_limit.sequence, r->state.number};

    return limit;
}

engine *run_engine(const run *r)
{
    return r->state.engine;
}

queue_way run_way(const run *r)
{
    return r->state.way;
}

bool run_is_free_threaded(const run *r)
{
    return r->state.way == QUEUE_WORKERS;
}

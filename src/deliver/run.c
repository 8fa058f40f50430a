#include "deliver/run.h"

static run *run_of(engine_owner *owner)
{
    return CONTAINER_OF(owner, run, engine_owner);
}

/* ---- the engine's calls ---- */

/* The lane of a new client's object. Without one nobody hears of the client, and it is let go. */
static lane *meet_client(run *r, connection *c)
{
    lane *l = r->owner->calls->connected(r->owner, r, c);

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

static void on_event(engine_owner *owner, pipe_event *event)
{
    run *r = run_of(owner);
    lane *l = lane_of(r, event);
    connection *over = event->kind == PIPE_DISCONNECTED ? connection_hold(event->connection) : NULL;

    if (l)
        queue_push(r->queue, l, event);
    else
        pipe_event_release(event);
    if (!over)
        return;
    if (!l || r->state.way != QUEUE_WORKERS)
        connection_close_handle(over);
    if (l)
        l->release(l); /* the connection's own hold on its object: this was its last event */
    connection_release(over);
}

static buffer *on_buffer_alloc(engine_owner *owner, DWORD size)
{
    run *r = run_of(owner);

    return r->owner->calls->buffer_alloc(r->owner, size);
}

static void on_buffer_free(engine_owner *owner, buffer *b)
{
    run *r = run_of(owner);

    r->owner->calls->buffer_free(r->owner, b);
}

/* A short message that has to wait must not hold a long buffer meanwhile. */
static buffer *on_buffer_settle(engine_owner *owner, connection *c, buffer *b, DWORD bytes)
{
    run *r = run_of(owner);
    lane *l = connection_get_user(c);

    if (!l || bytes >= b->capacity / 4 || !queue_is_behind(r->queue, l))
        return b;
    return r->owner->calls->buffer_settle(r->owner, b, bytes);
}

static void on_cookie_free(engine_owner *owner, void *cookie)
{
    run *r = run_of(owner);

    r->owner->calls->cookie_free(r->owner, cookie);
}

static void on_worker_begins(engine_owner *owner)
{
    run *r = run_of(owner);
    DWORD error = r->owner->calls->worker_begins(r->owner, r->state.way);

    if (!r->all_begun)
        return;
    if (error)
        InterlockedCompareExchange(&r->begin_error, (LONG)error, 0);
    if (InterlockedDecrement(&r->to_begin) == 0)
        SetEvent(r->all_begun);
}

static void on_worker_ends(engine_owner *owner)
{
    run *r = run_of(owner);

    r->owner->calls->worker_ends(r->owner, r->state.way);
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
    r->owner->calls->ended(r->owner, r);
    run_release(r); /* the threads' */
}

static const engine_calls calls = {
    .event = on_event,
    .buffer_alloc = on_buffer_alloc,
    .buffer_free = on_buffer_free,
    .buffer_settle = on_buffer_settle,
    .cookie_free = on_cookie_free,
    .worker_begins = on_worker_begins,
    .worker_ends = on_worker_ends,
    .turn = on_turn,
    .ended = on_ended,
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
    run_owner *owner;

    if (!r || InterlockedDecrement(&r->references))
        return;
    owner = r->owner;
    engine_release(r->state.engine);
    queue_release(r->queue);
    if (r->all_begun)
        CloseHandle(r->all_begun);
    mem_free(r);
    owner->calls->release(owner);
}

/* Waits until the workers have begun. Where one failed, the engine closes again. */
static DWORD await_begin(run *r)
{
    if (!r->all_begun)
        return 0;
    WaitForSingleObject(r->all_begun, INFINITE);
    if (!r->begin_error)
        return 0;
    run_begin_close(r, CLOSE_AT_ONCE);
    engine_close_handles(r->state.engine);
    return (DWORD)r->begin_error;
}

static DWORD prepare_begin(run *r)
{
    if (r->state.way != QUEUE_WORKERS)
        return 0;
    r->to_begin = (LONG)r->state.threads;
    r->all_begun = CreateEventW(NULL, TRUE, FALSE, NULL);
    return r->all_begun ? 0 : GetLastError();
}

DWORD run_start(const engine_settings *settings, queue_way way, queue *q, audience *a, run_owner *owner, run **out)
{
    run *r = mem_alloc(sizeof(*r));
    DWORD error;

    *out = NULL;
    if (!r)
        return ERROR_NOT_ENOUGH_MEMORY;
    r->engine_owner.calls = &calls;
    r->references = 1;
    r->owner = owner;
    owner->calls->hold(owner);
    r->queue = queue_hold(q);
    r->state.way = way;
    r->state.threads = settings->threads;
    r->state.ready_told = !settings->path; /* there is nothing to be ready for */
    error = prepare_begin(r);
    if (!error)
        error = engine_open(settings, &r->engine_owner, &r->state.engine);
    if (error)
        goto fail;
    queue_add_run(q, &r->state, a, own_lane_hold, own_lane_release);
    run_hold(r); /* the threads', until on_ended */
    error = settings->path ? engine_listen(r->state.engine) : 0;
    if (!error)
        error = engine_run(r->state.engine);
    if (!error)
        error = await_begin(r);
    if (error)
        goto started;
    *out = r;
    return 0;

started:
    run_silence(r);
fail:
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

DWORD run_patience(run *r, ULONGLONG since)
{
    ULONGLONG until, now = GetTickCount64();

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

#include "deliver/queue.h"

/* Events that press (see queue_pressing). While more wait, no client is accepted and nothing is read. */
#define PAUSE_ABOVE 131072

/* ---- life ---- */

queue *queue_create(queue_owner *owner, thread_window *window)
{
    queue *q = mem_alloc(sizeof(*q));

    if (!q)
        return NULL;
    q->references = 1;
    q->owner = owner;
    q->window = window;
    q->drain.run = queue_drain_task;
    backlog_init(&q->backlog);
    waiters_init(&q->waiters);
    list_init(&q->raising);
    list_init(&q->running);
    list_init(&q->workers);
    list_init(&q->paused);
    list_init(&q->resumed);
    return q;
}

/* ---- runs ---- */

static void pause_run(queue *q, run_state *r) REQUIRES_LOCK(q->lock)
{
    if (list_linked(&r->paused) || r->ended)
        return;
    if (list_linked(&r->resumed))
        list_remove(&r->resumed); /* the run does not go on, then */
    else
        r->own_lane.hold(&r->own_lane);
    list_append(&q->paused, &r->paused);
    engine_pause(r->engine, true);
}

void queue_add_run(queue *q, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l))
{
    lock_acquire(&q->lock);
    backlog_add_run(&q->backlog, r, a, hold, release);
    if (r->way == QUEUE_WORKERS)
        list_append(&q->workers, &r->worked_on);
    if (!list_empty(&q->paused))
        pause_run(q, r);
    lock_release(&q->lock);
}

void queue_open_run(queue *q, run_state *r)
{
    lock_acquire(&q->lock);
    r->open = true;
    backlog_settle_run(&q->backlog, r);
    lock_release(&q->lock);
    queue_wake_all(q);
}

void queue_end_run(queue *q, run_state *r)
{
    aftermath after;

    aftermath_init(&after);
    after.wake = true;
    lock_acquire(&q->lock);
    list_remove(&r->worked_on);
    backlog_end_run(&q->backlog, r, q->window ? QUEUE_WINDOW : QUEUE_WAITERS);
    if (list_linked(&r->paused)) /* there is nothing left to pause, and nobody who would end the pause */
        queue_resume(q, r);
    queue_unlock(q, &after);
}

void queue_silence_run(queue *q, run_state *r)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    STORE_RELEASE(&r->silenced, true);
    backlog_clear_run(&q->backlog, r, &after.dropped);
    waiters_signal(&q->waiters);
    queue_unlock(q, &after);
}

void queue_silence(queue *q)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    q->silenced = true;
    backlog_clear(&q->backlog, &after.dropped);
    waiters_leave(&q->waiters, false, q->backlog.sequence); /* nobody is left to call Leave */
    queue_unlock(q, &after);
}

void queue_silence_lane(queue *q, lane *l)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    for (; l; l = l->follows)
    {
        l->silenced = true;
        backlog_clear_lane(&q->backlog, l, &after.dropped);
    }
    waiters_signal(&q->waiters);
    queue_unlock(q, &after);
}

void queue_follow(queue *q, lane *l, lane *earlier)
{
    lock_acquire(&q->lock);
    backlog_follow(l, earlier);
    lock_release(&q->lock);
}

/* ---- pushing ---- */

/* Learns from an event what its lane needs to know: connection, receive limit, handle. */
static void learn(lane *l, const pipe_event *event)
{
    connection *c = event->connection;

    if (!c)
        return;
    if (!l->connection)
        l->receive_limit = connection_receive_limit(c);
    l->connection = c;
    if (event->kind == PIPE_CONNECTED)
        l->handle = connection_handle(c);
}

/* What a push does after it has released the lock. */
typedef struct push_after
{
    aftermath after;
    bool window;          /* wake the window's thread */
    connection *reads_on; /* held; its old events are dropped, so reading goes on; NULL: none */
} push_after;

static void push_locked(queue *q, lane *l, pipe_event *event, push_after *p) REQUIRES_LOCK(q->lock)
{
    run_state *r = l->run;

    learn(l, event);
    backlog_append(&q->backlog, event);
    if (queue_is_nobody_there(q, l) && l->connection)
        p->reads_on = connection_hold(l->connection);
    queue_drop_without_sinks(q, l, &p->after.dropped);
    if (queue_pressing(q) > PAUSE_ABOVE || !list_empty(&q->paused))
        pause_run(q, r);
    if (l->place != &r->with_sinks)
        return;
    p->after.wake = r->ended; /* only a report of the owner comes so late; its way is another by now */
    p->window = r->way == QUEUE_WINDOW;
    if (r->way == QUEUE_WORKERS)
        queue_kick(q, r, 1);
}

/* Returns whether the event reports a handler's failure while another such report waits that no sink has received: one
 * is enough, since a handler that fails tends to fail at each event. */
static bool is_told_already(const lane *l, const pipe_event *event)
{
    return event->error == PIPE_ERROR_HANDLER_FAILED && l->failure;
}

/* Drops the event. The end of a connection counts all the same. */
static void refuse(queue *q, lane *l, pipe_event *event, list *dropped) REQUIRES_LOCK(q->lock)
{
    if (event->kind == PIPE_DISCONNECTED)
        backlog_end_lane(&q->backlog, l);
    list_append(dropped, &event->link);
}

void queue_push(queue *q, lane *l, pipe_event *event)
{
    push_after p = {.window = false};
    run_state *r = l->run;

    aftermath_init(&p.after);
    event->lane = l;
    event->heard = false; /* an event that the engine owns is used again */
    l->hold(l);
    lock_acquire(&q->lock);
    if (LOAD_ACQUIRE(&r->silenced) || l->silenced || q->silenced || is_told_already(l, event))
        refuse(q, l, event, &p.after.dropped);
    else
        push_locked(q, l, event, &p);
    waiters_signal(&q->waiters);
    queue_unlock(q, &p.after);
    if (p.window && !queue_wake_window(q))
        queue_silence_run(q, r);
    if (!p.reads_on)
        return;
    connection_read_on(p.reads_on);
    connection_release(p.reads_on);
}

bool queue_nobody_hears(queue *q, const lane *l)
{
    bool nobody;

    lock_acquire(&q->lock);
    nobody = queue_is_nobody_there(q, l);
    lock_release(&q->lock);
    return nobody;
}

bool queue_has_sinks(queue *q, const lane *l)
{
    bool has;

    lock_acquire(&q->lock);
    has = l->audience->has_sinks;
    lock_release(&q->lock);
    return has;
}

bool queue_is_behind(queue *q, lane *l)
{
    bool behind;

    lock_acquire(&q->lock);
    behind = !l->audience->has_sinks ||
             (l->run->way == QUEUE_WORKERS ? l->busy || !list_empty(&l->events) : q->backlog.count != 0);
    lock_release(&q->lock);
    return behind;
}

/* ---- who receives events ---- */

static bool has_waiting_lane(const run_state *r, const audience *a)
{
    for (list_link *link = list_first(&r->waiting); link; link = list_next(&r->waiting, link))
        if (CONTAINER_OF(link, lane, waiting)->audience == a)
            return true;
    return false;
}

/* Makes a worker of the run call queue_read_on. */
static void read_on_later(queue *q, run_state *r) REQUIRES_LOCK(q->lock)
{
    InterlockedExchange(&r->read_on, 1);
    queue_kick(q, r, 1);
}

/* Call it when the audience has lost its last sink. Reading goes on that the receive limit or a pause has stopped: on
 * workers, where no lock is held. */
static void begin_reading_on(queue *q, const audience *a) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->backlog.runs); link; link = list_next(&q->backlog.runs, link))
    {
        run_state *r = CONTAINER_OF(link, run_state, link);

        if (has_waiting_lane(r, a))
            read_on_later(q, r);
    }
    for (list_link *link = list_first(&q->paused); link; link = list_next(&q->paused, link))
        read_on_later(q, CONTAINER_OF(link, run_state, paused));
}

void queue_read_on(queue *q, run_state *r)
{
    list quiet;
    list_link *link;
    aftermath after;

    if (!LOAD_ACQUIRE(&r->read_on) || !InterlockedExchange(&r->read_on, 0))
        return;
    list_init(&quiet);
    aftermath_init(&after);
    lock_acquire(&q->lock);
    for (link = q->consumer_waits ? NULL : list_first(&r->waiting); link; link = list_next(&r->waiting, link))
    {
        lane *l = CONTAINER_OF(link, lane, waiting);

        if (l->audience->has_sinks || !l->connection || list_linked(&l->quiet))
            continue;
        l->hold(l);
        list_append(&quiet, &l->quiet);
    }
    while ((link = list_take_first(&quiet)) != NULL)
    {
        lane *l = CONTAINER_OF(link, lane, quiet);
        connection *c = l->connection;

        lock_release(&q->lock);
        connection_read_on(c);
        l->release(l);
        lock_acquire(&q->lock);
    }
    queue_unlock(q, &after);
}

void queue_set_has_sinks(queue *q, audience *a, bool has_sinks)
{
    bool first, last;

    lock_acquire(&q->lock);
    first = has_sinks && !a->has_sinks;
    last = !has_sinks && a->has_sinks;
    backlog_set_has_sinks(&q->backlog, a, has_sinks);
    if (last && !q->consumer_waits)
        begin_reading_on(q, a);
    waiters_signal(&q->waiters);
    lock_release(&q->lock);
    if (first)
        queue_wake_all(q);
}

void queue_note_waiting(queue *q)
{
    lock_acquire(&q->lock);
    q->consumer_waits = true;
    lock_release(&q->lock);
}

/* ---- waiting threads ---- */

waiter *queue_waiter_begin(queue *q, bool is_loop)
{
    waiter *w;

    lock_acquire(&q->lock);
    w = waiters_take_spare(&q->waiters, is_loop);
    if (!w)
    {
        lock_release(&q->lock);
        w = waiter_create(is_loop);
        if (!w)
            return NULL;
        lock_acquire(&q->lock);
    }
    list_append(&q->waiters.inside, &w->link);
    lock_release(&q->lock);
    return w;
}

bool queue_waiter_is_left(queue *q, waiter *w, LONGLONG *leave_at)
{
    bool left;

    lock_acquire(&q->lock);
    left = w->leave_pending;
    *leave_at = w->leave_at;
    lock_release(&q->lock);
    return left;
}

void queue_leave(queue *q, bool by_leave)
{
    lock_acquire(&q->lock);
    waiters_leave(&q->waiters, by_leave, q->backlog.sequence);
    lock_release(&q->lock);
}

bool queue_was_left(queue *q)
{
    bool left;

    lock_acquire(&q->lock);
    left = q->waiters.leave_pending;
    q->waiters.leave_pending = false;
    lock_release(&q->lock);
    return left;
}

void queue_forget_leave(queue *q)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    q->waiters.leave_pending = false;
    q->consumer_waits = false;
    queue_unlock(q, &after);
}

bool queue_has_waiters(queue *q)
{
    bool has;

    lock_acquire(&q->lock);
    has = waiters_any(&q->waiters);
    lock_release(&q->lock);
    return has;
}

/* ---- a look ---- */

static void count_handlers(queue *q, queue_survey *s) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->raising); link; link = list_next(&q->raising, link))
    {
        const lane *l = CONTAINER_OF(link, lane, raising);

        s->handlers += l->depth;
        s->thread = l->thread;
    }
}

void queue_survey_take(queue *q, queue_survey *out)
{
    queue_survey none = {0};

    *out = none;
    lock_acquire(&q->lock);
    out->waiting = q->backlog.count;
    out->without_sinks = q->backlog.without_sinks;
    count_handlers(q, out);
    out->consumer_waits = q->consumer_waits;
    out->has_waiters = waiters_any(&q->waiters);
    out->paused = !list_empty(&q->paused);
    lock_release(&q->lock);
    if (q->window)
        out->window_wait_ms = thread_window_wait(q->window);
}

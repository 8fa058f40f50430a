/* Threading: one lock guards the queue, its lanes, its runs' flags and its waiters; it is a leaf but for the
 * window's lock, the setting of the engine's pause and kicks. What is decided under it is done after it: raising,
 * dropping, waking, reading on. */

#include "deliver/queue.h"

#include "base/check.h"

static LONGLONG system_clock(void)
{
    LARGE_INTEGER now, per_second;

    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&per_second);
    return now.QuadPart / per_second.QuadPart * 1000000 +
           now.QuadPart % per_second.QuadPart * 1000000 / per_second.QuadPart;
}

LONGLONG (*queue_clock)(void) = system_clock;

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

queue *queue_hold(queue *q)
{
    InterlockedIncrement(&q->references);
    return q;
}

static void queue_free(queue *q) NO_THREAD_SAFETY_ANALYSIS
{
    CHECK(!q->backlog.count && list_empty(&q->backlog.runs));
    CHECK(list_empty(&q->raising) && list_empty(&q->running) && list_empty(&q->workers));
    CHECK(list_empty(&q->paused) && list_empty(&q->resumed) && !q->window_held_back && !q->raiser.depth);
    waiters_fini(&q->waiters);
    if (q->raiser.handle)
        CloseHandle(q->raiser.handle);
    mem_free(q);
}

void queue_release(queue *q)
{
    if (!q || count_down(&q->references))
        return;
    if (q->window)
    {
        thread_window_withdraw(q->window, &q->drain);
        thread_window_release(q->window);
    }
    queue_free(q);
}

thread_window *queue_get_window(queue *q)
{
    return q->window;
}

/* ---- what follows once the lock is open ---- */

void aftermath_init(aftermath *a)
{
    list_init(&a->dropped);
    a->wake = false;
}

void queue_unlock(queue *q, aftermath *a)
{
    list_link *link;
    bool resumes = queue_resume_if_low(q);

    a->wake |= q->backlog.moved;
    q->backlog.moved = false;
    lock_release(&q->lock);

    while ((link = list_take_first(&a->dropped)) != NULL)
        queue_end_event(q, CONTAINER_OF(link, pipe_event, link));
    if (resumes)
        queue_advance_resumed(q);
    if (a->wake)
        queue_wake_all(q);
}

void queue_end_event(queue *q, pipe_event *event)
{
    lane *l = event->lane;

    if (event->kind == PIPE_DISCONNECTED)
    {
        l->end_delivered = true;
        if (event->connection)
            connection_close_handle(event->connection);
    }
    if (event->progress)
        q->owner->calls->forget(q->owner, event);
    pipe_event_release(event);
    l->release(l);
}

/* ---- waking ---- */

bool queue_wake_window(queue *q)
{
    return thread_window_post(q->window, &q->drain);
}

void queue_kick(queue *q, run_state *r, unsigned many)
{
    if (!r->ended)
    {
        for (unsigned i = 0; i < many; i++)
            engine_kick(r->engine);
        return;
    }
    for (list_link *link = list_first(&q->workers); link; link = list_next(&q->workers, link))
        engine_kick(CONTAINER_OF(link, run_state, worked_on)->engine);
}

void queue_wake_all(queue *q)
{
    bool window;

    lock_acquire(&q->lock);
    window = backlog_has(&q->backlog, QUEUE_WINDOW, NULL, &no_limit);
    for (list_link *link = list_first(&q->workers); link; link = list_next(&q->workers, link))
    {
        run_state *r = CONTAINER_OF(link, run_state, worked_on);

        if (backlog_has(&q->backlog, QUEUE_WORKERS, r, &no_limit))
            queue_kick(q, r, r->threads);
    }
    waiters_signal(&q->waiters);
    lock_release(&q->lock);
    if (window)
        queue_wake_window(q);
}

/* ---- runs ---- */

void queue_add_run(queue *q, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l))
{
    lock_acquire(&q->lock);
    backlog_add_run(&q->backlog, r, a, hold, release);
    if (r->way == QUEUE_WORKERS)
        list_append(&q->workers, &r->worked_on);
    queue_pause_if_high(q, r);
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
    lock_acquire(&q->lock);
    list_remove(&r->worked_on);
    backlog_end_run(&q->backlog, r, q->window ? QUEUE_WINDOW : QUEUE_WAITERS);
    lock_release(&q->lock);
    queue_wake_all(q);
}

void queue_silence_run(queue *q, run_state *r)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    r->silenced = true;
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
    waiters_leave(&q->waiters, false, q->backlog.sequence); /* nobody is left who could call Leave */
    queue_unlock(q, &after);
}

void queue_silence_lane(queue *q, lane *l)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    l->silenced = true;
    backlog_clear_lane(&q->backlog, l, &after.dropped);
    waiters_signal(&q->waiters);
    queue_unlock(q, &after);
}

/* ---- pushing ---- */

/* What an event tells of its lane. */
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

/* Whom a push has to wake once the lock is open, and what it lets read on. */
typedef struct push_after
{
    aftermath after;
    bool window;
    connection *reads_on; /* held; its events go, so that reading does not stop; NULL: none */
} push_after;

static bool is_nobody_there(const queue *q, const lane *l) REQUIRES_LOCK(q->lock)
{
    return !l->audience->has_sinks && !q->consumer_waits;
}

void queue_drop_without_sinks(queue *q, lane *l, list *dropped)
{
    if (is_nobody_there(q, l))
        backlog_drop_without_sinks(&q->backlog, l, dropped);
}

static void push_locked(queue *q, lane *l, pipe_event *event, push_after *p) REQUIRES_LOCK(q->lock)
{
    run_state *r = l->run;

    learn(l, event);
    backlog_append(&q->backlog, event);
    if (is_nobody_there(q, l) && l->connection)
        p->reads_on = connection_hold(l->connection);
    queue_drop_without_sinks(q, l, &p->after.dropped);
    queue_pause_if_high(q, r);
    if (l->place != &r->with_sinks)
        return;
    p->window = r->way == QUEUE_WINDOW;
    if (r->way == QUEUE_WORKERS)
        queue_kick(q, r, 1);
}

/* It is dropped, but that a connection has ended counts. */
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
    event->heard = false; /* one of the engine's own comes again */
    l->hold(l);
    lock_acquire(&q->lock);
    if (r->silenced || l->silenced || q->silenced)
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

bool queue_is_behind(queue *q, lane *l)
{
    bool behind;

    lock_acquire(&q->lock);
    behind = !l->audience->has_sinks ||
             (l->run->way == QUEUE_WORKERS ? l->busy || !list_empty(&l->events) : q->backlog.count != 0);
    lock_release(&q->lock);
    return behind;
}

/* ---- who is there ---- */

/* The audience has lost its last sink: what the receive limit or the pause has stopped is read on by the workers, with
 * no lock of anybody's held. */
static void begin_reading_on(queue *q, const audience *a) REQUIRES_LOCK(q->lock)
{
    for (list_link *link = list_first(&q->backlog.runs); link; link = list_next(&q->backlog.runs, link))
    {
        run_state *r = CONTAINER_OF(link, run_state, link);

        for (list_link *waits = list_first(&r->waiting); waits && !r->read_on; waits = list_next(&r->waiting, waits))
            if (CONTAINER_OF(waits, lane, waiting)->audience == a)
                r->read_on = 1;
        if (r->read_on)
            queue_kick(q, r, 1);
    }
    for (list_link *link = list_first(&q->paused); link; link = list_next(&q->paused, link))
    {
        run_state *r = CONTAINER_OF(link, run_state, paused);

        r->read_on = 1;
        queue_kick(q, r, 1);
    }
}

void queue_read_on(queue *q, run_state *r)
{
    list quiet;
    list_link *link;
    aftermath after;

    if (!r->read_on || !InterlockedExchange(&r->read_on, 0))
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

        lock_release(&q->lock);
        connection_read_on(l->connection);
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
    waiter *w = waiter_create(is_loop);

    if (!w)
        return NULL;
    lock_acquire(&q->lock);
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

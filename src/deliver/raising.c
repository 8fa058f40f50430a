/* Raising: an event is taken under the queue's lock, and raised with no lock held. */

#include "deliver/raising.h"

#include "base/thread.h"

#define REFUSED_PAUSE_MS 50 /* before a refused event is tried again; the window's thread has a pause of its own */

/* ---- one event ---- */

/* Returns whether the event may wait again. It may not if its queue, lane or run is silenced, if its DISCONNECTED was
 * told or dropped meanwhile, or if it was raised to nobody and a later event was told meanwhile. */
static bool may_put_back(const queue *q, const pipe_event *event, raised how) REQUIRES_LOCK(q->lock)
{
    const lane *l = event->lane;

    if (q->silenced || l->silenced || LOAD_ACQUIRE(&l->run->silenced))
        return false;
    if (LOAD_ACQUIRE(&l->end_delivered) && event->kind != PIPE_DISCONNECTED)
        return false;
    return how != RAISED_TO_NOBODY || event->sequence > l->delivered_up_to;
}

/* Lets the event wait again. Drops it at once if it is the oldest of too many events that nobody receives. */
static void put_back_locked(queue *q, pipe_event *event, raised how, queue_way way, aftermath *after)
    REQUIRES_LOCK(q->lock)
{
    lane *l = event->lane;

    event->heard = how == RAISED_IN_PART;
    backlog_put_back(&q->backlog, event, !event->heard);
    if (how == RAISED_TO_NOBODY)
        after->wake = true; /* a consumer who waits, or threads that raise to sinks that have come */
    else
        backlog_hold_back(&q->backlog, l, way, (LONGLONG)win32.tick_count() + REFUSED_PAUSE_MS);
    queue_drop_without_sinks(q, l, &after->dropped);
}

/* False: the event is not kept. */
static bool put_back(queue *q, pipe_event *event, raised how, queue_way way)
{
    aftermath after;
    bool kept;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    kept = may_put_back(q, event, how);
    if (kept)
        put_back_locked(q, event, how, way, &after);
    queue_unlock(q, &after);
    return kept;
}

/* Raises an event that was taken, and ends it; returns RAISED_ALL, also if the event came to nothing. Or puts the event
 * back, and returns why. */
static raised raise_event(queue *q, pipe_event *event, queue_way way)
{
    raised how;

    pipe_event_taken(event);
    how = q->owner->calls->raise(q->owner, event);
    if (how == RAISED_LET_GO)
        return RAISED_ALL;
    if (how != RAISED_ALL && put_back(q, event, how, way))
        return how;
    queue_end_event(q, event);
    return RAISED_ALL;
}

static bool was_refused(raised how)
{
    return how == RAISED_NONE || how == RAISED_IN_PART;
}

DWORD queue_retry(queue *q)
{
    LONGLONG now = (LONGLONG)win32.tick_count(), next;
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    next = backlog_retry(&q->backlog, now);
    queue_unlock(q, &after);
    return next == BACKLOG_NEVER ? INFINITE : (DWORD)(next - now);
}

/* False: the owner is about to be freed. */
static bool hold_queue_and_owner(queue *q)
{
    if (!q->owner->calls->hold(q->owner))
        return false;
    queue_hold(q);
    return true;
}

static void release_queue_and_owner(queue *q)
{
    queue_owner *owner = q->owner;

    queue_release(q);
    owner->calls->release(owner);
}

/* ---- on the window's thread ---- */

/* Returns whether an event was refused on this thread less than 50 ms ago. If so, holds the queue's task back, too: all
 * events wait for the thread's message loop. */
static bool is_held_back(queue *q)
{
    if (!thread_window_is_held_back(q->window))
        return false;
    thread_window_hold_back(q->window, &q->drain);
    return true;
}

/* Raises the next event of the window's thread. If more events wait, posts the wake-up for them first: it re-enters a
 * handler that pumps messages. `by_itself`: raises nothing while the window is held back. False: there was nothing to
 * raise, or the event was refused. */
static bool raise_on_window(queue *q, const backlog_limit *limit, bool by_itself)
{
    aftermath after;
    pipe_event *event = NULL;
    LONGLONG sequence;
    lane *l;
    bool more = false;
    raised how;

    if (is_held_back(q))
        return false;
    aftermath_init(&after);
    lock_acquire(&q->lock);
    if (!by_itself || !q->window_held_back)
        event = backlog_take(&q->backlog, QUEUE_WINDOW, NULL, limit, queue_clock());
    if (event)
    {
        queue_begin_handler(q, event->lane);
        more = backlog_has(&q->backlog, QUEUE_WINDOW, NULL, &no_limit);
    }
    queue_unlock(q, &after);
    if (!event)
        return false;
    if (more)
        queue_wake_window(q);
    l = event->lane;
    sequence = event->sequence;
    how = raise_event(q, event, QUEUE_WINDOW);
    if (was_refused(how))
        thread_window_hold_back(q->window, &q->drain);
    aftermath_init(&after);
    lock_acquire(&q->lock);
    queue_end_handler(q, l, how == RAISED_ALL ? sequence : 0);
    queue_unlock(q, &after);
    l->release(l);
    return !was_refused(how);
}

void queue_hold_window_back(queue *q, bool held)
{
    lock_acquire(&q->lock);
    CHECK(held || q->window_held_back);
    if (held)
        q->window_held_back++;
    else
        q->window_held_back--;
    lock_release(&q->lock);
    if (!held)
        queue_wake_all(q);
}

void queue_drain_task(task *t)
{
    queue *q = CONTAINER_OF(t, queue, drain);

    if (!hold_queue_and_owner(q)) /* a handler may release everything */
        return;
    while (raise_on_window(q, &no_limit, true))
        if (thread_window_slice_is_over(q->window))
            break;
    release_queue_and_owner(q);
}

void queue_drain_window(queue *q, const backlog_limit *limit)
{
    if (!hold_queue_and_owner(q))
        return;
    while (raise_on_window(q, limit, false))
        continue;
    release_queue_and_owner(q);
}

/* ---- on threads that wait ---- */

/* Call it when the thread that was raising has ended inside a handler. Its events have ended with it. */
static void forget_raiser(queue *q) REQUIRES_LOCK(q->lock)
{
    list_link *link, *next;

    for (link = list_first(&q->raising); link; link = next)
    {
        lane *l = CONTAINER_OF(link, lane, raising);

        next = list_next(&q->raising, link);
        if (l->thread != q->raiser.thread)
            continue;
        l->depth = 0;
        list_remove(link);
        backlog_settle_lane(&q->backlog, l);
    }
    q->raiser.depth = 0;
}

static bool may_raise(queue *q) REQUIRES_LOCK(q->lock)
{
    if (q->raiser.depth && q->raiser.thread != GetCurrentThreadId() && !thread_lives(q->raiser.handle))
        forget_raiser(q);
    return !q->raiser.depth || q->raiser.thread == GetCurrentThreadId();
}

/* Marks this thread as raising. While its handle is kept, no other thread gets its id. */
static void begin_raising(queue *q) REQUIRES_LOCK(q->lock)
{
    DWORD thread = GetCurrentThreadId();

    q->raiser.depth++;
    if (q->raiser.handle && q->raiser.thread == thread)
        return;
    if (q->raiser.handle)
        CloseHandle(q->raiser.handle);
    q->raiser.thread = thread;
    q->raiser.handle = thread_open_self();
}

static void end_raising(queue *q) REQUIRES_LOCK(q->lock)
{
    CHECK(q->raiser.depth);
    if (--q->raiser.depth == 0)
        waiters_signal(&q->waiters);
}

HANDLE queue_open_raiser(queue *q)
{
    HANDLE process = GetCurrentProcess(), opened = NULL;

    lock_acquire(&q->lock);
    if (q->raiser.depth && q->raiser.handle && q->raiser.thread != GetCurrentThreadId() &&
        !DuplicateHandle(process, q->raiser.handle, process, &opened, SYNCHRONIZE, FALSE, 0))
        opened = NULL;
    lock_release(&q->lock);
    return opened;
}

queue_step queue_raise_one(queue *q, const backlog_limit *limit)
{
    aftermath after;
    pipe_event *event = NULL;
    LONGLONG sequence;
    lane *l;
    raised how;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    if (may_raise(q))
        event = backlog_take(&q->backlog, QUEUE_WAITERS, NULL, limit, queue_clock());
    if (event)
    {
        queue_begin_handler(q, event->lane);
        begin_raising(q);
    }
    queue_unlock(q, &after);
    if (!event)
        return STEP_NOTHING;
    l = event->lane;
    sequence = event->sequence;
    how = raise_event(q, event, QUEUE_WAITERS);
    aftermath_init(&after);
    lock_acquire(&q->lock);
    end_raising(q);
    queue_end_handler(q, l, how == RAISED_ALL ? sequence : 0);
    queue_unlock(q, &after);
    l->release(l);
    return was_refused(how) ? STEP_REFUSED : STEP_RAISED;
}

/* Returns whether this thread must still raise an event: the Leave or the Stop that told it to end relies on that. */
static bool has_rest(queue *q, const waiter *w) REQUIRES_LOCK(q->lock)
{
    backlog_limit limit = {w->leave_at, no_limit.run};

    return w->leave_pending && backlog_has(&q->backlog, QUEUE_WAITERS, NULL, &limit) && may_raise(q);
}

bool queue_waiter_end(queue *q, waiter *w, bool *left)
{
    waiter *unused = NULL;
    bool ends;

    lock_acquire(&q->lock);
    ends = !has_rest(q, w);
    *left = w->leave_pending;
    if (ends)
    {
        list_remove(&w->link);
        unused = waiters_keep(&q->waiters, w);
    }
    lock_release(&q->lock);
    waiter_free(unused);
    return ends;
}

/* ---- on workers ---- */

/* Takes the next event for this worker. If more is ready, wakes another worker, since a handler may take long. */
static pipe_event *take_ready(queue *q, run_state *r)
{
    aftermath after;
    pipe_event *event;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    backlog_retry(&q->backlog, (LONGLONG)win32.tick_count());
    event = backlog_take(&q->backlog, QUEUE_WORKERS, r, &no_limit, queue_clock());
    if (event)
    {
        queue_begin_handler(q, event->lane);
        if (r->threads > 1 && backlog_has(&q->backlog, QUEUE_WORKERS, r, &no_limit))
            queue_kick(q, r, 1);
    }
    queue_unlock(q, &after);
    return event;
}

/* Gives a lane back after its handlers have returned. The lane may go on; after READY, all lanes of the run may, on all
 * workers. */
static void give_back(queue *q, lane *l, pipe_event_kind kind, raised how)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    queue_end_handler(q, l, 0);
    if (how == RAISED_ALL)
        backlog_give_back(&q->backlog, l, kind, queue_clock());
    waiters_signal(&q->waiters); /* the sinks may have gone; then the consumer may take the rest */
    queue_unlock(q, &after);
}

/* Sets a timer that tries refused events again, since no other cause may give this worker a turn in time. */
static void retry_later(queue *q, run_state *r)
{
    DWORD ms = queue_retry(q);

    if (ms != INFINITE)
        engine_kick_in(r->engine, ms);
}

void queue_raise_ready(queue *q, run_state *r)
{
    bool refused = false;
    pipe_event *event;

    if (!hold_queue_and_owner(q))
        return;
    while ((event = take_ready(q, r)) != NULL)
    {
        lane *l = event->lane;
        pipe_event_kind kind = event->kind;
        raised how = raise_event(q, event, QUEUE_WORKERS);

        refused |= was_refused(how);
        give_back(q, l, kind, how);
        l->release(l);
    }
    if (refused)
        retry_later(q, r);
    release_queue_and_owner(q);
}

/* ---- to the consumer ---- */

/* Takes the next event that no sink has received. Events that one sink received and another refused end here: the sinks
 * that were still to receive them have gone. */
static pipe_event *take_without_sinks(queue *q, list *over) REQUIRES_LOCK(q->lock)
{
    pipe_event *event;

    while ((event = backlog_take_without_sinks(&q->backlog, queue_clock())) != NULL && event->heard)
        list_append(over, &event->link);
    return event;
}

pipe_event *queue_take_for_consumer(queue *q)
{
    aftermath after;
    pipe_event *event;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    event = take_without_sinks(q, &after.dropped);
    if (event)
        event->lane->delivered_up_to = event->sequence;
    queue_unlock(q, &after);
    if (event)
        pipe_event_taken(event);
    return event;
}

bool queue_has_events(queue *q)
{
    bool has;

    lock_acquire(&q->lock);
    has = backlog_has_without_sinks(&q->backlog);
    lock_release(&q->lock);
    return has;
}

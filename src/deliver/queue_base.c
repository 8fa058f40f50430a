/* Threading: one lock guards the queue, its lanes, its runs' flags and its waiters. No callback of the owner is called
 * under the lock. Waiters are signalled, workers kicked and engines paused under it; events are raised and dropped,
 * windows woken and connections read on after it was released. */

#include "deliver/queue_base.h"

#include "base/check.h"

#define RESUME_BELOW 65536 /* events that press; below, a pause ends */

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

/* ---- who receives events ---- */

/* Events without a sink do not count unless the consumer waits for them: the oldest of them are dropped instead. */
unsigned queue_pressing(const queue *q)
{
    return q->consumer_waits ? q->backlog.count : q->backlog.count - q->backlog.without_sinks;
}

bool queue_is_nobody_there(const queue *q, const lane *l)
{
    return !l->audience->has_sinks && !q->consumer_waits;
}

void queue_drop_without_sinks(queue *q, lane *l, list *dropped)
{
    if (queue_is_nobody_there(q, l))
        backlog_drop_without_sinks(&q->backlog, l, dropped);
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

/* ---- after the lock is released ---- */

void queue_end_event(queue *q, pipe_event *event)
{
    lane *l = event->lane;

    if (event->progress && !q->owner->calls->forget(q->owner, event))
        return;
    if (event->kind == PIPE_DISCONNECTED)
    {
        STORE_RELEASE(&l->end_delivered, true);
        queue_unfollow(q, l);
        if (event->connection)
            connection_close_handle(event->connection);
    }
    pipe_event_release(event);
    l->release(l);
}

void aftermath_init(aftermath *a)
{
    list_init(&a->dropped);
    a->wake = false;
}

void queue_resume(queue *q, run_state *r)
{
    list_remove(&r->paused);
    engine_pause(r->engine, false);
    list_append(&q->resumed, &r->resumed);
}

/* Ends the pause of runs if about half of the events have gone. */
static void resume_if_low(queue *q) REQUIRES_LOCK(q->lock)
{
    list_link *link;

    while (queue_pressing(q) < RESUME_BELOW && (link = list_first(&q->paused)) != NULL)
        queue_resume(q, CONTAINER_OF(link, run_state, paused));
}

/* Lets the resumed runs go on, with no lock held. Each run is taken by the thread that comes first, unless the run was
 * paused again. */
static void advance_resumed(queue *q)
{
    list_link *link;

    lock_acquire(&q->lock);
    while ((link = list_take_first(&q->resumed)) != NULL)
    {
        run_state *r = CONTAINER_OF(link, run_state, resumed);

        lock_release(&q->lock);
        engine_advance(r->engine);
        r->own_lane.release(&r->own_lane);
        lock_acquire(&q->lock);
    }
    lock_release(&q->lock);
}

void queue_unlock(queue *q, aftermath *a)
{
    list_link *link;
    bool resumes;

    resume_if_low(q);
    resumes = !list_empty(&q->resumed);
    a->wake |= q->backlog.moved;
    q->backlog.moved = false;
    lock_release(&q->lock);

    while ((link = list_take_first(&a->dropped)) != NULL)
        queue_end_event(q, CONTAINER_OF(link, pipe_event, link));
    if (resumes)
        advance_resumed(q);
    if (a->wake)
        queue_wake_all(q);
}

void queue_unfollow(queue *q, lane *l)
{
    aftermath after;

    aftermath_init(&after);
    lock_acquire(&q->lock);
    backlog_part(&q->backlog, l);
    queue_unlock(q, &after);
}

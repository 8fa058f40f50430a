/* Pausing: where too much waits its runs accept and read nothing, until half of it has gone. */

#include "deliver/queue.h"

#define PAUSE_ABOVE 131072 /* events of one owner that are waited for */
#define RESUME_BELOW 65536

/* How many events count. Of those that nobody hears the oldest go instead, unless the consumer takes them himself. */
static unsigned pressing(const queue *q) REQUIRES_LOCK(q->lock)
{
    return q->consumer_waits ? q->backlog.count : q->backlog.count - q->backlog.without_sinks;
}

void queue_pause_if_high(queue *q, run_state *r)
{
    if ((pressing(q) <= PAUSE_ABOVE && list_empty(&q->paused)) || list_linked(&r->paused))
        return;
    if (list_linked(&r->resumed))
        list_remove(&r->resumed); /* it does not go on, then */
    else
        r->own_lane.hold(&r->own_lane);
    list_append(&q->paused, &r->paused);
    engine_pause(r->engine, true);
}

bool queue_resume_if_low(queue *q)
{
    list_link *link;

    while (pressing(q) < RESUME_BELOW && (link = list_take_first(&q->paused)) != NULL)
    {
        run_state *r = CONTAINER_OF(link, run_state, paused);

        engine_pause(r->engine, false);
        list_append(&q->resumed, &r->resumed);
    }
    return !list_empty(&q->resumed);
}

void queue_advance_resumed(queue *q)
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

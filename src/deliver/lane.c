#include "deliver/lane.h"

pipe_event *lane_first_event(const lane *l)
{
    return CONTAINER_OF(l->events.head.next, pipe_event, lane_link);
}

void audience_init(audience *a)
{
    memset(a, 0, sizeof(*a));
    list_init(&a->droppable);
}

void lane_init(lane *l, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l))
{
    memset(l, 0, sizeof(*l));
    l->audience = a;
    l->hold = hold;
    l->release = release;
    l->run = r;
    list_init(&l->events);
}

void lane_fini(const lane *l)
{
    CHECK(list_empty(&l->events) && !list_linked(&l->waiting) && !l->place && !list_linked(&l->held));
    CHECK(!l->busy && !l->depth && !list_linked(&l->raising));
    CHECK(!list_linked(&l->living) && !l->before && !l->behind);
    CHECK(!l->follows && !l->followed_by);
}

bool lane_run_is_silenced(const lane *l)
{
    return LOAD_ACQUIRE(&l->run->silenced);
}

bool lane_end_is_delivered(const lane *l)
{
    return LOAD_ACQUIRE(&l->end_delivered);
}

bool lane_is_on_worker(const lane *l)
{
    return l->busy;
}

bool lane_tries_again(const lane *l)
{
    return l->run->way == QUEUE_WORKERS && !LOAD_ACQUIRE(&l->run->closing);
}

HANDLE lane_run_ended(const lane *l)
{
    return engine_ended(l->run->engine);
}

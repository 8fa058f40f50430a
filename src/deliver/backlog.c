#include "deliver/backlog.h"

const backlog_limit no_limit = {BACKLOG_NEVER, BACKLOG_NEVER};

/* ---- life ---- */

void backlog_init(backlog *b)
{
    memset(b, 0, sizeof(*b));
    list_init(&b->runs);
    list_init(&b->held);
    handles_init(&b->handles);
}

/* ---- where a lane stands ---- */

/* Returns the way that the run's events go now. */
static queue_way way_of(const backlog *b, const run_state *r)
{
    return r->way == QUEUE_WORKERS && r->ended ? b->rest : r->way;
}

/* Returns the list that the lane belongs into: its next event may be taken from there. NULL: no event may be taken. */
static list *place_of(const backlog *b, lane *l)
{
    run_state *r = l->run;

    if (list_empty(&l->events) || l->busy || l->before || (l->follows && !l->follows->ended) || !r->open)
        return NULL;
    if (!r->ready_delivered && l != &r->own_lane)
        return NULL;
    if (list_linked(&l->held) && l->audience->has_sinks)
        return NULL; /* a consumer who waits for events does not refuse them, a sink may */
    if (l->depth && r->ended && way_of(b, r) == QUEUE_WORKERS)
        return NULL; /* its handler was called on another thread, before there were workers again */
    return l->audience->has_sinks ? &r->with_sinks : &r->without_sinks;
}

static void settle_lane(const backlog *b, lane *l)
{
    list *place = l ? place_of(b, l) : NULL;

    if (!l || place == l->place)
        return;
    list_remove(&l->turn);
    l->place = place;
    l->taken = 0;
    if (place)
        list_append(place, &l->turn);
}

void backlog_settle_run(const backlog *b, run_state *r)
{
    for (list_link *link = list_first(&r->waiting); link; link = list_next(&r->waiting, link))
        settle_lane(b, CONTAINER_OF(link, lane, waiting));
}

static void settle_all(const backlog *b)
{
    for (list_link *link = list_first(&b->runs); link; link = list_next(&b->runs, link))
        backlog_settle_run(b, CONTAINER_OF(link, run_state, link));
}

void backlog_settle_lane(backlog *b, lane *l)
{
    const list *before = l ? l->place : NULL;

    settle_lane(b, l);
    b->moved |= l && l->place && (l->place != before || !l->audience->has_sinks);
}

void backlog_set_has_sinks(backlog *b, audience *a, bool has_sinks)
{
    if (has_sinks == a->has_sinks)
        return;
    a->has_sinks = has_sinks;
    b->without_sinks += has_sinks ? 0 - a->count : a->count;
    settle_all(b);
}

/* Moves the lane before all others of its run. */
static void go_first(lane *l, unsigned taken)
{
    if (!l->place)
        return;
    list_remove(&l->turn);
    list_insert_after(&l->place->head, &l->turn);
    l->taken = taken;
}

static void go_behind(list *place, lane *l)
{
    list_remove(&l->turn);
    list_append(place, &l->turn);
    l->taken = 0;
}

/* Puts a run with its first event that waits into the list of runs, which is in the order of age. */
static void add_waiting_run(backlog *b, run_state *r)
{
    list_link *place = list_last(&b->runs);

    while (place && CONTAINER_OF(place, run_state, link)->number > r->number)
        place = list_previous(&b->runs, place);
    list_insert_after(place ? place : &b->runs.head, &r->link);
}

static void begin_waiting(backlog *b, lane *l)
{
    run_state *r = l->run;

    if (!list_linked(&l->waiting))
        list_append(&r->waiting, &l->waiting);
    if (!list_linked(&r->link))
        add_waiting_run(b, r);
    settle_lane(b, l);
}

static void end_waiting(const backlog *b, lane *l)
{
    if (list_empty(&l->events))
        list_remove(&l->waiting);
    if (list_empty(&l->run->waiting))
        list_remove(&l->run->link);
    settle_lane(b, l);
}

/* ---- runs ---- */

void backlog_add_run(backlog *b, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l))
{
    r->number = ++b->last_run;
    list_init(&r->waiting);
    list_init(&r->with_sinks);
    list_init(&r->without_sinks);
    lane_init(&r->own_lane, r, a, hold, release);
    b->rest = r->way;
    settle_all(b);
    backlog_retry(b, BACKLOG_NEVER);
}

void backlog_end_run(backlog *b, run_state *r, queue_way rest)
{
    r->ended = true;
    if (r->number == b->last_run)
        b->rest = rest;
    settle_all(b);
    backlog_retry(b, BACKLOG_NEVER);
}

void backlog_end_lane(backlog *b, lane *l)
{
    lane *behind;

    l->ended = true;
    backlog_settle_lane(b, l->followed_by);
    if (!handles_end(l, &behind))
        return;
    backlog_settle_lane(b, behind);
    settle_lane(b, l);
}

/* ---- adding ---- */

/* Counts one event in (1) or out (-1). */
static void count(backlog *b, audience *a, int change)
{
    CHECK(change > 0 || (b->count && a->count));
    b->count += (unsigned)change;
    a->count += (unsigned)change;
    if (!a->has_sinks)
        b->without_sinks += (unsigned)change;
}

static void make_droppable(lane *l, pipe_event *event, list_link *place)
{
    list_insert_after(place, &event->drop_link);
    l->audience->droppable_count++;
}

/* Counts an event in. `place` is the link of the droppable event that comes before it. CONNECTED can be dropped only
 * while its DISCONNECTED waits, together with that. */
static void add(backlog *b, pipe_event *event, list_link *place)
{
    lane *l = event->lane;

    count(b, l->audience, 1);
    l->charge += event->receive_charge;
    if (event->error == PIPE_ERROR_HANDLER_FAILED && !event->heard && !l->failure)
        l->failure = event;
    if (event->kind == PIPE_CONNECTED)
    {
        l->connected = event;
        if (l->disconnect_waits)
            l->audience->droppable_count++;
    }
    else
        make_droppable(l, event, place);
    if (event->kind == PIPE_DISCONNECTED)
    {
        l->disconnect_waits = true;
        if (l->connected)
            l->audience->droppable_count++;
    }
    begin_waiting(b, l);
}

void backlog_append(backlog *b, pipe_event *event)
{
    lane *l = event->lane;

    event->sequence = ++b->sequence;
    if (event->kind == PIPE_CONNECTED)
        handles_begin(&b->handles, l);
    list_append(&l->events, &event->lane_link);
    add(b, event, l->audience->droppable.head.previous);
}

/* Ends `busy` of a lane. Its events may go another way by now: then other threads must be woken. */
static void end_busy(backlog *b, lane *l)
{
    b->moved |= l->busy && way_of(b, l->run) != QUEUE_WORKERS;
    l->busy = false;
}

/* Takes back what has followed the delivery of an event that is put back. */
static void take_back(backlog *b, const pipe_event *event, bool untold)
{
    lane *l = event->lane;

    if (event->kind == PIPE_DISCONNECTED)
    {
        l->ended = false;
        settle_lane(b, handles_restore(&b->handles, l));
        settle_lane(b, l->followed_by);
    }
    if (event->kind == PIPE_DISCONNECTED && untold)
        STORE_RELEASE(&l->end_delivered, false);
    if (event->kind != PIPE_READY)
        return;
    l->run->ready_delivered = false;
    backlog_settle_run(b, l->run);
}

void backlog_put_back(backlog *b, pipe_event *event, bool untold)
{
    lane *l = event->lane;

    list_insert_after(&l->events.head, &event->lane_link);
    take_back(b, event, untold);
    end_busy(b, l);
    add(b, event, &l->audience->droppable.head);
    go_first(l, 0);
}

/* ---- what is refused ---- */

void backlog_hold_back(backlog *b, lane *l, queue_way way, LONGLONG until)
{
    if (way_of(b, l->run) != way)
    {
        b->moved = true;
        return;
    }
    if (way == QUEUE_WINDOW)
        return;
    l->held_until = way == QUEUE_WORKERS && !l->run->ended ? BACKLOG_NEVER : until;
    list_remove(&l->held); /* linked if another event of the lane was refused inside the handler that refuses now */
    list_append(&b->held, &l->held);
    settle_lane(b, l);
}

static void end_hold(backlog *b, lane *l)
{
    list_remove(&l->held);
    settle_lane(b, l);
    go_first(l, 0);
    b->moved |= l->place != NULL;
}

LONGLONG backlog_retry(backlog *b, LONGLONG now)
{
    LONGLONG first = BACKLOG_NEVER;
    list_link *link, *next;

    for (link = list_first(&b->held); link; link = next)
    {
        lane *l = CONTAINER_OF(link, lane, held);

        next = list_next(&b->held, link);
        if (l->held_until <= now)
            end_hold(b, l);
        else if (l->held_until < first)
            first = l->held_until;
    }
    return first;
}

/* ---- taking out ---- */

void backlog_deliver_ready(backlog *b, run_state *r)
{
    r->ready_delivered = true;
    backlog_settle_run(b, r);
    b->moved = true;
}

void backlog_remove(backlog *b, pipe_event *event)
{
    lane *l = event->lane;

    CHECK(list_linked(&event->lane_link));
    list_remove(&event->lane_link);
    list_remove(&l->held);
    count(b, l->audience, -1);
    l->charge -= event->receive_charge;
    if (l->failure == event)
        l->failure = NULL;
    if (list_linked(&event->drop_link))
    {
        list_remove(&event->drop_link);
        l->audience->droppable_count--;
    }
    if (event->kind == PIPE_CONNECTED)
    {
        l->connected = NULL;
        if (l->disconnect_waits)
            l->audience->droppable_count--;
    }
    if (event->kind == PIPE_DISCONNECTED)
    {
        l->disconnect_waits = false;
        STORE_RELEASE(&l->end_delivered, true);
    }
    end_waiting(b, l);
}

/* ---- taking turns ---- */

static bool turn_is_over(const lane *l, LONGLONG now)
{
    return l->taken >= TURN_EVENTS || (l->taken && now - l->began > TURN_US);
}

/* Returns whether the lane's sinks have gone while a handler of the lane runs on another thread. The event of that
 * handler may come back as the first of the lane, so nobody may take the events after it. */
static bool is_left_in_handler(const lane *l)
{
    return (l->depth && !l->audience->has_sinks && l->thread != GetCurrentThreadId()) ||
           (l->follows && is_left_in_handler(l->follows)); /* whose end may come back, too */
}

/* Returns the lane whose turn it is, among the lanes that have an event with a sequence up to `last`. A lane whose turn
 * is over, or which has no such event, goes behind the others and begins a new turn; hence the second round. NULL:
 * there is none. */
static lane *next_in_turn(list *place, LONGLONG last, LONGLONG now)
{
    for (unsigned round = 0; round < 2; round++)
    {
        const list_link *end = list_last(place);
        list_link *link;

        while ((link = list_first(place)) != NULL)
        {
            lane *l = CONTAINER_OF(link, lane, turn);

            if (lane_first_event(l)->sequence <= last && !turn_is_over(l, now) && !is_left_in_handler(l))
                return l;
            go_behind(place, l);
            if (link == end)
                break;
        }
    }
    return NULL;
}

static pipe_event *take_from(backlog *b, lane *l, LONGLONG now)
{
    pipe_event *event = lane_first_event(l);

    if (!l->taken++)
        l->began = now;
    backlog_remove(b, event);
    return event;
}

/* Returns whether events of `r` go this way now; for QUEUE_WORKERS, whether a worker of `worker_of` may raise them. */
static bool goes(const backlog *b, const run_state *r, queue_way way, const run_state *worker_of)
{
    return way_of(b, r) == way && (way != QUEUE_WORKERS || r == worker_of || r->ended);
}

/* An event that one thread alone raises counts as told when its handlers begin: a nested event may follow. */
static void told_at_once(backlog *b, pipe_event *event)
{
    if (event->kind == PIPE_READY)
        backlog_deliver_ready(b, event->lane->run);
    if (event->kind == PIPE_DISCONNECTED)
        backlog_end_lane(b, event->lane);
}

static pipe_event *take_for_sinks(backlog *b, run_state *r, const backlog_limit *limit, LONGLONG now)
{
    lane *l = next_in_turn(&r->with_sinks, limit->sequence, now);
    pipe_event *event = l ? take_from(b, l, now) : NULL;

    if (!event)
        return NULL;
    if (way_of(b, r) == QUEUE_WORKERS)
    {
        unsigned taken = l->taken;

        l->busy = true;
        settle_lane(b, l);
        l->taken = taken; /* the turn goes on when the lane is given back */
    }
    else
        told_at_once(b, event);
    return event;
}

pipe_event *backlog_take(backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit,
                         LONGLONG now)
{
    for (list_link *link = list_first(&b->runs); link; link = list_next(&b->runs, link))
    {
        run_state *r = CONTAINER_OF(link, run_state, link);
        pipe_event *event =
            goes(b, r, way, worker_of) && r->number <= limit->run ? take_for_sinks(b, r, limit, now) : NULL;

        if (event)
            return event;
    }
    return NULL;
}

static bool has_up_to(const list *place, LONGLONG last)
{
    if (last == BACKLOG_NEVER)
        return !list_empty(place);
    for (list_link *link = list_first(place); link; link = list_next(place, link))
        if (lane_first_event(CONTAINER_OF(link, lane, turn))->sequence <= last)
            return true;
    return false;
}

bool backlog_has(const backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit)
{
    for (list_link *link = list_first(&b->runs); link; link = list_next(&b->runs, link))
    {
        const run_state *r = CONTAINER_OF(link, run_state, link);

        if (goes(b, r, way, worker_of) && r->number <= limit->run && has_up_to(&r->with_sinks, limit->sequence))
            return true;
    }
    return false;
}

void backlog_give_back(backlog *b, lane *l, pipe_event_kind kind, LONGLONG now)
{
    unsigned taken = l->taken;

    end_busy(b, l);
    if (kind == PIPE_DISCONNECTED)
        backlog_end_lane(b, l);
    if (kind == PIPE_READY)
        backlog_deliver_ready(b, l->run);
    settle_lane(b, l);
    if (taken < TURN_EVENTS && now - l->began <= TURN_US)
        go_first(l, taken);
}

pipe_event *backlog_take_without_sinks(backlog *b, LONGLONG now)
{
    for (list_link *link = list_first(&b->runs); link; link = list_next(&b->runs, link))
    {
        lane *l = next_in_turn(&CONTAINER_OF(link, run_state, link)->without_sinks, BACKLOG_NEVER, now);
        pipe_event *event = l ? take_from(b, l, now) : NULL;

        if (event)
        {
            told_at_once(b, event);
            return event;
        }
    }
    return NULL;
}

bool backlog_has_without_sinks(const backlog *b)
{
    for (list_link *link = list_first(&b->runs); link; link = list_next(&b->runs, link))
    {
        const run_state *r = CONTAINER_OF(link, run_state, link);

        for (list_link *waits = list_first(&r->waiting); waits; waits = list_next(&r->waiting, waits))
            if (!CONTAINER_OF(waits, lane, waiting)->audience->has_sinks)
                return true;
    }
    return false;
}

/* Firing: raises one event to all sinks of one moment.
 *
 * A handler may do anything to the server and to other sinks: everything that is used here is held, or cannot go away.
 *
 * A sink may refuse an event: its code is stopped in a debugger, or COM allows no outgoing call. Then the event is
 * kept, with the sinks of the moment when it was first raised, and raised again from that sink on. The event does not
 * keep these sinks alive: a sink that is unadvised meanwhile is released at once, since the event may never be raised
 * again.
 *
 * If COM ends a call while its handler runs on (see sink_call.h), the event is kept as if it had been refused, so that
 * the next event of its connection does not overtake the handler. If it is dropped meanwhile, it ends when the handler
 * returns. */

#include "com/firing.h"

#include "com/endpoint.h"
#include "com/sink_call.h"

#include "base/trace.h"

/* The sinks of an event, and which of them have received it. */
typedef struct round
{
    sinks_snapshot all;
    unsigned next;    /* the sink whose turn it is */
    bool called;      /* it or a sink before it was called */
    refusal refusal;  /* of `next` */
    sending *sending; /* the call of `next`, while its handler runs on; NULL: none */
} round;

/* ---- all sinks ---- */

/* Returns whether the end of the event's connection was told already, by a nested event. Sinks get nothing of a
 * connection after its end. */
static bool is_overtaken(const pipe_event *event)
{
    return event->connection && event->kind != PIPE_DISCONNECTED && lane_end_is_delivered(event->lane);
}

static void drop_sink(source *s, const sinks_snapshot *all, unsigned i)
{
    if (all->cookies[i])
        sinks_remove(&s->sinks, all->cookies[i]);
    else
        sinks_drop_named(&s->sinks, all->items[i]);
}

/* Returns how many sinks, from the first on, include all sinks with a handler for the event. */
static unsigned count_to_last(const sinks_snapshot *all, DISPID id)
{
    unsigned count = all->count;

    while (count && sink_id_of(all->items[count - 1], id) == DISPID_UNKNOWN)
        count--;
    return count;
}

/* Returns whether there is something to do for the sink; then holds it. A sink whose handler runs is held. */
static bool hold_next(const round *r, DISPID id)
{
    sink *one = r->all.items[r->next];

    if (r->sending)
        return sink_try_hold(one);
    return !sink_is_silent(one) && sink_id_of(one, id) != DISPID_UNKNOWN && sink_try_hold(one);
}

/* Calls the sink whose turn it is. False: the sink refused, or its handler still runs. */
static bool fire_one(source *s, pipe_event *event, round *r, bool is_last)
{
    sink *one = r->all.items[r->next];
    sink_call c = {one, s, event, &s->events[event->kind], is_last, r->refusal, false, false};
    bool refused;

    if (!hold_next(r, c.shape->id))
        return true;
    if (sink_call_make(&c, &r->sending) == RPC_E_DISCONNECTED)
        drop_sink(s, &r->all, r->next);
    refused = c.refused && (r->sending || !sink_is_silent(one));
    r->refusal = c.refusal;
    r->called |= c.called && (r->sending || !c.refused);
    sink_release(one);
    return !refused;
}

/* Calls all sinks that are left. False: a sink refused, and is the next. */
static bool fire(source *s, pipe_event *event, round *r)
{
    unsigned count = count_to_last(&r->all, s->events[event->kind].id);

    for (; r->next < count && !lane_run_is_silenced(event->lane) && !is_overtaken(event); r->next++)
    {
        if (!fire_one(s, event, r, r->next == count - 1))
            return false;
        r->refusal.any = false;
    }
    return true;
}

/* Begins a round with the sinks of this moment. False: memory is short. */
static bool begin_round(source *s, round *r)
{
    memset(r, 0, sizeof(*r));
    if (SUCCEEDED(sinks_take_snapshot(&s->sinks, &r->all)))
        return true;
    trace(L"an event was lost: no memory");
    return false;
}

/* Returns whether all sinks of the event had gone before one was called. */
static bool was_nobody_there(const pipe_event *event, const round *r)
{
    if (r->called || is_overtaken(event))
        return false;
    for (unsigned i = 0; i < r->all.count; i++)
        if (!sink_is_silent(r->all.items[i]))
            return false;
    return true;
}

static bool forget(queue_owner *owner, pipe_event *event)
{
    round *kept = event->progress;
    bool is_ours;

    (void)owner;
    event->progress = NULL;
    is_ours = sending_let_go(kept->sending);
    sinks_free_snapshot(&kept->all);
    mem_free(kept);
    return is_ours;
}

/* Keeps the round in the event, if it is not there already. False: memory is short. */
static bool keep_round(pipe_event *event, round *r)
{
    round *kept = event->progress ? r : mem_alloc(sizeof(*kept));

    if (!kept || kept == r)
        return kept == r;
    *kept = *r;
    sinks_move_snapshot(&kept->all, &r->all);
    event->progress = kept;
    return true;
}

/* Returns the event to the queue; a later round begins with the sinks of that moment. A sink may be in the middle of
 * its Unadvise: tells the queue now whether there are sinks, or the queue would take the event again at once. */
static raised return_to_queue(source *s, queue_owner *owner, pipe_event *event)
{
    if (event->progress)
        forget(owner, event);
    source_tell_sinks(s);
    return RAISED_TO_NOBODY;
}

static raised fire_round(source *s, queue_owner *owner, pipe_event *event, round *r)
{
    if (fire(s, event, r))
        return was_nobody_there(event, r) ? return_to_queue(s, owner, event) : RAISED_ALL;
    if (keep_round(event, r))
        return r->called ? RAISED_IN_PART : RAISED_NONE;
    trace(L"an event was lost: no memory");
    return sending_let_go(r->sending) ? RAISED_ALL : RAISED_LET_GO;
}

/* Returns whether the consumer has closed the connection, so that this event is not told any more. */
static bool is_closed(const pipe_event *event)
{
    return event->connection && !endpoint_tells(event);
}

/* Begins a round, or continues the round in which a sink refused. An event whose handler runs is waited for even if the
 * consumer has closed the connection: ClientDisconnected follows. */
static raised firing_raise(queue_owner *owner, pipe_event *event)
{
    source *s = source_of_audience(event->lane->audience);
    round fresh, *kept = event->progress;
    raised how;

    if (!(kept && kept->sending) && is_closed(event))
        return RAISED_ALL;
    if (event->connection)
        endpoint_begin_telling(event);
    if (kept)
        return fire_round(s, owner, event, kept);
    if (!begin_round(s, &fresh))
        return RAISED_ALL;
    how = fire_round(s, owner, event, &fresh);
    sinks_free_snapshot(&fresh.all);
    return how;
}

static bool hold_host(queue_owner *owner)
{
    return host_hold(CONTAINER_OF(owner, host, queue_owner));
}

static void release(queue_owner *owner)
{
    host_release(CONTAINER_OF(owner, host, queue_owner));
}

const queue_calls firing_calls = {
    .raise = firing_raise,
    .forget = forget,
    .hold = hold_host,
    .release = release,
};

/* How the events of a queue reach handlers, and what must be true of each call. */

#include "watch_queue.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "scheduler.h"

#include <stdlib.h>

#define REJECTED_PAUSE_MS 50
#define REFUSED_MAX_MS 10000 /* who refuses for longer has failed */

/* The sinks of an event that were there at its first raise. A refused event keeps them. */
typedef struct round
{
    unsigned sinks[SINKS_MOST];
    unsigned next;
    bool begun;   /* a handler got the event */
    bool refused; /* `next` has refused it */
    uint64_t since;
    LONGLONG sequence;
} round;

static host *host_of(queue_owner *owner)
{
    return CONTAINER_OF(owner, host_memory, owner)->host;
}

static host_run *run_of_event(const pipe_event *event)
{
    return host_run_of(CONTAINER_OF(event->lane->run, run, state));
}

static endpoint *record_of(const pipe_event *event)
{
    return event->connection ? endpoint_of_lane(event->lane)->record : NULL;
}

/* ---- what must be true when an event is raised ---- */

static bool is_some_worker(const host *h, int thread)
{
    for (const host_run *r = h->runs; r; r = r->next)
        if (r->is_worker[thread])
            return true;
    return false;
}

/* What an ended run of workers has left goes the way of the newest run, or the way without workers. */
static void check_thread(const host *h, const host_run *r)
{
    int me = scheduler_current();
    bool by_default = h->window ? me == h->window_thread : h->waits[me] > 0;
    bool right = by_default;

    if (r->run.state.way == QUEUE_WORKERS)
        right = r->run.state.ended ? by_default || is_some_worker(h, me) : r->is_worker[me];
    if (!right)
        fail("an event is raised on the wrong thread for the way of its run");
    if (locks_held())
        fail("an event is raised with a lock held");
}

static void begin_raising(host *h)
{
    int me = scheduler_current();

    if (is_some_worker(h, me))
        return;
    if (h->raising && h->raiser != me)
        fail("two threads that are no workers raise at once");
    h->raiser = me;
    h->raising++;
    h->raised++;
}

static void end_raising(host *h)
{
    if (!is_some_worker(h, scheduler_current()))
        h->raising--;
}

static void turn_begin(const host *h, turn *t)
{
    int me = scheduler_current();

    if (t->inside && (t->thread != me || is_some_worker(h, me)))
        fail("an event is raised while a handler of another event of the same lane runs");
    t->thread = me;
    t->inside++;
}

/* ---- what must be true when a handler gets an event ---- */

/* The Handle of a connection is its own until its end has been told. */
static void check_handle(const host *h, endpoint *e, connection *c)
{
    e->handle = connection_handle(c);
    for (const endpoint *other = h->endpoints; other && !h->misses && !h->mixes; other = other->next)
        if (other != e && other->object && other->handle == e->handle && other->view.connected && !other->ended &&
            !LOAD_ACQUIRE(&other->run->run.state.silenced))
            fail("CONNECTED comes before the end of another connection with the same Handle");
}

static void check_ready(host *h, host_run *r, const pipe_event *event)
{
    if (!r->opened)
        fail("%s comes before the start has returned", event_name(event->kind));
    if (event->connection && r->listens && !r->ready_told && !h->misses && !h->mixes)
        fail("%s comes before READY", event_name(event->kind));
    if (event->kind != PIPE_READY)
        return;
    if (r->ready_told)
        fail("READY comes twice");
    h->ready++;
}

static void note(host *h, const pipe_event *event)
{
    h->messages += event->kind == PIPE_MESSAGE;
    h->connected += event->kind == PIPE_CONNECTED;
    h->disconnected += event->kind == PIPE_DISCONNECTED;
    if (event->kind == PIPE_SERVER_ERROR && event->error != ERROR_CANCELLED &&
        event->error != PIPE_ERROR_HANDLER_FAILED && !faults_made())
        fail("SERVER_ERROR %u comes without a fault", event->error);
}

/* A handler gets the event, for the first time. */
static void note_begun(host *h, const pipe_event *event)
{
    endpoint *e = record_of(event);
    host_run *r = run_of_event(event);
    turn *t = e ? &e->turn : &r->own;

    check_ready(h, r, event);
    if (event->sequence <= t->begun && !h->mixes)
        fail("%s begins after a later event of its lane", event_name(event->kind));
    t->begun = event->sequence;
    turn_note_report(h, t, event);
    note(h, event);
    if (!e)
        return;
    if (h->mixes)
        view_note_unordered(&e->view, event);
    else
        view_note(&e->view, event, h->misses || faults_made());
    if (event->kind == PIPE_CONNECTED)
        check_handle(h, e, event->connection);
    if (e->client)
        client_note(e, event, !h->misses && !h->mixes);
}

/* A handler gets the event: what must wait for it may come from now on, inside the handler. On a worker it must wait
 * until all handlers have returned. */
static void note_under_way(const pipe_event *event, bool on_worker)
{
    if (event->kind == PIPE_READY)
        run_of_event(event)->ready_told = !on_worker;
    if (event->kind == PIPE_DISCONNECTED)
        record_of(event)->ended = !on_worker;
}

/* What happens in a handler. Of several, the first answers. */
static void handle(host *h, pipe_event *event, bool is_first)
{
    endpoint *e = record_of(event);

    point(event_name(event->kind), "", 0, event->kind == PIPE_MESSAGE ? event->bytes : event->error);
    if (h->on_event)
        h->on_event(h, e, event);
    if (event->kind == PIPE_MESSAGE && h->echoes && is_first)
        view_write(&e->view, event->buffer->data, event->bytes);
}

/* ---- calling the sinks ---- */

unsigned *host_sinks_of(host *h, endpoint *e)
{
    if (e && e->client)
        return e->client->sinks;
    return e && e->view.dialed ? e->sinks : h->sinks;
}

audience *host_audience_of(host *h, endpoint *e)
{
    if (e && e->client)
        return e->client->audience;
    return e && e->view.dialed ? &e->object->own : &h->memory->audience;
}

static bool is_there(host *h, const pipe_event *event, const round *r)
{
    return r->sinks[r->next] && host_sinks_of(h, record_of(event))[r->next] == r->sinks[r->next];
}

/* Returns whether the sink refuses now. */
static bool refuses(host *h, round *r)
{
    if (!(h->refusing & 1u << r->next))
        return false;
    if (!r->refused)
        r->since = scheduler_now();
    r->refused = true;
    h->refused++;
    return true;
}

static bool begin_event(host *h, const pipe_event *event, round *r)
{
    bool is_first = !r->begun;

    if (is_first)
        note_begun(h, event);
    note_under_way(event, lane_is_on_worker(event->lane));
    r->begun = true;
    return is_first;
}

/* A handler gets the event. */
static void deliver(host *h, pipe_event *event, round *r)
{
    handle(h, event, begin_event(h, event, r));
}

/* One call of a handler on its own thread. */
typedef struct home_call
{
    task task;
    running_handler running;
    host *host;
    pipe_event *event;
    round *round;
    HANDLE done;
} home_call;

static void perform(task *t)
{
    home_call *c = CONTAINER_OF(t, home_call, task);
    host *h = c->host;

    if (is_there(h, c->event, c->round) && running_handler_begin(h->queue, &c->running, c->event->lane))
    {
        deliver(h, c->event, c->round);
        running_handler_end(h->queue, &c->running);
    }
    SetEvent(c->done);
}

static void abandon(task *t)
{
    SetEvent(CONTAINER_OF(t, home_call, task)->done);
}

static void send_home(host *h, pipe_event *event, round *r)
{
    home_call c = {.task = {.run = perform, .abandon = abandon}, .host = h, .event = event, .round = r};

    faults_spare();
    c.done = CreateEventW(NULL, TRUE, FALSE, NULL);
    faults_spare_no_more();
    thread_window_run(h->window, &c.task);
    WaitForSingleObject(c.done, INFINITE);
    CloseHandle(c.done);
}

/* Calls the sink whose turn it is. False: it refused. */
static bool call_sink(host *h, pipe_event *event, round *r)
{
    while (is_there(h, event, r) && refuses(h, r))
    {
        if (scheduler_now() - r->since >= REFUSED_MAX_MS)
        {
            begin_event(h, event, r); /* the handler has failed */
            return true;
        }
        if (!lane_tries_again(event->lane) || lane_run_is_silenced(event->lane))
            return false;
        WaitForSingleObject(lane_run_ended(event->lane), REJECTED_PAUSE_MS);
    }
    if (!is_there(h, event, r))
        return true;
    if (h->at_home && is_some_worker(h, scheduler_current()))
        send_home(h, event, r);
    else
        deliver(h, event, r);
    return true;
}

/* Nothing of a connection comes after its end, which a nested event may have told. */
static bool is_overtaken(const pipe_event *event)
{
    return event->connection && event->kind != PIPE_DISCONNECTED && lane_end_is_delivered(event->lane);
}

static bool call_sinks(host *h, pipe_event *event, round *r)
{
    for (; r->next < SINKS_MOST && !lane_run_is_silenced(event->lane) && !is_overtaken(event); r->next++)
    {
        if (!call_sink(h, event, r))
            return false;
        r->refused = false;
    }
    return true;
}

/* ---- the round of an event ---- */

static bool forget(queue_owner *owner, pipe_event *event)
{
    if (locks_held())
        fail("forget is called with a lock held");
    host_of(owner)->progress_out--;
    free(event->progress);
    event->progress = NULL;
    return true;
}

static round begin_round(host *h, const pipe_event *event)
{
    round r = {.sequence = event->sequence};

    if (!event->progress)
    {
        memcpy(r.sinks, host_sinks_of(h, record_of(event)), sizeof(r.sinks));
        return r;
    }
    r = *(const round *)event->progress;
    h->told_again++;
    if (r.sequence != event->sequence)
        fail("an event comes with what another has left");
    return r;
}

static void keep_round(host *h, pipe_event *event, const round *r)
{
    if (!event->progress)
    {
        event->progress = malloc(sizeof(*r));
        h->progress_out++;
    }
    memcpy(event->progress, r, sizeof(*r));
}

static bool was_nobody_there(host *h, const pipe_event *event, const round *r)
{
    const unsigned *sinks = host_sinks_of(h, record_of(event));

    if (r->begun || is_overtaken(event))
        return false;
    for (unsigned i = 0; i < SINKS_MOST; i++)
        if (r->sinks[i] && sinks[i] == r->sinks[i])
            return false;
    return true;
}

static void tell_sinks(host *h, endpoint *e)
{
    const unsigned *sinks = host_sinks_of(h, e);

    lock_acquire(&h->hearing);
    queue_set_has_sinks(h->queue, host_audience_of(h, e), sinks[0] || sinks[1]);
    lock_release(&h->hearing);
}

static raised raise_to_sinks(host *h, pipe_event *event)
{
    round r = begin_round(h, event);

    if (!call_sinks(h, event, &r))
    {
        keep_round(h, event, &r);
        return r.begun ? RAISED_IN_PART : RAISED_NONE;
    }
    if (!was_nobody_there(h, event, &r))
        return RAISED_ALL;
    if (event->progress)
        forget(&h->memory->owner, event);
    tell_sinks(h, record_of(event));
    return RAISED_TO_NOBODY;
}

/* What the end of a raise means for the events that wait for it. */
static void note_end(const pipe_event *event, raised how)
{
    endpoint *e = record_of(event);

    if (event->kind == PIPE_READY && how != RAISED_TO_NOBODY)
        run_of_event(event)->ready_told = how == RAISED_ALL;
    if (event->kind == PIPE_DISCONNECTED)
        e->ended = how == RAISED_ALL;
}

static bool tells(const endpoint *e, pipe_event_kind kind)
{
    bool closed = e && (e->closed || (e->client && e->client->closed));

    return !closed || kind == PIPE_CONNECTED || kind == PIPE_DISCONNECTED;
}

static raised raise_event(queue_owner *owner, pipe_event *event)
{
    host *h = host_of(owner);
    endpoint *e = record_of(event);
    turn *t = e ? &e->turn : &run_of_event(event)->own;
    raised how;

    check_thread(h, run_of_event(event));
    begin_raising(h);
    turn_begin(h, t);
    how = tells(e, event->kind) ? raise_to_sinks(h, event) : RAISED_ALL;
    note_end(event, how);
    t->inside--;
    end_raising(h);
    return how;
}

void host_handle_taken(host *h, pipe_event *event)
{
    endpoint *e = record_of(event);

    if (!tells(e, event->kind))
        return;
    note_begun(h, event);
    note_under_way(event, false);
    handle(h, event, true);
}

/* ---- the sinks ---- */

void host_set_sink(host *h, unsigned which, bool there)
{
    h->sinks[which] = there ? ++h->last_sink : 0;
    tell_sinks(h, NULL);
}

void endpoint_set_sink(endpoint *e, unsigned which, bool there)
{
    host *h = e->run->host;

    e->sinks[which] = there ? ++h->last_sink : 0;
    tell_sinks(h, e);
}

static bool hold(queue_owner *owner)
{
    return host_hold(host_of(owner));
}

static void release(queue_owner *owner)
{
    host_release(host_of(owner));
}

const queue_calls host_queue_calls = {.raise = raise_event, .forget = forget, .hold = hold, .release = release};

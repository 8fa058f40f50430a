/* Firing: one event to all sinks of one moment.
 *
 * What a handler does to the server or to the other sinks is its own business: nothing here is held that it could take
 * away.
 *
 * A sink may refuse an event: its code is stopped in a debugger, or COM lets no call out. The event is kept then,
 * with the sinks of its beginning, and raised again from that sink on. It keeps none of them alive: who is unadvised
 * meanwhile is let go at once, since nobody may come any more who raises it. */

#include "com/firing.h"

#include "com/apartment.h"
#include "com/arguments.h"
#include "com/break_mode.h"
#include "com/endpoint.h"
#include "com/error.h"
#include "com/failure.h"
#include "com/gate.h"
#include "com/stored.h"
#include "com/source.h"

#include "base/trace.h"

#define REJECTED_PAUSE_MS 50      /* between two tries */
#define REFUSED_MAX_US 10000000LL /* a sink that refuses for so long has failed */

/* The sinks of an event, and how far it has come. */
typedef struct round
{
    sinks_snapshot all;
    unsigned next;  /* the sink whose turn it is */
    bool called;    /* one of those before it was called */
    bool refused;   /* `next` has refused it */
    LONGLONG since; /* for so long, by queue_clock */
} round;

/* One call, as it goes through a gate or not. */
typedef struct firing
{
    gate_call call; /* first: a gate knows only this */
    source *source;
    pipe_event *event;
    const event_shape *shape;
    round *round;
    running_handler running_handler; /* of a handler on another thread */
    bool is_last;                    /* this sink gets the buffer itself */
    bool called;
    bool refused; /* it was not called, or did not run */
} firing;

/* ---- one call ---- */

static HRESULT invoke_sink(firing *f, arguments *a, EXCEPINFO *exception)
{
    DISPPARAMS params = {a->values, NULL, a->count, 0};
    sink *s = f->call.sink;
    HRESULT hr = IDispatch_Invoke(s->consumer, sink_id_of(s, f->shape->id), &IID_NULL, LOCALE_USER_DEFAULT,
                                  DISPATCH_METHOD, &params, NULL, exception, NULL);

    if (hr == DISP_E_EXCEPTION && exception->pfnDeferredFillIn)
        exception->pfnDeferredFillIn(exception);
    return hr;
}

/* The event, the code and the text the handler gave. */
static void note_sink_failure(const firing *f, HRESULT hr, const EXCEPINFO *exception)
{
    BSTR said = failure_describe(f->shape, hr, exception);

    host_note_failure(f->source->host, f->shape->name, failure_code(hr, exception), said ? said : L"");
    SysFreeString(said);
}

/* Whether the sink has refused the event, for now. */
static bool is_refusal(firing *f, HRESULT hr, HRESULT scode)
{
    LONGLONG now;

    if (!break_mode_refused(hr, scode))
        return false;
    now = queue_clock();
    if (!f->round->refused)
        f->round->since = now;
    f->round->refused = true;
    return now - f->round->since < REFUSED_MAX_US;
}

static HRESULT call_sink(firing *f)
{
    EXCEPINFO exception = {0};
    arguments a;
    HRESULT hr = arguments_init(&a, f->shape, f->event, f->call.sink->takes_values, f->is_last);

    error_clear();                                     /* what this thread's earlier calls left is not the handler's */
    if (SUCCEEDED(hr) && sink_is_silent(f->call.sink)) /* the cookie's own code may have unadvised it */
        arguments_reclaim(&a);                         /* another sink may come */
    else if (SUCCEEDED(hr))
    {
        f->called = true;
        hr = invoke_sink(f, &a, &exception);
        if (hr == DISP_E_MEMBERNOTFOUND && sink_has_no_method(f->call.sink, f->shape->id))
            hr = S_OK;
        f->refused = FAILED(hr) && is_refusal(f, hr, exception.scode) && arguments_reclaim(&a);
    }
    if (FAILED(hr) && !f->refused)
        note_sink_failure(f, hr, &exception);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    arguments_fini(&a);
    return hr;
}

/* On the thread on which the sink is called. */
static HRESULT call_unless_stopped(firing *f)
{
    f->refused = f->call.sink->home == GetCurrentThreadId() && break_mode_is_on();
    return f->refused ? S_OK : call_sink(f);
}

/* At the sink's home, on its own thread: a handler of the run like any other there, if all are still alive. */
static HRESULT firing_perform(gate_call *call)
{
    firing *f = CONTAINER_OF(call, firing, call);
    queue *q = f->source->host->queue;
    HRESULT hr;

    if (sink_is_silent(call->sink) || !running_handler_begin(q, &f->running_handler, f->event->lane))
        return S_OK;
    hr = call_unless_stopped(f);
    running_handler_end(q, &f->running_handler);
    return hr;
}

/* Nobody wants it any more. */
static bool is_moot(const firing *f)
{
    return lane_run_is_silenced(f->event->lane) || sink_is_silent(f->call.sink);
}

static bool is_rejected(HRESULT hr)
{
    return hr == RPC_E_SERVERCALL_RETRYLATER || hr == RPC_E_CALL_REJECTED;
}

/* COM rejects calls where a host is busy in a way that it does not want to be disturbed in (Excel while a cell is
 * edited): until it takes them. */
static HRESULT send_through_gate(firing *f)
{
    HRESULT hr;

    if (!f->call.sink->gate)
        return CO_E_NOTINITIALIZED;
    f->call.perform = firing_perform;
    while (is_rejected(hr = gate_send(&f->call)) && !is_moot(f))
        if (apartment_wait(lane_run_ended(f->event->lane), REJECTED_PAUSE_MS))
            break;
    running_handler_end(f->source->host->queue,
                        &f->running_handler); /* of a thread that has ended inside its handler */
    if (FAILED(hr))
        f->refused = is_refusal(f, hr, 0);
    return hr;
}

/* Whether the calling thread may touch the consumer's object. */
static bool may_call_directly(sink *s, bool on_worker)
{
    if (s->agile)
        return true;
    if (on_worker)
        return !sink_is_bound(s); /* as the reference says: handlers run on the worker */
    return s->home ? s->home == GetCurrentThreadId() : apartment_current() == 0;
}

/* What COM says of the way to it: a handler that was reached may return anything. */
static HRESULT reach_sink_once(firing *f)
{
    HRESULT hr;

    f->called = f->refused = false;
    if (may_call_directly(f->call.sink, lane_is_on_worker(f->event->lane)))
    {
        call_unless_stopped(f);
        return S_OK;
    }
    error_clear();
    hr = send_through_gate(f); /* what the handler returned on the other side was noted there */
    if (FAILED(hr) && !f->refused && !is_moot(f))
    {
        EXCEPINFO none = {0};

        note_sink_failure(f, hr, &none);
    }
    return hr;
}

/* A thread with a message loop goes back there when the event was refused. Others wait here, until their run is
 * stopped. */
static HRESULT reach_sink(firing *f)
{
    const lane *l = f->event->lane;
    HRESULT hr;

    for (;;)
    {
        hr = reach_sink_once(f);
        if (!f->refused || !lane_tries_again(l) || is_moot(f))
            return hr;
        apartment_wait(lane_run_ended(l), REJECTED_PAUSE_MS);
    }
}

/* ---- all of them ---- */

/* A sink that has had a connection's end gets nothing earlier of it: a nested event may have come before. */
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

/* How many of the sinks, from the first on, have to be walked to reach all that care for the event. */
static unsigned count_to_last(const sinks_snapshot *all, DISPID id)
{
    unsigned count = all->count;

    while (count && sink_id_of(all->items[count - 1], id) == DISPID_UNKNOWN)
        count--;
    return count;
}

/* Calls the sink whose turn it is. False: it refused. */
static bool fire_one(source *s, pipe_event *event, round *r, bool is_last)
{
    firing f = {.source = s, .event = event, .shape = &s->events[event->kind], .round = r, .is_last = is_last};
    sink *one = r->all.items[r->next];
    bool refused;

    if (sink_is_silent(one) || sink_id_of(one, f.shape->id) == DISPID_UNKNOWN || !sink_try_hold(one))
        return true;
    f.call.sink = one;
    if (reach_sink(&f) == RPC_E_DISCONNECTED)
        drop_sink(s, &r->all, r->next);
    refused = f.refused && !sink_is_silent(one);
    r->called |= f.called && !f.refused;
    sink_release(one);
    return !refused;
}

/* False: a sink refused, which is the next one then. */
static bool fire(source *s, pipe_event *event, round *r)
{
    unsigned count = count_to_last(&r->all, s->events[event->kind].id);

    for (; r->next < count && !lane_run_is_silenced(event->lane) && !is_overtaken(event); r->next++)
    {
        if (!fire_one(s, event, r, r->next == count - 1))
            return false;
        r->refused = false;
    }
    return true;
}

/* Begins with the sinks of this moment, or goes on where one refused. False: there is nobody who could be told. */
static bool begin_round(source *s, pipe_event *event, round *r)
{
    round *kept = event->progress;

    memset(r, 0, sizeof(*r));
    if (kept)
    {
        *r = *kept;
        sinks_move_snapshot(&r->all, &kept->all);
        return true;
    }
    if (SUCCEEDED(sinks_take_snapshot(&s->sinks, &r->all)))
        return true;
    trace(L"an event was lost: no memory");
    return false;
}

/* Whether all sinks of the event went before one was called: as if there had been none. */
static bool was_nobody_there(const pipe_event *event, const round *r)
{
    if (r->called || is_overtaken(event))
        return false;
    for (unsigned i = 0; i < r->all.count; i++)
        if (!sink_is_silent(r->all.items[i]))
            return false;
    return true;
}

static void forget(queue_owner *owner, pipe_event *event)
{
    round *kept = event->progress;

    (void)owner;
    event->progress = NULL;
    sinks_free_snapshot(&kept->all);
    mem_free(kept);
}

/* False without memory. */
static bool keep_round(pipe_event *event, round *r)
{
    round *kept = event->progress ? event->progress : mem_alloc(sizeof(*kept));

    if (!kept)
        return false;
    *kept = *r;
    sinks_move_snapshot(&kept->all, &r->all);
    event->progress = kept;
    return true;
}

/* Another round of it begins with the sinks of then. The one that has gone may be in the middle of its going: who is
 * there is told now, or the event would be taken again at once. */
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
    return RAISED_ALL;
}

static raised firing_raise(queue_owner *owner, pipe_event *event)
{
    source *s = source_of_audience(event->lane->audience);
    raised how;
    round r;

    if (event->connection && !endpoint_tells(endpoint_of(event->lane), event->kind))
        return RAISED_ALL;
    if (event->connection)
        endpoint_begin_telling(endpoint_of(event->lane), event->kind);
    if (!begin_round(s, event, &r))
        return RAISED_ALL;
    how = fire_round(s, owner, event, &r);
    sinks_free_snapshot(&r.all);
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

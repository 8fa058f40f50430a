/* Firing: raises one event to all sinks of one moment.
 *
 * A handler may do anything to the server and to other sinks: everything that is used here is held, or cannot go away.
 *
 * A sink may refuse an event: its code is stopped in a debugger, or COM allows no outgoing call. Then the event is
 * kept, with the sinks of the moment when it was first raised, and raised again from that sink on. The event does not
 * keep these sinks alive: a sink that is unadvised meanwhile is released at once, since the event may never be raised
 * again. */

#include "com/firing.h"

#include "com/apartment.h"
#include "com/arguments.h"
#include "com/break_mode.h"
#include "com/endpoint.h"
#include "com/error.h"
#include "com/failure.h"
#include "com/failure_report.h"
#include "com/gate.h"
#include "com/stored.h"
#include "com/source.h"

#include "base/trace.h"

#define REJECTED_PAUSE_MS 50      /* between two tries */
#define REFUSED_MAX_US 10000000LL /* a sink that refuses an event for longer has failed */

/* The sinks of an event, and which of them have received it. */
typedef struct round
{
    sinks_snapshot all;
    unsigned next;  /* the sink whose turn it is */
    bool called;    /* a sink before `next` was called */
    bool refused;   /* `next` has refused the event */
    LONGLONG since; /* time of its first refusal, by queue_clock */
} round;

/* One call of a sink, through a gate or directly. */
typedef struct firing
{
    gate_call call; /* first: a gate knows only this */
    source *source;
    pipe_event *event;
    const event_shape *shape;
    round *round;
    running_handler running_handler; /* of a handler on another thread */
    bool is_last;                    /* the sink gets the event's buffer, not a copy */
    bool called;
    bool refused; /* the sink was not called, or its handler did not run */
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

/* Tells of the event, the code and the text of the handler: by LastEventError and by an event. */
static void note_sink_failure(const firing *f, HRESULT hr, const EXCEPINFO *exception)
{
    HRESULT code = failure_code(hr, exception);
    BSTR said = failure_describe(f->shape, hr, exception);

    host_note_failure(f->source->host, f->shape->name, code, said ? said : L"");
    failure_report(f->source, f->event, code, said ? said : L"");
    SysFreeString(said);
}

/* Returns whether the sink has refused the event, and may still take it later. */
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

/* Returns whether the event tells of a failure: that no method takes it must not hide that failure in
 * LastEventError. */
static bool is_report(const firing *f)
{
    return f->event->error == PIPE_ERROR_HANDLER_FAILED;
}

static HRESULT call_sink(firing *f)
{
    EXCEPINFO exception = {0};
    arguments a;
    HRESULT hr = arguments_init(&a, f->shape, f->event, f->call.sink->takes_values, f->is_last);

    error_clear();                                     /* earlier calls on this thread may have left one */
    if (SUCCEEDED(hr) && sink_is_silent(f->call.sink)) /* the cookie's own code may have unadvised the sink */
        arguments_reclaim(&a);                         /* another sink may need the buffer */
    else if (SUCCEEDED(hr))
    {
        f->called = true;
        hr = invoke_sink(f, &a, &exception);
        if (hr == DISP_E_MEMBERNOTFOUND && (is_report(f) || sink_has_no_method(f->call.sink, f->shape->id)))
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

/* Call it on the thread on which the sink is called. */
static HRESULT call_unless_stopped(firing *f)
{
    f->refused = f->call.sink->home == GetCurrentThreadId() && break_mode_is_on();
    return f->refused ? S_OK : call_sink(f);
}

/* Makes the call at the sink's home, on its own thread, as a handler of the run; does nothing if the sink or the run
 * was silenced. */
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

/* Returns whether nobody needs the call any more. */
static bool is_moot(const firing *f)
{
    return lane_run_is_silenced(f->event->lane) || sink_is_silent(f->call.sink);
}

static bool is_rejected(HRESULT hr)
{
    return hr == RPC_E_SERVERCALL_RETRYLATER || hr == RPC_E_CALL_REJECTED;
}

/* Tries until COM accepts the call. COM rejects calls while a host does not want to be disturbed (Excel while a cell is
 * edited). */
static HRESULT send_through_gate(firing *f)
{
    HRESULT hr;

    if (!f->call.sink->gate)
        return CO_E_NOTINITIALIZED;
    f->call.perform = firing_perform;
    while (is_rejected(hr = gate_send(&f->call)) && !is_moot(f))
        if (apartment_wait(lane_run_ended(f->event->lane), REJECTED_PAUSE_MS))
            break;
    running_handler_end(f->source->host->queue, &f->running_handler); /* if a thread has ended inside its handler */
    if (FAILED(hr))
        f->refused = is_refusal(f, hr, 0);
    return hr;
}

/* Returns whether the calling thread may call the consumer's object directly. */
static bool may_call_directly(sink *s, bool on_worker)
{
    if (s->agile)
        return true;
    if (on_worker)
        return !sink_is_bound(s); /* as docs/REFERENCE.md says: handlers run on the worker */
    return s->home ? s->home == GetCurrentThreadId() : apartment_current() == 0;
}

/* Calls the sink, directly or through its gate. Returns the result of the transport by COM, not of the handler. */
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
    hr = send_through_gate(f); /* the handler's own failure was noted on the other side */
    if (FAILED(hr) && !f->refused && !is_moot(f))
    {
        EXCEPINFO none = {0};

        note_sink_failure(f, hr, &none);
    }
    return hr;
}

/* Calls the sink. If the event was refused, a thread with a message loop, or inside a wait that has an end, returns
 * there; a worker waits here and tries again, until its run is told to close at once. */
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

/* Calls the sink whose turn it is. False: the sink refused. */
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

/* Calls all sinks that are left. False: a sink refused, and is the next. */
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

/* Begins a round with the sinks of this moment, or continues the round in which a sink refused. False: memory is
 * short. */
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

static void forget(queue_owner *owner, pipe_event *event)
{
    round *kept = event->progress;

    (void)owner;
    event->progress = NULL;
    sinks_free_snapshot(&kept->all);
    mem_free(kept);
}

/* Keeps the round in the event. False: memory is short. */
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

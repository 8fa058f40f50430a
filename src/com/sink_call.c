#include "com/sink_call.h"

#include "com/apartment.h"
#include "com/arguments.h"
#include "com/break_mode.h"
#include "com/endpoint.h"
#include "com/error.h"
#include "com/failure.h"
#include "com/failure_report.h"
#include "com/gate.h"
#include "com/stored.h"

#define REJECTED_PAUSE_MS 50      /* between two tries */
#define REFUSED_MAX_US 10000000LL /* a sink that refuses an event for longer has failed */

/* A call through a gate, on the heap. The thread that sends it copies its sink_call into it, and the results back. */
struct sending
{
    gate_call call;
    sink_call made;          /* at the sink's home */
    running_handler handler; /* on the sink's thread */
    bool returned;           /* the sink's thread has finished the call */
    HRESULT result;          /* of gate_send */
};

/* ---- on the thread on which the sink is called ---- */

/* Writes the begin or the end of a handler, if a trace is written. */
static void trace_handler(const sink_call *c, const WCHAR *what, HRESULT hr)
{
    trace_line line = {.what = what, .error = FAILED(hr) ? hr : 0, .more = c->shape->name};

    if (!tracing_is_on(&c->source->host->tracing))
        return;
    line.connection = c->event->connection ? endpoint_of(c->event->lane)->number : 0;
    tracing_write(&c->source->host->tracing, &line);
}

static HRESULT invoke_sink(sink_call *c, arguments *a, EXCEPINFO *exception)
{
    DISPPARAMS params = {a->values, NULL, a->count, 0};
    sink *s = c->sink;
    HRESULT hr;

    trace_handler(c, L"raised", S_OK);
    hr = IDispatch_Invoke(s->consumer, sink_id_of(s, c->shape->id), &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD,
                          &params, NULL, exception, NULL);
    trace_handler(c, L"returned", hr);
    if (hr == DISP_E_EXCEPTION && exception->pfnDeferredFillIn)
        exception->pfnDeferredFillIn(exception);
    return hr;
}

/* Notes the event, the code and the text for LastEventError. Returns the text, which may be NULL; free it with
 * SysFreeString. */
static BSTR note_failure(const sink_call *c, HRESULT hr, const EXCEPINFO *exception)
{
    BSTR said = failure_describe(c->shape, hr, exception);

    host_note_failure(c->source->host, c->shape->name, failure_code(hr, exception), said ? said : L"");
    return said;
}

/* Tells of a handler that failed: by LastEventError and by an event. */
static void tell_handler_failure(const sink_call *c, HRESULT hr, const EXCEPINFO *exception)
{
    BSTR said = note_failure(c, hr, exception);

    failure_report(c->source, c->event, failure_code(hr, exception), said ? said : L"");
    SysFreeString(said);
}

/* Returns whether the sink has refused the event, and may still take it later. */
static bool is_refusal(sink_call *c, HRESULT hr, HRESULT scode)
{
    LONGLONG now;

    if (!break_mode_refused(hr, scode))
        return false;
    now = queue_clock();
    if (!c->refusal.any)
        c->refusal.since = now;
    c->refusal.any = true;
    return now - c->refusal.since < REFUSED_MAX_US;
}

/* Returns whether the event tells of a failure: that no method takes it must not hide that failure in
 * LastEventError. */
static bool is_report(const sink_call *c)
{
    return c->event->error == PIPE_ERROR_HANDLER_FAILED;
}

static void call_sink(sink_call *c)
{
    EXCEPINFO exception = {0};
    arguments a;
    HRESULT hr = arguments_init(&a, c->shape, c->event, c->sink->takes_values, c->is_last);

    error_clear();                                /* earlier calls on this thread may have left one */
    if (SUCCEEDED(hr) && sink_is_silent(c->sink)) /* the cookie's own code may have unadvised the sink */
        arguments_reclaim(&a);                    /* another sink may need the buffer */
    else if (SUCCEEDED(hr))
    {
        c->called = true;
        hr = invoke_sink(c, &a, &exception);
        if (hr == DISP_E_MEMBERNOTFOUND && (is_report(c) || sink_has_no_method(c->sink, c->shape->id)))
            hr = S_OK;
        c->refused = FAILED(hr) && is_refusal(c, hr, exception.scode) && arguments_reclaim(&a);
    }
    if (FAILED(hr) && !c->refused)
        tell_handler_failure(c, hr, &exception);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    arguments_fini(&a);
}

static void call_unless_stopped(sink_call *c)
{
    c->refused = c->sink->home == GetCurrentThreadId() && break_mode_is_on();
    if (!c->refused)
        call_sink(c);
}

/* ---- through a gate ---- */

/* Returns whether nobody needs the call any more. */
static bool is_moot(const sink_call *c)
{
    return lane_run_is_silenced(c->event->lane) || sink_is_silent(c->sink);
}

/* By LastEventError alone: who cannot be reached gets no report either, and the failure of the report would
 * hide this one. */
static void note_transport_failure(const sink_call *c, HRESULT hr)
{
    EXCEPINFO none = {0};

    if (!c->refused && !is_moot(c))
        SysFreeString(note_failure(c, hr, &none));
}

static queue *queue_of(const sending *s)
{
    return s->made.source->host->queue;
}

/* Makes the call at the sink's home, on its own thread, as a handler of the run; does nothing if the sink or the run
 * was silenced. */
static void sending_perform(gate_call *call)
{
    sending *s = CONTAINER_OF(call, sending, call);
    queue *q = queue_of(s);

    if (!sink_is_silent(call->sink) && running_handler_begin(q, &s->handler, s->made.event->lane))
    {
        call_unless_stopped(&s->made);
        running_handler_end(q, &s->handler);
    }
    s->returned = true;
}

/* Keeps the memory for the sink's next call. */
static void sending_free(sending *s)
{
    sink *one = sink_hold(s->call.sink);

    gate_call_fini(&s->call);
    if (InterlockedCompareExchangePointer(&one->spare, s, NULL))
        mem_free(s);
    sink_release(one);
}

/* The handler has returned, and the queue has dropped the event meanwhile: ends the event. */
static void sending_abandoned(gate_call *call)
{
    sending *s = CONTAINER_OF(call, sending, call);
    queue *q = queue_of(s);
    pipe_event *event = s->made.event;

    sending_free(s);
    queue_end_event(q, event);
}

/* NULL: memory is short. */
static sending *sending_create(const sink_call *c)
{
    sending *s = InterlockedExchangePointer(&c->sink->spare, NULL);

    if (!s)
        s = mem_alloc(sizeof(*s));
    if (!s)
        return NULL;
    memset(s, 0, sizeof(*s));
    s->made = *c;
    gate_call_init(&s->call, c->sink, sending_perform, sending_abandoned);
    return s;
}

bool sending_let_go(sending *s)
{
    if (!s)
        return true;
    if (!gate_call_let_go(&s->call))
        return false;
    running_handler_end(queue_of(s), &s->handler); /* if a thread has ended inside its handler */
    sending_free(s);
    return true;
}

static bool is_rejected(HRESULT hr)
{
    return hr == RPC_E_SERVERCALL_RETRYLATER || hr == RPC_E_CALL_REJECTED;
}

/* Tries until COM accepts the call. COM rejects calls while a host does not want to be disturbed (Excel while a cell is
 * edited). */
static HRESULT send_until_accepted(const sink_call *c, gate_call *call)
{
    HRESULT hr;

    while (is_rejected(hr = gate_send(call)) && !is_moot(c))
        if (apartment_wait(lane_run_ended(c->event->lane), REJECTED_PAUSE_MS))
            break;
    return hr;
}

/* Takes the results of a call that COM has ended, unless its handler still runs. */
static HRESULT collect(sink_call *c, sending **under_way)
{
    sending *s = *under_way;
    HRESULT hr = s->result;
    bool returned;

    c->refused = gate_call_runs(&s->call);
    c->called = c->refused || s->made.called;
    if (c->refused)
        return S_OK;
    returned = s->returned;
    if (returned || SUCCEEDED(hr))
    {
        c->refused = s->made.refused;
        c->refusal = s->made.refusal;
    }
    else
        c->refused = is_refusal(c, hr, 0);
    *under_way = NULL;
    sending_let_go(s);
    if (FAILED(hr) && !returned) /* the handler's own failure was noted on the other side */
        note_transport_failure(c, hr);
    return hr;
}

static HRESULT send_through_gate(sink_call *c, sending **under_way)
{
    HRESULT hr = CO_E_NOTINITIALIZED;

    if (!*under_way && c->sink->gate)
    {
        *under_way = sending_create(c);
        hr = E_OUTOFMEMORY;
        if (*under_way)
            (*under_way)->result = send_until_accepted(c, &(*under_way)->call);
    }
    if (*under_way)
        return collect(c, under_way);
    note_transport_failure(c, hr);
    return hr;
}

/* ---- one call, directly or through a gate ---- */

/* Returns whether the calling thread may call the consumer's object directly. */
static bool may_call_directly(sink *s, bool on_worker)
{
    if (s->agile)
        return true;
    if (on_worker)
        return !sink_is_bound(s); /* as docs/REFERENCE.md says: handlers run on the worker */
    return s->home ? s->home == GetCurrentThreadId() : apartment_current() == 0;
}

/* Calls the sink, directly or through its gate; or looks whether a handler of an earlier call has returned. Returns the
 * result of the transport by COM, not of the handler. */
static HRESULT make_once(sink_call *c, sending **under_way)
{
    c->called = c->refused = false;
    if (!*under_way && may_call_directly(c->sink, lane_is_on_worker(c->event->lane)))
    {
        call_unless_stopped(c);
        return S_OK;
    }
    error_clear();
    return send_through_gate(c, under_way);
}

HRESULT sink_call_make(sink_call *c, sending **under_way)
{
    const lane *l = c->event->lane;
    HRESULT hr;

    for (;;)
    {
        hr = make_once(c, under_way);
        if (!c->refused || !lane_tries_again(l) || is_moot(c))
            return hr;
        apartment_wait(lane_run_ended(l), REJECTED_PAUSE_MS);
    }
}

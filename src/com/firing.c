/* Firing: one event to all sinks of one moment.
 *
 * Arguments are built for each sink anew, in the apartment where it is called. What a handler does to them, to the server or to the other sinks is its own business:
 * nothing here is held that it could take away. */

#include "com/firing.h"

#include "com/apartment.h"
#include "com/endpoint.h"
#include "com/error.h"
#include "com/failure.h"
#include "com/gate.h"
#include "com/held.h"
#include "com/source.h"

#include "base/trace.h"

#define REJECTED_PAUSE_MS 50 /* between two tries */
#define ARGUMENTS_MAX 3

/* The arguments of one call, and what stands behind those that are references. */
typedef struct arguments
{
    VARIANT values[ARGUMENTS_MAX]; /* the last argument first, as IDispatch wants it */
    unsigned count, next;
    IDispatch *connection;
    VARIANT cookie;
    SAFEARRAY *data;
    buffer *buffer; /* that `data` is of */
} arguments;

/* One call, as it goes through a gate or not. */
typedef struct firing
{
    gate_call call; /* first: a gate knows only this */
    source *source;
    pipe_event *event;
    const event_shape *shape;
    bool is_last; /* this sink gets the buffer itself */
} firing;

/* ---- the arguments ---- */

/* The buffer of this call: the event's own for the last sink, a copy for the others. NULL without memory. */
static buffer *take_buffer(firing *f, buffers *pool)
{
    pipe_event *event = f->event;
    buffer *b;

    if (f->is_last)
    {
        b = event->buffer;
        event->buffer = NULL;
        return b;
    }
    b = buffers_alloc(pool, event->bytes);
    if (b)
        memcpy(b->data, event->buffer->data, event->bytes);
    return b;
}

static VARIANT *next_value(arguments *a)
{
    return &a->values[a->count - ++a->next];
}

static void add_connection(arguments *a, const firing *f)
{
    VARIANT *value = next_value(a);

    a->connection = (IDispatch *)object_identity(endpoint_of(f->event->lane)->object);
    IDispatch_AddRef(a->connection);
    if (f->call.sink->takes_values)
    {
        V_VT(value) = VT_DISPATCH;
        V_DISPATCH(value) = a->connection;
    }
    else
    {
        V_VT(value) = VT_BYREF | VT_DISPATCH;
        V_DISPATCHREF(value) = &a->connection;
    }
}

static void add_cookie(arguments *a, const firing *f)
{
    VARIANT *value = next_value(a);

    if (FAILED(held_get(f->event->cookie, &a->cookie)))
        VariantInit(&a->cookie);
    if (f->call.sink->takes_values)
        *value = a->cookie; /* still owned by a->cookie */
    else
    {
        V_VT(value) = VT_BYREF | VT_VARIANT;
        V_VARIANTREF(value) = &a->cookie;
    }
}

static HRESULT add_data(arguments *a, firing *f)
{
    VARIANT *value = next_value(a);

    a->buffer = take_buffer(f, &endpoint_of(f->event->lane)->run->pool);
    if (!a->buffer)
        return E_OUTOFMEMORY;
    a->data = buffers_lend(a->buffer, f->event->bytes);
    if (f->call.sink->takes_values)
    {
        V_VT(value) = VT_ARRAY | VT_UI1;
        V_ARRAY(value) = a->data;
    }
    else
    {
        V_VT(value) = VT_BYREF | VT_ARRAY | VT_UI1;
        V_ARRAYREF(value) = &a->data;
    }
    return S_OK;
}

static void add_error(arguments *a, const firing *f)
{
    VARIANT *number = next_value(a), *description = next_value(a);

    V_VT(number) = VT_I4;
    V_I4(number) = error_number(f->event->error);
    V_VT(description) = VT_BSTR;
    V_BSTR(description) = error_describe(f->event->error);
}

static HRESULT arguments_init(arguments *a, firing *f)
{
    const event_shape *shape = f->shape;

    memset(a, 0, sizeof(*a));
    a->count = (unsigned)shape->connection + (unsigned)shape->cookie + (unsigned)shape->data + (shape->error ? 2 : 0);
    if (shape->connection)
        add_connection(a, f);
    if (shape->cookie)
        add_cookie(a, f);
    if (shape->error)
        add_error(a, f);
    return shape->data ? add_data(a, f) : S_OK;
}

/* Who replaces a value frees the old one: what stands there now is ours to free, and ignored otherwise. */
static void arguments_fini(arguments *a, const firing *f)
{
    if (a->connection)
        IDispatch_Release(a->connection);
    VariantClear(&a->cookie);
    if (f->shape->error)
        SysFreeString(V_BSTR(&a->values[0]));
    if (a->buffer)
        buffers_take_back(&endpoint_of(f->event->lane)->run->pool, a->buffer, a->data);
}

/* ---- one call ---- */

static HRESULT invoke(firing *f, arguments *a, EXCEPINFO *exception)
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
static void note_failure(const firing *f, HRESULT hr, const EXCEPINFO *exception)
{
    BSTR said = failure_describe(f->shape, hr, exception);

    host_note_failure(f->source->host, f->shape->name, failure_code(hr, exception), said ? said : L"");
    SysFreeString(said);
}

static HRESULT call_sink(firing *f)
{
    EXCEPINFO exception = {0};
    arguments a;
    HRESULT hr = arguments_init(&a, f);

    error_clear(); /* what this thread's earlier calls left is not the handler's */
    if (SUCCEEDED(hr))
        hr = invoke(f, &a, &exception);
    if (hr == DISP_E_MEMBERNOTFOUND && sink_has_no_method(f->call.sink, f->shape->id))
        hr = S_OK;
    if (FAILED(hr))
        note_failure(f, hr, &exception);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    arguments_fini(&a, f);
    return hr;
}

/* At the sink's home, on its own thread: a handler of the run like any other there, if all are still alive. */
static HRESULT perform(gate_call *call)
{
    firing *f = CONTAINER_OF(call, firing, call);
    run *r = f->event->lane->run;
    queue *q = f->source->host->queue;
    frame own;
    HRESULT hr;

    if (sink_is_silent(call->sink) || !queue_frame_begin(q, &own, r))
        return S_OK;
    hr = call_sink(f);
    queue_frame_end(q, &own);
    return hr;
}

/* Nobody wants it any more. */
static bool is_moot(const firing *f)
{
    return f->event->lane->run->silenced || sink_is_silent(f->call.sink);
}

static bool is_rejected(HRESULT hr)
{
    return hr == RPC_E_SERVERCALL_RETRYLATER || hr == RPC_E_CALL_REJECTED;
}

/* COM rejects calls where a host is busy in a way that it does not want to be disturbed in (Excel while a cell is edited): until it takes them. */
static HRESULT send_through_gate(firing *f)
{
    run *r = f->event->lane->run;
    HRESULT hr;

    if (!f->call.sink->gate)
        return CO_E_NOTINITIALIZED;
    f->call.perform = perform;
    while (is_rejected(hr = gate_send(&f->call)) && !is_moot(f))
        if (apartment_wait(run_ended(r), REJECTED_PAUSE_MS))
            break;
    return hr;
}

/* Whether the calling thread may touch the consumer's object. */
static bool may_call_directly(sink *s, queue_way way)
{
    if (s->agile)
        return true;
    switch (way)
    {
    case QUEUE_WINDOW: return s->home == GetCurrentThreadId();
    case QUEUE_WAITERS: return !s->home;
    case QUEUE_WORKERS: break;
    }
    return !sink_is_bound(s); /* as the reference says: handlers run on the worker */
}

static HRESULT reach_sink(firing *f)
{
    HRESULT hr;

    if (may_call_directly(f->call.sink, f->event->lane->run->way))
        return call_sink(f);
    error_clear();
    hr = send_through_gate(f); /* what the handler returned on the other side was noted there */
    if (FAILED(hr) && !is_moot(f))
    {
        EXCEPINFO none = {0};

        note_failure(f, hr, &none);
    }
    return hr;
}

/* ---- all of them ---- */

/* A sink that has had a connection's end gets nothing earlier of it: a nested event may have come before. */
static bool is_overtaken(const pipe_event *event)
{
    return event->connection && event->kind != PIPE_DISCONNECTED && event->lane->told;
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

static void fire(source *s, pipe_event *event, const sinks_snapshot *all)
{
    firing f = {.source = s, .event = event, .shape = &s->events[event->kind]};
    unsigned count = count_to_last(all, f.shape->id);
    run *r = event->lane->run;

    for (unsigned i = 0; i < count && !r->silenced && !is_overtaken(event); i++)
    {
        sink *one = all->items[i];

        if (sink_is_silent(one) || sink_id_of(one, f.shape->id) == DISPID_UNKNOWN)
            continue;
        f.call.sink = one;
        f.is_last = i == count - 1;
        if (reach_sink(&f) == RPC_E_DISCONNECTED)
            drop_sink(s, all, i);
    }
}

static void raise(queue_owner *owner, pipe_event *event)
{
    source *s = source_of_audience(event->lane->audience);
    sinks_snapshot all;

    (void)owner;
    if (event->connection && !endpoint_tells(endpoint_of(event->lane), event->kind))
        return;
    if (FAILED(sinks_take_snapshot(&s->sinks, &all)))
    {
        trace(L"an event was lost: no memory");
        return;
    }
    fire(s, event, &all);
    sinks_free_snapshot(&all);
}

static bool hold(queue_owner *owner)
{
    return host_hold(CONTAINER_OF(owner, host, queue_owner));
}

static void release(queue_owner *owner)
{
    host_release(CONTAINER_OF(owner, host, queue_owner));
}

const queue_calls firing_calls = {
    .raise = raise,
    .hold = hold,
    .release = release,
};

#include "com/sink.h"

#include "com/apartment.h"
#include "com/gate.h"
#include "com/global_table.h"
#include "com/runtime.h"

#include "base/check.h"
#include "base/trace.h"

#include <dispex.h>

/* dispex.h declares this IID, but no import library of mingw-w64 defines it. */
static const IID iid_dispatch_ex = {0xa6ef9860, 0xc720, 0x11d0, {0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9}};

/* IManagedObject. Objects of .NET have it; those of CLR 2 and 4.0 are not agile. */
static const IID iid_managed_object = {0xc3fcc19e, 0xa970, 0x11d2, {0x8b, 0x5a, 0x00, 0xa0, 0xc9, 0xb7, 0xc9, 0xc4}};

/* ---- making ---- */

static bool answers(IDispatch *consumer, REFIID riid)
{
    IUnknown *answer;

    if (FAILED(IDispatch_QueryInterface(consumer, riid, (void **)&answer)))
        return false;
    IUnknown_Release(answer);
    return true;
}

static void close_task(task *t);
static void end_at_home(task *t);
static void end_without_home(task *t);

/* Makes a sink. The reference on `consumer` becomes the sink's; after a failure it is released. */
static HRESULT sink_create(IDispatch *consumer, sink **out)
{
    sink *s = mem_alloc(sizeof(*s));

    *out = NULL;
    if (!s)
    {
        IDispatch_Release(consumer);
        return E_OUTOFMEMORY;
    }
    s->references = 1;
    s->memory_references = 1;
    s->consumer = consumer;
    s->agile = answers(consumer, &IID_IAgileObject);
    s->takes_values = s->agile || answers(consumer, &iid_managed_object);
    s->is_proxy = answers(consumer, &IID_IProxyManager);
    s->code = runtime_of(consumer);
    s->home = apartment_current();
    s->close.run = s->close.abandon = close_task;
    s->end.run = end_at_home;
    s->end.abandon = end_without_home;
    if (!s->agile && s->home)
    {
        s->window = thread_window_get();
        if (!s->window) /* without a window every thread would count as its home */
        {
            sink_release(s);
            return E_OUTOFMEMORY;
        }
    }
    sink_judge(s);
    *out = s;
    return S_OK;
}

/* Makes the gate of a sink that is not agile. If that fails (memory, or no apartment), no other apartment can reach the
 * sink. */
static void provide_gate(sink *s)
{
    if (!s->agile)
        gate_open(s, &s->gate);
}

HRESULT sink_open(IUnknown *consumer, REFIID events, sink **out)
{
    IDispatch *dispatch;
    HRESULT hr;

    *out = NULL;
    if (FAILED(IUnknown_QueryInterface(consumer, events, (void **)&dispatch)) &&
        FAILED(IUnknown_QueryInterface(consumer, &IID_IDispatch, (void **)&dispatch)))
        return CONNECT_E_CANNOTCONNECT;
    hr = sink_create(dispatch, out);
    if (SUCCEEDED(hr))
        provide_gate(*out);
    return hr;
}

static HRESULT look_up_ex(IDispatchEx *ex, const WCHAR *name, DISPID *id)
{
    BSTR text = SysAllocString(name);
    HRESULT hr;

    if (!text)
        return E_OUTOFMEMORY;
    hr = IDispatchEx_GetDispID(ex, text, fdexNameCaseInsensitive, id);
    if (FAILED(hr)) /* some objects refuse that flag */
        hr = IDispatchEx_GetDispID(ex, text, fdexNameCaseSensitive, id);
    SysFreeString(text);
    return hr;
}

static DISPID look_up(IDispatch *consumer, IDispatchEx *ex, const WCHAR *name)
{
    LPOLESTR names[] = {(LPOLESTR)(uintptr_t)name};
    DISPID id = DISPID_UNKNOWN;

    if (ex && SUCCEEDED(look_up_ex(ex, name, &id)))
        return id;
    if (SUCCEEDED(IDispatch_GetIDsOfNames(consumer, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, &id)))
        return id;
    return DISPID_UNKNOWN;
}

/* Looks up all names. Returns how many of them the object has. */
static unsigned look_up_all(sink *s, const WCHAR *const *names, unsigned count)
{
    IDispatchEx *ex = NULL;
    unsigned found = 0;

    if (FAILED(IDispatch_QueryInterface(s->consumer, &iid_dispatch_ex, (void **)&ex)))
        ex = NULL;
    s->is_named = true;
    s->takes_values |= ex != NULL;
    s->count = count;
    for (unsigned i = 0; i < count; i++)
    {
        s->ids[i] = look_up(s->consumer, ex, names[i]);
        found += s->ids[i] != DISPID_UNKNOWN;
    }
    if (ex)
        IDispatchEx_Release(ex);
    return found;
}

HRESULT sink_open_named(IDispatch *consumer, const WCHAR *const *names, unsigned count, sink **out)
{
    HRESULT hr;

    IDispatch_AddRef(consumer);
    hr = sink_create(consumer, out);
    if (FAILED(hr))
        return hr;
    if (!look_up_all(*out, names, count))
    {
        sink_release(*out);
        *out = NULL;
        return E_INVALIDARG;
    }
    provide_gate(*out);
    return S_OK;
}

DISPID sink_id_of(const sink *s, DISPID event)
{
    if (!s->is_named)
        return event;
    return event >= 1 && (unsigned)event <= s->count ? LOAD_ACQUIRE(&s->ids[event - 1]) : DISPID_UNKNOWN;
}

bool sink_has_no_method(sink *s, DISPID event)
{
    if (!s->is_named || event < 1 || (unsigned)event > s->count)
        return false;
    InterlockedExchange(&s->ids[event - 1], DISPID_UNKNOWN);
    return true;
}

/* ---- its runtime ---- */

void sink_judge(sink *s)
{
    WCHAR name[RUNTIME_NAME];
    bool is_bound = !s->agile && s->home && (s->is_proxy || runtime_is_bound(s->code, s->home, name));

    InterlockedExchange(&s->is_bound, is_bound);
}

static void tell_that_it_is_bound(const sink *s)
{
    WCHAR name[RUNTIME_NAME], line[RUNTIME_NAME + 80];

    if (!runtime_is_bound(s->code, s->home, name))
        return; /* it no longer is, or it is only a proxy */
    wsprintfW(line, L"handlers of %s are called on their own thread, since it cannot take another", name);
    trace(line);
}

bool sink_is_bound(sink *s)
{
    if (!LOAD_ACQUIRE(&s->is_bound))
        return false;
    if (!InterlockedExchange(&s->told, 1))
        tell_that_it_is_bound(s);
    return true;
}

/* ---- ending ---- */

sink *sink_hold(sink *s)
{
    InterlockedIncrement(&s->references);
    return s;
}

bool sink_try_hold(sink *s)
{
    return count_up(&s->references);
}

sink *sink_hold_memory(sink *s)
{
    InterlockedIncrement(&s->memory_references);
    return s;
}

void sink_release_memory(sink *s)
{
    if (count_down(&s->memory_references) == 0)
        mem_free(s);
}

bool sink_home_lives(const sink *s)
{
    return !s->window || thread_window_lives(s->window);
}

static bool is_at_home(const sink *s)
{
    return !s->window || thread_window_is_here(s->window);
}

static void sink_free(sink *s)
{
    gate_free(s->gate);
    mem_free(s->spare);
    sink_release_memory(s);
}

static void end_at_home(task *t)
{
    sink *s = CONTAINER_OF(t, sink, end);
    thread_window *window = s->window;

    IDispatch_Release(s->consumer);
    sink_free(s);
    if (window)
        thread_window_release(window);
}

/* The home has ended: no thread may use the consumer's object any more. It belongs to its runtime; only the sink's
 * memory is freed. */
static void end_without_home(task *t)
{
    sink *s = CONTAINER_OF(t, sink, end);
    thread_window *window = s->window;

    sink_free(s);
    thread_window_release(window);
}

static void end_in_mta(blocking_task *task)
{
    sink *s = CONTAINER_OF(task, sink, end_in_mta);
    bool entered = SUCCEEDED(apartment_enter_mta());

    end_at_home(&s->end);
    if (entered)
        apartment_leave_mta();
}

/* Whether another thread ends the sink, since this one is in an STA and the consumer's object is at home in the MTA: it
 * may be a proxy of the MTA's. Without a thread the object is released here, rather than never. */
static bool ends_in_mta(sink *s)
{
    return !s->agile && !s->home && apartment_current() && !blocking_run(&s->end_in_mta, end_in_mta);
}

void sink_release(sink *s)
{
    if (count_down(&s->references) == 0 && !ends_in_mta(s))
        thread_window_run(s->window, &s->end);
}

/* Releases the reference of the task last. */
static void close_task(task *t)
{
    sink *s = CONTAINER_OF(t, sink, close);

    gate_close(s->gate);
    sink_release(s);
}

/* The gate is closed at home, since that may release the consumer's object; or on this thread if the home has ended. */
void sink_silence(sink *s)
{
    if (InterlockedExchange(&s->silent, 1) || !s->gate)
        return;
    sink_hold(s);
    thread_window_run(s->window, &s->close);
}

bool sink_is_silent(const sink *s)
{
    return LOAD_ACQUIRE(&s->silent) != 0;
}

/* ---- asking ---- */

typedef struct query_call
{
    gate_call call;
    HRESULT result;
    DWORD cookie; /* 0: none */
} query_call;

/* At home: registers the consumer's object in the Global Interface Table, where the asking apartment gets it. */
static void perform_query(gate_call *call)
{
    query_call *query = CONTAINER_OF(call, query_call, call);

    query->result = global_table_put((IUnknown *)call->sink->consumer, &IID_IDispatch, &query->cookie);
}

static void free_query(query_call *query)
{
    gate_call_fini(&query->call);
    mem_free(query);
}

static void query_abandoned(gate_call *call)
{
    query_call *query = CONTAINER_OF(call, query_call, call);

    if (query->cookie)
        global_table_drop(query->cookie);
    free_query(query);
}

static HRESULT take_from_table(DWORD cookie, REFIID riid, void **out)
{
    IDispatch *consumer;
    HRESULT hr = global_table_get(cookie, &IID_IDispatch, (void **)&consumer);

    global_table_drop(cookie);
    if (FAILED(hr))
        return hr;
    hr = IDispatch_QueryInterface(consumer, riid, out);
    IDispatch_Release(consumer);
    return hr;
}

/* Gives the cookie of the consumer's object in the Global Interface Table. */
static HRESULT ask_home(sink *s, DWORD *cookie)
{
    query_call *query = mem_alloc(sizeof(*query));
    HRESULT hr;

    *cookie = 0;
    if (!query)
        return E_OUTOFMEMORY;
    gate_call_init(&query->call, s, perform_query, query_abandoned);
    query->result = RPC_E_DISCONNECTED;
    hr = gate_send(&query->call);
    if (!gate_call_let_go(&query->call))
        return FAILED(hr) ? hr : E_UNEXPECTED;
    *cookie = query->cookie; /* also if the call was cancelled just before its end */
    if (SUCCEEDED(hr) || *cookie)
        hr = query->result;
    free_query(query);
    return hr;
}

HRESULT sink_get_consumer(sink *s, REFIID riid, void **out)
{
    DWORD cookie;
    HRESULT hr;

    *out = NULL;
    if (s->agile || (s->home == apartment_current() && is_at_home(s)))
        return IDispatch_QueryInterface(s->consumer, riid, out);
    if (!s->gate)
        return RPC_E_DISCONNECTED;
    hr = ask_home(s, &cookie);
    return SUCCEEDED(hr) ? take_from_table(cookie, riid, out) : hr;
}

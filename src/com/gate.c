/* Threading: a lock guards the table of calls. A call stays in the table until it is performed or its sender stops
 * waiting; a gate performs only calls that are in the table, and takes a reference on them.
 *
 * The lock of a gate is held while COM makes the proxy, so that COM makes only one. Only threads of the MTA acquire
 * that lock, which dispatch nothing meanwhile; no thread at home does. */

#include "com/gate.h"

#include "com/apartment.h"
#include "com/global_table.h"

#include "base/check.h"
#include "base/lock.h"

#define DISPID_CALL 1
#define GATE_TRIES 100

struct gate
{
    IDispatch IDispatch_iface;
    volatile LONG references; /* Interlocked; COM's; with the last of them the home releases the gate */
    volatile LONG holds;      /* Interlocked; on the memory: one for all of COM's, the opener's, one while it is kept */
    sink *volatile sink;      /* Interlocked; held; NULL: closed */
    volatile LONG cookie;     /* Interlocked; in the Global Interface Table; 0: closed */
    lock lock;
    IDispatch *proxy GUARDED_BY(lock); /* for the MTA, while it is kept */
    list_link kept;                    /* kept_lock */
};

static lock calls_lock;
static list calls STATIC_GUARDED_BY(calls_lock);
static LONG last_number STATIC_GUARDED_BY(calls_lock);

static lock kept_lock;
static list kept STATIC_GUARDED_BY(kept_lock);    /* the gates that have a proxy, each held */
static LONG workers STATIC_GUARDED_BY(kept_lock); /* workers that are in the MTA */

static gate *impl_from_IDispatch(IDispatch *iface)
{
    return CONTAINER_OF(iface, gate, IDispatch_iface);
}

/* ---- one call ---- */

void gate_call_init(gate_call *call, sink *s, void (*perform)(gate_call *call), void (*abandoned)(gate_call *call))
{
    memset(call, 0, sizeof(*call));
    call->references = 1;
    call->sink = sink_hold(s);
    call->perform = perform;
    call->abandoned = abandoned;
}

void gate_call_fini(gate_call *call)
{
    if (call->proxy)
        IDispatch_Release(call->proxy);
    sink_release(call->sink);
}

bool gate_call_runs(const gate_call *call)
{
    return LOAD_ACQUIRE(&call->references) > 1 && sink_home_lives(call->sink);
}

bool gate_call_let_go(gate_call *call)
{
    return !gate_call_runs(call) || count_down(&call->references) == 0;
}

static void perform(gate_call *call)
{
    call->perform(call);
    if (count_down(&call->references) == 0)
        call->abandoned(call);
}

/* ---- the table of calls ---- */

static void add_call(gate_call *call)
{
    lock_acquire(&calls_lock);
    if (!calls.head.next)
        list_init(&calls);
    call->number = ++last_number;
    list_append(&calls, &call->link);
    lock_release(&calls_lock);
}

static void remove_call(gate_call *call)
{
    lock_acquire(&calls_lock);
    list_remove(&call->link);
    lock_release(&calls_lock);
}

/* Takes the call with this number out of the table, with a reference, so that it is performed once. NULL: this gate has
 * no such call any more. */
static gate_call *take_call(LONG number, const gate *g)
{
    gate_call *found = NULL;

    lock_acquire(&calls_lock);
    for (list_link *link = calls.head.next ? list_first(&calls) : NULL; link && !found; link = list_next(&calls, link))
    {
        gate_call *call = CONTAINER_OF(link, gate_call, link);

        if (call->number == number && call->sink->gate == g)
            found = call;
    }
    if (found)
    {
        list_remove(&found->link);
        InterlockedIncrement(&found->references);
    }
    lock_release(&calls_lock);
    return found;
}

/* ---- the memory and the sink ---- */

static gate *gate_hold(gate *g)
{
    InterlockedIncrement(&g->holds);
    return g;
}

void gate_free(gate *g)
{
    if (g && count_down(&g->holds) == 0)
        mem_free(g);
}

static void let_sink_go(gate *g)
{
    sink *held = InterlockedExchangePointer((void *volatile *)&g->sink, NULL);

    if (held)
        sink_release(held);
}

static bool is_closed(const gate *g)
{
    return !LOAD_POINTER_ACQUIRE(&g->sink);
}

/* ---- the gate's IDispatch; a gate is bound to its apartment, so it has no other interface ---- */

static HRESULT STDMETHODCALLTYPE Gate_QueryInterface(IDispatch *iface, REFIID riid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch))
        return E_NOINTERFACE;
    IDispatch_AddRef(iface);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE Gate_AddRef(IDispatch *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IDispatch(iface)->references);
}

static ULONG STDMETHODCALLTYPE Gate_Release(IDispatch *iface)
{
    gate *g = impl_from_IDispatch(iface);
    LONG references = InterlockedDecrement(&g->references);

    if (references == 0)
    {
        let_sink_go(g);
        gate_free(g);
    }
    return (ULONG)references;
}

static HRESULT STDMETHODCALLTYPE Gate_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE Gate_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out)
{
    (void)iface;
    (void)index;
    (void)lcid;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE Gate_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names, UINT count,
                                                    LCID lcid, DISPID *ids)
{
    (void)iface;
    (void)riid;
    (void)names;
    (void)lcid;
    for (UINT i = 0; i < count; i++)
        ids[i] = DISPID_UNKNOWN;
    return DISP_E_UNKNOWNNAME;
}

static HRESULT STDMETHODCALLTYPE Gate_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
                                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                             UINT *bad_argument)
{
    gate *g = impl_from_IDispatch(iface);
    gate_call *call;

    (void)riid;
    (void)lcid;
    (void)flags;
    (void)result;
    (void)exception;
    (void)bad_argument;
    if (id != DISPID_CALL || params->cArgs != 1 || V_VT(&params->rgvarg[0]) != VT_I4)
        return DISP_E_MEMBERNOTFOUND;
    call = take_call(V_I4(&params->rgvarg[0]), g);
    if (call)
        perform(call);
    return S_OK;
}

static const IDispatchVtbl Gate_vtable = {
    .QueryInterface = Gate_QueryInterface,
    .AddRef = Gate_AddRef,
    .Release = Gate_Release,
    .GetTypeInfoCount = Gate_GetTypeInfoCount,
    .GetTypeInfo = Gate_GetTypeInfo,
    .GetIDsOfNames = Gate_GetIDsOfNames,
    .Invoke = Gate_Invoke,
};

/* ---- opening and closing ---- */

HRESULT gate_open(sink *s, gate **out)
{
    gate *g = mem_alloc(sizeof(*g));
    DWORD cookie;
    HRESULT hr;

    *out = NULL;
    if (!g)
        return E_OUTOFMEMORY;
    g->IDispatch_iface.lpVtbl = (IDispatchVtbl *)&Gate_vtable;
    g->references = 1;
    g->holds = 2;
    g->sink = sink_hold(s);
    hr = global_table_put((IUnknown *)&g->IDispatch_iface, &IID_IDispatch, &cookie);
    g->cookie = (LONG)cookie;
    IDispatch_Release(&g->IDispatch_iface);
    if (SUCCEEDED(hr))
        *out = g;
    else
        gate_free(g);
    return hr;
}

void gate_close(gate *g)
{
    DWORD cookie = (DWORD)InterlockedExchange(&g->cookie, 0);

    if (cookie)
        global_table_drop(cookie);
    let_sink_go(g);
}

/* ---- proxies ---- */

static HRESULT ask_for_proxy(const gate *g, IDispatch **out)
{
    HRESULT hr = S_OK;

    *out = NULL;
    /* Wine has been seen to succeed and give NULL if another thread released its proxy of the same gate at that
     * moment. */
    for (int tries = 0; SUCCEEDED(hr) && !*out && tries < GATE_TRIES; tries++)
    {
        if (tries)
            SwitchToThread();
        hr = global_table_get((DWORD)LOAD_ACQUIRE(&g->cookie), &IID_IDispatch, (void **)out);
    }
    return SUCCEEDED(hr) && !*out ? E_UNEXPECTED : hr;
}

/* Lists the gate among the kept gates, if a worker is there that will remove it again. */
static bool note_kept(gate *g)
{
    bool has_worker;

    lock_acquire(&kept_lock);
    has_worker = workers > 0;
    if (has_worker)
        list_append(&kept, &gate_hold(g)->kept);
    lock_release(&kept_lock);
    return has_worker;
}

/* Releases the proxy of a gate that was kept. Call it in the MTA. */
static void release_kept(gate *g)
{
    IDispatch *proxy;

    lock_acquire(&g->lock);
    proxy = g->proxy;
    g->proxy = NULL;
    lock_release(&g->lock);
    IDispatch_Release(proxy);
    gate_free(g);
}

static gate *take_kept(bool closed_alone)
{
    gate *found = NULL;

    lock_acquire(&kept_lock);
    for (list_link *link = kept.head.next ? list_first(&kept) : NULL; link && !found; link = list_next(&kept, link))
    {
        gate *g = CONTAINER_OF(link, gate, kept);

        if (!closed_alone || is_closed(g))
            found = g;
    }
    if (found)
        list_remove(&found->kept);
    lock_release(&kept_lock);
    return found;
}

static void release_all_kept(bool closed_alone)
{
    gate *g;

    while ((g = take_kept(closed_alone)) != NULL)
        release_kept(g);
}

/* Gives the proxy for the MTA, with a reference, to a thread of the MTA. `fresh`: this call has made and kept it. */
static HRESULT get_kept_proxy(gate *g, IDispatch **out, bool *fresh)
{
    HRESULT hr = S_OK;

    *fresh = false;
    lock_acquire(&g->lock);
    *out = g->proxy;
    if (*out)
        IDispatch_AddRef(*out);
    else
    {
        hr = ask_for_proxy(g, out);
        *fresh = SUCCEEDED(hr) && note_kept(g);
    }
    if (*fresh)
    {
        g->proxy = *out;
        IDispatch_AddRef(*out);
    }
    lock_release(&g->lock);
    return hr;
}

static HRESULT get_proxy(gate *g, IDispatch **out)
{
    bool fresh;
    HRESULT hr;

    if (!apartment_is_mta())
        return ask_for_proxy(g, out);
    hr = get_kept_proxy(g, out, &fresh);
    if (fresh)
        release_all_kept(true); /* so that there are never many closed gates among the kept ones */
    return hr;
}

void gate_worker_begins(void)
{
    lock_acquire(&kept_lock);
    if (!kept.head.next)
        list_init(&kept);
    workers++;
    lock_release(&kept_lock);
}

void gate_worker_ends(void)
{
    bool was_last;

    lock_acquire(&kept_lock);
    was_last = --workers == 0;
    lock_release(&kept_lock);
    if (was_last)
        release_all_kept(false);
}

/* ---- sending ---- */

/* Returns whether the sink's home has gone, rather than this one call having failed. */
static bool is_cut_off(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == CO_E_OBJNOTCONNECTED || hr == RPC_E_SERVER_DIED ||
           hr == RPC_E_SERVER_DIED_DNE;
}

/* Returns whether a failure to get a proxy may be temporary; then the sink is not given up. The table does not say why
 * it gives no proxy. To get a proxy COM calls the home, which may be busy. */
static bool may_pass(HRESULT hr)
{
    return hr == CO_E_NOTINITIALIZED || hr == E_OUTOFMEMORY || hr == E_UNEXPECTED || hr == RPC_E_CALL_REJECTED ||
           hr == RPC_E_SERVERCALL_RETRYLATER || hr == RPC_E_CANTCALLOUT_ININPUTSYNCCALL;
}

static HRESULT invoke(IDispatch *proxy, LONG number)
{
    VARIANT argument;
    DISPPARAMS params = {&argument, NULL, 1, 0};

    V_VT(&argument) = VT_I4;
    V_I4(&argument) = number;
    return IDispatch_Invoke(proxy, DISPID_CALL, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &params, NULL, NULL,
                            NULL);
}

HRESULT (*gate_invoke)(IDispatch *proxy, LONG number) = invoke;

HRESULT gate_send(gate_call *call)
{
    IDispatch *proxy;
    HRESULT hr = get_proxy(call->sink->gate, &proxy);

    if (FAILED(hr))
        return may_pass(hr) ? hr : RPC_E_DISCONNECTED;
    add_call(call);
    hr = gate_invoke(proxy, call->number);
    remove_call(call);
    if (hr == RPC_E_SERVERFAULT) /* COM has caught an exception in `perform`, which does not go on */
        InterlockedExchange(&call->references, 1);
    if (gate_call_runs(call))
        call->proxy = proxy;
    else
        IDispatch_Release(proxy);
    return is_cut_off(hr) ? RPC_E_DISCONNECTED : hr;
}

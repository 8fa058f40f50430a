/* Threading: the table of calls is guarded by its lock; a call stays in it while the sender waits. A gate performs only what it finds there. */

#include "com/gate.h"

#include "base/lock.h"

#define DISPID_CALL 1
#define GATE_TRIES 100

typedef struct gate
{
    IDispatch IDispatch_iface;
    volatile LONG references; /* Interlocked */
    sink *sink;               /* held */
} gate;

static lock calls_lock;
static list calls; /* calls_lock */
static LONG last_number;

static gate *impl_from_IDispatch(IDispatch *iface)
{
    return CONTAINER_OF(iface, gate, IDispatch_iface);
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

/* The call of this number to this sink, taken out so that it is performed once; NULL where there is none any more. */
static gate_call *take_call(LONG number, const sink *s)
{
    gate_call *found = NULL;

    lock_acquire(&calls_lock);
    for (list_link *link = calls.head.next ? list_first(&calls) : NULL; link && !found; link = list_next(&calls, link))
    {
        gate_call *call = CONTAINER_OF(link, gate_call, link);

        if (call->number == number && call->sink == s)
            found = call;
    }
    if (found)
        list_remove(&found->link);
    lock_release(&calls_lock);
    return found;
}

/* ---- the gate: bound to its apartment, so it answers for nothing else ---- */

static HRESULT STDMETHODCALLTYPE gate_QueryInterface(IDispatch *iface, REFIID riid, void **out)
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

static ULONG STDMETHODCALLTYPE gate_AddRef(IDispatch *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IDispatch(iface)->references);
}

static ULONG STDMETHODCALLTYPE gate_Release(IDispatch *iface)
{
    gate *g = impl_from_IDispatch(iface);
    LONG references = InterlockedDecrement(&g->references);

    if (references == 0)
    {
        sink_release(g->sink);
        mem_free(g);
    }
    return (ULONG)references;
}

static HRESULT STDMETHODCALLTYPE gate_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gate_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out)
{
    (void)iface;
    (void)index;
    (void)lcid;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE gate_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names, UINT count,
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

static HRESULT STDMETHODCALLTYPE gate_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
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
    call = take_call(V_I4(&params->rgvarg[0]), g->sink);
    if (call)
        call->result = call->perform(call);
    return S_OK;
}

static const IDispatchVtbl gate_vtable = {
    .QueryInterface = gate_QueryInterface,
    .AddRef = gate_AddRef,
    .Release = gate_Release,
    .GetTypeInfoCount = gate_GetTypeInfoCount,
    .GetTypeInfo = gate_GetTypeInfo,
    .GetIDsOfNames = gate_GetIDsOfNames,
    .Invoke = gate_Invoke,
};

/* ---- the Global Interface Table ---- */

static HRESULT get_table(IGlobalInterfaceTable **out)
{
    return CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER, &IID_IGlobalInterfaceTable,
                            (void **)out);
}

HRESULT gate_open(sink *s, DWORD *cookie)
{
    IGlobalInterfaceTable *table;
    gate *g;
    HRESULT hr = get_table(&table);

    *cookie = 0;
    if (FAILED(hr))
        return hr;
    g = mem_alloc(sizeof(*g));
    if (g)
    {
        g->IDispatch_iface.lpVtbl = (IDispatchVtbl *)&gate_vtable;
        g->references = 1;
        g->sink = sink_hold(s);
        hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)&g->IDispatch_iface, &IID_IDispatch,
                                                             cookie);
        IDispatch_Release(&g->IDispatch_iface);
    }
    else
        hr = E_OUTOFMEMORY;
    IGlobalInterfaceTable_Release(table);
    return hr;
}

void gate_close(DWORD cookie)
{
    IGlobalInterfaceTable *table;

    if (FAILED(get_table(&table)))
        return;
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie);
    IGlobalInterfaceTable_Release(table);
}

static HRESULT get_gate(DWORD cookie, IDispatch **out)
{
    IGlobalInterfaceTable *table;
    HRESULT hr = get_table(&table);

    *out = NULL;
    if (FAILED(hr))
        return hr;
    /* Wine has been seen to succeed with nothing, where another thread let its proxy of the same gate go at that moment. */
    for (int tries = 0; SUCCEEDED(hr) && !*out && tries < GATE_TRIES; tries++)
    {
        if (tries)
            SwitchToThread();
        hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IDispatch, (void **)out);
    }
    IGlobalInterfaceTable_Release(table);
    return SUCCEEDED(hr) && !*out ? E_UNEXPECTED : hr;
}

/* Whether the other end, and not this call, is what failed. */
static bool is_cut_off(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == CO_E_OBJNOTCONNECTED || hr == RPC_E_SERVER_DIED ||
           hr == RPC_E_SERVER_DIED_DNE;
}

/* The table does not say why it has no proxy. What is known to pass is no reason to give up a sink: a call to a busy home is made for the proxy, too. */
static bool may_pass(HRESULT hr)
{
    return hr == CO_E_NOTINITIALIZED || hr == E_OUTOFMEMORY || hr == E_UNEXPECTED || hr == RPC_E_CALL_REJECTED ||
           hr == RPC_E_SERVERCALL_RETRYLATER || hr == RPC_E_CANTCALLOUT_ININPUTSYNCCALL;
}

HRESULT gate_send(gate_call *call)
{
    VARIANT number;
    DISPPARAMS params = {&number, NULL, 1, 0};
    IDispatch *proxy;
    HRESULT hr = get_gate(call->sink->gate, &proxy);

    if (FAILED(hr))
        return may_pass(hr) ? hr : RPC_E_DISCONNECTED;
    call->result = S_OK;
    add_call(call);
    V_VT(&number) = VT_I4;
    V_I4(&number) = call->number;
    hr = IDispatch_Invoke(proxy, DISPID_CALL, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &params, NULL, NULL,
                          NULL);
    remove_call(call);
    IDispatch_Release(proxy);
    return is_cut_off(hr) ? RPC_E_DISCONNECTED : hr;
}

#include "tool/sink.h"

typedef struct sink
{
    IDispatch IDispatch_iface;
    LONG references; /* Interlocked */
    const IID *events;
    sink_function function;
    void *context;
    void (*let_go)(void *context);
} sink;

static sink *impl_from_IDispatch(IDispatch *iface)
{
    return CONTAINING_RECORD(iface, sink, IDispatch_iface);
}

/* ---- IUnknown, IDispatch ---- */

static HRESULT STDMETHODCALLTYPE Sink_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    sink *s = impl_from_IDispatch(iface);

    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch) && !IsEqualIID(iid, s->events))
        return E_NOINTERFACE;
    *out = iface;
    IDispatch_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE Sink_AddRef(IDispatch *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IDispatch(iface)->references);
}

static ULONG STDMETHODCALLTYPE Sink_Release(IDispatch *iface)
{
    sink *s = impl_from_IDispatch(iface);
    LONG left = InterlockedDecrement(&s->references);

    if (left > 0)
        return (ULONG)left;
    if (s->let_go)
        s->let_go(s->context);
    mem_free(s);
    return 0;
}

static HRESULT STDMETHODCALLTYPE Sink_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE Sink_GetTypeInfo(IDispatch *iface, UINT index, LCID locale, ITypeInfo **out)
{
    (void)iface, (void)index, (void)locale;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE Sink_GetIDsOfNames(IDispatch *iface, REFIID iid, LPOLESTR *names, UINT count,
                                                    LCID locale, DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)count, (void)locale, (void)ids;
    return DISP_E_UNKNOWNNAME;
}

/* ---- arguments: the last one comes first; each is a value, or refers to one ---- */

static void read_connection(const VARIANT *v, happening *h)
{
    IDispatch *object = V_VT(v) == VT_DISPATCH                ? V_DISPATCH(v)
                        : V_VT(v) == (VT_BYREF | VT_DISPATCH) ? *V_DISPATCHREF(v)
                                                              : NULL;

    if (object)
        IDispatch_QueryInterface(object, &IID_INamedPipeServerConnection, (void **)&h->client);
}

static SAFEARRAY *array_of(const VARIANT *v)
{
    if (V_VT(v) == (VT_ARRAY | VT_UI1))
        return V_ARRAY(v);
    return V_VT(v) == (VT_BYREF | VT_ARRAY | VT_UI1) ? *V_ARRAYREF(v) : NULL;
}

static void read_cookie(const VARIANT *v, happening *h)
{
    const VARIANT *value = V_VT(v) == (VT_BYREF | VT_VARIANT) ? V_VARIANTREF(v) : v;

    if (V_VT(value) == VT_I4)
        h->cookie = V_I4(value);
}

static void read_error(const VARIANT *number, const VARIANT *description, happening *h)
{
    h->number = V_VT(number) == VT_I4 ? V_I4(number) : 0;
    h->description = V_VT(description) == VT_BSTR ? V_BSTR(description) : NULL;
}

/* Calls the function while the array is locked: its bytes stay where they are. */
static void call_with_data(sink *s, happening *h, SAFEARRAY *array)
{
    void *data;
    bool locked = array && SUCCEEDED(SafeArrayAccessData(array, &data));

    if (locked)
    {
        h->data = data;
        h->size = array->rgsabound[0].cElements;
    }
    s->function(s->context, h);
    if (locked)
        SafeArrayUnaccessData(array);
}

static void call(sink *s, happening *h, const DISPPARAMS *p)
{
    const VARIANT *last = p->rgvarg;

    switch (h->kind)
    {
    case NamedPipeEventClientMessageReceived:
    case NamedPipeEventMessageReceived: call_with_data(s, h, array_of(&last[0])); return;
    case NamedPipeEventClientMessageSent:
    case NamedPipeEventMessageSent: read_cookie(&last[0], h); break;
    case NamedPipeEventClientError:
    case NamedPipeEventServerError:
    case NamedPipeEventError: read_error(&last[1], &last[0], h); break;
    default: break;
    }
    s->function(s->context, h);
}

static UINT arguments_of(NamedPipeEventKind kind)
{
    switch (kind)
    {
    case NamedPipeEventClientMessageReceived:
    case NamedPipeEventClientError: return 3;
    case NamedPipeEventClientMessageSent:
    case NamedPipeEventServerError:
    case NamedPipeEventMessageReceived:
    case NamedPipeEventError: return 2;
    case NamedPipeEventClientConnected:
    case NamedPipeEventClientDisconnected:
    case NamedPipeEventMessageSent: return 1;
    default: return 0;
    }
}

static HRESULT STDMETHODCALLTYPE Sink_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID locale, WORD flags,
                                             DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
    static const happening nothing = {0};
    sink *s = impl_from_IDispatch(iface);
    bool of_server = s->events == &DIID__INamedPipeServerEvents;
    happening h = nothing;

    (void)iid, (void)locale, (void)flags, (void)result, (void)exception, (void)wrong;
    /* The DISPIDs of both interfaces begin with 1, the kinds of a client's events behind those of a server's. */
    h.kind = (NamedPipeEventKind)(of_server ? id : id + NamedPipeEventConnected - 1);
    if (id < 1 || h.kind > (of_server ? NamedPipeEventServerError : NamedPipeEventError))
        return DISP_E_MEMBERNOTFOUND;
    if (parameters->cArgs != arguments_of(h.kind))
        return DISP_E_BADPARAMCOUNT;
    if (of_server && parameters->cArgs > 0 && h.kind != NamedPipeEventServerError)
        read_connection(&parameters->rgvarg[parameters->cArgs - 1], &h);
    call(s, &h, parameters);
    if (h.client)
        INamedPipeServerConnection_Release(h.client);
    return S_OK;
}

static const IDispatchVtbl Sink_vtable = {
    Sink_QueryInterface, Sink_AddRef,        Sink_Release, Sink_GetTypeInfoCount,
    Sink_GetTypeInfo,    Sink_GetIDsOfNames, Sink_Invoke,
};

/* ---- connecting ---- */

static IConnectionPoint *point_of(IUnknown *source, const IID *events)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point = NULL;

    if (FAILED(IUnknown_QueryInterface(source, &IID_IConnectionPointContainer, (void **)&container)))
        return NULL;
    IConnectionPointContainer_FindConnectionPoint(container, events, &point);
    IConnectionPointContainer_Release(container);
    return point;
}

static HRESULT advise(IUnknown *source, sink *s, DWORD *cookie)
{
    IConnectionPoint *point = point_of(source, s->events);
    DWORD unused;
    HRESULT hr =
        point ? IConnectionPoint_Advise(point, (IUnknown *)&s->IDispatch_iface, cookie ? cookie : &unused) : E_FAIL;

    if (point)
        IConnectionPoint_Release(point);
    return hr;
}

static HRESULT connect(IUnknown *source, const IID *events, sink_function function, void *context,
                       void (*let_go)(void *context), DWORD *cookie)
{
    sink *s = mem_alloc(sizeof(*s));
    HRESULT hr;

    if (!s)
    {
        if (let_go)
            let_go(context);
        return E_OUTOFMEMORY;
    }
    s->IDispatch_iface.lpVtbl = &Sink_vtable;
    s->references = 1;
    s->events = events;
    s->function = function;
    s->context = context;
    s->let_go = let_go;
    hr = advise(source, s, cookie);
    IDispatch_Release(&s->IDispatch_iface);
    return hr;
}

HRESULT sink_connect_server(INamedPipeServer *server, sink_function function, void *context)
{
    return connect((IUnknown *)server, &DIID__INamedPipeServerEvents, function, context, NULL, NULL);
}

HRESULT sink_connect_client(INamedPipeClientConnection *connection, sink_function function, void *context,
                            void (*let_go)(void *context), DWORD *cookie)
{
    return connect((IUnknown *)connection, &DIID__INamedPipeClientConnectionEvents, function, context, let_go, cookie);
}

void sink_disconnect(INamedPipeClientConnection *connection, DWORD cookie)
{
    IConnectionPoint *point = point_of((IUnknown *)connection, &DIID__INamedPipeClientConnectionEvents);

    if (!point)
        return;
    IConnectionPoint_Unadvise(point, cookie);
    IConnectionPoint_Release(point);
}

#include "library_sink.h"

static INamedPipeServer *pipe_server;
static role what;
static const VARIANT nothing = {{{VT_ERROR, 0, 0, 0, {.scode = DISP_E_PARAMNOTFOUND}}}};

void library_sink_init(INamedPipeServer *server, int argc, char **argv)
{
    pipe_server = server;
    role_init(&what, argc, argv);
}

/* What a sink has received is a number of its client's, kept as such numbers are kept: in CustomData. */
static DWORD received_of(INamedPipeServerConnection *connection)
{
    VARIANT value;

    VariantInit(&value);
    INamedPipeServerConnection_get_CustomData(connection, &value);
    return V_VT(&value) == VT_I4 ? (DWORD)V_I4(&value) : 0;
}

static void keep_received(INamedPipeServerConnection *connection, DWORD received)
{
    VARIANT value;

    V_VT(&value) = VT_I4;
    V_I4(&value) = (LONG)received;
    INamedPipeServerConnection_put_CustomData(connection, value);
}

/* An answer of the role's own, as an array of bytes. */
static void send_answer(INamedPipeServerConnection *connection, const answer *out)
{
    VARIANT data;
    LONG count;
    DWORD i;

    V_VT(&data) = VT_ARRAY | VT_UI1;
    V_ARRAY(&data) = SafeArrayCreateVector(VT_UI1, 0, out->bytes);
    if (!V_ARRAY(&data))
        return;
    memcpy(V_ARRAY(&data)->pvData, out->data, out->bytes);
    if (out->to_all)
        INamedPipeServer_AsyncBroadcast(pipe_server, data, nothing, &count);
    for (i = 0; i < out->times && !out->to_all; i++)
        INamedPipeServerConnection_AsyncWrite(connection, data, nothing);
    VariantClear(&data);
}

static void meet_otherwise(INamedPipeServerConnection *connection, const SAFEARRAY *bytes)
{
    DWORD received = what.kind == ROLE_SINK ? received_of(connection) : 0;
    answer out;

    role_meet(&what, &received, bytes->pvData, bytes->rgsabound[0].cElements, &out);
    if (what.kind == ROLE_SINK)
        keep_received(connection, received);
    if (out.times)
        send_answer(connection, &out);
}

void library_meet(IDispatch *object, VARIANT *data)
{
    INamedPipeServerConnection *connection;
    bool by_reference = (V_VT(data) & VT_BYREF) != 0;

    if (FAILED(IDispatch_QueryInterface(object, &IID_INamedPipeServerConnection, (void **)&connection)))
        return;
    if (what.kind == ROLE_ECHO)
        INamedPipeServerConnection_AsyncWrite(connection, *data, nothing);
    else
        meet_otherwise(connection, by_reference ? *V_ARRAYREF(data) : V_ARRAY(data));
    INamedPipeServerConnection_Release(connection);
}

static HRESULT STDMETHODCALLTYPE sink_query(IDispatch *self, REFIID id, void **out)
{
    bool known = IsEqualIID(id, &IID_IUnknown) || IsEqualIID(id, &IID_IDispatch) ||
                 IsEqualIID(id, &DIID__INamedPipeServerEvents);

    *out = known ? self : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE sink_count(IDispatch *self)
{
    (void)self;
    return 2;
}

static HRESULT STDMETHODCALLTYPE sink_type_count(IDispatch *self, UINT *count)
{
    (void)self;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_type(IDispatch *self, UINT index, LCID locale, ITypeInfo **out)
{
    (void)self, (void)index, (void)locale;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE sink_names(IDispatch *self, REFIID id, LPOLESTR *names, UINT count, LCID locale,
                                            DISPID *out)
{
    (void)self, (void)id, (void)names, (void)count, (void)locale, (void)out;
    return E_NOTIMPL;
}

/* The arguments stand last to first: Data, Cookie, Connection. */
static HRESULT STDMETHODCALLTYPE sink_invoke(IDispatch *self, DISPID member, REFIID id, LCID locale, WORD flags,
                                             DISPPARAMS *given, VARIANT *result, EXCEPINFO *failure, UINT *wrong)
{
    VARIANT *connection = given->cArgs == 3 ? &given->rgvarg[2] : NULL;

    (void)self, (void)id, (void)locale, (void)flags, (void)result, (void)failure, (void)wrong;
    if (member == NamedPipeEventClientMessageReceived && connection)
        library_meet(V_VT(connection) & VT_BYREF ? *V_DISPATCHREF(connection) : V_DISPATCH(connection),
                     &given->rgvarg[0]);
    return S_OK;
}

IDispatch *library_sink(void)
{
    static IDispatchVtbl functions = {sink_query, sink_count, sink_count, sink_type_count,
                                      sink_type,  sink_names, sink_invoke};
    static IDispatch sink = {&functions};

    return &sink;
}

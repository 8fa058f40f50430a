#include "com/client_manager.h"

#include "com/calling.h"
#include "com/client_connection.h"
#include "com/conversion.h"
#include "com/diagnosis.h"
#include "com/dispatch.h"
#include "com/error.h"
#include "com/firing.h"
#include "com/names.h"
#include "com/unload.h"
#include "pipe/call.h"
#include "pipe/name.h"

static client_manager *impl_from_INamedPipeClientManager(INamedPipeClientManager *iface)
{
    return CONTAINER_OF(iface, client_manager, INamedPipeClientManager_iface);
}

FORWARD_DUAL(NamedPipeClientManager, INamedPipeClientManager)
FORWARD_HOST(NamedPipeClientManager, INamedPipeClientManager)
FORWARD_CONVERSION(NamedPipeClientManager, INamedPipeClientManager)
FORWARD_SETTING(NamedPipeClientManager, INamedPipeClientManager, ReconnectMs, LONG, long, reconnect_ms)
FORWARD_SETTING(NamedPipeClientManager, INamedPipeClientManager, WaitForServer, VARIANT_BOOL, bool, wait_for_server)

/* ---- addresses ---- */

/* Checks the names and copies them: a wait that follows may run the consumer's code, which may change or free them. */
static HRESULT judge_names(BSTR pipe_name, BSTR server_name, pipe_address *address)
{
    switch (pipe_address_of(pipe_name, SysStringLen(pipe_name), server_name, SysStringLen(server_name), address))
    {
    case ADDRESS_IS_RIGHT: break;
    case ADDRESS_HAS_NO_PIPE_NAME: return error_raise(ERROR_ID_BAD_PIPE_NAME, L"PipeName", pipe_name ? pipe_name : L"");
    case ADDRESS_HAS_NO_SERVER: return error_raise(ERROR_ID_BAD_SERVER_NAME, server_name);
    case ADDRESS_IS_TWO: return error_raise(ERROR_ID_TWO_SERVERS, pipe_name, server_name);
    }
    return S_OK;
}

/* Makes the path of an address. Free *path with mem_free. */
static HRESULT path_create(const pipe_address *address, WCHAR **path)
{
    *path = pipe_path_create(address);
    return *path ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

/* ---- Connect and Stop ---- */

/* Gives the present run or a new one, with a reference. A stop on another thread may end the new run at once: then
 * tries again. */
static HRESULT get_run(client_manager *m, const settings *wanted, host_run **out)
{
    HRESULT hr;

    do
    {
        hr = host_start(&m->host, wanted, NULL, NULL);
        *out = SUCCEEDED(hr) ? host_run_get(&m->host) : NULL;
    } while (SUCCEEDED(hr) && !*out);
    return hr;
}

static HRESULT connect_as_set(client_manager *m, const pipe_address *address, const WCHAR *path, DWORD timeout,
                              const settings *wanted, INamedPipeClientConnection **out)
{
    flow_settings flow;
    host_run *r;
    HRESULT hr = settings_judge_flow(wanted);

    if (FAILED(hr))
        return hr;
    flow = settings_flow(wanted);
    do
    {
        hr = get_run(m, wanted, &r);
        if (FAILED(hr))
            return hr;
        hr = client_connection_create(r, address, path, timeout, &flow, out);
        run_release(&r->run);
    } while (hr == (HRESULT)NamedPipeErrorNotConnected); /* another thread has stopped the run: try in a new run */
    return hr;
}

static HRESULT connect(client_manager *m, const pipe_address *address, LONG timeout, INamedPipeClientConnection **out)
{
    settings wanted;
    WCHAR *path;
    HRESULT hr = path_create(address, &path);

    if (FAILED(hr))
        return hr;
    hr = settings_copy(&m->settings, &wanted);
    if (SUCCEEDED(hr))
        hr = connect_as_set(m, address, path, (DWORD)timeout, &wanted, out);
    settings_fini(&wanted);
    mem_free(path);
    return hr;
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_Connect(INamedPipeClientManager *iface, BSTR pipe_name,
                                                                LONG timeout, BSTR server_name,
                                                                INamedPipeClientConnection **value)
{
    client_manager *m = impl_from_INamedPipeClientManager(iface);
    pipe_address address;
    HRESULT hr;

    if (!value)
        return error_of(&IID_INamedPipeClientManager, error_raise(ERROR_ID_NULL_POINTER));
    *value = NULL;
    host_hold(&m->host); /* it may wait for a stop, and handlers run meanwhile */
    hr = host_judge_timeout(timeout);
    if (SUCCEEDED(hr))
        hr = judge_names(pipe_name, server_name, &address);
    if (SUCCEEDED(hr))
        hr = connect(m, &address, timeout, value);
    host_release(&m->host);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_Stop(INamedPipeClientManager *iface)
{
    client_manager *m = impl_from_INamedPipeClientManager(iface);
    HRESULT hr;

    host_hold(&m->host);
    hr = host_stop(&m->host, 0);
    host_release(&m->host);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_FindNamedPipes(INamedPipeClientManager *iface, BSTR pattern,
                                                                       INamedPipeNames **value)
{
    (void)iface;
    return error_of(&IID_INamedPipeClientManager,
                    value ? names_find(pattern, value) : error_raise(ERROR_ID_NULL_POINTER));
}

/* ---- Call ---- */

/* Raises the error of a Call or a Send; NOT_OPEN means that the server closed the pipe too early. */
static HRESULT raise_call_error(DWORD error, const pipe_address *address, bool is_one_way)
{
    if (error == PIPE_ERROR_NOT_OPEN)
        return error_raise(is_one_way ? ERROR_ID_NOT_TAKEN : ERROR_ID_NO_ANSWER);
    return error_raise_remote(error, address->server);
}

/* What a Call needs of its arguments and of the manager, copied. */
typedef struct call_terms
{
    calling calling;
    pipe_address address;
    WCHAR *path;
    DWORD timeout;
    DWORD limit; /* bytes; the longest answer; 0 for no limit */
    host *host;  /* held, for its trace */
} call_terms;

static void trace_begin(const call_terms *terms, const WCHAR *what)
{
    trace_line line = {.what = what, .more = terms->path};

    tracing_write(&terms->host->tracing, &line);
}

static void trace_bytes(const call_terms *terms, const WCHAR *what, const void *data, DWORD size)
{
    trace_line line = {what, 0, true, size, 0, NULL, data, size};

    tracing_write(&terms->host->tracing, &line);
}

/* Writes how a Call or a Send ended; `b` is the answer, or NULL. */
static void trace_end_of(const call_terms *terms, DWORD error, const buffer *b, DWORD bytes)
{
    trace_line line = {.what = L"call failed", .error = error ? error_number(error) : 0};

    if (error)
        tracing_write(&terms->host->tracing, &line);
    else if (b)
        trace_bytes(terms, L"answer", b->data, bytes);
}

/* Calls the pipe, which may wait. */
static HRESULT call_pipe(calling *of, payload *message, SAFEARRAY **answer)
{
    const call_terms *terms = CONTAINER_OF(of, call_terms, calling);
    buffers pool;
    exchange c = {
        .path = terms->path,
        .data = payload_data(message),
        .size = payload_size(message),
        .timeout = terms->timeout,
        .wait = calling_wait,
        .buffers = &pool.source,
        .framing = of->framing,
        .limit = terms->limit,
        .is_one_way = !answer,
    };
    buffer *b;
    DWORD bytes, error;

    buffers_init(&pool, 0);
    trace_begin(terms, answer ? L"call" : L"send");
    trace_bytes(terms, L"write", c.data, c.size);
    error = call_perform(&c, &b, &bytes);
    trace_end_of(terms, error, answer ? b : NULL, bytes);
    if (!error && answer)
        *answer = calling_answer(&pool.source, b, bytes);
    buffers_fini(&pool);
    return error ? raise_call_error(error, &terms->address, !answer) : S_OK;
}

static HRESULT take_settings(call_terms *c, client_manager *m)
{
    call_settings wanted;
    HRESULT hr = settings_get_call(&m->settings, &wanted);

    if (FAILED(hr))
        return hr;
    c->calling.perform = call_pipe;
    c->calling.framing = wanted.framing;
    c->limit = wanted.limit;
    return S_OK;
}

/* Call it before anything of the consumer's can run, which may change or free the names or release the manager. Call
 * call_terms_fini afterwards, also after a failure. */
static HRESULT call_terms_init(call_terms *c, client_manager *m, BSTR pipe_name, BSTR server_name, LONG timeout)
{
    HRESULT hr = host_judge_timeout(timeout);

    unload_prevent(); /* that code may have this DLL unloaded, too */
    c->host = &m->host;
    host_hold(c->host); /* cannot fail: a method of the manager runs */
    c->path = NULL;
    c->timeout = (DWORD)timeout;
    if (SUCCEEDED(hr))
        hr = judge_names(pipe_name, server_name, &c->address);
    if (SUCCEEDED(hr))
        hr = take_settings(c, m);
    return SUCCEEDED(hr) ? path_create(&c->address, &c->path) : hr;
}

static void call_terms_fini(call_terms *c)
{
    mem_free(c->path);
    host_release(c->host);
    unload_permit();
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_Call(INamedPipeClientManager *iface, BSTR pipe_name,
                                                             VARIANT value, LONG timeout, BSTR server_name,
                                                             SAFEARRAY **answer)
{
    call_terms terms;
    HRESULT hr = call_terms_init(&terms, impl_from_INamedPipeClientManager(iface), pipe_name, server_name, timeout);

    if (answer)
        *answer = NULL;
    if (SUCCEEDED(hr))
        hr = calling_bytes(&terms.calling, &value, answer);
    call_terms_fini(&terms);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_CallText(INamedPipeClientManager *iface, BSTR pipe_name,
                                                                 BSTR text, LONG timeout, BSTR server_name,
                                                                 LONG code_page, BSTR *answer)
{
    call_terms terms;
    HRESULT hr = call_terms_init(&terms, impl_from_INamedPipeClientManager(iface), pipe_name, server_name, timeout);

    if (answer)
        *answer = NULL;
    if (SUCCEEDED(hr))
        hr = calling_text(&terms.calling, text, code_page, answer);
    call_terms_fini(&terms);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_CallJson(INamedPipeClientManager *iface, BSTR pipe_name,
                                                                 VARIANT value, LONG timeout, BSTR server_name,
                                                                 VARIANT *answer)
{
    call_terms terms;
    HRESULT hr = call_terms_init(&terms, impl_from_INamedPipeClientManager(iface), pipe_name, server_name, timeout);

    if (answer)
        VariantInit(answer);
    if (SUCCEEDED(hr))
        hr = calling_json(&terms.calling, &value, answer);
    call_terms_fini(&terms);
    return error_of(&IID_INamedPipeClientManager, hr);
}

/* ---- Send ---- */

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_Send(INamedPipeClientManager *iface, BSTR pipe_name,
                                                             VARIANT value, LONG timeout, BSTR server_name)
{
    call_terms terms;
    HRESULT hr = call_terms_init(&terms, impl_from_INamedPipeClientManager(iface), pipe_name, server_name, timeout);

    if (SUCCEEDED(hr))
        hr = calling_send_bytes(&terms.calling, &value);
    call_terms_fini(&terms);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_SendText(INamedPipeClientManager *iface, BSTR pipe_name,
                                                                 BSTR text, LONG timeout, BSTR server_name,
                                                                 LONG code_page)
{
    call_terms terms;
    HRESULT hr = call_terms_init(&terms, impl_from_INamedPipeClientManager(iface), pipe_name, server_name, timeout);

    if (SUCCEEDED(hr))
        hr = calling_send_text(&terms.calling, text, code_page);
    call_terms_fini(&terms);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_SendJson(INamedPipeClientManager *iface, BSTR pipe_name,
                                                                 VARIANT value, LONG timeout, BSTR server_name)
{
    call_terms terms;
    HRESULT hr = call_terms_init(&terms, impl_from_INamedPipeClientManager(iface), pipe_name, server_name, timeout);

    if (SUCCEEDED(hr))
        hr = calling_send_json(&terms.calling, &value);
    call_terms_fini(&terms);
    return error_of(&IID_INamedPipeClientManager, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeClientManager_Diagnose(INamedPipeClientManager *iface, BSTR *value)
{
    client_manager *m = impl_from_INamedPipeClientManager(iface);
    diagnosis_subject subject = {&m->host, &m->settings, NULL, false};

    return error_of(&IID_INamedPipeClientManager, diagnosis_write(&subject, value));
}

static const INamedPipeClientManagerVtbl NamedPipeClientManager_vtable = {
    .QueryInterface = NamedPipeClientManager_QueryInterface,
    .AddRef = NamedPipeClientManager_AddRef,
    .Release = NamedPipeClientManager_Release,
    .GetTypeInfoCount = NamedPipeClientManager_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeClientManager_GetTypeInfo,
    .GetIDsOfNames = NamedPipeClientManager_GetIDsOfNames,
    .Invoke = NamedPipeClientManager_Invoke,
    .get_NumThreadsIOCP = NamedPipeClientManager_get_NumThreadsIOCP,
    .put_NumThreadsIOCP = NamedPipeClientManager_put_NumThreadsIOCP,
    .get_FreeThreadingEvents = NamedPipeClientManager_get_FreeThreadingEvents,
    .put_FreeThreadingEvents = NamedPipeClientManager_put_FreeThreadingEvents,
    .get_ContinuouslyReadFromPipe = NamedPipeClientManager_get_ContinuouslyReadFromPipe,
    .put_ContinuouslyReadFromPipe = NamedPipeClientManager_put_ContinuouslyReadFromPipe,
    .get_MessageBufferSize = NamedPipeClientManager_get_MessageBufferSize,
    .put_MessageBufferSize = NamedPipeClientManager_put_MessageBufferSize,
    .get_Version = NamedPipeClientManager_get_Version,
    .get_MaxMessageSize = NamedPipeClientManager_get_MaxMessageSize,
    .put_MaxMessageSize = NamedPipeClientManager_put_MaxMessageSize,
    .get_ReceiveQueueLimit = NamedPipeClientManager_get_ReceiveQueueLimit,
    .put_ReceiveQueueLimit = NamedPipeClientManager_put_ReceiveQueueLimit,
    .get_SendQueueLimit = NamedPipeClientManager_get_SendQueueLimit,
    .put_SendQueueLimit = NamedPipeClientManager_put_SendQueueLimit,
    .get_IdleTimeout = NamedPipeClientManager_get_IdleTimeout,
    .put_IdleTimeout = NamedPipeClientManager_put_IdleTimeout,
    .get_LastEventError = NamedPipeClientManager_get_LastEventError,
    .get_Framing = NamedPipeClientManager_get_Framing,
    .put_Framing = NamedPipeClientManager_put_Framing,
    .get_ReconnectMs = NamedPipeClientManager_get_ReconnectMs,
    .put_ReconnectMs = NamedPipeClientManager_put_ReconnectMs,
    .get_WaitForServer = NamedPipeClientManager_get_WaitForServer,
    .put_WaitForServer = NamedPipeClientManager_put_WaitForServer,
    .Stop = NamedPipeClientManager_Stop,
    .ManualMessageLoopEnter = NamedPipeClientManager_ManualMessageLoopEnter,
    .ManualMessageLoopLeave = NamedPipeClientManager_ManualMessageLoopLeave,
    .WaitEvent = NamedPipeClientManager_WaitEvent,
    .BytesToText = NamedPipeClientManager_BytesToText,
    .TextToBytes = NamedPipeClientManager_TextToBytes,
    .BytesToArray = NamedPipeClientManager_BytesToArray,
    .ToJson = NamedPipeClientManager_ToJson,
    .FromJson = NamedPipeClientManager_FromJson,
    .Connect = NamedPipeClientManager_Connect,
    .FindNamedPipes = NamedPipeClientManager_FindNamedPipes,
    .Call = NamedPipeClientManager_Call,
    .CallText = NamedPipeClientManager_CallText,
    .CallJson = NamedPipeClientManager_CallJson,
    .Send = NamedPipeClientManager_Send,
    .SendText = NamedPipeClientManager_SendText,
    .SendJson = NamedPipeClientManager_SendJson,
    .get_TraceFile = NamedPipeClientManager_get_TraceFile,
    .put_TraceFile = NamedPipeClientManager_put_TraceFile,
    .get_TraceData = NamedPipeClientManager_get_TraceData,
    .put_TraceData = NamedPipeClientManager_put_TraceData,
    .Diagnose = NamedPipeClientManager_Diagnose,
};

/* ---- life ---- */

/* Called at the consumers' last Release. */
static void client_manager_destroy(object *o)
{
    client_manager *m = CONTAINER_OF(o, client_manager, object);

    host_drop_user(&m->host);
    host_release(&m->host);
}

static void client_manager_begin_call(object *o)
{
    host_hold(&CONTAINER_OF(o, client_manager, object)->host);
}

static void client_manager_end_call(object *o)
{
    host_release(&CONTAINER_OF(o, client_manager, object)->host);
}

static const object_interface client_manager_interfaces[] = {
    {&IID_INamedPipeClientManager, offsetof(client_manager, INamedPipeClientManager_iface)},
    {NULL, 0},
};

static const object_kind client_manager_kind = {
    .dual = &IID_INamedPipeClientManager,
    .coclass = &CLSID_NamedPipeClientManager,
    .interfaces = client_manager_interfaces,
    .destroy = client_manager_destroy,
    .begin_call = client_manager_begin_call,
    .end_call = client_manager_end_call,
};

static void client_manager_end(host *h)
{
    client_manager *m = CONTAINER_OF(h, client_manager, host);

    host_fini(h);
    settings_fini(&m->settings);
    object_fini(&m->object);
    mem_free(m);
}

static const host_calls client_manager_calls = {
    .kind = L"manager",
    .events = &firing_calls,
    .end = client_manager_end,
};

HRESULT NamedPipeClientManager_create(REFIID riid, void **out)
{
    client_manager *m = mem_alloc(sizeof(*m));
    HRESULT hr;

    *out = NULL;
    if (!m || !host_init(&m->host, &client_manager_calls))
    {
        mem_free(m);
        return E_OUTOFMEMORY;
    }
    object_init(&m->object, &client_manager_kind);
    m->INamedPipeClientManager_iface.lpVtbl = (INamedPipeClientManagerVtbl *)&NamedPipeClientManager_vtable;
    settings_init(&m->settings);
    hr = object_query_interface(&m->object, riid, out);
    object_release(&m->object);
    return hr;
}

#include "support/com/recording_sink.h"

#include "support/deliver/ui_thread.h"

#include <dispex.h>

#include <algorithm>

namespace
{

const IID iid_dispatch_ex = {0xa6ef9860, 0xc720, 0x11d0, {0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9}};

/* By NamedPipeEventKind, from 1 on. */
const wchar_t *const names[] = {L"ServerReady",           L"ClientConnected",   L"ClientDisconnected",
                                L"ClientMessageReceived", L"ClientMessageSent", L"ClientError",
                                L"ServerError",           L"Connected",         L"Disconnected",
                                L"MessageReceived",       L"MessageSent",       L"Error"};

const char *const words[] = {"ready",        "connected", "disconnected", "message", "sent", "client error",
                             "server error", "connected", "disconnected", "message", "sent", "error"};

/* How far a client's event is behind its DISPID. */
constexpr DISPID client_offset = NamedPipeEventConnected - 1;

/* A named sink's own numbers, which are none of the dispinterface's. */
constexpr DISPID first_named = 100;

std::string narrow(const wchar_t *wide)
{
    std::string text;

    for (; wide && *wide; wide++)
        text += static_cast<char>(*wide);
    return text;
}

std::string text_of(SAFEARRAY *array)
{
    return {static_cast<const char *>(array->pvData), array->rgsabound[0].cElements};
}

DISPID id_of(const wchar_t *name)
{
    for (DISPID i = 0; i < NamedPipeEventError; i++)
        if (!lstrcmpiW(name, names[i]))
            return first_named + i;
    return DISPID_UNKNOWN;
}

bool is_ref(const VARIANT &v)
{
    return (V_VT(&v) & VT_BYREF) != 0;
}

class recording_sink : public IDispatchEx
{
  public:
    recording_sink(std::shared_ptr<event_log> log, sink_nature nature, event_handler handler)
        : log(std::move(log)), nature(nature), handler(std::move(handler))
    {
        InterlockedIncrement(&this->log->sinks);
        if (is_agile())
            CoCreateFreeThreadedMarshaler(this, marshaler.put());
    }

    virtual ~recording_sink()
    {
        log->released_on = GetCurrentThreadId();
        InterlockedDecrement(&log->sinks);
    }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override
    {
        *out = nullptr;
        if (riid == IID_IMarshal && marshaler)
            return marshaler->QueryInterface(riid, out);
        if (riid == DIID__INamedPipeClientConnectionEvents && !is_named())
            offset = client_offset;
        if (riid == IID_IUnknown || riid == IID_IDispatch ||
            (offset && riid == DIID__INamedPipeClientConnectionEvents) ||
            (riid == DIID__INamedPipeServerEvents && !is_named()) || (riid == IID_IAgileObject && is_agile()) ||
            (riid == iid_dispatch_ex && nature == sink_nature::names_ex))
            *out = static_cast<IDispatchEx *>(this);
        if (!*out)
            return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return static_cast<ULONG>(InterlockedIncrement(&references));
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        LONG left = InterlockedDecrement(&references);

        if (left == 0)
            delete this;
        return static_cast<ULONG>(left);
    }

    HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *count) override
    {
        *count = 0;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT, LCID, ITypeInfo **) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID, LPOLESTR *asked, UINT, LCID, DISPID *ids) override
    {
        ids[0] = is_named() && nature != sink_nature::names_ex ? id_of(asked[0]) : DISPID_UNKNOWN;
        return ids[0] == DISPID_UNKNOWN ? DISP_E_UNKNOWNNAME : S_OK;
    }
    HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *params, VARIANT *, EXCEPINFO *,
                                     UINT *) override
    {
        told_event event;
        com_ptr<INamedPipeServerConnection> connection;

        event.kind = static_cast<NamedPipeEventKind>(is_named() ? id - first_named + 1 : id + offset);
        event.thread = GetCurrentThreadId();
        read_arguments(*params, event, connection);
        log->add(event);
        if (handler)
            handler(event, connection.get());
        return S_OK;
    }

    HRESULT STDMETHODCALLTYPE GetDispID(BSTR name, DWORD, DISPID *id) override
    {
        *id = id_of(name);
        return *id == DISPID_UNKNOWN ? DISP_E_UNKNOWNNAME : S_OK;
    }
    HRESULT STDMETHODCALLTYPE InvokeEx(DISPID id, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                                       EXCEPINFO *exception, IServiceProvider *) override
    {
        return Invoke(id, IID_NULL, lcid, flags, params, result, exception, nullptr);
    }
    HRESULT STDMETHODCALLTYPE DeleteMemberByName(BSTR, DWORD) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE DeleteMemberByDispID(DISPID) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE GetMemberProperties(DISPID, DWORD, DWORD *) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE GetMemberName(DISPID, BSTR *) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE GetNextDispID(DWORD, DISPID, DISPID *) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE GetNameSpaceParent(IUnknown **) override
    {
        return E_NOTIMPL;
    }

  private:
    bool is_named() const
    {
        return nature != sink_nature::bound && nature != sink_nature::agile;
    }
    bool is_agile() const
    {
        return nature == sink_nature::agile || nature == sink_nature::names_agile;
    }

    static void read_arguments(const DISPPARAMS &params, told_event &event,
                               com_ptr<INamedPipeServerConnection> &connection)
    {
        for (UINT i = params.cArgs; i-- > 0;)
        {
            const VARIANT &value = params.rgvarg[i];

            event.by_reference |= is_ref(value);
            switch (V_VT(&value))
            {
            case VT_DISPATCH: take_connection(V_DISPATCH(&value), event, connection); break;
            case VT_BYREF | VT_DISPATCH: take_connection(*V_DISPATCHREF(&value), event, connection); break;
            case VT_ARRAY | VT_UI1: event.text = text_of(V_ARRAY(&value)); break;
            case VT_BYREF | VT_ARRAY | VT_UI1: event.text = text_of(*V_ARRAYREF(&value)); break;
            case VT_BYREF | VT_VARIANT: VariantCopyInd(&event.cookie, V_VARIANTREF(&value)); break;
            case VT_BSTR: event.text = narrow(V_BSTR(&value)); break;
            default: VariantCopy(&event.cookie, const_cast<VARIANT *>(&value)); break;
            }
        }
    }

    static void take_connection(IDispatch *object, told_event &event, com_ptr<INamedPipeServerConnection> &connection)
    {
        if (!object)
            return;
        object->QueryInterface(IID_INamedPipeServerConnection, connection.put_void());
        if (connection)
            connection->get_ID(&event.connection);
    }

    volatile LONG references = 1;
    DISPID offset = 0;
    std::shared_ptr<event_log> log;
    sink_nature nature;
    event_handler handler;
    com_ptr<IUnknown> marshaler;
};

} // namespace

std::string told_event::str() const
{
    std::string line = words[kind - 1];

    if (connection)
        line += " " + std::to_string(connection);
    if (kind == NamedPipeEventClientMessageReceived || kind == NamedPipeEventMessageReceived)
        line += " " + text;
    return line;
}

event_log::event_log() = default;

void event_log::add(const told_event &event)
{
    AcquireSRWLockExclusive(&lock);
    told.push_back(event);
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&changed);
}

std::vector<told_event> event_log::events() const
{
    AcquireSRWLockExclusive(&lock);
    std::vector<told_event> copy = told;
    ReleaseSRWLockExclusive(&lock);
    return copy;
}

std::vector<std::string> event_log::all() const
{
    std::vector<std::string> lines;

    for (const told_event &event : events())
        lines.push_back(event.str());
    return lines;
}

std::vector<DWORD> event_log::threads() const
{
    std::vector<DWORD> ids;

    for (const told_event &event : events())
        ids.push_back(event.thread);
    return ids;
}

static size_t count_of(const std::vector<told_event> &told, NamedPipeEventKind kind)
{
    return static_cast<size_t>(
        std::count_if(told.begin(), told.end(), [&](const told_event &event) { return event.kind == kind; }));
}

size_t event_log::count(NamedPipeEventKind kind) const
{
    AcquireSRWLockExclusive(&lock);
    size_t many = count_of(told, kind);
    ReleaseSRWLockExclusive(&lock);
    return many;
}

size_t event_log::count() const
{
    AcquireSRWLockExclusive(&lock);
    size_t many = told.size();
    ReleaseSRWLockExclusive(&lock);
    return many;
}

bool event_log::wait_for(NamedPipeEventKind kind, size_t many, DWORD ms) const
{
    const ULONGLONG until = GetTickCount64() + ms;
    bool came;

    AcquireSRWLockExclusive(&lock);
    while (!(came = count_of(told, kind) >= many) && GetTickCount64() < until)
        SleepConditionVariableSRW(&changed, &lock, static_cast<DWORD>(until - GetTickCount64()), 0);
    ReleaseSRWLockExclusive(&lock);
    return came;
}

bool event_log::pump_for(NamedPipeEventKind kind, size_t many, DWORD ms) const
{
    return dispatch_until([&] { return count(kind) >= many; }, ms);
}

event_handler with_end(event_handler handler, std::function<void()> at_the_end)
{
    std::shared_ptr<void> end(nullptr, [at_the_end](void *) { at_the_end(); });

    return [handler, end](const told_event &event, INamedPipeServerConnection *connection)
    {
        if (handler)
            handler(event, connection);
    };
}

com_ptr<IDispatch> make_recording_sink(std::shared_ptr<event_log> log, sink_nature nature, event_handler handler)
{
    return com_ptr<IDispatch>(new recording_sink(std::move(log), nature, std::move(handler)));
}

std::string str_of(INamedPipeEvent *event)
{
    com_ptr<IDispatch> object;
    com_ptr<INamedPipeServerConnection> of_server;
    told_event told;
    bstr text;

    if (!event)
        return "nothing";
    event->get_Kind(&told.kind);
    event->get_Connection(object.put());
    if (object)
        of_server = object.as<INamedPipeServerConnection>(IID_INamedPipeServerConnection);
    if (of_server)
        of_server->get_ID(&told.connection);
    event->get_Text(text.put());
    told.text = narrow(text.get());
    return told.str();
}

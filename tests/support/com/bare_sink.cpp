#include "support/com/bare_sink.h"

namespace
{

/* By NamedPipeEventKind, from 1 on. */
const wchar_t *const names[] = {L"ServerReady",           L"ClientConnected",   L"ClientDisconnected",
                                L"ClientMessageReceived", L"ClientMessageSent", L"ClientError",
                                L"ServerError",           L"Connected",         L"Disconnected",
                                L"MessageReceived",       L"MessageSent",       L"Error"};

/* How far a client's event is behind its DISPID. */
constexpr DISPID client_offset = NamedPipeEventConnected - 1;

/* A named sink's own numbers, which are none of the dispinterface's. */
constexpr DISPID first_named = 100;

HRESULT find_name(const wchar_t *name, DISPID *id)
{
    for (DISPID i = 0; i < NamedPipeEventError; i++)
        if (!lstrcmpiW(name, names[i]))
            return *id = first_named + i, S_OK;
    return DISP_E_UNKNOWNNAME;
}

agility agility_of(sink_nature nature)
{
    return nature == sink_nature::agile || nature == sink_nature::names_agile ? agility::agile : agility::bound;
}

class bare_sink : public dispatch_stub
{
  public:
    bare_sink(bare_handler handler, sink_nature nature, reference_count references)
        : dispatch_stub(agility_of(nature), std::move(references)), handler(std::move(handler)), nature(nature)
    {
    }

  protected:
    bool has(REFIID riid) override
    {
        if (is_named())
            return riid == iid_dispatch_ex && nature == sink_nature::names_ex;
        if (riid == DIID__INamedPipeClientConnectionEvents)
            offset = client_offset;
        return riid == DIID__INamedPipeServerEvents || riid == DIID__INamedPipeClientConnectionEvents;
    }
    HRESULT find(const wchar_t *name, DISPID *id) override
    {
        return is_named() && nature != sink_nature::names_ex ? find_name(name, id) : DISP_E_UNKNOWNNAME;
    }
    HRESULT find_ex(const wchar_t *name, DWORD, DISPID *id) override
    {
        return find_name(name, id);
    }
    HRESULT call(DISPID id, DISPPARAMS &params, EXCEPINFO *exception) override
    {
        bare_call made = {};
        com_ptr<INamedPipeServerConnection> connection;

        made.event = static_cast<NamedPipeEventKind>(is_named() ? id - first_named + 1 : id + offset);
        made.params = &params;
        made.exception = exception;
        for (UINT i = params.cArgs; i-- > 0;)
            read(params.rgvarg[i], made, connection);
        made.connection = connection.get();
        return handler(made);
    }

  private:
    bool is_named() const
    {
        return nature != sink_nature::bound && nature != sink_nature::agile;
    }

    static void read(VARIANT &value, bare_call &call, com_ptr<INamedPipeServerConnection> &connection)
    {
        call.by_reference = call.by_reference || (V_VT(&value) & VT_BYREF);
        switch (V_VT(&value))
        {
        case VT_BYREF | VT_DISPATCH:
            call.connection_slot = V_DISPATCHREF(&value);
            take_connection(*call.connection_slot, connection);
            break;
        case VT_DISPATCH: take_connection(V_DISPATCH(&value), connection); break;
        case VT_BYREF | VT_ARRAY | VT_UI1:
            call.data_slot = V_ARRAYREF(&value);
            call.data = *call.data_slot;
            break;
        case VT_ARRAY | VT_UI1: call.data = V_ARRAY(&value); break;
        case VT_BYREF | VT_VARIANT:
            call.cookie_slot = V_VARIANTREF(&value);
            call.cookie = &value;
            break;
        case VT_I4:
            call.number = V_I4(&value);
            call.cookie = &value;
            break;
        case VT_BSTR: call.description = V_BSTR(&value) ? V_BSTR(&value) : L""; break;
        default: call.cookie = &value; break;
        }
    }

    static void take_connection(IDispatch *object, com_ptr<INamedPipeServerConnection> &connection)
    {
        if (object && !connection)
            object->QueryInterface(IID_INamedPipeServerConnection, connection.put_void());
    }

    bare_handler handler;
    sink_nature nature;
    DISPID offset = 0;
};

} // namespace

std::string bare_call::text() const
{
    return data ? std::string(static_cast<const char *>(data->pvData), data->rgsabound[0].cElements) : std::string();
}

bare_handler when(NamedPipeEventKind kind, bare_handler act)
{
    return [kind, act](bare_call &call) { return call.event == kind ? act(call) : S_OK; };
}

com_ptr<IDispatch> make_bare_sink(bare_handler handler, sink_nature nature, reference_count references)
{
    return com_ptr<IDispatch>(new bare_sink(std::move(handler), nature, std::move(references)));
}

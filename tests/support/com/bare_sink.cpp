#include "support/com/bare_sink.h"

namespace
{

class bare_sink : public IDispatch
{
  public:
    bare_sink(bare_handler handler, sink_nature nature, std::shared_ptr<LONG> references)
        : handler(std::move(handler)), nature(nature), count(references ? references : std::make_shared<LONG>(0))
    {
        *count = 1;
        if (nature == sink_nature::agile)
            CoCreateFreeThreadedMarshaler(this, marshaler.put());
    }
    virtual ~bare_sink() = default;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override
    {
        *out = nullptr;
        if (riid == IID_IMarshal && marshaler)
            return marshaler->QueryInterface(riid, out);
        if (riid == IID_IUnknown || riid == IID_IDispatch || riid == DIID__INamedPipeServerEvents ||
            (riid == IID_IAgileObject && marshaler))
            *out = static_cast<IDispatch *>(this);
        if (!*out)
            return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return static_cast<ULONG>(InterlockedIncrement(count.get()));
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        LONG left = InterlockedDecrement(count.get());

        if (left == 0)
            delete this;
        return static_cast<ULONG>(left);
    }
    HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *types) override
    {
        *types = 0;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT, LCID, ITypeInfo **) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID, LPOLESTR *asked, UINT, LCID, DISPID *ids) override
    {
        if (nature != sink_nature::names || lstrcmpW(asked[0], L"ClientMessageReceived"))
            return DISP_E_UNKNOWNNAME;
        ids[0] = 4; /* as in the dispinterface */
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *params, VARIANT *, EXCEPINFO *exception,
                                     UINT *) override
    {
        bare_call call = {};
        com_ptr<INamedPipeServerConnection> connection;

        call.event = id;
        call.params = params;
        call.exception = exception;
        for (UINT i = 0; i < params->cArgs; i++)
            read(params->rgvarg[i], call, connection);
        call.connection = connection.get();
        return handler(call);
    }

  private:
    static void read(VARIANT &value, bare_call &call, com_ptr<INamedPipeServerConnection> &connection)
    {
        switch (V_VT(&value))
        {
        case VT_BYREF | VT_DISPATCH:
            call.connection_slot = V_DISPATCHREF(&value);
            (*call.connection_slot)->QueryInterface(IID_INamedPipeServerConnection, connection.put_void());
            break;
        case VT_DISPATCH:
            V_DISPATCH(&value)->QueryInterface(IID_INamedPipeServerConnection, connection.put_void());
            break;
        case VT_BYREF | VT_ARRAY | VT_UI1:
            call.data_slot = V_ARRAYREF(&value);
            call.data = *call.data_slot;
            break;
        case VT_ARRAY | VT_UI1: call.data = V_ARRAY(&value); break;
        case VT_BYREF | VT_VARIANT: call.cookie_slot = V_VARIANTREF(&value); break;
        case VT_I4: call.number = V_I4(&value); break;
        case VT_BSTR: call.description = V_BSTR(&value); break;
        default: break;
        }
    }

    bare_handler handler;
    sink_nature nature;
    std::shared_ptr<LONG> count;
    com_ptr<IUnknown> marshaler;
};

} // namespace

std::string bare_call::text() const
{
    return data ? std::string(static_cast<const char *>(data->pvData), data->rgsabound[0].cElements) : std::string();
}

com_ptr<IDispatch> make_bare_sink(bare_handler handler, sink_nature nature, std::shared_ptr<LONG> references)
{
    return com_ptr<IDispatch>(new bare_sink(std::move(handler), nature, std::move(references)));
}

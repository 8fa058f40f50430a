#include "support/com/consumer_object.h"

namespace
{

class consumer_object : public IDispatch
{
  public:
    consumer_object(std::shared_ptr<object_fate> fate, agility how, REFIID events) : fate(fate), events(events)
    {
        fate->references = 1;
        if (how == agility::agile)
            CoCreateFreeThreadedMarshaler(this, marshaler.put());
    }

    virtual ~consumer_object() = default;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override
    {
        touch();
        *out = nullptr;
        if (riid == IID_IMarshal && marshaler)
            return marshaler->QueryInterface(riid, out);
        if (riid == IID_IUnknown || riid == IID_IDispatch || (riid == events && events != GUID_NULL) ||
            (riid == IID_IAgileObject && marshaler))
            *out = static_cast<IDispatch *>(this);
        if (!*out)
            return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        touch();
        return static_cast<ULONG>(++fate->references);
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        LONG left = --fate->references;

        if (left == 0)
        {
            fate->released_on = GetCurrentThreadId();
            delete this;
        }
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
    HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID, LPOLESTR *, UINT, LCID, DISPID *) override
    {
        return DISP_E_UNKNOWNNAME;
    }
    HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *, VARIANT *, EXCEPINFO *,
                                     UINT *) override
    {
        fate->called_on = GetCurrentThreadId();
        fate->last_dispid = id;
        fate->calls++;
        return S_OK;
    }

  private:
    void touch()
    {
        if (auto act = std::exchange(fate->when_touched, nullptr))
            act();
    }

    std::shared_ptr<object_fate> fate;
    IID events;
    com_ptr<IUnknown> marshaler;
};

class plain_unknown : public IUnknown
{
  public:
    virtual ~plain_unknown() = default;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override
    {
        *out = riid == IID_IUnknown ? this : nullptr;
        if (!*out)
            return E_NOINTERFACE;
        AddRef();
        return S_OK;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return static_cast<ULONG>(++references);
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        LONG left = --references;

        if (left == 0)
            delete this;
        return static_cast<ULONG>(left);
    }

  private:
    std::atomic<LONG> references{1};
};

} // namespace

com_ptr<IDispatch> make_consumer_object(std::shared_ptr<object_fate> fate, agility how, REFIID events)
{
    return com_ptr<IDispatch>(new consumer_object(fate, how, events));
}

com_ptr<IUnknown> make_plain_unknown()
{
    return com_ptr<IUnknown>(new plain_unknown());
}

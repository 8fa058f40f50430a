#include "support/com/consumer_object.h"

namespace
{

class consumer_object : public dispatch_stub
{
  public:
    consumer_object(std::shared_ptr<object_fate> fate, agility how, REFIID events)
        : dispatch_stub(how, reference_count(fate, &fate->references)), fate(fate), events(events)
    {
    }
    ~consumer_object() override
    {
        fate->released_on = GetCurrentThreadId();
    }

  protected:
    bool has(REFIID riid) override
    {
        return riid == events && events != GUID_NULL;
    }
    HRESULT call(DISPID id, DISPPARAMS &, EXCEPINFO *) override
    {
        fate->called_on = GetCurrentThreadId();
        fate->last_dispid = id;
        fate->calls++;
        return S_OK;
    }
    void touched() override
    {
        if (auto act = std::exchange(fate->when_touched, nullptr))
            act();
    }

  private:
    std::shared_ptr<object_fate> fate;
    IID events;
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

/* dispatch_stub.h: an object of the consumer's that has nothing but IDispatch: no type information, no names. What an
 * object is beyond that, the class derived from this one says. */

#ifndef SUPPORT_COM_DISPATCH_STUB_H
#define SUPPORT_COM_DISPATCH_STUB_H

#include "support/com/com_values.h"

#include <dispex.h>

#include <atomic>
#include <memory>

extern const IID iid_dispatch_ex;

enum class agility
{
    bound, /* to the apartment in which it was made */
    agile  /* answers IAgileObject and aggregates the free-threaded marshaler */
};

/* The references of an object, for those who look at them, also when it has gone. */
using reference_count = std::shared_ptr<std::atomic<LONG>>;

/* Made by new, with one reference; it deletes itself with the last. */
class dispatch_stub : public IDispatchEx
{
  public:
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override;
    ULONG STDMETHODCALLTYPE AddRef() override;
    ULONG STDMETHODCALLTYPE Release() override;
    HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *types) override;
    HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT, LCID, ITypeInfo **) override;
    HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID, LPOLESTR *names, UINT, LCID, DISPID *ids) override;
    HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *params, VARIANT *, EXCEPINFO *exception,
                                     UINT *) override;
    HRESULT STDMETHODCALLTYPE GetDispID(BSTR name, DWORD flags, DISPID *id) override;
    HRESULT STDMETHODCALLTYPE InvokeEx(DISPID id, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                                       EXCEPINFO *exception, IServiceProvider *) override;
    HRESULT STDMETHODCALLTYPE DeleteMemberByName(BSTR, DWORD) override;
    HRESULT STDMETHODCALLTYPE DeleteMemberByDispID(DISPID) override;
    HRESULT STDMETHODCALLTYPE GetMemberProperties(DISPID, DWORD, DWORD *) override;
    HRESULT STDMETHODCALLTYPE GetMemberName(DISPID, BSTR *) override;
    HRESULT STDMETHODCALLTYPE GetNextDispID(DWORD, DISPID, DISPID *) override;
    HRESULT STDMETHODCALLTYPE GetNameSpaceParent(IUnknown **) override;

  protected:
    explicit dispatch_stub(agility how = agility::bound, reference_count references = nullptr);
    virtual ~dispatch_stub() = default;

    /* Invoke and InvokeEx. */
    virtual HRESULT call(DISPID id, DISPPARAMS &params, EXCEPINFO *exception) = 0;

    /* Which interfaces it has beside IUnknown, IDispatch and those of its agility. */
    virtual bool has(REFIID riid);
    /* GetIDsOfNames for one name, and GetDispID: which it has if it has iid_dispatch_ex. */
    virtual HRESULT find(const wchar_t *name, DISPID *id);
    virtual HRESULT find_ex(const wchar_t *name, DWORD flags, DISPID *id);
    /* At the beginning of each AddRef and QueryInterface. */
    virtual void touched();

  private:
    reference_count references;
    com_ptr<IUnknown> marshaler;
};

#endif

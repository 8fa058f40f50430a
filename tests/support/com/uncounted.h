/* uncounted.h: an object of COM's whose life its owner ends, whatever its references. */

#ifndef SUPPORT_COM_UNCOUNTED_H
#define SUPPORT_COM_UNCOUNTED_H

#include <windows.h>

#include <ole2.h>

template <typename Interface, const IID &iid> class uncounted : public Interface
{
  public:
    uncounted() = default;
    uncounted(const uncounted &) = delete;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **out) override
    {
        *out = riid == IID_IUnknown || riid == iid ? this : nullptr;
        return *out ? S_OK : E_NOINTERFACE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override
    {
        return 2;
    }
    ULONG STDMETHODCALLTYPE Release() override
    {
        return 1;
    }

  protected:
    ~uncounted() = default;
};

#endif

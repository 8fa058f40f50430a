#include "support/com/dispatch_stub.h"

const IID iid_dispatch_ex = {0xa6ef9860, 0xc720, 0x11d0, {0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9}};

dispatch_stub::dispatch_stub(agility how, reference_count count)
    : references(count ? std::move(count) : std::make_shared<std::atomic<LONG>>())
{
    *references = 1;
    if (how == agility::agile)
        CoCreateFreeThreadedMarshaler(this, marshaler.put());
}

HRESULT STDMETHODCALLTYPE dispatch_stub::QueryInterface(REFIID riid, void **out)
{
    touched();
    *out = nullptr;
    if (riid == IID_IMarshal && marshaler)
        return marshaler->QueryInterface(riid, out);
    if (riid == IID_IUnknown || riid == IID_IDispatch || (riid == IID_IAgileObject && marshaler) || has(riid))
        *out = static_cast<IDispatchEx *>(this);
    if (!*out)
        return E_NOINTERFACE;
    AddRef();
    return S_OK;
}

ULONG STDMETHODCALLTYPE dispatch_stub::AddRef()
{
    touched();
    return static_cast<ULONG>(++*references);
}

ULONG STDMETHODCALLTYPE dispatch_stub::Release()
{
    const LONG left = --*references;

    if (left == 0)
        delete this;
    return static_cast<ULONG>(left);
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetTypeInfoCount(UINT *types)
{
    *types = 0;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetTypeInfo(UINT, LCID, ITypeInfo **)
{
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetIDsOfNames(REFIID, LPOLESTR *names, UINT, LCID, DISPID *ids)
{
    ids[0] = DISPID_UNKNOWN;
    return find(names[0], ids);
}

HRESULT STDMETHODCALLTYPE dispatch_stub::Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *params, VARIANT *,
                                                EXCEPINFO *exception, UINT *)
{
    return call(id, *params, exception);
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetDispID(BSTR name, DWORD flags, DISPID *id)
{
    *id = DISPID_UNKNOWN;
    return find_ex(name, flags, id);
}

HRESULT STDMETHODCALLTYPE dispatch_stub::InvokeEx(DISPID id, LCID, WORD, DISPPARAMS *params, VARIANT *,
                                                  EXCEPINFO *exception, IServiceProvider *)
{
    return call(id, *params, exception);
}

HRESULT STDMETHODCALLTYPE dispatch_stub::DeleteMemberByName(BSTR, DWORD)
{
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::DeleteMemberByDispID(DISPID)
{
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetMemberProperties(DISPID, DWORD, DWORD *)
{
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetMemberName(DISPID, BSTR *)
{
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetNextDispID(DWORD, DISPID, DISPID *)
{
    return E_NOTIMPL;
}

HRESULT STDMETHODCALLTYPE dispatch_stub::GetNameSpaceParent(IUnknown **)
{
    return E_NOTIMPL;
}

bool dispatch_stub::has(REFIID)
{
    return false;
}

HRESULT dispatch_stub::find(const wchar_t *, DISPID *)
{
    return DISP_E_UNKNOWNNAME;
}

HRESULT dispatch_stub::find_ex(const wchar_t *, DWORD, DISPID *)
{
    return DISP_E_UNKNOWNNAME;
}

void dispatch_stub::touched()
{
}

/* stand_in.c: code of somebody else's, for tests that copy this DLL under the name of a runtime. */

#define COBJMACROS
#include <windows.h>

#include <ole2.h>

typedef struct stand_in
{
    IDispatch IDispatch_iface;
    LONG references; /* Interlocked */
    IDispatch *behind;
} stand_in;

static stand_in *impl_from_IDispatch(IDispatch *iface)
{
    return (stand_in *)iface;
}

static HRESULT STDMETHODCALLTYPE stand_in_QueryInterface(IDispatch *iface, REFIID riid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch))
        return E_NOINTERFACE;
    IDispatch_AddRef(iface);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE stand_in_AddRef(IDispatch *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IDispatch(iface)->references);
}

static ULONG STDMETHODCALLTYPE stand_in_Release(IDispatch *iface)
{
    stand_in *s = impl_from_IDispatch(iface);
    LONG references = InterlockedDecrement(&s->references);

    if (references == 0)
    {
        IDispatch_Release(s->behind);
        HeapFree(GetProcessHeap(), 0, s);
    }
    return (ULONG)references;
}

static HRESULT STDMETHODCALLTYPE stand_in_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    return IDispatch_GetTypeInfoCount(impl_from_IDispatch(iface)->behind, count);
}

static HRESULT STDMETHODCALLTYPE stand_in_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out)
{
    return IDispatch_GetTypeInfo(impl_from_IDispatch(iface)->behind, index, lcid, out);
}

static HRESULT STDMETHODCALLTYPE stand_in_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names, UINT count,
                                                        LCID lcid, DISPID *ids)
{
    return IDispatch_GetIDsOfNames(impl_from_IDispatch(iface)->behind, riid, names, count, lcid, ids);
}

static HRESULT STDMETHODCALLTYPE stand_in_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
                                                 DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                                 UINT *bad_argument)
{
    return IDispatch_Invoke(impl_from_IDispatch(iface)->behind, id, riid, lcid, flags, params, result, exception,
                            bad_argument);
}

static IDispatchVtbl vtable = {
    stand_in_QueryInterface, stand_in_AddRef,        stand_in_Release, stand_in_GetTypeInfoCount,
    stand_in_GetTypeInfo,    stand_in_GetIDsOfNames, stand_in_Invoke,
};

/* An object that is `behind` but for its code, which lies in this DLL; one reference. */
__declspec(dllexport) IDispatch *stand_in_for(IDispatch *behind);

IDispatch *stand_in_for(IDispatch *behind)
{
    stand_in *s = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*s));

    s->IDispatch_iface.lpVtbl = &vtable;
    s->references = 1;
    s->behind = behind;
    IDispatch_AddRef(behind);
    return &s->IDispatch_iface;
}

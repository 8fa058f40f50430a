#include "com/dictionary.h"

#include "com/error.h"

static const CLSID clsid_dictionary = {0xee09b103, 0x97e0, 0x11cf, {0x97, 0x8f, 0x00, 0xa0, 0x24, 0x63, 0xe0, 0x6f}};
static const IID iid_dictionary = {0x42c642c1, 0x97e1, 0x11cf, {0x97, 0x8f, 0x00, 0xa0, 0x24, 0x63, 0xe0, 0x6f}};

/* IDictionary, as the type library of scrrun.dll declares it; no header of the SDK does. What follows Add is left
 * out. */
typedef struct IDictionary IDictionary;
typedef struct IDictionaryVtbl
{
    IDispatchVtbl dispatch;
    HRESULT(STDMETHODCALLTYPE *putref_Item)(IDictionary *iface, VARIANT *key, VARIANT *item);
    HRESULT(STDMETHODCALLTYPE *put_Item)(IDictionary *iface, VARIANT *key, VARIANT *item);
    HRESULT(STDMETHODCALLTYPE *get_Item)(IDictionary *iface, VARIANT *key, VARIANT *item);
    HRESULT(STDMETHODCALLTYPE *Add)(IDictionary *iface, VARIANT *key, VARIANT *item);
} IDictionaryVtbl;

struct IDictionary
{
    const IDictionaryVtbl *lpVtbl;
};

static HRESULT provide_factory(dictionary_maker *m)
{
    HRESULT hr;

    if (m->factory)
        return S_OK;
    hr = CoGetClassObject(&clsid_dictionary, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&m->factory);
    if (SUCCEEDED(hr))
        return S_OK;
    m->factory = NULL;
    return hr == CO_E_NOTINITIALIZED || hr == E_OUTOFMEMORY ? error_raise_hresult(hr)
                                                            : error_raise(ERROR_ID_NO_DICTIONARY);
}

static HRESULT create(dictionary_maker *m, IDictionary **out)
{
    HRESULT hr = provide_factory(m);

    *out = NULL;
    if (FAILED(hr))
        return hr;
    hr = IClassFactory_CreateInstance(m->factory, NULL, &iid_dictionary, (void **)out);
    if (SUCCEEDED(hr))
        return S_OK;
    return hr == E_OUTOFMEMORY ? error_raise_hresult(hr) : error_raise(ERROR_ID_NO_DICTIONARY);
}

HRESULT dictionary_make(dictionary_maker *m, VARIANT *pairs, ULONG count, IDispatch **out)
{
    IDictionary *d;
    HRESULT hr = create(m, &d);

    *out = NULL;
    for (ULONG i = 0; i < count && SUCCEEDED(hr); i++)
        if (V_VT(&pairs[2 * i]) != VT_EMPTY)
            hr = error_raise_hresult(d->lpVtbl->Add(d, &pairs[2 * i], &pairs[2 * i + 1]));
    if (SUCCEEDED(hr))
        *out = (IDispatch *)d;
    else if (d)
        IDispatch_Release((IDispatch *)d);
    return hr;
}

void dictionary_maker_fini(dictionary_maker *m)
{
    if (m->factory)
        IClassFactory_Release(m->factory);
    m->factory = NULL;
}

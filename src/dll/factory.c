#include "dll/factory.h"

#include "com/client_manager.h"
#include "com/unload.h"
#include "com/server.h"

typedef struct factory
{
    IClassFactory IClassFactory_iface;
    const CLSID *clsid;
    HRESULT (*create)(REFIID riid, void **out);
} factory;

static const factory *impl_from_IClassFactory(IClassFactory *iface)
{
    return CONTAINER_OF(iface, const factory, IClassFactory_iface);
}

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *iface, REFIID riid, void **out)
{
    if (!out)
        return E_POINTER;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IClassFactory))
    {
        *out = NULL;
        return E_NOINTERFACE;
    }
    IClassFactory_AddRef(iface);
    *out = iface;
    return S_OK;
}

/* Factories are never freed: their references are the module's. */
static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    (void)iface;
    unload_prevent();
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    (void)iface;
    unload_permit();
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer, REFIID riid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    return impl_from_IClassFactory(iface)->create(riid, out);
}

static volatile LONG locks; /* Interlocked; LockServer's */

/* One less. False: there is none, since a caller has given back more than he took. */
static bool take_lock_back(void)
{
    LONG seen, count = LOAD_ACQUIRE(&locks);

    while (count > 0)
    {
        seen = InterlockedCompareExchange(&locks, count - 1, count);
        if (seen == count)
            return true;
        count = seen;
    }
    return false;
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL locked)
{
    (void)iface;
    if (locked)
    {
        InterlockedIncrement(&locks);
        unload_prevent();
    }
    else if (take_lock_back())
        unload_permit();
    return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_AddRef,
    .Release = factory_Release,
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

static factory factories[] = {
    {{(IClassFactoryVtbl *)&factory_vtable}, &CLSID_NamedPipeServer, NamedPipeServer_create},
    {{(IClassFactoryVtbl *)&factory_vtable}, &CLSID_NamedPipeClientManager, NamedPipeClientManager_create},
};

HRESULT factory_get(REFCLSID clsid, REFIID riid, void **out)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(factories); i++)
    {
        if (IsEqualCLSID(clsid, factories[i].clsid))
            return IClassFactory_QueryInterface(&factories[i].IClassFactory_iface, riid, out);
    }
    *out = NULL;
    return CLASS_E_CLASSNOTAVAILABLE;
}

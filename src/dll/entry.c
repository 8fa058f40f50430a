/* entry.c: what the DLL exports. Any thread may call any export, also several threads at once. */

#include "dll/factory.h"
#include "dll/registration.h"

#include "com/unload.h"

#include "base/module.h"

#include <shlwapi.h>

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

static const WCHAR user_command[] = L"user";

/* The calling thread holds the loader's lock: DllMain must not wait, and must not call COM. */
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        DisableThreadLibraryCalls(instance);
    return TRUE;
}

STDAPI DllGetClassObject(REFCLSID clsid, REFIID riid, void **out)
{
    if (!out)
        return E_POINTER;
    return factory_get(clsid, riid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return unload_is_permitted() ? S_OK : S_FALSE;
}

static HRESULT install(registration_scope scope)
{
    WCHAR *path = module_path();
    HRESULT hr;

    if (!path)
        return E_OUTOFMEMORY;
    hr = registration_add(scope, path);
    mem_free(path);
    return hr;
}

STDAPI DllRegisterServer(void)
{
    return install(REGISTRATION_MACHINE);
}

STDAPI DllUnregisterServer(void)
{
    return registration_remove(REGISTRATION_MACHINE);
}

/* For `regsvr32 /n /i:user`, and `regsvr32 /u /n /i:user`. */
STDAPI DllInstall(BOOL add, const WCHAR *command)
{
    if (!command || lstrcmpiW(command, user_command) != 0)
        return E_INVALIDARG;
    return add ? install(REGISTRATION_USER) : registration_remove(REGISTRATION_USER);
}

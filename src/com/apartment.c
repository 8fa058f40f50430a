#include "com/apartment.h"

DWORD apartment_current(void)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;

    if (FAILED(CoGetApartmentType(&type, &qualifier)))
        return 0;
    switch (type)
    {
    case APTTYPE_STA:
    case APTTYPE_MAINSTA: return GetCurrentThreadId();
    case APTTYPE_NA:
        return qualifier == APTTYPEQUALIFIER_NA_ON_STA || qualifier == APTTYPEQUALIFIER_NA_ON_MAINSTA
                   ? GetCurrentThreadId()
                   : 0;
    default: return 0;
    }
}

bool apartment_wait(HANDLE handle, DWORD ms)
{
    DWORD index;

    if (apartment_current())
        return CoWaitForMultipleHandles(0, ms, 1, &handle, &index) == S_OK;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0;
}

/* Modules of Visual Basic, VBA, Windows Script, Visual FoxPro, AutoIt and AutoHotkey. */
static const WCHAR *const bound_runtimes[] = {
    L"msvbvm50.dll",     L"msvbvm60.dll",      L"vba6.dll",          L"vbe6.dll",       L"vbe7.dll",
    L"vbscript.dll",     L"jscript.dll",       L"jscript9.dll",      L"vfp6.exe",       L"vfp7.exe",
    L"vfp8.exe",         L"vfp9.exe",          L"vfp6r.dll",         L"vfp7r.dll",      L"vfp7t.dll",
    L"vfp8r.dll",        L"vfp8t.dll",         L"vfp9r.dll",         L"vfp9t.dll",      L"autoit3.exe",
    L"autoit3_x64.exe",  L"autoitx3.dll",      L"autohotkey.exe",    L"autohotkey.dll", L"autohotkey32.exe",
    L"autohotkey64.exe", L"autohotkeyu32.exe", L"autohotkeyu64.exe",
};

bool apartment_hosts_bound_runtime(void)
{
    for (size_t i = 0; i < ARRAYSIZE(bound_runtimes); i++)
        if (GetModuleHandleW(bound_runtimes[i]))
            return true;
    return false;
}

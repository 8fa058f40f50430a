#include "com/surroundings.h"

#include "com/apartment.h"

#define BITS (sizeof(void *) == 8 ? 64 : 32)

static void write_program(page *p)
{
    WCHAR path[1024];
    DWORD length = GetModuleFileNameW(NULL, path, ARRAYSIZE(path)), error = length ? 0 : GetLastError();

    path[ARRAYSIZE(path) - 1] = 0; /* Windows 7 sets none where the path is cut */
    if (error)
        page_row(p, L"Program", L"cannot be read: error %u", error);
    else
        page_row(p, L"Program", L"%s%s", path, length == ARRAYSIZE(path) ? L"..." : L"");
}

/* Returns a Win32 code. */
static DWORD ask_elevation(bool *is_elevated)
{
    TOKEN_ELEVATION elevation = {0};
    HANDLE token;
    DWORD size, error;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return GetLastError();
    error = GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &size) ? 0 : GetLastError();
    CloseHandle(token);
    *is_elevated = elevation.TokenIsElevated != 0;
    return error;
}

static void write_process(page *p)
{
    bool is_elevated = false;
    DWORD session = 0, error = ask_elevation(&is_elevated);

    ProcessIdToSessionId(GetCurrentProcessId(), &session);
    page_row(p, L"Process", L"%u, of %d bits, in session %u", GetCurrentProcessId(), (LONG)BITS, session);
    if (error)
        page_row(p, L"Elevated", L"cannot be read: error %u", error);
    else
        page_row(p, L"Elevated", L"%s", is_elevated ? L"yes" : L"no");
}

typedef LONG(WINAPI *get_version)(OSVERSIONINFOW *version);
typedef const char *(*get_wine_version)(void);

/* GetVersionEx tells what the program's manifest claims to know. */
static void write_windows(page *p)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    FARPROC ask = ntdll ? GetProcAddress(ntdll, "RtlGetVersion") : NULL;
    FARPROC ask_wine = ntdll ? GetProcAddress(ntdll, "wine_get_version") : NULL;
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof(version)};
    WCHAR wine[32] = L"";

    if (ask_wine)
        MultiByteToWideChar(CP_ACP, 0, ((get_wine_version)(void (*)(void))ask_wine)(), -1, wine, ARRAYSIZE(wine) - 1);
    if (!ask || ((get_version)(void (*)(void))ask)(&version) < 0)
        page_row(p, L"Windows", L"cannot be read");
    else
        page_row(p, L"Windows", L"%u.%u.%u%s%s", version.dwMajorVersion, version.dwMinorVersion, version.dwBuildNumber,
                 wine[0] ? L", by Wine " : L"", wine);
}

void surroundings_write_apartment(page *p, const WCHAR *name, DWORD thread, bool is_sta)
{
    if (is_sta)
        page_row(p, name, L"%u, a single-threaded apartment", thread);
    else
        page_row(p, name, L"%u, in the multithreaded apartment or in none", thread);
}

void surroundings_write(page *p)
{
    write_program(p);
    write_process(p);
    write_windows(p);
    surroundings_write_apartment(p, L"Diagnose called on thread", GetCurrentThreadId(), apartment_current() != 0);
}

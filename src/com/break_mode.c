#include "com/break_mode.h"

#define MODE_BREAK 2

/* What the runtimes of a Basic return for code that is stopped. */
#define CODE_IS_STOPPED_VBA ((HRESULT)0x800ADF09)
#define CODE_IS_STOPPED_VB6 ((HRESULT)0x800A9C68)

typedef int(WINAPI *eb_mode)(void);

/* Gives the name of the executable of this process, without its folder. A path longer than MAX_PATH is cut. */
static void get_executable(WCHAR name[MAX_PATH])
{
    WCHAR path[MAX_PATH] = L"";
    const WCHAR *last = path;

    GetModuleFileNameW(NULL, path, MAX_PATH - 1);
    for (const WCHAR *p = path; *p; p++)
        if (*p == L'\\' || *p == L'/')
            last = p + 1;
    lstrcpyW(name, last);
}

/* Looked up once, since each call of a handler needs it. */
static bool is_vb6(void)
{
    static volatile LONG answer; /* Interlocked; 0: not looked up, else 1 for no and 2 for yes */
    WCHAR name[MAX_PATH];

    if (!LOAD_ACQUIRE(&answer))
    {
        get_executable(name);
        InterlockedExchange(&answer, lstrcmpiW(name, L"vb6.exe") == 0 ? 2 : 1);
    }
    return LOAD_ACQUIRE(&answer) == 2;
}

/* The IDE of twinBASIC runs programs in processes whose names begin with this. */
static bool is_twinbasic(void)
{
    WCHAR name[MAX_PATH];

    get_executable(name);
    name[lstrlenW(L"twinbasic")] = 0;
    return lstrcmpiW(name, L"twinbasic") == 0;
}

const WCHAR *break_mode_module(void)
{
    static const WCHAR *const names[] = {L"vba6.dll", L"vbe6.dll", L"vbe7.dll"};

    for (size_t i = 0; i < ARRAYSIZE(names); i++)
        if (GetModuleHandleW(names[i]))
            return names[i];
    return is_twinbasic() ? L"twinBASIC" : NULL;
}

bool break_mode_can_be_asked(void)
{
    return is_vb6() && GetModuleHandleW(L"vba6.dll");
}

static bool hosts_basic(void)
{
    return break_mode_module() != NULL;
}

bool break_mode_is_on(void)
{
    HMODULE vba6 = is_vb6() ? GetModuleHandleW(L"vba6.dll") : NULL;
    FARPROC found = vba6 ? GetProcAddress(vba6, "EbMode") : NULL;

    return found && ((eb_mode)(void (*)(void))found)() == MODE_BREAK;
}

static bool is_stopped_code(HRESULT hr)
{
    return hr == CODE_IS_STOPPED_VBA || hr == CODE_IS_STOPPED_VB6;
}

bool break_mode_refused(HRESULT hr, HRESULT scode)
{
    return hr == RPC_E_CANTCALLOUT_ININPUTSYNCCALL ||
           ((is_stopped_code(hr) || (hr == DISP_E_EXCEPTION && is_stopped_code(scode))) && hosts_basic());
}

#include "com/runtime.h"

#include <psapi.h>

runtime_calls runtime_system = {EnumThreadWindows, GetClassNameW};

/* Names of modules, in lower case and without extension; * stands for any text. */

/* Modules whose objects are bound. */
static const WCHAR *const bound_code[] = {
    L"vbscript", L"jscript", L"jscript9", L"jscript9legacy", L"wshom", L"cscript",     L"wscript",
    L"mshtml",   L"scrobj",  L"vfp*",     L"autoit3*",       L"php*",  L"autohotkey*", L"pbvm*",
};

/* Modules that make all objects of the process bound, since the code of their objects may lie in any module. */
static const WCHAR *const bound_modules[] = {
    L"msvbvm50", L"msvbvm60", L"vba6", L"vbe6", L"vbe7", L"*ruby*", L"perl5*",
};

static const WCHAR *const bound_programs[] = {L"node"};

/* Window classes of scripts that were compiled into a program with any name. */
static const WCHAR *const bound_windows[] = {L"AutoIt v3", L"AutoHotkey"};

/* ---- names ---- */

static bool matches(const WCHAR *pattern, const WCHAR *text)
{
    if (!*pattern)
        return !*text;
    if (*pattern == L'*')
        return matches(pattern + 1, text) || (*text && matches(pattern, text + 1));
    return *pattern == *text && matches(pattern + 1, text + 1);
}

/* Gives the file name of a module, or of the program if `module` is NULL. Empty: the name is not known. */
static void get_name(HMODULE module, WCHAR name[RUNTIME_NAME])
{
    WCHAR path[1024];
    DWORD length = GetModuleFileNameW(module, path, ARRAYSIZE(path));

    if (length == ARRAYSIZE(path)) /* the path was cut, and Windows 7 then sets no NUL */
        length = 0;
    path[length] = 0;
    while (length && path[length - 1] != L'\\' && path[length - 1] != L'/')
        length--;
    lstrcpynW(name, &path[length], RUNTIME_NAME);
}

static bool is_among(const WCHAR *name, const WCHAR *const *patterns, size_t count)
{
    WCHAR stem[RUNTIME_NAME];
    size_t end;

    lstrcpynW(stem, name, RUNTIME_NAME);
    CharLowerW(stem);
    for (end = (size_t)lstrlenW(stem); end && stem[end] != L'.'; end--)
        continue;
    if (end)
        stem[end] = 0;
    for (size_t i = 0; i < count; i++)
        if (matches(patterns[i], stem))
            return true;
    return false;
}

/* ---- the four signs ---- */

static bool is_code_bound(const void *code, WCHAR name[RUNTIME_NAME])
{
    HMODULE module;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, code,
                            &module))
        return false; /* the code was compiled at run time and lies in no module */
    get_name(module, name);
    return is_among(name, bound_code, ARRAYSIZE(bound_code));
}

static bool is_program_bound(WCHAR name[RUNTIME_NAME])
{
    get_name(NULL, name);
    return is_among(name, bound_programs, ARRAYSIZE(bound_programs));
}

/* Lists all modules of the process. Free the list with mem_free. NULL: memory is short. */
static HMODULE *list_modules(size_t *count)
{
    HMODULE *modules = NULL;
    DWORD size = 0, needed = 256 * sizeof(*modules);

    do
    {
        mem_free(modules);
        size = needed;
        modules = mem_alloc(size);
        if (!modules || !EnumProcessModules(GetCurrentProcess(), modules, size, &needed))
            needed = 0;
    } while (needed > size); /* more modules were loaded meanwhile */
    *count = needed / sizeof(*modules);
    return modules;
}

static bool is_process_bound(WCHAR name[RUNTIME_NAME])
{
    size_t count;
    HMODULE *modules = list_modules(&count);
    bool found = false;

    for (size_t i = 0; modules && i < count && !found; i++)
    {
        get_name(modules[i], name);
        found = is_among(name, bound_modules, ARRAYSIZE(bound_modules));
    }
    mem_free(modules);
    return found;
}

typedef struct window_search
{
    const WCHAR *class_name;
    bool found;
} window_search;

static BOOL CALLBACK look_at_window(HWND window, LPARAM search_of)
{
    window_search *search = (window_search *)search_of;
    WCHAR class_name[RUNTIME_NAME];

    if (runtime_system.get_class_name(window, class_name, RUNTIME_NAME))
        search->found = !lstrcmpiW(class_name, search->class_name);
    return !search->found;
}

static bool has_window(DWORD thread, const WCHAR *class_name)
{
    window_search search = {class_name, false};

    runtime_system.enum_thread_windows(thread, look_at_window, (LPARAM)&search);
    return search.found;
}

/* EnumThreadWindows does not list message-only windows. */
static bool has_message_window(DWORD thread, const WCHAR *class_name)
{
    HWND window = NULL;

    while ((window = FindWindowExW(HWND_MESSAGE, window, class_name, NULL)) != NULL)
        if (GetWindowThreadProcessId(window, NULL) == thread)
            return true;
    return false;
}

static bool is_thread_bound(DWORD thread, WCHAR name[RUNTIME_NAME])
{
    for (size_t i = 0; i < ARRAYSIZE(bound_windows); i++)
    {
        lstrcpynW(name, bound_windows[i], RUNTIME_NAME);
        if (has_window(thread, name) || has_message_window(thread, name))
            return true;
    }
    return false;
}

/* ---- for other files ---- */

const void *runtime_of(IDispatch *object)
{
    return (const void *)(uintptr_t)object->lpVtbl->Invoke;
}

bool runtime_is_bound(const void *code, DWORD thread, WCHAR name[RUNTIME_NAME])
{
    return is_code_bound(code, name) || is_program_bound(name) || is_thread_bound(thread, name) ||
           is_process_bound(name);
}

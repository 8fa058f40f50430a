#include "com/module.h"

#include "com/typeinfo.h"
#include "deliver/thread_window.h"

static LONG count; /* Interlocked */

void module_add(void)
{
    InterlockedIncrement(&count);
}

void module_subtract(void)
{
    /* Whoever loads type information again meanwhile counts by itself and drops it again. */
    if (InterlockedDecrement(&count) == 0)
        typeinfo_forget();
}

bool module_can_unload(void)
{
    return InterlockedCompareExchange(&count, 0, 0) == 0 && thread_window_count() == 0;
}

HINSTANCE module_instance(void)
{
    HMODULE module = NULL;

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       (const WCHAR *)(uintptr_t)&module_instance, &module);
    return module;
}

WCHAR *module_path(void)
{
    DWORD size = MAX_PATH;
    WCHAR *path;

    /* GetModuleFileName cuts the path off where it does not fit, and returns the size then; 32,767 is Windows'
     * longest. */
    while ((path = mem_alloc(size * sizeof(*path))) != NULL)
    {
        DWORD length = GetModuleFileNameW(module_instance(), path, size);

        if (length > 0 && length < size)
            return path;
        mem_free(path);
        if (length == 0 || size > 32767)
            break;
        size *= 2;
    }
    return NULL;
}

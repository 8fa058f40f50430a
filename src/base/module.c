#include "base/module.h"

/* Calls GetModuleHandleEx with `flags`, for the module that contains this function. */
static bool find_module(DWORD flags, HMODULE *module)
{
    return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | flags, (const WCHAR *)(uintptr_t)&find_module,
                              module) != 0;
}

bool module_hold(HMODULE *module)
{
    return find_module(0, module);
}

HINSTANCE module_instance(void)
{
    HMODULE module = NULL;

    find_module(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, &module);
    return module;
}

WCHAR *module_path(void)
{
    DWORD size = MAX_PATH;
    WCHAR *path;

    /* If the path does not fit, GetModuleFileName cuts it off and returns `size`. The longest path of Windows has
     * 32,767 characters. */
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

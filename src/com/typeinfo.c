/* Threads: the library and the descriptions that were asked for lie under one lock. What is dropped is released
 * outside of it. */

#include "com/typeinfo.h"

#include "base/lock.h"
#include "com/module.h"

enum
{
    KEPT = 16 /* more than the library has interfaces and coclasses; what does not fit is looked up each time */
};

typedef struct kept_info
{
    GUID guid;
    ITypeInfo *info;
} kept_info;

static lock cache_lock;
static ITypeLib *library GUARDED_BY(cache_lock);
static kept_info kept[KEPT] GUARDED_BY(cache_lock);
static unsigned kept_count GUARDED_BY(cache_lock);

static const WCHAR *path_of_test; /* NULL: the module's own */

void typeinfo_set_path(const WCHAR *path)
{
    path_of_test = path;
}

static HRESULT load_library(ITypeLib **out)
{
    WCHAR *path;
    HRESULT hr;

    if (path_of_test)
        return LoadTypeLibEx(path_of_test, REGKIND_NONE, out);
    path = module_path();
    if (!path)
        return E_OUTOFMEMORY;
    hr = LoadTypeLibEx(path, REGKIND_NONE, out);
    mem_free(path);
    return hr;
}

/* The kept library, loaded if there is none; a reference. Loading reads files, so it is done outside the lock. */
static HRESULT get_library(ITypeLib **out)
{
    ITypeLib *loaded;
    HRESULT hr;

    lock_acquire(&cache_lock);
    *out = library;
    if (library)
        ITypeLib_AddRef(library);
    lock_release(&cache_lock);
    if (*out)
        return S_OK;

    hr = load_library(&loaded);
    if (FAILED(hr))
        return hr;
    *out = loaded;
    ITypeLib_AddRef(loaded);
    lock_acquire(&cache_lock);
    if (!library)
    {
        library = loaded;
        loaded = NULL;
    }
    lock_release(&cache_lock);
    if (loaded)
        ITypeLib_Release(loaded);
    return S_OK;
}

static ITypeInfo *find_kept(REFGUID guid) REQUIRES_LOCK(cache_lock)
{
    unsigned i;

    for (i = 0; i < kept_count; i++)
    {
        if (IsEqualGUID(&kept[i].guid, guid))
            return kept[i].info;
    }
    return NULL;
}

static ITypeInfo *get_kept(REFGUID guid)
{
    ITypeInfo *info;

    lock_acquire(&cache_lock);
    info = find_kept(guid);
    if (info)
        ITypeInfo_AddRef(info);
    lock_release(&cache_lock);
    return info;
}

static void keep(REFGUID guid, ITypeInfo *info)
{
    lock_acquire(&cache_lock);
    if (kept_count < KEPT && !find_kept(guid))
    {
        kept[kept_count].guid = *guid;
        kept[kept_count].info = info;
        kept_count++;
        ITypeInfo_AddRef(info);
    }
    lock_release(&cache_lock);
}

HRESULT typeinfo_get(REFGUID guid, ITypeInfo **out)
{
    ITypeLib *from;
    HRESULT hr;

    *out = get_kept(guid);
    if (*out)
        return S_OK;
    hr = get_library(&from);
    if (FAILED(hr))
        return hr;
    hr = ITypeLib_GetTypeInfoOfGuid(from, guid, out);
    ITypeLib_Release(from);
    if (FAILED(hr))
    {
        *out = NULL;
        return hr;
    }
    keep(guid, *out);
    return S_OK;
}

void typeinfo_forget(void)
{
    kept_info dropped[KEPT];
    ITypeLib *dropped_library;
    unsigned count, i;

    lock_acquire(&cache_lock);
    dropped_library = library;
    count = kept_count;
    for (i = 0; i < count; i++)
        dropped[i] = kept[i];
    library = NULL;
    kept_count = 0;
    lock_release(&cache_lock);

    for (i = 0; i < count; i++)
        ITypeInfo_Release(dropped[i].info);
    if (dropped_library)
        ITypeLib_Release(dropped_library);
}

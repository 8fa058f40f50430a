/* Threads: one lock guards the library and the descriptions that are kept. They are released with no lock held. The
 * functions of a description are read once, when the description is first needed: each late-bound call needs them, and
 * to read them again would cost more than the call. */

#include "com/typeinfo.h"

#include "base/lock.h"
#include "base/module.h"

typedef struct function
{
    DISPID id;
    INVOKEKIND kind;
    signature signature;
} function;

typedef struct description
{
    struct description *next;
    GUID guid;
    ITypeInfo *info;
    function *functions;
    unsigned count;
} description;

/* One thread at a time reads: if two threads meet a reference to another library at once, Wine loads that library twice
 * and leaks one. */
static lock reading_lock;

static lock cache_lock;
static ITypeLib *library STATIC_GUARDED_BY(cache_lock);
static description *kept STATIC_GUARDED_BY(cache_lock);

static const WCHAR *path_of_test; /* NULL: the library of the module */

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

/* Gives the kept library, with a reference; loads it first if there is none. Loading reads files, so it is done with
 * cache_lock released. */
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

/* ---- descriptions ---- */

static void description_free(description *d)
{
    if (!d)
        return;
    if (d->info)
        ITypeInfo_Release(d->info);
    mem_free(d->functions);
    mem_free(d);
}

/* Windows does not count the result among the parameters; Wine does. */
static UINT most_arguments(const FUNCDESC *func)
{
    UINT count = (UINT)func->cParams;

    if (count && (func->lprgelemdescParam[count - 1].paramdesc.wParamFlags & PARAMFLAG_FRETVAL))
        count--;
    return count;
}

static signature signature_of(const FUNCDESC *func)
{
    signature s = {most_arguments(func), false};
    VARTYPE last = s.most ? func->lprgelemdescParam[s.most - 1].tdesc.vt : VT_EMPTY;

    s.takes_object = last == VT_DISPATCH || last == VT_UNKNOWN || last == VT_PTR;
    return s;
}

static HRESULT read_function(ITypeInfo *info, unsigned i, function *out)
{
    FUNCDESC *func;
    HRESULT hr = ITypeInfo_GetFuncDesc(info, i, &func);

    if (FAILED(hr))
        return hr;
    out->id = func->memid;
    out->kind = func->invkind;
    out->signature = signature_of(func);
    ITypeInfo_ReleaseFuncDesc(info, func);
    return S_OK;
}

static HRESULT read_functions(description *d)
{
    TYPEATTR *attributes;
    HRESULT hr = ITypeInfo_GetTypeAttr(d->info, &attributes);

    if (FAILED(hr))
        return hr;
    d->count = attributes->cFuncs;
    ITypeInfo_ReleaseTypeAttr(d->info, attributes);
    if (!d->count)
        return S_OK;
    d->functions = mem_alloc(d->count * sizeof(*d->functions));
    if (!d->functions)
        return E_OUTOFMEMORY;
    for (unsigned i = 0; i < d->count && SUCCEEDED(hr); i++)
        hr = read_function(d->info, i, &d->functions[i]);
    return hr;
}

static HRESULT describe(REFGUID guid, description **out)
{
    description *d = mem_alloc(sizeof(*d));
    ITypeLib *from = NULL;
    HRESULT hr = d ? get_library(&from) : E_OUTOFMEMORY;

    *out = NULL;
    if (SUCCEEDED(hr))
    {
        d->guid = *guid;
        hr = ITypeLib_GetTypeInfoOfGuid(from, guid, &d->info);
        ITypeLib_Release(from);
    }
    if (SUCCEEDED(hr))
        hr = read_functions(d);
    if (FAILED(hr))
    {
        description_free(d);
        return hr;
    }
    *out = d;
    return S_OK;
}

static description *find_kept(REFGUID guid) REQUIRES_LOCK(cache_lock)
{
    for (description *d = kept; d; d = d->next)
        if (IsEqualGUID(&d->guid, guid))
            return d;
    return NULL;
}

/* Returns the kept description of this GUID, with a reference, or NULL. If none is kept, keeps `fresh` before that,
 * unless `fresh` is NULL. Frees a `fresh` that it does not keep. */
static ITypeInfo *keep(REFGUID guid, description *fresh)
{
    ITypeInfo *info = NULL;
    description *d;

    lock_acquire(&cache_lock);
    d = find_kept(guid);
    if (!d && fresh)
    {
        d = fresh;
        d->next = kept;
        kept = d;
        fresh = NULL;
    }
    if (d)
    {
        info = d->info;
        ITypeInfo_AddRef(info);
    }
    lock_release(&cache_lock);
    description_free(fresh);
    return info;
}

HRESULT typeinfo_get(REFGUID guid, ITypeInfo **out)
{
    description *fresh;
    HRESULT hr = S_OK;

    *out = keep(guid, NULL);
    if (*out)
        return S_OK;
    lock_acquire(&reading_lock);
    *out = keep(guid, NULL); /* another thread may have read it meanwhile */
    if (!*out)
        hr = describe(guid, &fresh);
    if (!*out && SUCCEEDED(hr))
        *out = keep(guid, fresh);
    lock_release(&reading_lock);
    return hr;
}

bool typeinfo_find_function(REFGUID guid, DISPID id, INVOKEKIND kind, signature *out)
{
    bool found = false;
    const description *d;

    lock_acquire(&cache_lock);
    d = find_kept(guid);
    for (unsigned i = 0; d && i < d->count && !found; i++)
    {
        found = d->functions[i].id == id && d->functions[i].kind == kind;
        if (found)
            *out = d->functions[i].signature;
    }
    lock_release(&cache_lock);
    return found;
}

void typeinfo_forget(void)
{
    description *dropped, *next;
    ITypeLib *dropped_library;

    lock_acquire(&cache_lock);
    dropped_library = library;
    dropped = kept;
    library = NULL;
    kept = NULL;
    lock_release(&cache_lock);

    for (; dropped; dropped = next)
    {
        next = dropped->next;
        description_free(dropped);
    }
    if (dropped_library)
        ITypeLib_Release(dropped_library);
}

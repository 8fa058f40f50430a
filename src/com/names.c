#include "com/names.h"

#include "com/collection.h"
#include "com/dispatch.h"
#include "com/error.h"
#include "pipe/name.h"

typedef struct names
{
    object object;
    INamedPipeNames INamedPipeNames_iface;
    collection items;
} names;

static names *impl_from_INamedPipeNames(INamedPipeNames *iface)
{
    return CONTAINER_OF(iface, names, INamedPipeNames_iface);
}

FORWARD_DUAL(NamedPipeNames, INamedPipeNames)

static HRESULT STDMETHODCALLTYPE NamedPipeNames_get_Item(INamedPipeNames *iface, LONG index, BSTR *value)
{
    VARIANT item;
    HRESULT hr;

    if (!value)
        return error_raise(ERROR_ID_NULL_POINTER);
    *value = NULL;
    hr = collection_get_item(&impl_from_INamedPipeNames(iface)->items, index, &item);
    if (SUCCEEDED(hr))
        *value = V_BSTR(&item);
    return error_of(&IID_INamedPipeNames, hr);
}

static HRESULT STDMETHODCALLTYPE NamedPipeNames_get_Count(INamedPipeNames *iface, LONG *value)
{
    return error_of(&IID_INamedPipeNames, collection_get_count(&impl_from_INamedPipeNames(iface)->items, value));
}

static HRESULT STDMETHODCALLTYPE NamedPipeNames_get__NewEnum(INamedPipeNames *iface, IUnknown **value)
{
    return error_of(&IID_INamedPipeNames, collection_get_new_enum(&impl_from_INamedPipeNames(iface)->items, value));
}

static const INamedPipeNamesVtbl NamedPipeNames_vtable = {
    .QueryInterface = NamedPipeNames_QueryInterface,
    .AddRef = NamedPipeNames_AddRef,
    .Release = NamedPipeNames_Release,
    .GetTypeInfoCount = NamedPipeNames_GetTypeInfoCount,
    .GetTypeInfo = NamedPipeNames_GetTypeInfo,
    .GetIDsOfNames = NamedPipeNames_GetIDsOfNames,
    .Invoke = NamedPipeNames_Invoke,
    .get_Item = NamedPipeNames_get_Item,
    .get_Count = NamedPipeNames_get_Count,
    .get__NewEnum = NamedPipeNames_get__NewEnum,
};

/* ---- making and ending ---- */

static void names_destroy(object *o)
{
    names *n = CONTAINER_OF(o, names, object);

    collection_fini(&n->items);
    object_fini(&n->object);
    mem_free(n);
}

static const object_interface names_interfaces[] = {
    {&IID_INamedPipeNames, offsetof(names, INamedPipeNames_iface)},
    {NULL, 0},
};

static const object_kind names_kind = {
    .dual = &IID_INamedPipeNames,
    .coclass = &CLSID_NamedPipeNames,
    .interfaces = names_interfaces,
    .destroy = names_destroy,
};

/* ---- finding ---- */

/* The names found so far; their number is not known in advance. */
typedef struct found_names
{
    const WCHAR *pattern;
    BSTR *names;
    LONG count, room;
    bool short_of_memory;
} found_names;

static bool make_room_for_names(found_names *f)
{
    LONG room = f->room ? f->room * 2 : 64;
    BSTR *larger;

    if (f->count < f->room)
        return true;
    larger = mem_alloc((size_t)room * sizeof(*larger));
    if (!larger)
        return false;
    if (f->names)
        memcpy(larger, f->names, (size_t)f->count * sizeof(*larger));
    mem_free(f->names);
    f->names = larger;
    f->room = room;
    return true;
}

static bool note(void *context, const WCHAR *name)
{
    found_names *f = context;
    BSTR copy;

    if (!pipe_name_fits(name, f->pattern))
        return true;
    copy = make_room_for_names(f) ? SysAllocString(name) : NULL;
    if (copy)
        f->names[f->count++] = copy;
    f->short_of_memory = !copy;
    return copy != NULL;
}

/* Makes the object. After success the names are the object's. */
static names *names_prepare(const found_names *f)
{
    names *n = mem_alloc(sizeof(*n));

    if (!n || !collection_init(&n->items, f->count))
    {
        mem_free(n);
        return NULL;
    }
    object_init(&n->object, &names_kind);
    n->INamedPipeNames_iface.lpVtbl = (INamedPipeNamesVtbl *)&NamedPipeNames_vtable;
    for (LONG i = 0; i < f->count; i++)
    {
        V_VT(&n->items.items[i]) = VT_BSTR;
        V_BSTR(&n->items.items[i]) = f->names[i];
    }
    return n;
}

static void free_names(const found_names *f)
{
    for (LONG i = 0; i < f->count; i++)
        SysFreeString(f->names[i]);
}

HRESULT names_find(BSTR pattern, INamedPipeNames **out)
{
    found_names f = {.pattern = pipe_pattern_of(pattern, SysStringLen(pattern))};
    names *made = NULL;
    DWORD error;

    *out = NULL;
    if (!f.pattern)
        return error_raise(ERROR_ID_BAD_PATTERN, pattern);
    error = pipe_list(note, &f);
    if (!error && !f.short_of_memory)
        made = names_prepare(&f);
    if (!made)
        free_names(&f);
    mem_free(f.names);
    if (error == ERROR_BAD_DEV_TYPE)
        return error_raise(ERROR_ID_NO_PIPE_LIST);
    if (error)
        return error_raise_code(error);
    if (!made)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    *out = &made->INamedPipeNames_iface;
    return S_OK;
}

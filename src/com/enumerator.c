#include "com/enumerator.h"

#include "base/check.h"
#include "base/lock.h"

/* The layout that the three interfaces have in common; the kind has the type of an element. */
typedef struct IEnumElements IEnumElements;

typedef struct IEnumElementsVtbl
{
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(IEnumElements *iface, REFIID riid, void **out);
    ULONG(STDMETHODCALLTYPE *AddRef)(IEnumElements *iface);
    ULONG(STDMETHODCALLTYPE *Release)(IEnumElements *iface);
    HRESULT(STDMETHODCALLTYPE *Next)(IEnumElements *iface, ULONG count, void *elements, ULONG *fetched);
    HRESULT(STDMETHODCALLTYPE *Skip)(IEnumElements *iface, ULONG count);
    HRESULT(STDMETHODCALLTYPE *Reset)(IEnumElements *iface);
    HRESULT(STDMETHODCALLTYPE *Clone)(IEnumElements *iface, void **out);
} IEnumElementsVtbl;

struct IEnumElements
{
    const IEnumElementsVtbl *lpVtbl;
};

struct enumerator_items
{
    const enumerator_kind *kind;
    LONG references; /* Interlocked */
    ULONG count;
    void *first;
};

typedef struct enumerator
{
    object object;
    IEnumElements IEnumElements_iface;
    enumerator_items *items; /* held */
    lock lock;
    ULONG position GUARDED_BY(lock);
} enumerator;

static HRESULT enumerator_create_at(enumerator_items *items, ULONG position, void **out);

/* ---- items ---- */

enumerator_items *enumerator_items_create(const enumerator_kind *kind, ULONG count)
{
    enumerator_items *items = mem_alloc(sizeof(*items));

    if (!items)
        return NULL;
    items->kind = kind;
    items->references = 1;
    items->count = count;
    items->first = count > SIZE_MAX / kind->item_size ? NULL : mem_alloc(count * kind->item_size + 1);
    if (!items->first)
    {
        mem_free(items);
        return NULL;
    }
    return items;
}

void *enumerator_items_at(enumerator_items *items, ULONG index)
{
    return (char *)items->first + index * items->kind->item_size;
}

static enumerator_items *items_hold(enumerator_items *items)
{
    InterlockedIncrement(&items->references);
    return items;
}

void enumerator_items_release(enumerator_items *items)
{
    ULONG i;

    if (count_down(&items->references) > 0)
        return;
    for (i = 0; i < items->count; i++)
        items->kind->free_item(enumerator_items_at(items, i));
    mem_free(items->first);
    mem_free(items);
}

/* ---- the position ---- */

/* Moves on by `count` items, or to the end. Returns the number of items, and in *from the old position. */
static ULONG advance(enumerator *e, ULONG count, ULONG *from)
{
    ULONG left;

    lock_acquire(&e->lock);
    left = e->items->count - e->position;
    if (count > left)
        count = left;
    *from = e->position;
    e->position += count;
    lock_release(&e->lock);
    return count;
}

static void go_to(enumerator *e, ULONG position)
{
    lock_acquire(&e->lock);
    e->position = position;
    lock_release(&e->lock);
}

/* Copies all elements or none. No lock is held: the consumer's code may run. */
static HRESULT copy_elements(const enumerator *e, ULONG from, ULONG count, char *elements)
{
    const enumerator_kind *kind = e->items->kind;
    HRESULT hr = S_OK;
    ULONG done = 0;

    while (done < count && SUCCEEDED(hr))
    {
        hr = kind->copy(elements + done * kind->element_size, enumerator_items_at(e->items, from + done));
        if (SUCCEEDED(hr))
            done++;
    }
    if (FAILED(hr))
    {
        while (done > 0)
            kind->free_element(elements + --done * kind->element_size);
    }
    return hr;
}

static HRESULT give(enumerator *e, ULONG count, void *elements, ULONG *fetched)
{
    ULONG from, given = advance(e, count, &from);
    HRESULT hr;

    hr = copy_elements(e, from, given, elements);
    if (FAILED(hr))
    {
        go_to(e, from);
        return hr;
    }
    if (fetched)
        *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

/* ---- the interface ---- */

static enumerator *impl_from_IEnumElements(IEnumElements *iface)
{
    return CONTAINER_OF(iface, enumerator, IEnumElements_iface);
}

static HRESULT STDMETHODCALLTYPE Enumerator_QueryInterface(IEnumElements *iface, REFIID riid, void **out)
{
    enumerator *e = impl_from_IEnumElements(iface);

    /* The first interface of the object answers for IUnknown; the kind's own IID names the same one. */
    return object_query_interface(&e->object, IsEqualIID(riid, e->items->kind->iid) ? &IID_IUnknown : riid, out);
}

static ULONG STDMETHODCALLTYPE Enumerator_AddRef(IEnumElements *iface)
{
    return object_add_ref(&impl_from_IEnumElements(iface)->object);
}

static ULONG STDMETHODCALLTYPE Enumerator_Release(IEnumElements *iface)
{
    return object_release(&impl_from_IEnumElements(iface)->object);
}

/* As documented for COM: returns S_FALSE if it gives fewer elements than `count`; `fetched` may be NULL if `count` is
 * 1. */
static HRESULT STDMETHODCALLTYPE Enumerator_Next(IEnumElements *iface, ULONG count, void *elements, ULONG *fetched)
{
    enumerator *e = impl_from_IEnumElements(iface);
    HRESULT hr;

    if (fetched)
        *fetched = 0;
    if ((!elements && count > 0) || (!fetched && count != 1))
        return E_POINTER;
    object_add_ref(&e->object); /* the elements' own code may release the enumerator */
    hr = give(e, count, elements, fetched);
    object_release(&e->object);
    return hr;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Skip(IEnumElements *iface, ULONG count)
{
    ULONG from;

    return advance(impl_from_IEnumElements(iface), count, &from) == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Reset(IEnumElements *iface)
{
    go_to(impl_from_IEnumElements(iface), 0);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Clone(IEnumElements *iface, void **out)
{
    enumerator *e = impl_from_IEnumElements(iface);
    ULONG position;

    if (!out)
        return E_POINTER;
    advance(e, 0, &position);
    return enumerator_create_at(e->items, position, out);
}

static const IEnumElementsVtbl Enumerator_vtable = {
    .QueryInterface = Enumerator_QueryInterface,
    .AddRef = Enumerator_AddRef,
    .Release = Enumerator_Release,
    .Next = Enumerator_Next,
    .Skip = Enumerator_Skip,
    .Reset = Enumerator_Reset,
    .Clone = Enumerator_Clone,
};

/* ---- making and ending ---- */

static void enumerator_destroy(object *o)
{
    enumerator *e = (enumerator *)o;

    enumerator_items_release(e->items);
    object_fini(&e->object);
    mem_free(e);
}

static const object_interface enumerator_interfaces[] = {
    {&IID_IUnknown, offsetof(enumerator, IEnumElements_iface)},
    {NULL, 0},
};

static const object_kind enumerator_object_kind = {
    .interfaces = enumerator_interfaces,
    .destroy = enumerator_destroy,
};

static HRESULT enumerator_create_at(enumerator_items *items, ULONG position, void **out)
{
    enumerator *e = mem_alloc(sizeof(*e));

    *out = NULL;
    if (!e)
        return E_OUTOFMEMORY;
    object_init(&e->object, &enumerator_object_kind);
    e->IEnumElements_iface.lpVtbl = &Enumerator_vtable;
    e->items = items_hold(items);
    e->position = position;
    *out = &e->IEnumElements_iface;
    return S_OK;
}

HRESULT enumerator_create(enumerator_items *items, void **out)
{
    return enumerator_create_at(items, 0, out);
}

#include "com/enumerator.h"

struct enumerator_items
{
    const enumerator_items_kind *kind;
    LONG references; /* Interlocked */
    ULONG count;
    void *first;
};

/* ---- items ---- */

enumerator_items *enumerator_items_create(const enumerator_items_kind *kind, ULONG count)
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

enumerator_items *enumerator_items_hold(enumerator_items *items)
{
    InterlockedIncrement(&items->references);
    return items;
}

void enumerator_items_release(enumerator_items *items)
{
    ULONG i;

    if (InterlockedDecrement(&items->references) > 0)
        return;
    for (i = 0; i < items->count; i++)
        items->kind->free_item(enumerator_items_at(items, i));
    mem_free(items->first);
    mem_free(items);
}

/* ---- the enumerator ---- */

void enumerator_init(enumerator *e, const object_kind *kind, enumerator_items *items, ULONG position)
{
    object_init(&e->object, kind);
    e->items = enumerator_items_hold(items);
    e->position = position;
}

void enumerator_fini(enumerator *e)
{
    enumerator_items_release(e->items);
    object_fini(&e->object);
}

/* Moves on by `count`, or to the end; returns by how many. */
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

/* All or none, with no lock held: the consumer's code may run. */
static HRESULT copy_elements(const enumerator *e, ULONG from, ULONG count, char *elements)
{
    const enumerator_items_kind *kind = e->items->kind;
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

HRESULT enumerator_next(enumerator *e, ULONG count, void *elements, ULONG *fetched)
{
    HRESULT hr;

    if (fetched)
        *fetched = 0;
    if ((!elements && count > 0) || (!fetched && count != 1))
        return E_POINTER;
    object_add_ref(&e->object); /* the elements' own code may let it go */
    hr = give(e, count, elements, fetched);
    object_release(&e->object);
    return hr;
}

HRESULT enumerator_skip(enumerator *e, ULONG count)
{
    ULONG from;

    return advance(e, count, &from) == count ? S_OK : S_FALSE;
}

HRESULT enumerator_reset(enumerator *e)
{
    go_to(e, 0);
    return S_OK;
}

ULONG enumerator_position(enumerator *e)
{
    ULONG from;

    advance(e, 0, &from);
    return from;
}

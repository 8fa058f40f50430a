/* enumerator.h: the enumerators of COM. An enumerator goes through a snapshot of items, which it shares with its
 * clones.
 *
 * IEnumVARIANT, IEnumConnections and IEnumConnectionPoints have the same seven methods and differ only in the type of
 * an element, so one object implements them all. Any thread may call everything here. */

#ifndef COM_ENUMERATOR_H
#define COM_ENUMERATOR_H

#include "com/object.h"

/* The type of the items; static. */
typedef struct enumerator_kind
{
    const IID *iid;                 /* the interface */
    size_t item_size, element_size; /* bytes; of an item, and of the element that Next gives for it */
    /* Makes the element of an item; the memory of the element is not initialized. The consumer's code may run. */
    HRESULT (*copy)(void *element, const void *item);
    void (*free_element)(void *element);
    void (*free_item)(void *item); /* also called for an item that is still zeroed */
} enumerator_kind;

typedef struct enumerator_items enumerator_items;

/* Makes zeroed memory for `count` items, with one reference; the caller fills the items. NULL: memory is short. */
enumerator_items *enumerator_items_create(const enumerator_kind *kind, ULONG count);
void *enumerator_items_at(enumerator_items *items, ULONG index);
void enumerator_items_release(enumerator_items *items);

/* Makes an enumerator at the first item, as the interface of its kind; it holds the items. *out is NULL unless S_OK. */
HRESULT enumerator_create(enumerator_items *items, void **out);

#endif

/* enumerator.h: the enumerators of COM, over a snapshot of items that an enumerator shares with its clones.
 *
 * IEnumVARIANT, IEnumConnections and IEnumConnectionPoints have the same seven methods and differ in the type of an
 * element alone, so that one object serves them all. Any thread. */

#ifndef COM_ENUMERATOR_H
#define COM_ENUMERATOR_H

#include "com/object.h"

/* What the items are; static. */
typedef struct enumerator_kind
{
    const IID *iid;                 /* the interface */
    size_t item_size, element_size; /* of an item, and of what Next gives out for it */
    /* Makes the element, whose memory need not hold one yet. The consumer's code may run. */
    HRESULT (*copy)(void *element, const void *item);
    void (*free_element)(void *element);
    void (*free_item)(void *item); /* also of an item that is still zero */
} enumerator_kind;

typedef struct enumerator_items enumerator_items;

/* Memory for `count` items, zero; they are the caller's to fill. NULL without memory. */
enumerator_items *enumerator_items_create(const enumerator_kind *kind, ULONG count);
void *enumerator_items_at(enumerator_items *items, ULONG index);
void enumerator_items_release(enumerator_items *items);

/* An enumerator at the first item, as the interface of its kind; holds the items. *out is NULL unless S_OK. */
HRESULT enumerator_create(enumerator_items *items, void **out);

#endif

/* enumerator.h: what the enumerators share: a snapshot of items, which clones share too, and a place in it. Any thread.
 *
 * An enumerator is an object with one interface, which lies behind it: enum_variant.c shows the shape. */

#ifndef COM_ENUMERATOR_H
#define COM_ENUMERATOR_H

#include "base/lock.h"
#include "com/object.h"

/* What the items are. */
typedef struct enumerator_items_kind
{
    size_t item_size, element_size; /* of an item, and of what Next gives out for it */
    HRESULT (*copy)(void *element, const void *item);
    void (*free_element)(void *element);
    void (*free_item)(void *item);
} enumerator_items_kind;

typedef struct enumerator_items enumerator_items;

/* Memory for `count` items, zero, with one reference; NULL without memory. All are freed by free_item with the last
 * reference, also those that are still zero. */
enumerator_items *enumerator_items_create(const enumerator_items_kind *kind, ULONG count);
void *enumerator_items_at(enumerator_items *items, ULONG index);
enumerator_items *enumerator_items_hold(enumerator_items *items);
void enumerator_items_release(enumerator_items *items);

typedef struct enumerator
{
    object object;
    enumerator_items *items;
    lock lock;
    ULONG position GUARDED_BY(lock);
} enumerator;

/* Begins an enumerator in zero memory, at `position`; holds the items. */
void enumerator_init(enumerator *e, const object_kind *kind, enumerator_items *items, ULONG position);
void enumerator_fini(enumerator *e);

/* The methods, by the book: fewer elements than asked for is S_FALSE; `fetched` may be NULL where one is asked for. */
HRESULT enumerator_next(enumerator *e, ULONG count, void *elements, ULONG *fetched);
HRESULT enumerator_skip(enumerator *e, ULONG count);
HRESULT enumerator_reset(enumerator *e);
ULONG enumerator_position(enumerator *e);

#endif

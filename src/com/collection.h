/* collection.h: what a script's For Each, Count and Item go over: values that do not change. A field of the object that
 * has these members; any thread. */

#ifndef COM_COLLECTION_H
#define COM_COLLECTION_H

#include "com/com.h"

typedef struct collection
{
    LONG count;
    VARIANT *items; /* objects in them are agile */
} collection;

/* Room for `count` values, each Empty; false without memory. Ended by collection_fini, which clears them. */
bool collection_init(collection *c, LONG count);
void collection_fini(collection *c);

/* A copy of the value at `index`, 1 to count; error 9 elsewhere. */
HRESULT collection_get_item(const collection *c, LONG index, VARIANT *value);
HRESULT collection_get_count(const collection *c, LONG *value);
HRESULT collection_get_new_enum(const collection *c, IUnknown **value);

#endif

/* collection.h: the members Item, Count and _NewEnum (For Each) over values that do not change. A collection is a field
 * of the object that has these members. Any thread may call everything here. */

#ifndef COM_COLLECTION_H
#define COM_COLLECTION_H

#include "com/com.h"

typedef struct collection
{
    LONG count;
    VARIANT *items; /* objects among them are agile */
} collection;

/* Makes room for `count` values, each Empty; false: memory is short. collection_fini clears the values. */
bool collection_init(collection *c, LONG count);
void collection_fini(collection *c);

/* Copies the value at `index`, 1 to `count`; any other index is error 9. */
HRESULT collection_get_item(const collection *c, LONG index, VARIANT *value);
HRESULT collection_get_count(const collection *c, LONG *value);
HRESULT collection_get_new_enum(const collection *c, IUnknown **value);

#endif

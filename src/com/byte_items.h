/* byte_items.h: bytes that an object of the consumer gives one by one, such as an array of JScript or an ArrayList.
 *
 * Call it on a thread that may call the object, with no lock held: the consumer's code runs. */

#ifndef COM_BYTE_ITEMS_H
#define COM_BYTE_ITEMS_H

#include "com/com.h"

/* Reads the items of an object: of an array of a script, else of its enumerator, or by `length` or Count and an index.
 * Each is a whole number from 0 to 255. *out is NULL if there are none; free it with mem_free. Dictionaries are
 * refused, since their enumerators give keys. Failures set the error's sentence; then *out is NULL. */
HRESULT byte_items_read(IUnknown *object, BYTE **out, DWORD *count);

#endif

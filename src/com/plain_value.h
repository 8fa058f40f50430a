/* plain_value.h: what a VARIANT of the consumer refers to. Any thread that may use the VARIANT. */

#ifndef COM_PLAIN_VALUE_H
#define COM_PLAIN_VALUE_H

#include "com/com.h"

/* Follows references, up to 16 levels deep, and puts a bitwise copy of the value there into *out: it is no reference,
 * owns nothing, and must not be cleared. None of the consumer's code runs. False: a reference is NULL or to a type that
 * there is not, or there are more levels; then *out is Empty. */
bool plain_value(const VARIANT *value, VARIANT *out);

/* Returns the bytes of a value of type `vt`, as the element of an array or where a reference leads; 0: there is no such
 * type. */
size_t plain_value_size(VARTYPE vt);

/* Returns whether a value that is no reference is an object, and not Nothing. */
bool plain_value_is_object(const VARIANT *plain);

/* A value that stays as it is while the consumer's code runs. */
typedef struct held_value
{
    VARIANT value;     /* no reference; an array in it is still the consumer's */
    SAFEARRAY *locked; /* or NULL: so that nobody frees it or changes its size */
} held_value;

/* Follows references, copies a string, locks an array, takes a reference on an object; the elements of an array can
 * still change. Failures set the error's sentence. Call held_value_release afterwards, also after a failure: it leaves
 * the sentence as it is. */
HRESULT held_value_take(const VARIANT *value, held_value *out);
void held_value_release(held_value *h);

#endif

/* byte_number.h: whole numbers in values, as the elements of an array that stands for bytes. Any thread that may use
 * the values. None of the consumer's code runs. */

#ifndef COM_BYTE_NUMBER_H
#define COM_BYTE_NUMBER_H

#include "com/com.h"

/* Returns the size of a number of type `vt` in an array; 0: `vt` is no type of numbers. */
UINT byte_number_size(VARTYPE vt);

/* Reads the number of type `vt` at `data`. False: it is none, or not whole. A number that is too large for `out`
 * becomes one that is no byte either. */
bool byte_number_read(VARTYPE vt, const void *data, LONG *out);

/* Does the same for the number in a VARIANT, or where its references lead; it may be a Currency or a Decimal, too. */
bool byte_number_of(const VARIANT *value, LONG *out);

#endif

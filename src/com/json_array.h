/* json_array.h: arrays as sources of JSON: of one dimension, and of two, as an array of rows. */

#ifndef COM_JSON_ARRAY_H
#define COM_JSON_ARRAY_H

#include "com/json_source.h"

/* Opens an array; `value` is no reference. If the array is `kept` already, it stays so. */
HRESULT json_array_open(const VARIANT *value, json_source *out);

/* Opens the row that the source has just given. */
void json_array_open_row(const json_source *rows, json_source *out);

#endif

/* json_place.h: where in a value the writing of JSON is, so that an error can say where what is wrong stands: as a path
 * from the outermost array or object, such as ["rows"][2][0]. Elements count from 0, as in JSON.
 *
 * One thread at a time; nothing here runs the consumer's code. */

#ifndef COM_JSON_PLACE_H
#define COM_JSON_PLACE_H

#include "com/json_source.h"
#include "json/text_builder.h"

#define JSON_PLACE_LONGEST 100 /* characters of a path; what is longer ends with ... */

/* One level: the item that is being written. */
typedef struct json_step
{
    LONG items;       /* that have begun, the one under way included */
    size_t name, end; /* its name in the text, from quote to quote; `end` is 0 for an element */
} json_step;

/* Appends the path of `depth` steps to the sentence of a failure, if something in the value is the cause. `written` has
 * the names. Returns hr. */
HRESULT json_place_add(HRESULT hr, const json_step *steps, unsigned depth, const text_builder *written);

#endif

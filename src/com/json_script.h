/* json_script.h: objects with IDispatchEx, as scripts have them, as sources of JSON. */

#ifndef COM_JSON_SCRIPT_H
#define COM_JSON_SCRIPT_H

#include "com/json_source.h"

/* Opens an object that has IDispatchEx, and takes the target over, which is empty then: one with `length` as an array,
 * if `length` is not merely one of its enumerable members; others as an object with the enumerable members of their
 * own. A function stands for Null, a Date of JScript for its date: then out->kind is NULL, and out->kept is that.
 * S_FALSE: it is none of these; the target stays as it is. */
HRESULT json_script_open(target *t, json_source *out);

#endif

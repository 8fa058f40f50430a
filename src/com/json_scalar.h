/* json_scalar.h: single values as JSON text. Any thread that may use the VARIANT; none of the consumer's code runs.
 * `value` is no reference. Failures set the error's sentence, but for want of memory, which the builder keeps. */

#ifndef COM_JSON_SCALAR_H
#define COM_JSON_SCALAR_H

#include "com/com.h"
#include "json/text_builder.h"

/* Appends a value that is neither an object (Nothing is none) nor an array. DISP_E_TYPEMISMATCH: it is one, or a
 * record. A number that is infinite or none is error 5. */
HRESULT json_scalar_append(text_builder *b, const VARIANT *value);

/* Appends the name of a member: texts, Empty (as ""), numbers, dates and Booleans, in quotation marks. */
HRESULT json_name_append(text_builder *b, const VARIANT *name);

#endif

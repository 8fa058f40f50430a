/* json_values.h: JSON text as values of Visual Basic. Any thread; where an object is in the text, one with COM. None of
 * the consumer's code runs. */

#ifndef COM_JSON_VALUES_H
#define COM_JSON_VALUES_H

#include "com/com.h"

/* Reads a text (see json/reader.h): objects become Scripting.Dictionaries, arrays arrays of Variant from 0 up. Of equal
 * names the last one counts. `text` may be NULL if `length` is 0. Free *out with VariantClear; it is Empty unless S_OK.
 * Failures set the error's sentence: error 5 with the place of what is wrong. */
HRESULT json_read(const WCHAR *text, size_t length, VARIANT *out);

/* Does the same for bytes, which must be UTF-8. */
HRESULT json_read_bytes(const BYTE *data, size_t size, VARIANT *out);

#endif

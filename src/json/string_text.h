/* string_text.h: texts and bytes as JSON has them: strings in quotation marks. One thread at a time for each
 * builder. */

#ifndef JSON_STRING_TEXT_H
#define JSON_STRING_TEXT_H

#include "json/text_builder.h"

/* Appends a text. What is appended is well-formed UTF-16: half of a surrogate pair without the other half becomes an
 * escape, as control characters, quotation marks and backslashes do. `text` may be NULL if `length` is 0. */
void string_append(text_builder *b, const WCHAR *text, size_t length);

/* Appends bytes in base64 (RFC 4648, with padding). `data` may be NULL if `size` is 0. */
void string_append_base64(text_builder *b, const BYTE *data, size_t size);

#endif

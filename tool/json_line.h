/* json_line.h: one JSON object in one line. One thread at a time for each.
 *
 * json_begin, then the members in any number, then json_end. Keys are ours and need no escapes. In texts, what
 * escape.h escapes is \uXXXX, so that no line does harm to a terminal. */

#ifndef TOOL_JSON_LINE_H
#define TOOL_JSON_LINE_H

#include "json/text_builder.h"

void json_begin(text_builder *b);
void json_end(text_builder *b);

void json_text(text_builder *b, const WCHAR *key, const WCHAR *text);
void json_number(text_builder *b, const WCHAR *key, double number, unsigned places); /* not negative */
void json_boolean(text_builder *b, const WCHAR *key, bool value);
void json_null(text_builder *b, const WCHAR *key);
void json_time(text_builder *b, const WCHAR *key, const SYSTEMTIME *time);

/* Opens an object as the value of a member; json_end closes it. */
void json_object(text_builder *b, const WCHAR *key);

/* The bytes of a message: "bytes" with their number, and "text" where they are UTF-8, else "base64"; with `as_hex`
 * "hex". */
void json_message(text_builder *b, const BYTE *data, size_t size, bool as_hex);

#endif

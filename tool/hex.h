/* hex.h: bytes as hexadecimal digits. Any thread may call everything here. */

#ifndef TOOL_HEX_H
#define TOOL_HEX_H

#include "json/text_builder.h"
#include "tool/bytes.h"

/* Appends lines of 16 bytes, each with its place, the bytes and their ASCII characters, as
 * `00000010  68 65 6c 6c 6f 0d 0a                              hello..`. No line end stands behind the last one. */
void hex_dump(text_builder *b, const BYTE *data, size_t size);

/* Appends the digits alone, two for each byte. */
void hex_append(text_builder *b, const BYTE *data, size_t size);

/* Appends to `out` the bytes that hexadecimal digits stand for. Between bytes blanks, tabs, commas, colons and hyphens
 * are passed over, and 0x in front of a byte. False, with *wrong the place of the first character that does not fit, or
 * the length of a text that ends within a byte; and if memory is short. */
bool hex_parse(const WCHAR *text, size_t length, bytes *out, size_t *wrong);

#endif

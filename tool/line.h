/* line.h: what lines are made of: words and numbers at the end of a text_builder. One thread at a time for each. */

#ifndef TOOL_LINE_H
#define TOOL_LINE_H

#include "json/text_builder.h"

void line_text(text_builder *b, const WCHAR *text);
void line_number(text_builder *b, ULONGLONG number);

/* `number` as a decimal number with `places` (0 to 6) places behind the point, rounded; it is not negative. */
void line_fixed(text_builder *b, double number, unsigned places);

/* Hexadecimal digits in small letters, `digits` of them or as many as the number needs. */
void line_hex(text_builder *b, ULONG number, unsigned digits);

/* Blanks until the text that begins at `from` has `width` characters. */
void line_pad(text_builder *b, size_t from, size_t width);

/* The time of day here, as 12:34:56.789; or with the day, as 2026-11-28T12:34:56.789. */
void line_time(text_builder *b, const SYSTEMTIME *time);
void line_day_and_time(text_builder *b, const SYSTEMTIME *time);

#endif

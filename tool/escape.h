/* escape.h: text from strangers, such that it does no harm to a terminal. Any thread may call everything here. */

#ifndef TOOL_ESCAPE_H
#define TOOL_ESCAPE_H

#include "json/text_builder.h"

typedef enum escape_lines
{
    ESCAPE_LINE_ENDS,  /* the text stays in one line */
    ESCAPE_KEEPS_LINES /* LF and CR LF stay, as CR LF; so does a tab */
} escape_lines;

/* Appends bytes that shall be UTF-8. Escaped are: bytes that are no UTF-8 (\xff), control characters (\x1b; \r, \n and
 * \t by these names), and characters that are not seen but change how others are (\u202e): marks of direction, joiners,
 * separators of lines, noncharacters and U+FEFF. A backslash stays as it is: what must be exact is shown in hexadecimal
 * or in JSON. `data` may be NULL if `size` is 0. */
void escape_append(text_builder *b, const BYTE *data, size_t size, escape_lines lines);

/* The same for a text that Windows has given, such as the name of a pipe. */
void escape_append_text(text_builder *b, const WCHAR *text, size_t length, escape_lines lines);

/* Whether a character, which is no half of a pair, is one of those that are escaped. */
bool escape_is_hidden(WCHAR c);

#endif

/* view.h: how messages are shown to people: as text, or as a hex dump. Any thread may call everything here. */

#ifndef TOOL_VIEW_H
#define TOOL_VIEW_H

#include "tool/options.h"

/* Appends a message to a line: its text in that line, or, with --hex or --dump, the dump in lines below. Of a message
 * of more than `limit` bytes the first ones are shown, and how many there are unless
 * `size_is_told` before; 0: all. */
void view_message(text_builder *b, const options *o, const BYTE *data, size_t size, size_t limit, bool size_is_told);

#endif

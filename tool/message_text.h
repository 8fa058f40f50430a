/* message_text.h: a message as one gives it: as text, or with --hex as hexadecimal digits. Any thread. */

#ifndef TOOL_MESSAGE_TEXT_H
#define TOOL_MESSAGE_TEXT_H

#include "tool/bytes.h"

/* Appends the bytes of a text: in UTF-8, or those that its hexadecimal digits stand for. If not, says so as a
 * complaint and returns false. */
bool message_text_read(const WCHAR *text, size_t length, bool as_hex, bytes *out);

#endif

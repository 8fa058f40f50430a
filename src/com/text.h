/* text.h: text to bytes and back. Code page 65001 is UTF-8, 1200 is UTF-16LE, 0 is the ANSI code page; others are the
 * code pages that Windows knows. Any thread may call everything here.
 *
 * An unknown code page is error 5. A NUL in the text is a character like others. No byte order mark is written. */

#ifndef COM_TEXT_H
#define COM_TEXT_H

#include "com/bytes.h"

/* Converts `size` bytes to text. Bytes that are no character of the code page become U+FFFD. A byte order mark in front
 * of UTF-8 is dropped. Free *out with SysFreeString; it is NULL unless S_OK. */
HRESULT text_decode(const void *data, DWORD size, LONG code_page, BSTR *out);

/* Converts text to bytes. `text` may be NULL. A character that the code page lacks becomes the default character of the
 * code page. For UTF-16, *out is a view of `text`. Call bytes_free afterwards. */
HRESULT text_encode(BSTR text, LONG code_page, byte_view *out);

#endif

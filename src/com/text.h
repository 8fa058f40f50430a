/* text.h: text to bytes and back. Code page 65001 is UTF-8, 1200 UTF-16LE, 0 the ANSI code page; any other that Windows
 * knows. Any thread.
 *
 * An unknown code page is error 5. Embedded NULs are characters like others. No byte order mark is written. */

#ifndef COM_TEXT_H
#define COM_TEXT_H

#include "com/bytes.h"

/* Bytes that are no character of the code page become U+FFFD. A leading UTF-8 mark is dropped. *out is NULL unless
 * S_OK; freed with SysFreeString. */
HRESULT text_decode(const void *data, DWORD size, LONG code_page, BSTR *out);

/* `text` may be NULL. A character that the code page lacks becomes its default character. For UTF-16 a view of
 * `text`; freed with bytes_free in any case. */
HRESULT text_encode(BSTR text, LONG code_page, byte_view *out);

#endif

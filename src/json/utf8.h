/* utf8.h: UTF-8 that must be right. Any thread may call everything here. */

#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include "base/win32.h"

/* Returns how many WCHARs the text has, and puts the number of bytes that were read into *right: `size`, or the place
 * of the first that is no UTF-8 (RFC 3629). `to` gets the text, unless it is NULL. */
size_t utf8_decode(const BYTE *data, size_t size, WCHAR *to, size_t *right);

#endif

/* real.h: reading a decimal number as a Double, rounded correctly: to the nearest, in the middle to the even one. Any
 * thread may call everything here. */

#ifndef JSON_REAL_H
#define JSON_REAL_H

#include "base/win32.h"

#define REAL_INFINITY 0x7FF0000000000000ULL

/* Returns the bits of a number. `text` has digits, and among them at most one point. The number is that, times
 * 10^exponent. Returns REAL_INFINITY if it is larger than any Double. */
uint64_t real_of_text(const WCHAR *text, size_t length, int exponent);

#endif

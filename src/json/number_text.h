/* number_text.h: numbers as JSON has them: with a point, without anything of a locale. Any thread may call everything
 * here.
 *
 * The functions write to `to`, which has room for NUMBER_TEXT characters, and return how many they wrote. No NUL
 * follows. */

#ifndef JSON_NUMBER_TEXT_H
#define JSON_NUMBER_TEXT_H

#include "base/win32.h"

#define NUMBER_TEXT 40

unsigned number_text_of_unsigned(uint64_t n, WCHAR *to);
unsigned number_text_of_integer(int64_t n, WCHAR *to);

/* The fewest digits that read back as the same number; -0 stays -0. Returns 0 for infinities and what is no number.
 * There is an exponent where more than six zeros would follow the point, and where zeros would have to stand for digits
 * that the number does not have. */
unsigned number_text_of_double(double n, WCHAR *to);
/* Does the same with the fewest digits that read back as the same Single, directly and by way of a Double. */
unsigned number_text_of_single(float n, WCHAR *to);

/* A number of 96 bits, divided by 10^scale, exactly; `scale` is at most 28. Zeros at the end of the fraction are left
 * out. */
unsigned number_text_of_scaled(uint32_t high, uint64_t low, unsigned scale, bool is_negative, WCHAR *to);

#endif

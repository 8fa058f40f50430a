/* decimal.h: the fewest decimal digits that read back as the same Single or Double, by Giulietti's algorithm
 * ("The Schubfach way to render doubles", 2020). Any thread may call everything here. */

#ifndef JSON_DECIMAL_H
#define JSON_DECIMAL_H

#include "base/win32.h"

/* digits times 10^exponent; digits does not end in 0, unless it is 0. */
typedef struct decimal
{
    uint64_t digits;
    int exponent;
} decimal;

/* Give the digits of a finite number whose bits these are; its sign is ignored. Of several candidates with the fewest
 * digits, the nearest. */
decimal decimal_of_double(uint64_t bits);
decimal decimal_of_single(uint32_t bits);

#endif

/* powers.h: the powers of ten that a Double needs, as integers of 128 bits. Numbers are read and written with integers
 * alone: then the state of the host's floating-point unit changes nothing. Direct3D makes it round to 24 bits, and
 * Delphi makes it raise exceptions. Any thread may call everything here. */

#ifndef JSON_POWERS_H
#define JSON_POWERS_H

#include "base/win32.h"

#define POWER_LOWEST (-342)
#define POWER_HIGHEST 324

typedef struct power_of_ten
{
    uint64_t high, low;
} power_of_ten;

/* Returns 10^exponent times 2^(127 - power_of_ten_bits(exponent)), rounded up to a whole number of 128 bits.
 * `exponent` is POWER_LOWEST to POWER_HIGHEST. */
power_of_ten power_of_ten_get(int exponent);

/* Returns whether that number was not rounded. */
bool power_of_ten_is_exact(int exponent);

/* Returns the exponent of the first bit of 10^exponent: its binary logarithm, rounded down. */
static inline int power_of_ten_bits(int exponent)
{
    return (int)((int64_t)exponent * 217706 >> 16);
}

/* Returns the high half of a product of 128 bits, and puts the low half into *low. */
static inline uint64_t multiply_wide(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t first = a_low * b_low, second = a_high * b_low, third = a_low * b_high, fourth = a_high * b_high;
    uint64_t middle = (first >> 32) + (uint32_t)second + (uint32_t)third;

    *low = middle << 32 | (uint32_t)first;
    return fourth + (second >> 32) + (third >> 32) + (middle >> 32);
}

#endif

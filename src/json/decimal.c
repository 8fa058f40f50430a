#include "json/decimal.h"

#include "json/powers.h"

/* A binary number, significand times 2^exponent, and whether the next lower one is nearer than the next higher one. */
typedef struct binary
{
    uint64_t significand;
    int exponent;
    bool is_at_step;
} binary;

/* Returns the product without its last 128 bits. If any of the bits that go is set, but for those in which the power's
 * own rounding shows, the last bit that stays is set. */
static uint64_t round_to_odd(power_of_ten power, uint64_t factor)
{
    uint64_t low, middle, carry = multiply_wide(power.low, factor, &low);
    uint64_t high = multiply_wide(power.high, factor, &middle);

    middle += carry;
    high += middle < carry;
    return high | (middle > 1);
}

/* The smallest and the largest number that read back as the given one, and this itself: each four times, in units of
 * 10^exponent. */
typedef struct interval
{
    uint64_t lowest, itself, highest;
    int exponent;
} interval;

static interval interval_of(binary n)
{
    /* The logarithms of 2 and of 4/3 for base 10, times 2^22. */
    int k = (int)(((int64_t)n.exponent * 1262611 - (n.is_at_step ? 524031 : 0)) >> 22);
    int shift = n.exponent + power_of_ten_bits(-k) + 1;
    power_of_ten power = power_of_ten_get(-k);
    uint64_t middle = 4 * n.significand, is_odd = n.significand & 1; /* ties go to the even one */
    interval i;

    i.lowest = round_to_odd(power, (middle - 2 + n.is_at_step) << shift) + is_odd;
    i.itself = round_to_odd(power, middle << shift);
    i.highest = round_to_odd(power, (middle + 2) << shift) - is_odd;
    i.exponent = k;
    return i;
}

/* Returns which of n and n + 1 is nearer to the number itself; the even one if both are. */
static uint64_t nearer(const interval *i, uint64_t n)
{
    uint64_t half = 4 * n + 2;

    return n + (i->itself > half || (i->itself == half && (n & 1)));
}

static decimal shortest_in(const interval *i)
{
    uint64_t units = i->itself / 4, tens = units / 10;
    bool is_lower_in, is_upper_in;

    if (units >= 10)
    {
        is_lower_in = i->lowest <= 40 * tens;
        is_upper_in = 40 * tens + 40 <= i->highest;
        if (is_lower_in != is_upper_in)
            return (decimal){tens + is_upper_in, i->exponent + 1};
    }
    is_lower_in = i->lowest <= 4 * units;
    is_upper_in = 4 * units + 4 <= i->highest;
    if (is_lower_in != is_upper_in)
        return (decimal){units + is_upper_in, i->exponent};
    return (decimal){nearer(i, units), i->exponent};
}

static decimal without_zeros(decimal d)
{
    while (d.digits && d.digits % 10 == 0)
    {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

static bool is_whole(binary n)
{
    return n.exponent <= 0 && n.exponent > -64 && !(n.significand & (((uint64_t)1 << -n.exponent) - 1));
}

static decimal decimal_of(binary n)
{
    interval i;

    if (!n.significand)
        return (decimal){0, 0};
    if (is_whole(n))
        return without_zeros((decimal){n.significand >> -n.exponent, 0});
    i = interval_of(n);
    return without_zeros(shortest_in(&i));
}

/* Takes a number of the formats of IEEE 754 apart: `fraction` bits, and `exponent` as it is stored. */
static binary take_apart(uint64_t fraction, int exponent, int fraction_bits, int lowest)
{
    if (!exponent)
        return (binary){fraction, lowest, false};
    return (binary){fraction | (uint64_t)1 << fraction_bits, lowest + exponent - 1, !fraction && exponent > 1};
}

decimal decimal_of_double(uint64_t bits)
{
    return decimal_of(take_apart(bits & 0xFFFFFFFFFFFFF, (int)(bits >> 52 & 0x7FF), 52, -1074));
}

decimal decimal_of_single(uint32_t bits)
{
    return decimal_of(take_apart(bits & 0x7FFFFF, (int)(bits >> 23 & 0xFF), 23, -149));
}

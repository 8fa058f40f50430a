/* The first 19 digits are multiplied by a power of ten of 128 bits, as in Lemire's "Number Parsing at a Gigabyte per
 * Second" (2021). The power is rounded, and digits may follow, so the number is known to lie in an interval. If both
 * its ends round to the same Double, that is the result. Otherwise all digits are compared with the middle of two
 * Doubles. */

#include "json/real.h"

#include "json/big.h"
#include "json/powers.h"

enum
{
    FIRST_DIGITS = 19, /* that always fit into 64 bits */
    /* The middle of two Doubles has at most 767 significant digits. Of those beyond, it only counts if one is not 0. */
    MOST_DIGITS = 770,
    /* Beyond these, 0.1 times 10^exponent is larger than any Double, and 10^exponent is less than half of the
     * smallest. */
    HIGHEST_EXPONENT = 309,
    LOWEST_EXPONENT = -323
};

/* The significant digits of a number: the first is not 0. The number is 0.digits times 10^exponent. */
typedef struct digits
{
    const WCHAR *at, *end; /* may have a point in between */
    size_t count;          /* of digits, without zeros at the end */
    int64_t exponent;
} digits;

static bool is_digit(WCHAR c)
{
    return c >= '0' && c <= '9';
}

static digits find_digits(const WCHAR *text, size_t length, int exponent)
{
    digits d = {NULL, NULL, 0, exponent};
    size_t count = 0;
    bool behind_point = false;

    for (size_t i = 0; i < length; i++)
    {
        if (!is_digit(text[i]))
        {
            behind_point = true;
            continue;
        }
        if (!d.at && text[i] != '0')
            d.at = text + i;
        if (d.at)
            count++;
        if (d.at && text[i] != '0')
        {
            d.count = count;
            d.end = text + i + 1;
        }
        d.exponent += !behind_point ? d.at != NULL : d.at == NULL ? -1 : 0;
    }
    return d;
}

/* ---- the product of 128 bits ---- */

/* A number of 192 bits, times a power of two. */
typedef struct product
{
    uint64_t high, middle, low;
} product;

static void product_subtract(product *p, uint64_t less)
{
    uint64_t borrow = p->low < less;

    p->low -= less;
    p->high -= p->middle < borrow;
    p->middle -= borrow;
}

/* Rounds such a number to the bits of a Double. Bit 191 is worth 2^exponent; it or the bit below it is set. */
static uint64_t product_round(const product *p, int exponent)
{
    bool is_more = p->middle || p->low;
    uint64_t high = p->high, kept, rest, half;
    int shift = 10, stored;

    if (high >> 63)
    {
        is_more |= high & 1;
        high >>= 1;
    }
    else
        exponent--;
    stored = exponent + 1023;
    if (stored >= 0x7FF)
        return REAL_INFINITY;
    if (stored < 1) /* below the smallest normal number fewer bits are kept */
    {
        shift += 1 - stored;
        stored = 1;
        if (shift > 63)
            return 0;
    }
    kept = high >> shift;
    half = (uint64_t)1 << (shift - 1);
    rest = high & (2 * half - 1);
    if (rest > half || (rest == half && (is_more || (kept & 1))))
        kept++;
    return ((uint64_t)(stored - 1) << 52) + kept; /* the hidden bit adds 1 to the exponent, and so does a carry */
}

/* Gives the bits of first times 10^power. Returns whether they are certain: the rounded power leaves an interval. */
static bool round_product(uint64_t first, int power, uint64_t *bits)
{
    power_of_ten ten = power_of_ten_get(power);
    int exponent = power_of_ten_bits(power) + 64;
    uint64_t carry;
    product p;

    for (; !(first >> 63); first <<= 1)
        exponent--;
    carry = multiply_wide(ten.low, first, &p.low);
    p.high = multiply_wide(ten.high, first, &p.middle);
    p.middle += carry;
    p.high += p.middle < carry;
    *bits = product_round(&p, exponent);
    if (power_of_ten_is_exact(power))
        return true;
    product_subtract(&p, first);
    return product_round(&p, exponent) == *bits;
}

/* ---- all digits ---- */

/* The digits, up to MOST_DIGITS of them, as a whole number. Returns how many digits this has. */
static int digits_to_big(const digits *d, big *out)
{
    const WCHAR *at = d->at;
    int count = 0;

    big_set(out, 0);
    for (; at < d->end && count < MOST_DIGITS; at++)
    {
        if (!is_digit(*at))
            continue;
        big_multiply_add(out, 10, (uint32_t)(*at - '0'));
        count++;
    }
    if (at == d->end)
        return count;
    big_multiply_add(out, 10, 1); /* the last digit of all is not 0 */
    return count + 1;
}

/* Compares the number with the middle between the Double of these bits and the next one. */
static int compare_with_middle(const digits *d, uint64_t bits)
{
    int stored = (int)(bits >> 52), exponent, shift;
    uint64_t significand = bits & 0xFFFFFFFFFFFFF;
    big number, middle;

    exponent = (int)d->exponent - digits_to_big(d, &number);
    if (stored)
        significand |= 0x10000000000000;
    else
        stored = 1;
    big_set(&middle, 2 * significand + 1);
    if (exponent >= 0)
        big_multiply_by_power_of_five(&number, (unsigned)exponent);
    else
        big_multiply_by_power_of_five(&middle, (unsigned)-exponent);
    shift = exponent - (stored - 1076); /* the middle's last bit is worth 2^(stored - 1076) */
    if (shift > 0)
        big_shift_left(&number, (unsigned)shift);
    else
        big_shift_left(&middle, (unsigned)-shift);
    return big_compare(&number, &middle);
}

/* Returns the right bits, which are near to `bits`. */
static uint64_t settle(const digits *d, uint64_t bits)
{
    int side;

    for (; bits < REAL_INFINITY; bits++)
    {
        side = compare_with_middle(d, bits);
        if (side < 0 || (side == 0 && !(bits & 1)))
            break;
    }
    for (; bits > 0; bits--)
    {
        side = compare_with_middle(d, bits - 1);
        if (side > 0 || (side == 0 && !(bits & 1)))
            break;
    }
    return bits;
}

static uint64_t take_first_digits(const digits *d, int *count)
{
    uint64_t first = 0;

    *count = 0;
    for (const WCHAR *at = d->at; at < d->end && *count < FIRST_DIGITS; at++)
    {
        if (!is_digit(*at))
            continue;
        first = first * 10 + (uint64_t)(*at - '0');
        ++*count;
    }
    return first;
}

uint64_t real_of_text(const WCHAR *text, size_t length, int exponent)
{
    digits d = find_digits(text, length, exponent);
    uint64_t first, bits, next;
    bool is_certain;
    int count, power;

    if (!d.count || d.exponent < LOWEST_EXPONENT)
        return 0;
    if (d.exponent > HIGHEST_EXPONENT)
        return REAL_INFINITY;
    first = take_first_digits(&d, &count);
    power = (int)d.exponent - count;
    is_certain = round_product(first, power, &bits);
    if (is_certain && d.count > FIRST_DIGITS) /* the number lies between `first` and the next number */
        is_certain = round_product(first + 1, power, &next) && next == bits;
    return is_certain ? bits : settle(&d, bits);
}

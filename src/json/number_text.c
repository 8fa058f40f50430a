#include "json/number_text.h"

#include "json/decimal.h"
#include "json/real.h"

#define EXACT_TO ((uint64_t)1 << 53) /* a Double holds every whole number up to this */

enum
{
    MOST_LEADING_ZEROS = 6 /* as JavaScript writes numbers */
};

static uint64_t bits_of_double(double n)
{
    uint64_t bits;

    memcpy(&bits, &n, sizeof(bits));
    return bits;
}

static uint32_t bits_of_single(float n)
{
    uint32_t bits;

    memcpy(&bits, &n, sizeof(bits));
    return bits;
}

/* ---- whole numbers ---- */

/* Writes the digits backwards, so that they end before `end`. Returns where they begin. */
static WCHAR *write_digits(uint64_t n, WCHAR *end)
{
    do
    {
        *--end = (WCHAR)('0' + n % 10);
        n /= 10;
    } while (n);
    return end;
}

unsigned number_text_of_unsigned(uint64_t n, WCHAR *to)
{
    WCHAR digits[NUMBER_TEXT], *end = digits + NUMBER_TEXT, *begin = write_digits(n, end);

    memcpy(to, begin, (size_t)(end - begin) * sizeof(*to));
    return (unsigned)(end - begin);
}

unsigned number_text_of_integer(int64_t n, WCHAR *to)
{
    if (n >= 0)
        return number_text_of_unsigned((uint64_t)n, to);
    *to = '-';
    return 1 + number_text_of_unsigned(0 - (uint64_t)n, to + 1);
}

/* ---- Single and Double ---- */

static unsigned write_zeros(unsigned count, WCHAR *to)
{
    for (unsigned i = 0; i < count; i++)
        to[i] = '0';
    return count;
}

/* Writes `count` digits, with a point behind the first `whole` of them, at least 1. */
static unsigned write_with_point(const WCHAR *digits, unsigned count, unsigned whole, WCHAR *to)
{
    memcpy(to, digits, whole * sizeof(*to));
    if (count == whole)
        return count;
    to[whole] = '.';
    memcpy(to + whole + 1, digits + whole, (count - whole) * sizeof(*to));
    return count + 1;
}

static unsigned write_exponential(const WCHAR *digits, unsigned count, int exponent, WCHAR *to)
{
    unsigned length = write_with_point(digits, count, 1, to);

    to[length++] = 'e';
    return length + number_text_of_integer(exponent, to + length);
}

/* Returns whether zeros may follow the digits: the number is one that a Double holds exactly. */
static bool zeros_may_follow(decimal d)
{
    if (d.exponent <= 0)
        return true;
    for (int i = 0; i < d.exponent && d.digits < EXACT_TO; i++)
        d.digits *= 10;
    return d.digits < EXACT_TO;
}

static unsigned write_decimal(decimal d, WCHAR *to)
{
    WCHAR digits[NUMBER_TEXT];
    unsigned count = number_text_of_unsigned(d.digits, digits), length;
    int whole = (int)count + d.exponent; /* where the point stands, from the first digit on */

    if (whole <= -MOST_LEADING_ZEROS || !zeros_may_follow(d))
        return write_exponential(digits, count, whole - 1, to);
    if (whole > 0 && d.exponent <= 0)
        return write_with_point(digits, count, (unsigned)whole, to);
    if (whole > 0)
    {
        memcpy(to, digits, count * sizeof(*to));
        return count + write_zeros((unsigned)d.exponent, to + count);
    }
    to[0] = '0';
    to[1] = '.';
    length = 2 + write_zeros((unsigned)-whole, to + 2);
    memcpy(to + length, digits, count * sizeof(*to));
    return length + count;
}

static unsigned write_signed(decimal d, bool is_negative, WCHAR *to)
{
    if (is_negative)
        *to++ = '-';
    return is_negative + write_decimal(d, to);
}

unsigned number_text_of_double(double n, WCHAR *to)
{
    uint64_t bits = bits_of_double(n);

    if ((bits & REAL_INFINITY) == REAL_INFINITY)
        return 0;
    return write_signed(decimal_of_double(bits), bits >> 63, to);
}

/* Returns whether the digits, read as a Double that is then made a Single, give these bits. Rounding twice may give
 * the next one. */
static bool reads_back_as_single(decimal d, uint32_t bits)
{
    WCHAR digits[NUMBER_TEXT];
    uint64_t real = real_of_text(digits, number_text_of_unsigned(d.digits, digits), d.exponent);
    double read;

    memcpy(&read, &real, sizeof(read));
    return bits_of_single((float)read) == (bits & 0x7FFFFFFF);
}

unsigned number_text_of_single(float n, WCHAR *to)
{
    uint32_t bits = bits_of_single(n);
    decimal d;

    if ((bits & 0x7F800000) == 0x7F800000)
        return 0;
    d = decimal_of_single(bits);
    if (!reads_back_as_single(d, bits))
        return number_text_of_double((double)n, to);
    return write_signed(d, bits >> 31, to);
}

/* ---- Currency and Decimal ---- */

/* Divides by 10 and returns the digit that is left over. */
static unsigned take_digit(uint32_t *high, uint64_t *low)
{
    uint64_t middle = (uint64_t)(*high % 10) << 32 | *low >> 32, last;

    *high /= 10;
    last = (middle % 10) << 32 | (uint32_t)*low;
    *low = middle / 10 << 32 | last / 10;
    return (unsigned)(last % 10);
}

unsigned number_text_of_scaled(uint32_t high, uint64_t low, unsigned scale, bool is_negative, WCHAR *to)
{
    WCHAR digits[NUMBER_TEXT], *end = digits + NUMBER_TEXT, *at = end, *point = end - scale;
    unsigned length = 0;

    if (is_negative && (high || low))
        to[length++] = '-';
    do
        *--at = (WCHAR)('0' + take_digit(&high, &low));
    while (high || low || at >= point);
    while (end > point && end[-1] == '0')
        end--;
    return length + write_with_point(at, (unsigned)(end - at), (unsigned)(point - at), to + length);
}

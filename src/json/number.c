#include "json/number.h"

#include "json/real.h"

enum
{
    DECIMAL_DIGITS = 28,         /* so many fit into 96 bits, whatever they are */
    LARGEST_EXPONENT = 999999999 /* more than a text has digits that could make up for it */
};

/* Returns the exponent behind `e`, cut down to LARGEST_EXPONENT. */
static int read_exponent(const WCHAR *text, size_t length)
{
    bool is_negative = *text == '-';
    int exponent = 0;

    for (size_t i = *text == '-' || *text == '+'; i < length; i++)
        if (exponent <= LARGEST_EXPONENT / 10)
            exponent = exponent * 10 + (text[i] - '0');
    return is_negative ? -exponent : exponent;
}

static size_t find(const WCHAR *text, size_t length, const char *characters)
{
    size_t at = 0;

    while (at < length && text[at] != characters[0] && text[at] != characters[1])
        at++;
    return at;
}

static number read_real(const WCHAR *text, size_t length, bool is_negative)
{
    size_t digits = find(text, length, "eE");
    int exponent = digits < length ? read_exponent(text + digits + 1, length - digits - 1) : 0;
    uint64_t bits = real_of_text(text, digits, exponent);
    number n = {.kind = bits == REAL_INFINITY ? NUMBER_TOO_LARGE : NUMBER_DOUBLE};

    bits |= (uint64_t)is_negative << 63;
    memcpy(&n.real, &bits, sizeof(n.real));
    return n;
}

static void read_96_bits(const WCHAR *text, size_t length, number *n)
{
    uint64_t lowest = 0, middle = 0, high = 0;

    for (size_t i = 0; i < length; i++)
    {
        lowest = (uint32_t)lowest * (uint64_t)10 + (uint64_t)(text[i] - '0');
        middle = (uint32_t)middle * (uint64_t)10 + (lowest >> 32);
        high = high * 10 + (middle >> 32);
    }
    n->low = middle << 32 | (uint32_t)lowest;
    n->high = (uint32_t)high;
}

/* Returns whether no more than 53 bits lie between the first and the last that is set. */
static bool fits_double(uint32_t high, uint64_t low)
{
    while (high || low >> 53)
    {
        if (low & 1)
            return false;
        low = low >> 1 | (uint64_t)high << 63;
        high >>= 1;
    }
    return true;
}

static number read_whole(const WCHAR *text, size_t length, bool is_negative)
{
    number n = {.kind = NUMBER_DECIMAL, .is_negative = is_negative};

    if (length > DECIMAL_DIGITS)
        return read_real(text, length, is_negative);
    read_96_bits(text, length, &n);
    if (!n.high && n.low <= (uint64_t)0x7FFFFFFF + is_negative && (n.low || !is_negative))
    {
        n.kind = NUMBER_LONG;
        n.whole = is_negative ? (LONG) - (int64_t)n.low : (LONG)n.low;
        return n;
    }
    return fits_double(n.high, n.low) ? read_real(text, length, is_negative) : n;
}

number number_read(const WCHAR *text, size_t length)
{
    bool is_negative = *text == '-';

    text += is_negative;
    length -= is_negative;
    if (find(text, length, ".e") == length && find(text, length, "EE") == length)
        return read_whole(text, length, is_negative);
    return read_real(text, length, is_negative);
}

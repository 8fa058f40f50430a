#include "json/big.h"

#include "base/check.h"

static void append_word(big *b, uint32_t word)
{
    if (!word)
        return;
    CHECK(b->count < BIG_WORDS);
    b->words[b->count++] = word;
}

void big_set(big *b, uint64_t value)
{
    b->count = 0;
    if (value >> 32)
    {
        b->words[b->count++] = (uint32_t)value;
        b->words[b->count++] = (uint32_t)(value >> 32);
    }
    else
        append_word(b, (uint32_t)value);
}

void big_multiply_add(big *b, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;

    for (unsigned i = 0; i < b->count; i++)
    {
        carry += (uint64_t)b->words[i] * factor;
        b->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    append_word(b, (uint32_t)carry);
}

void big_multiply_by_power_of_five(big *b, unsigned exponent)
{
    for (; exponent >= 13; exponent -= 13)
        big_multiply_add(b, 1220703125, 0); /* 5^13, the last that has no more than 32 bits */
    for (; exponent > 0; exponent--)
        big_multiply_add(b, 5, 0);
}

void big_shift_left(big *b, unsigned bits)
{
    unsigned words = bits / 32;

    if (!b->count)
        return;
    big_multiply_add(b, (uint32_t)1 << bits % 32, 0);
    CHECK(b->count + words <= BIG_WORDS);
    memmove(b->words + words, b->words, b->count * sizeof(b->words[0]));
    memset(b->words, 0, words * sizeof(b->words[0]));
    b->count += words;
}

int big_compare(const big *a, const big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (unsigned i = a->count; i-- > 0;)
        if (a->words[i] != b->words[i])
            return a->words[i] < b->words[i] ? -1 : 1;
    return 0;
}

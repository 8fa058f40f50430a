/* big.h: whole numbers of some thousand bits, for the few decimal numbers that lie so near to the middle of two Doubles
 * that nothing less tells on which side. Any thread may call everything here. */

#ifndef JSON_BIG_H
#define JSON_BIG_H

#include "base/win32.h"

#define BIG_WORDS 130

typedef struct big
{
    unsigned count;            /* of words that are used; the last is not 0 */
    uint32_t words[BIG_WORDS]; /* the lowest first */
} big;

void big_set(big *b, uint64_t value);
/* The result must fit. */
void big_multiply_add(big *b, uint32_t factor, uint32_t more);
void big_multiply_by_power_of_five(big *b, unsigned exponent);
void big_shift_left(big *b, unsigned bits);
/* Negative: a is less than b. 0: they are equal. */
int big_compare(const big *a, const big *b);

#endif

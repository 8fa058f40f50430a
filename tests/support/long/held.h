/* held.h: what this process holds while a server of its runs, so that a long run can be compared with its own
 * beginning. leaks.h compares what is left when all has ended. */

#ifndef SUPPORT_LONG_HELD_H
#define SUPPORT_LONG_HELD_H

#include <string>

struct held
{
    long long handles = 0, threads = 0, blocks = 0, heap = 0; /* blocks of mem_alloc; bytes */

    /* While there is a leak_check, which counts the blocks. */
    static held now();

    /* "handles +0, threads +0, blocks +0, heap +0": how much more this is than `before`. */
    std::string beyond(const held &before) const;
    bool fits(const held &before, const held &allowance) const;
};

/* Waits, 10 s at most, until this process holds no more than `before` and the allowance, for what ends a moment after
 * what ended it; what it holds then. More is the test's failure. */
held expect_no_growth(const held &before, const held &allowance);

#endif

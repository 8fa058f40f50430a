/* check.h: what must hold for the code to go on. Checks stand in every build: where one fails, memory is no longer
 * what this code takes it for, and a process that ends at once, in a place that a crash report shows, loses less than
 * one that goes on.
 *
 * A condition must have no effect of its own. Never for what a caller, a peer or the system can bring about: that is an
 * error with a sentence. */

#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include "base/win32.h"

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__func__, #condition))

/* Writes both to the debugger and ends the process, as one that crashed: no handler of exceptions can go on after it.
 * Any thread, with any lock held. */
NO_RETURN void check_failed(const char *function, const char *condition);

/* One less of a count that several threads change; the new value. */
static inline LONG count_down(volatile LONG *count)
{
    LONG left = InterlockedDecrement(count);

    CHECK(left >= 0);
    return left;
}

/* One more of such a count, unless it is 0. False: it is. */
static inline bool count_up(volatile LONG *count)
{
    LONG seen, now = LOAD_ACQUIRE(count);

    while (now > 0)
    {
        seen = InterlockedCompareExchange(count, now + 1, now);
        if (seen == now)
            return true;
        now = seen;
    }
    return false;
}

#endif

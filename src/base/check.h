/* check.h: conditions that must hold for the code to go on. Every build has these checks. When a check fails, memory no
 * longer holds what this code expects. Then the process ends at once, at a place that a crash report shows; going on
 * would lose more.
 *
 * A condition must have no side effect. Do not check a condition that a caller, a peer or the system can break: report
 * such a case as an error, with a sentence. */

#ifndef BASE_CHECK_H
#define BASE_CHECK_H

#include "base/win32.h"

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__func__, #condition))

/* Writes `function` and `condition` to the debugger and ends the process as if it had crashed: no exception handler can
 * continue it. Any thread may call check_failed, with any lock held. */
NO_RETURN void check_failed(const char *function, const char *condition);

/* Subtracts 1 from a count that several threads change, and returns the new value. Checks that the count stays at 0 or
 * above. */
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

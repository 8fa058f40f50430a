/* deadline.h: the time by which something must have ended. Any thread may call everything here; nothing here blocks. */

#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include "base/win32.h"

typedef struct deadline
{
    ULONGLONG at; /* in ms, on the clock of win32.tick_count; MAXULONGLONG: never */
} deadline;

/* Returns the deadline that is `ms` milliseconds from now; INFINITE: a deadline that never passes. */
static inline deadline deadline_in(DWORD ms)
{
    deadline d = {ms == INFINITE ? MAXULONGLONG : win32.tick_count() + ms};

    return d;
}

/* Returns the milliseconds from `now` (a value of win32.tick_count) to the deadline: 0 once the deadline has passed,
 * INFINITE if it never passes. */
static inline DWORD deadline_left_at(deadline d, ULONGLONG now)
{
    if (d.at == MAXULONGLONG)
        return INFINITE;
    return now < d.at ? (DWORD)(d.at - now) : 0;
}

/* The same, from the present time. */
static inline DWORD deadline_left(deadline d)
{
    return deadline_left_at(d, win32.tick_count());
}

static inline bool deadline_has_passed(deadline d)
{
    return !deadline_left(d);
}

#endif

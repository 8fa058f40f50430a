/* deadline.h: until when something may take. Any thread. */

#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include "base/win32.h"

typedef struct deadline
{
    ULONGLONG at; /* ms, as win32.tick_count; MAXULONGLONG: never */
} deadline;

/* `ms` from now; INFINITE: never. */
static inline deadline deadline_in(DWORD ms)
{
    deadline d = {ms == INFINITE ? MAXULONGLONG : win32.tick_count() + ms};

    return d;
}

/* ms that are left at the time `now`: 0 once it has passed, INFINITE where it never does. */
static inline DWORD deadline_left_at(deadline d, ULONGLONG now)
{
    if (d.at == MAXULONGLONG)
        return INFINITE;
    return now < d.at ? (DWORD)(d.at - now) : 0;
}

static inline DWORD deadline_left(deadline d)
{
    return deadline_left_at(d, win32.tick_count());
}

static inline bool deadline_has_passed(deadline d)
{
    return !deadline_left(d);
}

#endif

/* lock.h: a mutual exclusion lock. Not recursive; held for a few instructions or one system call that does not block, never across a callback. */

#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "base/win32.h"

/* All zero is an open lock; nothing is to be freed. */
typedef struct CAPABILITY("lock") lock
{
    SRWLOCK srw;
} lock;

static inline void lock_acquire(lock *l) ACQUIRES(l) NO_THREAD_SAFETY_ANALYSIS
{
    AcquireSRWLockExclusive(&l->srw);
}

static inline void lock_release(lock *l) RELEASES(l) NO_THREAD_SAFETY_ANALYSIS
{
    ReleaseSRWLockExclusive(&l->srw);
}

/* Opens the lock until `woken` was woken, then takes it again. It may return without cause: ask again what is waited
 * for. */
static inline void lock_wait(lock *l, CONDITION_VARIABLE *woken) REQUIRES_LOCK(l) NO_THREAD_SAFETY_ANALYSIS
{
    SleepConditionVariableSRW(woken, &l->srw, INFINITE, 0);
}

#endif

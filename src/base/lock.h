/* lock.h: a mutual exclusion lock. Held for a few instructions or one system call that does not block, never across a
 * callback. Not recursive: a thread that takes a lock it has is ended by a check. */

#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "base/check.h"

/* All zero is an open lock; nothing is to be freed. */
typedef struct CAPABILITY("lock") lock
{
    SRWLOCK srw;
    volatile LONG owner; /* acquire, release; thread: only who has the lock writes, so who reads its own id has it */
} lock;

static inline bool lock_is_mine(const lock *l)
{
    return LOAD_ACQUIRE(&l->owner) == (LONG)GetCurrentThreadId();
}

static inline void lock_acquire(lock *l) ACQUIRES(l) NO_THREAD_SAFETY_ANALYSIS
{
    CHECK(!lock_is_mine(l));
    AcquireSRWLockExclusive(&l->srw);
    STORE_RELEASE(&l->owner, (LONG)GetCurrentThreadId());
}

static inline void lock_release(lock *l) RELEASES(l) NO_THREAD_SAFETY_ANALYSIS
{
    CHECK(lock_is_mine(l));
    STORE_RELEASE(&l->owner, 0);
    ReleaseSRWLockExclusive(&l->srw);
}

/* Opens the lock until `woken` was woken, or for `ms` (INFINITE: for ever), then takes it again. False: the time is up.
 * It may return without cause: ask again what is waited for. */
static inline bool lock_wait(lock *l, CONDITION_VARIABLE *woken, DWORD ms) REQUIRES_LOCK(l) NO_THREAD_SAFETY_ANALYSIS
{
    BOOL in_time;

    CHECK(lock_is_mine(l));
    STORE_RELEASE(&l->owner, 0);
    in_time = SleepConditionVariableSRW(woken, &l->srw, ms, 0);
    STORE_RELEASE(&l->owner, (LONG)GetCurrentThreadId());
    return in_time != FALSE;
}

#endif

/* lock.h: a mutual exclusion lock. A thread holds a lock for a few instructions or for one system call that does not
 * block, and never while consumer code may run. The headers of the few locks that are held longer say so (claim.h,
 * gate.c, trace_file.c, typeinfo.c). Locks are not recursive: a check ends the process when a thread takes a lock that
 * the thread already holds. */

#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "base/check.h"

/* A lock that is all zero is free and ready for use. A lock holds no resources and needs no cleanup. */
typedef struct CAPABILITY("lock") lock
{
    SRWLOCK srw;
    /* Acquire, release. The id of the thread that holds the lock, 0 for none. Only the holder writes it, so a thread
     * that reads its own id there holds the lock. */
    volatile LONG owner;
} lock;

/* Returns whether the calling thread holds the lock. */
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

/* Releases the lock, waits until another thread wakes `woken` or `ms` milliseconds have passed (INFINITE: no limit),
 * then takes the lock again. Returns false if the time is up. May return true without cause: check again the condition
 * that you wait for. */
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

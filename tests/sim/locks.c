/* SRWLOCK.Ptr holds the lock's number in this run, times 256, plus the owner's number plus 1. 0: never taken. */

#include "locks.h"

#include "failure.h"
#include "limits.h"
#include "races.h"
#include "random.h"
#include "scheduler.h"

#define LOCKS_MOST 4096
#define HELD_MOST 8
#define ONCE_MOST 16

static SRWLOCK *live[LOCKS_MOST]; /* by number; NULL: its memory was freed */
static int lock_count;
static unsigned char after[LOCKS_MOST][LOCKS_MOST / 8 + 1]; /* bit b of a: b was taken while a was held */
static SRWLOCK *held[THREADS_MOST][HELD_MOST];
static int held_count[THREADS_MOST];
static INIT_ONCE *once_run[ONCE_MOST];
static int once_count;
void (*locks_on_release)(const SRWLOCK *lock);
static int live_from; /* locks below it are freed: keeps locks_forget short */

static int number_of(const SRWLOCK *lock)
{
    return (int)((ULONG_PTR)lock->Ptr >> 8);
}

static int owner_of(const SRWLOCK *lock)
{
    return (int)((ULONG_PTR)lock->Ptr & 255) - 1;
}

static void set(SRWLOCK *lock, int number, int owner)
{
    lock->Ptr = (void *)(ULONG_PTR)((number << 8) | (owner + 1));
}

void locks_begin(void)
{
    lock_count = 1; /* 0 is a lock that was never taken */
    live_from = 1;
    once_count = 0;
    memset(held_count, 0, sizeof(held_count));
}

void locks_end(void)
{
    for (int i = 1; i < lock_count; i++)
    {
        if (live[i] && owner_of(live[i]) >= 0)
            fail("lock %d is still held at the end", i);
        if (live[i])
            live[i]->Ptr = NULL;
        memset(after[i], 0, (size_t)lock_count / 8 + 1);
    }
    for (int i = 0; i < once_count; i++)
        once_run[i]->Ptr = NULL;
}

int locks_held(void)
{
    return scheduler_current() < 0 ? 0 : held_count[scheduler_current()];
}

void locks_forget(const void *memory, size_t size)
{
    for (int i = live_from; i < lock_count; i++)
    {
        if (!live[i] || (const char *)live[i] < (const char *)memory ||
            (const char *)live[i] >= (const char *)memory + size)
            continue;
        if (owner_of(live[i]) >= 0)
            fail("memory is freed with lock %d in it, which is held", i);
        live[i] = NULL;
    }
    while (live_from < lock_count && !live[live_from])
        live_from++;
}

static int know(SRWLOCK *lock)
{
    if (number_of(lock))
        return number_of(lock);
    if (lock_count == LOCKS_MOST)
        fail("the run has more than %d locks", LOCKS_MOST);
    live[lock_count] = lock;
    set(lock, lock_count, -1);
    return lock_count++;
}

static bool was_after(int first, int second)
{
    return after[first][second / 8] & (1 << second % 8);
}

static void note_taken(SRWLOCK *lock, int thread)
{
    int number = number_of(lock);

    for (int i = 0; i < held_count[thread]; i++)
    {
        int outer = number_of(held[thread][i]);

        if (was_after(number, outer))
            fail("lock %d is taken while lock %d is held, and was held itself when lock %d was taken", number, outer,
                 outer);
        after[outer][number / 8] |= (unsigned char)(1 << number % 8);
    }
    if (held_count[thread] == HELD_MOST)
        fail("a thread holds more than %d locks", HELD_MOST);
    held[thread][held_count[thread]++] = lock;
    set(lock, number, thread);
}

bool locks_is_free(void *lock)
{
    return owner_of(lock) < 0;
}

static void acquire(SRWLOCK *lock)
{
    int thread = scheduler_current();

    if (owner_of(lock) == thread)
        fail("lock %d is taken twice by one thread", number_of(lock));
    if (owner_of(lock) >= 0)
        scheduler_wait(locks_is_free, lock, NEVER, "lock", number_of(lock));
    note_taken(lock, thread);
    races_acquire(lock);
}

void WINAPI AcquireSRWLockExclusive(SRWLOCK *lock)
{
    if (scheduler_current() < 0)
        return;
    point("lock", "lock", know(lock), 0);
    acquire(lock);
}

static void release(SRWLOCK *lock)
{
    int thread = scheduler_current(), place = held_count[thread];

    if (owner_of(lock) != thread)
        fail("lock %d is released by a thread that does not hold it", number_of(lock));
    while (held[thread][--place] != lock)
        continue;
    held_count[thread]--;
    for (; place < held_count[thread]; place++)
        held[thread][place] = held[thread][place + 1];
    set(lock, number_of(lock), -1);
    races_release(lock);
}

void WINAPI ReleaseSRWLockExclusive(SRWLOCK *lock)
{
    int number = number_of(lock);

    if (scheduler_current() < 0)
        return;
    if (locks_on_release)
        locks_on_release(lock);
    release(lock);
    point("unlock", "lock", number, 0);
}

/* ---- condition variables ---- */

typedef struct cv_wait
{
    CONDITION_VARIABLE *of;
    bool woken;
    struct cv_wait *next;
} cv_wait;

static cv_wait *cv_waits;

static bool is_woken(void *wait)
{
    return ((cv_wait *)wait)->woken;
}

/* The page of the function allows wakes without a cause; the seed makes some. */
BOOL WINAPI SleepConditionVariableSRW(CONDITION_VARIABLE *woken, SRWLOCK *lock, DWORD ms, ULONG flags)
{
    cv_wait wait = {woken, random_below(RANDOM_SCHEDULE, 16) == 15, cv_waits}, **place;
    bool came;

    (void)flags;
    cv_waits = &wait;
    release(lock);
    came = scheduler_wait(is_woken, &wait, scheduler_in(ms), "condition variable", 0);
    for (place = &cv_waits; *place != &wait; place = &(*place)->next)
        continue;
    *place = wait.next;
    acquire(lock);
    if (!came)
        SetLastError(1460); /* ERROR_TIMEOUT */
    return came;
}

/* Wakes one of those that wait; which one is not documented. */
void WINAPI WakeConditionVariable(CONDITION_VARIABLE *woken)
{
    cv_wait *chosen = NULL;
    uint32_t seen = 0;

    point("WakeConditionVariable", "", 0, 0);
    for (cv_wait *wait = cv_waits; wait; wait = wait->next)
        if (wait->of == woken && !wait->woken && !random_below(RANDOM_SCHEDULE, ++seen))
            chosen = wait;
    if (chosen)
        chosen->woken = true;
}

void WINAPI WakeAllConditionVariable(CONDITION_VARIABLE *woken)
{
    point("WakeAllConditionVariable", "", 0, 0);
    for (cv_wait *wait = cv_waits; wait; wait = wait->next)
        wait->woken |= wait->of == woken;
}

/* ---- once ---- */

static bool has_run(void *once)
{
    return ((INIT_ONCE *)once)->Ptr == (void *)2;
}

BOOL WINAPI InitOnceExecuteOnce(INIT_ONCE *once, PINIT_ONCE_FN run, void *parameter, void **context)
{
    point("InitOnceExecuteOnce", "", 0, 0);
    if (has_run(once) || (once->Ptr && scheduler_wait(has_run, once, NEVER, "once", 0)))
    {
        races_acquire(once);
        return TRUE;
    }
    if (once_count == ONCE_MOST)
        fail("the run has more than %d blocks of InitOnce", ONCE_MOST);
    once_run[once_count++] = once;
    once->Ptr = (void *)1;
    if (!run(once, parameter, context))
        fail("a block of InitOnce failed; the stand-in does not know this case");
    once->Ptr = (void *)2;
    races_release(once);
    return TRUE;
}

/* ---- Interlocked ---- */

LONG InterlockedIncrement(volatile LONG *value)
{
    point("InterlockedIncrement", "", 0, 0);
    return races_add(value, 1);
}

LONG InterlockedDecrement(volatile LONG *value)
{
    point("InterlockedDecrement", "", 0, 0);
    return races_add(value, -1);
}

LONG InterlockedExchange(volatile LONG *value, LONG to)
{
    point("InterlockedExchange", "", 0, 0);
    return races_exchange(value, to);
}

LONG InterlockedCompareExchange(volatile LONG *value, LONG to, LONG from)
{
    point("InterlockedCompareExchange", "", 0, 0);
    return races_compare_exchange(value, to, from);
}

LONGLONG InterlockedExchangeAdd64(volatile LONGLONG *value, LONGLONG more)
{
    LONGLONG was;

    point("InterlockedExchangeAdd64", "", 0, 0);
    was = *value;
    *value = was + more;
    return was;
}

LONGLONG InterlockedCompareExchange64(volatile LONGLONG *value, LONGLONG to, LONGLONG from)
{
    LONGLONG was;

    point("InterlockedCompareExchange64", "", 0, 0);
    was = *value;
    if (was == from)
        *value = to;
    return was;
}

void *InterlockedExchangePointer(void *volatile *value, void *to)
{
    point("InterlockedExchangePointer", "", 0, 0);
    return races_exchange_pointer(value, to);
}

void *InterlockedCompareExchangePointer(void *volatile *value, void *to, void *from)
{
    void *before;

    point("InterlockedCompareExchangePointer", "", 0, 0);
    before = *value;
    if (before == from)
        *value = to;
    return before;
}

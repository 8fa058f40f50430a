/* races.h: what orders the product's threads, told to ThreadSanitizer: what a thread did before it released something
 * is seen by a thread that acquires the same afterwards. Only `scripts/sim --tsan` defines SIM_TSAN; without it nothing
 * is told, and the atomic functions are plain, since only one thread runs.
 *
 * Only the product is instrumented. In the simulation's own memory there are no races: fibers take turns. */

#ifndef SIM_RACES_H
#define SIM_RACES_H

#include <windows.h>

#ifdef SIM_TSAN

#include "tsan/runtime.h"

static inline void races_release(const void *what)
{
    __tsan_release((void *)what);
}

static inline void races_acquire(const void *what)
{
    __tsan_acquire((void *)what);
}

static inline LONG races_add(volatile LONG *value, LONG n)
{
    return __tsan_atomic32_fetch_add(value, n, TSAN_SEQ_CST) + n;
}

static inline LONG races_exchange(volatile LONG *value, LONG to)
{
    return __tsan_atomic32_exchange(value, to, TSAN_SEQ_CST);
}

static inline LONG races_compare_exchange(volatile LONG *value, LONG to, LONG from)
{
    return __tsan_atomic32_compare_exchange_val(value, from, to, TSAN_SEQ_CST, TSAN_SEQ_CST);
}

static inline void *races_exchange_pointer(void *volatile *value, void *to)
{
    return (void *)__tsan_atomic64_exchange((volatile int64_t *)value, (int64_t)to, TSAN_SEQ_CST);
}

#else

static inline void races_release(const void *what)
{
    (void)what;
}

static inline void races_acquire(const void *what)
{
    (void)what;
}

static inline LONG races_add(volatile LONG *value, LONG n)
{
    return *value += n;
}

static inline LONG races_exchange(volatile LONG *value, LONG to)
{
    LONG before = *value;

    *value = to;
    return before;
}

static inline LONG races_compare_exchange(volatile LONG *value, LONG to, LONG from)
{
    LONG before = *value;

    if (before == from)
        *value = to;
    return before;
}

static inline void *races_exchange_pointer(void *volatile *value, void *to)
{
    void *before = *value;

    *value = to;
    return before;
}

#endif

#endif

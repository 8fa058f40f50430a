/* The functions that gcc -fsanitize=thread calls at each access to memory, in `scripts/sim --fine`: each access of the
 * product that is not to the own stack is a point. ThreadSanitizer's own library is not linked. */

#include "base/win32.h"
#include "fine/heap.h"
#include "places.h"
#include "scheduler.h"

/* `from` is the address of the access. The table of system calls is constant while a scenario runs. */
static void access(const char *what, const void *address, const void *from)
{
    if (scheduler_current() < 0 || scheduler_is_own_stack(address) ||
        (size_t)((const char *)address - (const char *)&win32) < sizeof(win32))
        return;
    point(what, PLACE_KIND, place_of(from), 0);
    heap_check(address, what, from);
}

/* Functions that gcc knows by name and arguments; no header declares them. */
#define ACCESS_FUNCTION(name, what)                         \
    void name(void *address);                               \
    void name(void *address)                                \
    {                                                       \
        access(what, address, __builtin_return_address(0)); \
    }

#define RANGE_FUNCTION(name, what)                          \
    void name(void *address, size_t size);                  \
    void name(void *address, size_t size)                   \
    {                                                       \
        (void)size;                                         \
        access(what, address, __builtin_return_address(0)); \
    }

ACCESS_FUNCTION(__tsan_read1, "reads")
ACCESS_FUNCTION(__tsan_read2, "reads")
ACCESS_FUNCTION(__tsan_read4, "reads")
ACCESS_FUNCTION(__tsan_read8, "reads")
ACCESS_FUNCTION(__tsan_read16, "reads")
ACCESS_FUNCTION(__tsan_unaligned_read2, "reads")
ACCESS_FUNCTION(__tsan_unaligned_read4, "reads")
ACCESS_FUNCTION(__tsan_unaligned_read8, "reads")
ACCESS_FUNCTION(__tsan_unaligned_read16, "reads")
ACCESS_FUNCTION(__tsan_write1, "writes")
ACCESS_FUNCTION(__tsan_write2, "writes")
ACCESS_FUNCTION(__tsan_write4, "writes")
ACCESS_FUNCTION(__tsan_write8, "writes")
ACCESS_FUNCTION(__tsan_write16, "writes")
ACCESS_FUNCTION(__tsan_unaligned_write2, "writes")
ACCESS_FUNCTION(__tsan_unaligned_write4, "writes")
ACCESS_FUNCTION(__tsan_unaligned_write8, "writes")
ACCESS_FUNCTION(__tsan_unaligned_write16, "writes")
RANGE_FUNCTION(__tsan_read_range, "reads")
RANGE_FUNCTION(__tsan_write_range, "writes")

void __tsan_init(void);
void __tsan_init(void)
{
}

/* ---- the atomic accesses of compiler.h ---- */

int32_t __tsan_atomic32_load(const volatile int32_t *from, int order);
int32_t __tsan_atomic32_load(const volatile int32_t *from, int order)
{
    (void)order;
    access("loads", (const void *)from, __builtin_return_address(0));
    return *from;
}

void __tsan_atomic32_store(volatile int32_t *to, int32_t value, int order);
void __tsan_atomic32_store(volatile int32_t *to, int32_t value, int order)
{
    (void)order;
    access("stores", (const void *)to, __builtin_return_address(0));
    *to = value;
}

int64_t __tsan_atomic64_load(const volatile int64_t *from, int order);
int64_t __tsan_atomic64_load(const volatile int64_t *from, int order)
{
    (void)order;
    access("loads", (const void *)from, __builtin_return_address(0));
    return *from;
}

void __tsan_atomic64_store(volatile int64_t *to, int64_t value, int order);
void __tsan_atomic64_store(volatile int64_t *to, int64_t value, int order)
{
    (void)order;
    access("stores", (const void *)to, __builtin_return_address(0));
    *to = value;
}

#include "memory.h"

#include <windows.h>

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "requests.h"
#include "scheduler.h"

#include <malloc.h>
#include <stdlib.h>

#ifdef SIM_FINE
#include "fine/heap.h"
#endif

static long blocks;

/* AddressSanitizer watches the host's heap; a heap of its own stands in for that where each access is looked at. */
#ifdef SIM_FINE
#define host_alloc heap_alloc
#define host_free heap_free
#define host_size heap_size
#else
static void *host_alloc(size_t size, bool zero)
{
    return zero ? calloc(1, size ? size : 1) : malloc(size ? size : 1);
}
#define host_free free
#define host_size malloc_usable_size
#endif

void memory_begin(void)
{
    blocks = 0;
#ifdef SIM_FINE
    heap_begin();
#endif
}

void memory_end(void)
{
    if (blocks)
        fail("%ld blocks of memory are left at the end", blocks);
}

HANDLE WINAPI GetProcessHeap(void)
{
    return (HANDLE)&blocks;
}

void *WINAPI HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size)
{
    void *memory;

    (void)heap;
    point("HeapAlloc", "", 0, (DWORD)size);
    if (fault(FAULT_HEAP_ALLOC))
        return NULL; /* the function sets no last error */
    memory = host_alloc(size, flags & HEAP_ZERO_MEMORY);
    if (!memory)
        fail("the host has no memory for %zu bytes", size);
    blocks++;
    return memory;
}

BOOL WINAPI HeapFree(HANDLE heap, DWORD flags, void *memory)
{
    size_t size = host_size(memory);

    (void)heap;
    (void)flags;
    point("HeapFree", "", 0, 0);
    requests_forbid(memory, size);
    locks_forget(memory, size);
    blocks--;
    host_free(memory);
    return TRUE;
}

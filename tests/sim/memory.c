#include "memory.h"

#include <windows.h>

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "requests.h"
#include "scheduler.h"

#include <malloc.h>
#include <stdlib.h>

static long blocks;

void memory_begin(void)
{
    blocks = 0;
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
    memory = flags & HEAP_ZERO_MEMORY ? calloc(1, size ? size : 1) : malloc(size ? size : 1);
    if (!memory)
        fail("the host has no memory for %zu bytes", size);
    blocks++;
    return memory;
}

BOOL WINAPI HeapFree(HANDLE heap, DWORD flags, void *memory)
{
    size_t size = malloc_usable_size(memory);

    (void)heap;
    (void)flags;
    point("HeapFree", "", 0, 0);
    requests_forbid(memory, size);
    locks_forget(memory, size);
    blocks--;
    free(memory);
    return TRUE;
}

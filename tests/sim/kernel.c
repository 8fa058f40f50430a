#include "kernel.h"

#include "locks.h"
#include "memory.h"
#include "names.h"
#include "objects.h"
#include "requests.h"
#include "threads.h"
#include "trace.h"

void kernel_begin(void)
{
    trace_begin();
    objects_begin();
    names_begin();
    locks_begin();
    memory_begin();
    threads_begin();
    requests_begin();
}

void kernel_end(void)
{
    requests_end();
    objects_end();
    names_end();
    locks_end();
    memory_end();
    threads_end();
}

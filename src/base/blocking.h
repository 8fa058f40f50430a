/* blocking.h: threads for system calls that may block for long: those that wait for another computer.
 *
 * Any thread may call everything here; nothing here blocks. No task waits for another: there are as many threads as
 * tasks under way. A thread that has done its task waits a moment for the next one, then ends. */

#ifndef BASE_BLOCKING_H
#define BASE_BLOCKING_H

#include "base/list.h"

typedef struct blocking_task blocking_task;

/* One task, a field of its owner. From the call of `run` on it may be used again, or freed. */
struct blocking_task
{
    list_link link;
    void (*run)(blocking_task *task);
};

/* Calls `run` on one of the threads, with no lock held. Returns a Win32 code; after a failure there is no thread for
 * it, and `run` is not called. */
DWORD blocking_run(blocking_task *task, void (*run)(blocking_task *task));

#endif

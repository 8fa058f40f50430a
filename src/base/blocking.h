/* blocking.h: threads for calls that do not belong on the calling thread: system calls that may block for long because
 * they wait for another computer, and releases that belong into another apartment.
 *
 * Any thread may call blocking_run, which takes the loader's lock when it makes a thread. Tasks never wait for each
 * other: each task that is under way has a thread of its own. A thread that has finished its task waits a moment for
 * the next one, then ends. */

#ifndef BASE_BLOCKING_H
#define BASE_BLOCKING_H

#include "base/list.h"

typedef struct blocking_task blocking_task;

/* One task, a field of its owner. The owner leaves the task alone until `run` is called; from then on the owner may use
 * the task again or free it. */
struct blocking_task
{
    list_link link;
    void (*run)(blocking_task *task);
};

/* Queues `task` and calls `run(task)` on a thread of this file, with no lock held. Returns a Win32 code; after a
 * failure `run` is not called, since no thread could be made. */
DWORD blocking_run(blocking_task *task, void (*run)(blocking_task *task));

#endif

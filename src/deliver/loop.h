/* loop.h: threads that wait for events: ManualMessageLoopEnter and WaitEvent.
 *
 * If `pump` is true, the wait dispatches the thread's messages; WM_QUIT ends the wait and is posted again. The waiting
 * thread itself raises events of QUEUE_WAITERS; events of QUEUE_WINDOW are raised by a message that it dispatches. */

#ifndef DELIVER_LOOP_H
#define DELIVER_LOOP_H

#include "deliver/queue.h"

typedef enum loop_end
{
    LOOP_LEFT, /* by Leave, Stop or WM_QUIT */
    LOOP_TIMEOUT,
    LOOP_FAILED /* memory or handles are short */
} loop_end;

/* Dispatches messages and raises events until queue_leave, or until `timeout` ms (INFINITE: for ever) have passed.
 * Events that were queued before the Leave are raised before this returns, unless they are refused. */
loop_end loop_enter(queue *q, bool pump, DWORD timeout);

/* Returns the next event that has no sink, and waits for it `timeout` ms at most (INFINITE: for ever). While there is a
 * sink, only dispatches messages and raises events. `is_running` returns whether more events may come. Returns NULL
 * after `timeout`, after WM_QUIT, if memory or handles are short, and if no event waits and none may come. End the
 * event with queue_end_event. */
pipe_event *loop_wait_event(queue *q, bool pump, DWORD timeout, bool (*is_running)(void *context), void *context);

/* Waits for `handle`, `ms` at most (INFINITE: for ever), and dispatches the thread's messages meanwhile if `pump`.
 * Returns 0, PIPE_ERROR_TIMED_OUT, or ERROR_CANCELLED if WM_QUIT came. */
DWORD loop_wait_handle(HANDLE handle, bool pump, DWORD ms);

#endif

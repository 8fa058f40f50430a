/* loop.h: threads that wait for events: ManualMessageLoopEnter and WaitEvent.
 *
 * With `pump` the wait dispatches the thread's messages; a WM_QUIT ends it and is posted again. On a queue without
 * a window the waiting thread raises the events itself. */

#ifndef DELIVER_LOOP_H
#define DELIVER_LOOP_H

#include "deliver/queue.h"

typedef enum loop_end
{
    LOOP_LEFT, /* left, stopped, or WM_QUIT */
    LOOP_TIMEOUT,
    LOOP_FAILED /* there was nothing to wait with */
} loop_end;

/* Dispatches and raises until queue_leave or `timeout` ms (INFINITE: for ever) have passed. What was queued before the
 * Leave is raised before it returns. */
loop_end loop_enter(queue *q, bool pump, DWORD timeout);

/* Waits for the next event where there is no sink; where there is one only dispatches and raises. `is_running`
 * tells whether more may come; NULL at once where it does not and nothing waits, and after `timeout`. The event
 * goes back by queue_end_event. */
pipe_event *loop_wait_event(queue *q, bool pump, DWORD timeout, bool (*is_running)(void *context), void *context);

/* Waits for `handle`, `ms` at most, and dispatches the thread's messages meanwhile where `pump`. 0,
 * PIPE_ERROR_TIMED_OUT, or ERROR_CANCELLED where WM_QUIT came. */
DWORD loop_wait_handle(HANDLE handle, bool pump, DWORD ms);

#endif

/* raising.h: how events leave a queue. An event is taken under the queue's lock, raised with no lock held, and ended or
 * put back.
 *
 * An event goes one of three ways, the way of its run (queue_way); if it has no sink, queue_take_for_consumer takes it
 * instead. The backlog decides the order. Any thread may call everything here, unless a comment says otherwise. */

#ifndef DELIVER_RAISING_H
#define DELIVER_RAISING_H

#include "deliver/handlers.h"

/* Raises the events of QUEUE_WINDOW that are within `limit`, also if the window is held back. Call it on the window's
 * thread; a handler may call it, too. Ends early if an event is refused: the rest waits for the thread's message
 * loop. */
void queue_drain_window(queue *q, const backlog_limit *limit);

/* Holds the window back, or ends that; counted. While the window is held back, its message loop raises no event, since
 * the thread waits in a Stop. */
void queue_hold_window_back(queue *q, bool held);

typedef enum queue_step
{
    STEP_NOTHING, /* there is no event, or another thread is raising one */
    STEP_RAISED,  /* an event was raised, or put back since its sinks had gone */
    STEP_REFUSED  /* an event was refused; it waits, and is not taken again before queue_retry allows it */
} queue_step;

/* Raises the next event of QUEUE_WAITERS that is within `limit`, on the calling thread. */
queue_step queue_raise_one(queue *q, const backlog_limit *limit);

/* Returns a handle of the other thread that is raising events of QUEUE_WAITERS; the caller closes the handle. The
 * handle is signalled when that thread ends inside a handler; then the calling thread may raise. NULL: no other thread
 * raises, or there is no handle. */
HANDLE queue_open_raiser(queue *q);

/* Lets events be raised again that were refused 50 ms ago or earlier on threads that wait or on workers. Returns the ms
 * until more may go; INFINITE: none waits for a time. */
DWORD queue_retry(queue *q);

/* Raises the events that are ready, on a worker of `r`: events of `r`, and events that ended runs have left to workers.
 * If one of them was refused and is to be tried again after 50 ms, the worker gets another turn then. */
void queue_raise_ready(queue *q, run_state *r);

/* Takes the next event that has no sink; NULL: there is none now. After use, end the event with queue_end_event. */
pipe_event *queue_take_for_consumer(queue *q);

/* Returns whether an event without a sink waits: queue_take_for_consumer returns it now, or after a handler has
 * returned. */
bool queue_has_events(queue *q);

/* The task that the queue runs on its window's thread. */
void queue_drain_task(task *t);

/* Ends the wait of a thread and frees `w`. False: the wait goes on, since it was told to end and events up to
 * `leave_at` may still be raised. `*left`: whether the wait was told to end. */
bool queue_waiter_end(queue *q, waiter *w, bool *left);

#endif

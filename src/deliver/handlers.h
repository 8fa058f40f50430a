/* handlers.h: handlers that run: on which threads, and of which lanes. Any thread may call everything here. */

#ifndef DELIVER_HANDLERS_H
#define DELIVER_HANDLERS_H

#include "deliver/queue_base.h"

typedef struct running_handler running_handler;

/* One handler that runs on another thread than the thread that raises its event. */
struct running_handler
{
    list_link link;
    DWORD thread;
    lane *lane;
};

/* Marks a handler of `l` as running on this thread, until running_handler_end. False: the run or the queue is silenced,
 * and nothing was marked. `f` is zeroed at first. */
bool running_handler_begin(queue *q, running_handler *f, lane *l);
/* Ends the mark. Any thread. Idempotent. */
void running_handler_end(queue *q, running_handler *f);

/* Returns whether the calling thread is inside a handler. */
bool queue_is_in_handler(queue *q);
/* Returns whether the calling thread is inside a handler that a worker called. */
bool queue_is_in_worker_handler(queue *q);
/* Returns whether the calling thread is inside a handler that the end of the run may have to wait for. */
bool queue_holds_up(queue *q, const run_state *r);

/* Marks the beginning of a handler of the lane on this thread, and takes a reference on the lane. */
void queue_begin_handler(queue *q, lane *l) REQUIRES_LOCK(q->lock);
/* Marks the end. The caller releases the lane after it has released the lock. `told` is the sequence of the event that
 * was told; 0: the event was put back, or a worker raised it. */
void queue_end_handler(queue *q, lane *l, LONGLONG told) REQUIRES_LOCK(q->lock);

#endif

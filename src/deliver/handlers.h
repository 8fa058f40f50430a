/* handlers.h: handlers that run: on which threads, and whose they are. Any thread. */

#ifndef DELIVER_HANDLERS_H
#define DELIVER_HANDLERS_H

#include "deliver/queue_base.h"

typedef struct running_handler running_handler;

/* One handler that runs on another thread than the one that raises. */
struct running_handler
{
    list_link link;
    DWORD thread;
    lane *lane;
};

/* Marks a handler of `l` as running on this thread, until running_handler_end, which may be called twice and on any
 * thread. False: the run is silenced, and nothing was begun. */
bool running_handler_begin(queue *q, running_handler *f, lane *l);
void running_handler_end(queue *q, running_handler *f);

/* Whether the calling thread is inside a handler: any, or one that a worker called. */
bool queue_is_in_handler(queue *q);
bool queue_is_in_worker_handler(queue *q);
/* Whether it is inside one that the end of the run may have to wait for. */
bool queue_holds_up(queue *q, const run_state *r);

/* A handler of the lane begins on this thread. The lane is held until it has ended. */
void queue_begin_handler(queue *q, lane *l) REQUIRES_LOCK(q->lock);
/* It has, but for the lane's release once the lock is open. `told`: sequence of its event; 0 where that was put
 * back. */
void queue_end_handler(queue *q, lane *l, LONGLONG told) REQUIRES_LOCK(q->lock);

#endif

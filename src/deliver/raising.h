/* raising.h: what goes: the next event is taken out under the queue's lock, raised with none held, and finished.
 *
 * Three ways lead out, by the run that an event is of (queue_way); and a fourth, queue_take_for_consumer, if there is
 * no sink. In which order is the backlog's business. Any thread, unless a line says otherwise. */

#ifndef DELIVER_RAISING_H
#define DELIVER_RAISING_H

#include "deliver/handlers.h"

/* Raises what waits for the window's thread, on it, within `limit`; nested in a handler too. Ends early where events
 * are refused: they wait for the thread's message loop. */
void queue_drain_window(queue *q, const backlog_limit *limit);

/* While the window is held back its thread raises nothing of itself: it waits in a Stop. Counted. */
void queue_hold_window_back(queue *q, bool held);

typedef enum queue_step
{
    STEP_NOTHING, /* no event, or another thread is raising */
    STEP_RAISED,  /* or put back, since nobody is there */
    STEP_REFUSED  /* it still waits, and is not taken again before queue_retry says so */
} queue_step;

/* Raises the next event for a waiting thread, within `limit`. */
queue_step queue_raise_one(queue *q, const backlog_limit *limit);

/* While another thread raises: its handle, for the caller to close; signalled where it ends inside a handler, and this
 * one may raise. NULL: none does. */
HANDLE queue_open_raiser(queue *q);

/* What threads that wait, or workers, have put back 50 ms ago, since it was refused, may be raised again. ms until more
 * may: INFINITE where nothing waits for that. */
DWORD queue_retry(queue *q);

/* Raises what is ready, on a worker of `r`: what is its own, and what runs whose workers have gone left to workers.
 * Where one of those events is refused the worker has another turn 50 ms later. */
void queue_raise_ready(queue *q, run_state *r);

/* The next event, if there is no sink; NULL: none, or a sink is there. queue_end_event follows when it is handed out. */
pipe_event *queue_take_for_consumer(queue *q);

/* Whether something waits that queue_take_for_consumer would give, now or once a handler has returned. */
bool queue_has_events(queue *q);

/* The queue's task on its window. */
void queue_drain_task(task *t);

/* False: it goes on, since it was left and something up to `leave_at` may be raised yet. Else it is freed, and `*left`
 * says whether it was left. */
bool queue_waiter_end(queue *q, waiter *w, bool *left);

#endif

/* queue.h: the events of one owner until they are raised: what comes, who hears it, and what is dropped. What goes is in
 * raising.h.
 *
 * Any thread may call everything here, unless a line says otherwise. */

#ifndef DELIVER_QUEUE_H
#define DELIVER_QUEUE_H

#include "deliver/raising.h"

/* `window`: that of the creating thread, NULL where there is none (its reference becomes the queue's). NULL without
 * memory. */
queue *queue_create(queue_owner *owner, thread_window *window);

/* ---- runs ---- */

/* A run that is about to start, with its way, its engine and its threads; `hold` and `release` are its own lane's. It
 * begins with a pause while too much waits. */
void queue_add_run(queue *q, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));
/* Its events may be raised. */
void queue_open_run(queue *q, run_state *r);
/* Its last worker has gone: what it left behind is raised as the events of the newest run are; where that has ended
 * too, on the thread of the window, or by threads that wait. */
void queue_end_run(queue *q, run_state *r);
/* No event of it begins any more; what waits is dropped. */
void queue_silence_run(queue *q, run_state *r);

/* ---- what comes ---- */

/* Queues an event of `l` and wakes whoever is to raise it. It is dropped where its run or its lane is silenced or
 * its window's thread has ended. While nobody is there the oldest go: those of its audience beyond 1,024, those of
 * its lane beyond the connection's receive limit; and reading goes on. */
void queue_push(queue *q, lane *l, pipe_event *event);

/* Whether an event of this lane that is pushed now is likely to have to wait behind others. */
bool queue_is_behind(queue *q, lane *l);

/* There is a sink, or none any more. The first hands over what waits. */
void queue_set_has_sinks(queue *q, audience *a, bool has_sinks);

/* No event of this lane is kept any more: what waits is dropped, and what comes. */
void queue_silence_lane(queue *q, lane *l);

/* The consumer waits for events himself, from now until the next Start. */
void queue_note_waiting(queue *q);

/* On a worker of `r`, at its turn: where nobody is there any more, what the receive limit stopped is read on. */
void queue_read_on(queue *q, run_state *r);

/* Nothing is raised or kept any more: what waits is dropped, and what comes. */
void queue_silence(queue *q);

/* ---- waiting threads ---- */

/* The calling thread waits from now on; NULL without memory or handles. */
waiter *queue_waiter_begin(queue *q, bool is_loop);
/* Whether it was left; then `*leave_at` is what it raises yet. */
bool queue_waiter_is_left(queue *q, waiter *w, LONGLONG *leave_at);

/* See waiters_leave. */
void queue_leave(queue *q, bool by_leave);
/* Whether a Leave came ahead of this loop; takes it. */
bool queue_was_left(queue *q);
void queue_forget_leave(queue *q);
/* Whether a thread is inside a wait that raises. */
bool queue_has_waiters(queue *q);

#endif

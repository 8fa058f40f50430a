/* queue.h: the events of one owner, from push to raise: who receives them, and which are dropped. raising.h has the
 * functions that raise events.
 *
 * Any thread may call everything here, unless a comment says otherwise. */

#ifndef DELIVER_QUEUE_H
#define DELIVER_QUEUE_H

#include "deliver/raising.h"

/* Makes a queue with one reference, the caller's. `window` is the window of the calling thread, whose reference becomes
 * the queue's; NULL: there is none. Returns NULL if memory is short; then the window's reference stays the caller's. */
queue *queue_create(queue_owner *owner, thread_window *window);

/* ---- runs ---- */

/* Adds a run that is about to start; its way, its engine and its threads are set. `a`, `hold` and `release` are for the
 * run's own lane. The run begins with a pause if other runs are paused, since too much waits. */
void queue_add_run(queue *q, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));
/* From now on the events of the run may be raised. */
void queue_open_run(queue *q, run_state *r);
/* Call it when the last worker of the run has gone. Events that the run left to workers go the way of the newest run.
 * If the newest run has ended, too, they are raised on the window's thread or, without a window, by threads that
 * wait. */
void queue_end_run(queue *q, run_state *r);
/* Drops the events of the run. No event of the run begins any more. */
void queue_silence_run(queue *q, run_state *r);

/* ---- events that come ---- */

/* Queues `event` and wakes the thread that will raise it. Drops it if its queue, run or lane is silenced, or its
 * window's thread has ended; also if it is HANDLER_FAILED and another such event of the lane waits that no sink has
 * received yet. While the audience has no sink and WaitEvent was not called, keeps the newest 1,024 events of the
 * audience, and of the lane as many as the connection's receive limit allows; drops older events, and lets reading go
 * on. */
void queue_push(queue *q, lane *l, pipe_event *event);

/* Returns whether nobody is there to receive the events of `l`: its audience has no sink, and WaitEvent was not called
 * since the last start. */
bool queue_nobody_hears(queue *q, const lane *l);
/* Returns whether the audience of `l` has a sink. */
bool queue_has_sinks(queue *q, const lane *l);

/* Returns whether an event of this lane that is pushed now is likely to wait behind others. */
bool queue_is_behind(queue *q, lane *l);

/* Call it when the audience has a sink, or has none any more. Events that wait are raised when the first sink comes.
 * When the last sink has gone, reading goes on that the receive limit or a pause has stopped. */
void queue_set_has_sinks(queue *q, audience *a, bool has_sinks);

/* Drops the events of this lane and of the lanes that it follows: those that wait, and those that come. */
void queue_silence_lane(queue *q, lane *l);

/* The events of `l` are raised after those of `earlier`; see backlog_follow. This ends when DISCONNECTED of one of them
 * has ended, or with queue_unfollow, for a lane that gets no event. */
void queue_follow(queue *q, lane *l, lane *earlier);

/* Call it when the consumer waits for events. Until queue_forget_leave, events without a sink are kept for the
 * consumer. */
void queue_note_waiting(queue *q);

/* Lets lanes of `r` read on that the receive limit or a pause has stopped, if they have no sink and nobody waits for
 * their events. Call it on a worker of `r`, at its turn. */
void queue_read_on(queue *q, run_state *r);

/* What a queue looks like at one moment, for a person who looks for a fault. */
typedef struct queue_survey
{
    unsigned waiting;         /* events that wait */
    unsigned without_sinks;   /* those of them whose audience has no sink */
    unsigned handlers;        /* handlers that run */
    DWORD thread;             /* the thread of one of them; 0: none runs */
    bool consumer_waits;      /* WaitEvent was called since the last Start */
    bool has_waiters;         /* a thread is inside a wait */
    bool paused;              /* too many events wait: runs are paused */
    ULONGLONG window_wait_ms; /* for so long the window's thread has not dispatched; 0: nothing waits for it */
} queue_survey;

void queue_survey_take(queue *q, queue_survey *out);

/* Drops all events, those that wait and those that come, and ends every wait. */
void queue_silence(queue *q);

/* ---- waiting threads ---- */

/* The calling thread waits from now on, until queue_waiter_end. NULL: memory or handles are short. */
waiter *queue_waiter_begin(queue *q, bool is_loop);
/* Returns whether the wait is to end. `*leave_at` is then the sequence up to which the thread still raises events. */
bool queue_waiter_is_left(queue *q, waiter *w, LONGLONG *leave_at);

/* Ends waits; see waiters_leave. */
void queue_leave(queue *q, bool by_leave);
/* Returns whether a Leave came while no loop was inside, and forgets that Leave. */
bool queue_was_left(queue *q);
/* Forgets such a Leave, and that the consumer waits for events. Call it when a run starts. */
void queue_forget_leave(queue *q);
/* Returns whether a thread is inside a wait. */
bool queue_has_waiters(queue *q);

#endif

/* queue.h: the events of one owner until they are raised: who is told that something waits, who raises it, and what
 * is dropped.
 *
 * Three ways lead out, by the run that an event is of (queue_way); and a fourth, queue_take_for_consumer, where
 * there is no sink. Each takes an event, raises it with no lock held, and finishes it. In which order is the
 * backlog's business.
 *
 * Any thread may call everything here, unless a line says otherwise. `calls` are made with no lock held. Counted:
 * the owner, its runs, and the task that drains. */

#ifndef DELIVER_QUEUE_H
#define DELIVER_QUEUE_H

#include "base/lock.h"
#include "deliver/backlog.h"
#include "deliver/thread_window.h"
#include "deliver/waiter.h"

typedef struct queue queue;
typedef struct queue_owner queue_owner;
typedef struct running_handler running_handler;

/* One handler that runs on another thread than the one that raises. */
struct running_handler
{
    list_link link;
    DWORD thread;
    lane *lane;
};

typedef enum raised
{
    RAISED_ALL,      /* every sink that was to have it has had it */
    RAISED_NONE,     /* the first sink refused it: nobody has had it */
    RAISED_IN_PART,  /* a later one did */
    RAISED_TO_NOBODY /* the sinks went before it was raised; queue_set_has_sinks was called, unless others have come */
} raised;

typedef struct queue_calls
{
    /* Raises the event to every sink. May pump, and may do anything to the owner. An event that was refused is raised
     * again later, whole: from the sink on that refused it. What was raised to nobody waits as if it had not been
     * taken. */
    raised (*raise)(queue_owner *owner, pipe_event *event);
    /* An event that was refused is about to end, raised in the end or dropped: what is remembered of it is freed. */
    void (*forget)(queue_owner *owner, pipe_event *event);
    /* The owner's memory is held by the queue through these two. False: it is about to be freed, on the window's
     * thread where there is a window. */
    bool (*hold)(queue_owner *owner);
    void (*release)(queue_owner *owner);
} queue_calls;

struct queue_owner
{
    const queue_calls *calls;
};

struct queue
{
    volatile LONG references; /* Interlocked */
    queue_owner *owner;
    thread_window *window; /* held; NULL: none */
    task drain;
    lock lock;
    backlog backlog GUARDED_BY(lock);
    waiters waiters GUARDED_BY(lock);
    list raising GUARDED_BY(lock); /* lanes of which handlers run */
    list running GUARDED_BY(lock);
    list workers GUARDED_BY(lock); /* runs of QUEUE_WORKERS that have workers */
    list paused GUARDED_BY(lock);  /* runs, each held */
    list resumed GUARDED_BY(lock); /* those that are about to go on, each held */
    bool consumer_waits GUARDED_BY(lock);
    bool silenced GUARDED_BY(lock);
    unsigned window_held_back GUARDED_BY(lock);
    struct
    {
        DWORD thread; /* QUEUE_WAITERS: the thread that is raising, and how deep */
        unsigned depth;
        HANDLE handle; /* of `thread`, kept while another one has not raised */
    } raiser GUARDED_BY(lock);
};

/* Microseconds of the system's performance counter. A test may replace it, before the threads that use it start. */
extern LONGLONG (*queue_clock)(void);

/* `window`: that of the creating thread, NULL where there is none (its reference becomes the queue's). NULL without
 * memory. */
queue *queue_create(queue_owner *owner, thread_window *window);
queue *queue_hold(queue *q);

/* The last one, where there is a window, on its thread (or after that has ended), so that no task of the queue's is on
 * its way. */
void queue_release(queue *q);
thread_window *queue_get_window(queue *q);

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

/* ---- raising.c: what goes ---- */

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

/* The next event, where there is no sink; NULL: none, or a sink is there. queue_finish_taken follows when it is handed
 * out. */
pipe_event *queue_take_for_consumer(queue *q);
void queue_finish_taken(queue *q, pipe_event *event);

/* Whether something waits that queue_take_for_consumer would give, now or once a handler has returned. */
bool queue_has_events(queue *q);

/* ---- handlers.c: handlers that run ---- */

/* Marks a handler of `l` as running on this thread, until running_handler_end, which may be called twice and on any
 * thread. False: the run is silenced, and nothing was begun. */
bool running_handler_begin(queue *q, running_handler *f, lane *l);
void running_handler_end(queue *q, running_handler *f);

/* Whether the calling thread is inside a handler: any, or one that a worker called. */
bool queue_is_in_handler(queue *q);
bool queue_is_in_worker_handler(queue *q);
/* Whether it is inside one that the end of the run may have to wait for. */
bool queue_holds_up(queue *q, const run_state *r);

/* ---- waiting threads ---- */

/* The calling thread waits from now on; NULL without memory or handles. */
waiter *queue_waiter_begin(queue *q, bool is_loop);
/* False: it goes on, since it was left and something up to `leave_at` may be raised yet. Else it is freed, and `*left`
 * says whether it was left. */
bool queue_waiter_end(queue *q, waiter *w, bool *left);
/* Whether it was left; then `*leave_at` is what it raises yet. */
bool queue_waiter_is_left(queue *q, waiter *w, LONGLONG *leave_at);

/* See waiters_leave. */
void queue_leave(queue *q, bool by_leave);
/* Whether a Leave came ahead of this loop; takes it. */
bool queue_was_left(queue *q);
void queue_forget_leave(queue *q);
/* Whether a thread is inside a wait that raises. */
bool queue_has_waiters(queue *q);

/* ---- between queue.c, pausing.c, raising.c and handlers.c ---- */

/* Where too much waits, the run is paused with the others. */
void queue_pause_if_high(queue *q, run_state *r) REQUIRES_LOCK(q->lock);
/* Half of it has gone: none is paused any more. True: queue_advance_resumed follows, once the lock is open. */
bool queue_resume_if_low(queue *q) REQUIRES_LOCK(q->lock);
/* Those that were paused go on: each is taken by whoever comes first, unless it was paused again. */
void queue_advance_resumed(queue *q);

/* A handler of the lane begins on this thread. The lane is held until it has ended. */
void queue_begin_handler(queue *q, lane *l) REQUIRES_LOCK(q->lock);
/* It has, but for the lane's release once the lock is open. `told`: sequence of its event; 0 where that was put
 * back. */
void queue_end_handler(queue *q, lane *l, LONGLONG told) REQUIRES_LOCK(q->lock);

/* What is to be done once the lock is open. */
typedef struct aftermath
{
    list dropped; /* events, by link */
    bool wake;
} aftermath;

void aftermath_init(aftermath *a);
/* Opens the lock and does what is to be done. */
void queue_unlock(queue *q, aftermath *a) RELEASES(q->lock);
/* The end of an event, raised or not. Free-threaded, the handle of a connection is closed only now. */
void queue_end_event(queue *q, pipe_event *event);
/* Where nobody is there for `l` the oldest events of its audience go. */
void queue_drop_without_sinks(queue *q, lane *l, list *dropped) REQUIRES_LOCK(q->lock);
/* False: the window's thread has ended. */
bool queue_wake_window(queue *q);
/* Kicks `many` workers of a run, or of those that stand in for it. */
void queue_kick(queue *q, run_state *r, unsigned many) REQUIRES_LOCK(q->lock);
/* Wakes whoever raises, for all that waits. */
void queue_wake_all(queue *q);
void queue_drain_task(task *t);

#endif

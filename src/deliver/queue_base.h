/* queue_base.h: what the files of a queue share: its fields, its references, the end of an event, waking.
 *
 * Any thread may call everything here. The functions of queue_calls are called with no lock held. A queue is
 * reference-counted: its owner, its runs, and threads that raise its events hold it. */

#ifndef DELIVER_QUEUE_BASE_H
#define DELIVER_QUEUE_BASE_H

#include "base/lock.h"
#include "deliver/backlog.h"
#include "deliver/thread_window.h"
#include "deliver/waiter.h"

typedef struct queue queue;
typedef struct queue_owner queue_owner;

typedef enum raised
{
    RAISED_ALL,       /* every sink that was to receive the event has received it */
    RAISED_NONE,      /* the first sink refused the event: no sink has received it */
    RAISED_IN_PART,   /* a later sink refused the event */
    RAISED_TO_NOBODY, /* the sinks had gone before; queue_set_has_sinks was called, unless other sinks have come */
    RAISED_LET_GO     /* as if `forget` had returned false: the owner ends the event */
} raised;

typedef struct queue_calls
{
    /* Raises the event to every sink. May pump messages, and may do anything to the owner. An event that a sink refused
     * is raised again later, from that sink on. An event that was raised to nobody waits again as if it had not been
     * taken. */
    raised (*raise)(queue_owner *owner, pipe_event *event);
    /* Frees `progress` of an event. Called before the event ends, raised or dropped, if `progress` is not NULL. False:
     * a handler that began earlier still runs and uses the event; the owner calls queue_end_event when the handler has
     * returned. The event may have ended by then when this returns. */
    bool (*forget)(queue_owner *owner, pipe_event *event);
    /* Hold and release the owner's memory, while a thread raises events. False: the memory is about to be freed. If the
     * queue has a window, the memory is freed on the window's thread, or after that thread has ended. */
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
    list raising GUARDED_BY(lock);        /* lanes with handlers that run */
    list running GUARDED_BY(lock);        /* of running_handler */
    list workers GUARDED_BY(lock);        /* runs of QUEUE_WORKERS whose workers have not gone */
    list paused GUARDED_BY(lock);         /* runs that are paused, each held */
    list resumed GUARDED_BY(lock);        /* runs that are about to go on, each held */
    bool consumer_waits GUARDED_BY(lock); /* WaitEvent was called since the last Start */
    bool silenced GUARDED_BY(lock);
    unsigned window_held_back GUARDED_BY(lock); /* counts queue_hold_window_back */
    struct
    {
        DWORD thread;   /* QUEUE_WAITERS: the thread that raises events, or was the last that did */
        unsigned depth; /* handlers that run on the thread; 0: none */
        HANDLE handle;  /* of the thread, kept until another thread raises; NULL: not known */
    } raiser GUARDED_BY(lock);
};

/* Returns the microseconds of the system's performance counter. A test may replace this function, before the threads
 * that use it start. */
extern LONGLONG (*queue_clock)(void);

queue *queue_hold(queue *q);

/* Releases a reference; the last frees the queue. NULL is allowed. If the queue has a window, release the last
 * reference on the window's thread, or after that thread has ended: then the queue's task is not running. */
void queue_release(queue *q);
/* Returns the queue's window, which the queue holds, or NULL. */
thread_window *queue_get_window(queue *q);

/* ---- after the lock is released ---- */

/* What queue_unlock does after it has released the lock. */
typedef struct aftermath
{
    list dropped; /* events to end, by link */
    bool wake;    /* wake the threads that raise */
} aftermath;

void aftermath_init(aftermath *a);
/* Ends the pause of a run that is paused; queue_unlock lets the run go on. */
void queue_resume(queue *q, run_state *r) REQUIRES_LOCK(q->lock);
/* Releases the lock. Then ends the dropped events, lets runs go on if few enough events wait, and wakes threads. */
void queue_unlock(queue *q, aftermath *a) RELEASES(q->lock);
/* Ends an event that was raised or dropped: frees its progress and the event, and releases its lane. Closes the handle
 * of the connection after DISCONNECTED; in a run of QUEUE_WORKERS the handle was open until now. Call it with no lock
 * held. */
void queue_end_event(queue *q, pipe_event *event);
/* The lane follows no other any more, and is followed by none; see backlog_part. Call it when no event of the lane will
 * come; queue_end_event does it after DISCONNECTED. Any thread, with no lock held. */
void queue_unfollow(queue *q, lane *l);
/* If nobody is there to receive the events of `l`, moves the oldest to `dropped`; see backlog_drop_without_sinks. */
void queue_drop_without_sinks(queue *q, lane *l, list *dropped) REQUIRES_LOCK(q->lock);
/* Wakes the window's thread. The queue has a window. False: the thread has ended. */
bool queue_wake_window(queue *q);
/* Wakes `many` workers of a run or, if the run has ended, one worker of each run that has workers. */
void queue_kick(queue *q, run_state *r, unsigned many) REQUIRES_LOCK(q->lock);
/* Wakes all threads that have an event to raise: the window's thread, workers, and threads that wait. */
void queue_wake_all(queue *q);
/* Returns how many events count for the pause. Events without a sink count only if the consumer waits for events. */
unsigned queue_pressing(const queue *q) REQUIRES_LOCK(q->lock);
/* Returns whether nobody is there to receive the events of `l`: no sink, and no consumer who waits for events. */
bool queue_is_nobody_there(const queue *q, const lane *l) REQUIRES_LOCK(q->lock);

#endif

/* queue_base.h: what all files of a queue share: its fields, its references, how an event ends, who is woken.
 *
 * Any thread may call everything here. `calls` are made with no lock held. Counted: the owner, its runs, and the task
 * that drains. */

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

queue *queue_hold(queue *q);

/* The last one, where there is a window, on its thread (or after that has ended), so that no task of the queue's is on
 * its way. */
void queue_release(queue *q);
thread_window *queue_get_window(queue *q);

/* ---- once the lock is open ---- */

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
/* How many events count for the pause: those that no sink hears do not, unless the consumer takes events himself. */
unsigned queue_pressing(const queue *q) REQUIRES_LOCK(q->lock);
/* Whether an event of `l` has nobody who would take it. */
bool queue_is_nobody_there(const queue *q, const lane *l) REQUIRES_LOCK(q->lock);

#endif

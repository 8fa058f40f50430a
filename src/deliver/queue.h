/* queue.h: the events of one owner, in one order, until they are raised.
 *
 * Three ways lead out, by the run that an event is of: its window's thread (QUEUE_WINDOW), a thread that waits (QUEUE_WAITERS), the engine's workers
 * (QUEUE_WORKERS); and a fourth, queue_take_for_consumer, where there is no sink. Each takes an event, raises it with no lock held, and finishes it.
 *
 * Any thread may call everything here, unless a line says otherwise. `calls` are made with no lock held. Counted: the owner, its runs, and the task that drains. */

#ifndef DELIVER_QUEUE_H
#define DELIVER_QUEUE_H

#include "base/lock.h"
#include "deliver/thread_window.h"
#include "pipe/pipe.h"

typedef struct queue queue;
typedef struct queue_owner queue_owner;
typedef struct run run;
typedef struct lane lane;
typedef struct audience audience;
typedef struct frame frame;

typedef enum queue_way
{
    QUEUE_WINDOW,  /* on the thread of the queue's window; nested where a handler pumps */
    QUEUE_WAITERS, /* on a thread inside loop_enter or loop_wait_event, one at a time; nested on that thread */
    QUEUE_WORKERS  /* on workers, one at a time for each lane */
} queue_way;

/* Whoever hears one source of events: a server's sinks hear all its lanes; those of a connection of our own that one. A field of the source. Under the queue's lock. */
struct audience
{
    bool heard;     /* there is a sink */
    list droppable; /* what waits, all but CONNECTED, in order */
    unsigned droppable_count;
};

/* The events of one connection, or those of the server itself: a field of an object, which each of its events holds through these two. All else is under the
 * queue's lock but what says otherwise. */
struct lane
{
    void (*hold)(lane *l);
    void (*release)(lane *l);
    run *run;
    audience *audience;    /* lives as long as the lane */
    bool silenced;         /* no event of it is kept any more */
    list events;           /* QUEUE_WORKERS: those that wait */
    list_link ready;       /* QUEUE_WORKERS: something waits and nothing of it is being raised */
    bool busy;             /* QUEUE_WORKERS: one is being raised */
    pipe_event *connected; /* its CONNECTED, while that waits */
    bool disconnect_waits;
    volatile bool told; /* DISCONNECTED began to be delivered, or was dropped; read without lock */
};

/* One handler that runs, on the stack of the thread that raises. */
struct frame
{
    list_link link;
    DWORD thread;
    run *run;
};

typedef struct queue_calls
{
    /* Raises the event to every sink. May pump, and may do anything to the owner. */
    void (*raise)(queue_owner *owner, pipe_event *event);
    /* The owner's memory is held by the queue through these two. False: it is about to be freed, on the window's thread where there is a window. */
    bool (*hold)(queue_owner *owner);
    void (*release)(queue_owner *owner);
} queue_calls;

struct queue_owner
{
    const queue_calls *calls;
};

/* `window`: that of the creating thread, NULL where there is none (its reference becomes the queue's). NULL without memory. */
queue *queue_create(queue_owner *owner, thread_window *window);
queue *queue_hold(queue *q);

/* The last one, where there is a window, on its thread (or after that has ended), so that no task of the queue's is on its way. */
void queue_release(queue *q);
thread_window *queue_get_window(queue *q);

void audience_init(audience *a);
void lane_init(lane *l, run *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));

/* Queues an event of `l` and wakes whoever is to raise it. It is dropped where its run or its lane is silenced or its window's thread has ended, and, while nobody is there, the
 * oldest of its audience beyond 1,024. */
void queue_push(queue *q, lane *l, pipe_event *event);

/* Whether an event of this lane that is pushed now is likely to have to wait behind others. */
bool queue_is_behind(queue *q, lane *l);

/* There is a sink, or none any more. The first hands over what waits. */
void queue_set_heard(queue *q, audience *a, bool heard);

/* No event of this lane is kept any more: what waits is dropped, and what comes. */
void queue_silence_lane(queue *q, lane *l);

/* The consumer waits for events himself, from now until the next Start. */
void queue_note_waiting(queue *q);

/* Raises everything that waits for the window's thread, on it; nested in a handler too. Or what has a sequence up to `last`. */
void queue_drain_window(queue *q);
void queue_drain_window_until(queue *q, LONGLONG last);

/* While hushed the window's thread raises nothing of itself: it waits in a Stop. Counted. */
void queue_hush(queue *q, bool hushed);

/* Nothing is raised or kept any more: what waits is dropped, and what comes. */
void queue_close(queue *q);

/* Raises the next event for a waiting thread, with a sequence up to `last`. False: none, or another thread is raising. */
bool queue_raise_one(queue *q, LONGLONG last);

/* Raises what is ready, on a worker of `r`. */
void queue_raise_ready(queue *q);

/* The next event, where there is no sink; NULL: none, or a sink is there. queue_finish_taken follows when it is handed out. */
pipe_event *queue_take_for_consumer(queue *q);
void queue_finish_taken(queue *q, pipe_event *event);

/* Whether something waits that queue_take_for_consumer would give. */
bool queue_has_events(queue *q);

/* The sequence of the newest event. */
LONGLONG queue_newest(queue *q);

/* Marks a handler of `r` as running on this thread, until queue_frame_end. False: the run is silenced, and nothing was begun. */
bool queue_frame_begin(queue *q, frame *f, run *r);
void queue_frame_end(queue *q, frame *f);

/* Whether the calling thread is inside a handler: of any run, or of one of QUEUE_WORKERS. */
bool queue_is_in_handler(queue *q);
bool queue_is_in_worker_handler(queue *q);

/* ---- waiting threads ---- */

/* A thread that is told of every change: something was queued, raised, left or stopped. */
typedef struct queue_waiter
{
    list_link link;
    HANDLE changed; /* auto-reset event */
    bool is_loop;   /* ends by Leave and Stop */
    bool left;      /* queue's lock */
    LONGLONG leave_at;
} queue_waiter;

/* The event is made here and closed by queue_waiter_end. A Win32 code. */
DWORD queue_waiter_begin(queue *q, queue_waiter *w, bool is_loop);
/* False: it goes on, since it was left and something up to `leave_at` is still to be raised. */
bool queue_waiter_end(queue *q, queue_waiter *w);

bool queue_waiter_is_left(queue *q, queue_waiter *w);

/* Ends the loops that are inside. By a Leave, where none is inside, the next one; by a Stop every wait: each raises what is queued by now before it ends. */
void queue_leave(queue *q, bool by_leave);
/* Whether a Leave came ahead of this loop; takes it. */
bool queue_was_left(queue *q);
void queue_forget_leave(queue *q);
/* Tells every waiter to look again. */
void queue_signal(queue *q);
/* Whether a thread is inside a wait that raises. */
bool queue_has_waiters(queue *q);

#endif

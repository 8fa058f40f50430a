/* lane.h: what the events of a queue are sorted by: whose they are, who hears them, of which run they are.
 *
 * All of it is under the queue's lock but what says otherwise. */

#ifndef DELIVER_LANE_H
#define DELIVER_LANE_H

#include "pipe/pipe.h"

typedef struct run_state run_state;
typedef struct lane lane;
typedef struct audience audience;

/* The way of a run's events to its handlers. */
typedef enum queue_way
{
    QUEUE_WINDOW,  /* on the thread of the queue's window; nested where a handler pumps */
    QUEUE_WAITERS, /* on a thread inside loop_enter or loop_wait_event, one at a time; nested on that thread */
    QUEUE_WORKERS  /* on workers, one at a time for each lane */
} queue_way;

/* Whoever hears one source of events: a server's sinks hear all its lanes; those of a connection of our own that one.
 * A field of the source. */
struct audience
{
    bool has_sinks; /* there is a sink */
    unsigned count; /* events that wait */
    list droppable; /* what waits, all but CONNECTED, in order */
    unsigned droppable_count;
};

/* The events of one connection, or those of the server itself: a field of an object, which each of its events holds
 * through these two. */
struct lane
{
    void (*hold)(lane *l);
    void (*release)(lane *l);
    run_state *run;         /* held by whoever holds the lane */
    audience *audience;     /* lives as long as the lane */
    connection *connection; /* of its events, held by whoever holds the lane; NULL: none was seen yet */
    HANDLE handle;          /* the value that the connection's Handle has; NULL: none */
    LONGLONG receive_limit; /* bytes that its events may hold while nobody is there; 0 for none */

    list events;           /* those that wait, by lane_link */
    list_link waiting;     /* in run->waiting, while there are any */
    list *place;           /* run->with_sinks or run->without_sinks, while an event may be taken; else NULL */
    list_link turn;        /* in it */
    unsigned taken;        /* events of its present turn */
    LONGLONG began;        /* time of the first of them */
    LONGLONG charge;       /* bytes of the receive limit that its events hold */
    pipe_event *connected; /* its CONNECTED, while that waits */
    bool disconnect_waits;
    bool silenced; /* no event of it is kept any more */
    bool busy;     /* a worker is raising one; read by that thread and by its handler's without lock too */
    volatile LONG end_delivered; /* acquire, release; DISCONNECTED began to be delivered, or was dropped */
    LONGLONG delivered_up_to;    /* sequence of the newest event that was raised or handed out */

    list_link held; /* in backlog.held, while its first event was refused just now */
    LONGLONG held_until;

    list_link living; /* from CONNECTED until DISCONNECTED was raised or dropped: to be found by its handle */
    lane *before;     /* it had the same handle, and is to be told of first */
    lane *behind;

    list_link quiet;   /* in a worker's list of those that it lets read on */
    list_link raising; /* in queue.raising, while a handler runs */
    unsigned depth;    /* how many */
    DWORD thread;      /* on which thread */
};

/* What a run is to its queue; a field of the run. Its own lane holds it. */
struct run_state
{
    queue_way way;
    engine *engine;
    unsigned threads;
    lane own_lane;   /* READY and SERVER_ERROR */
    LONGLONG number; /* runs of one queue in the order of their start */

    list_link link;                 /* in backlog.runs, while a lane waits */
    list waiting;                   /* lanes of which events wait */
    list with_sinks, without_sinks; /* those of which one may be taken now: the next is the first */
    bool open;                      /* Start has returned: events may be raised */
    bool ready_delivered;           /* READY was taken; QUEUE_WORKERS: its handlers have returned */
    bool ended;                     /* the last worker has gone */
    volatile LONG silenced;         /* acquire, release; no event begins any more; set under the lock */
    volatile LONG closing;          /* Interlocked; it is being stopped */
    volatile LONG read_on;          /* Interlocked; a worker reads on what the receive limit stopped: nobody is there */
    ULONGLONG active_at;            /* win32.tick_count of the last begin or end of a handler */
    list_link paused, resumed;      /* in queue.paused, then queue.resumed: never in both */
    list_link worked_on;            /* in queue.workers */
};

/* Whether no event of the lane's run begins any more. Any thread, without the lock. */
bool lane_run_is_silenced(const lane *l);
/* Whether DISCONNECTED began to be delivered, or was dropped. Any thread, without the lock. */
bool lane_end_is_delivered(const lane *l);
/* On the thread that raises an event of the lane, and on that of its handler: whether a worker raises it. */
bool lane_is_on_worker(const lane *l);
/* On the thread that raises an event of the lane which was refused: whether it waits there and tries again. The thread
 * of a window does not, nor does one whose run is being stopped. */
bool lane_tries_again(const lane *l);
/* Manual-reset event: set when the workers of the lane's run have ended. Valid as long as the lane is held. */
HANDLE lane_run_ended(const lane *l);

/* Of a lane that has one. */
pipe_event *lane_first_event(const lane *l);

void audience_init(audience *a);
void lane_init(lane *l, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));
/* With the last reference; nothing of it waits or is raised any more. */
void lane_fini(const lane *l);

#endif

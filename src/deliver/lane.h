/* lane.h: what a queue sorts events by: the lane (whose event it is), the audience (who receives it), and the run.
 *
 * The queue's lock guards all fields, unless a comment says otherwise. */

#ifndef DELIVER_LANE_H
#define DELIVER_LANE_H

#include "pipe/pipe.h"

typedef struct run_state run_state;
typedef struct lane lane;
typedef struct audience audience;

/* The way of a run's events to its handlers. */
typedef enum queue_way
{
    QUEUE_WINDOW,  /* on the thread of the queue's window; nested if a handler pumps messages */
    QUEUE_WAITERS, /* on a thread inside loop_enter or loop_wait_event, one thread at a time; nested on that thread */
    QUEUE_WORKERS  /* on workers, one event at a time for each lane */
} queue_way;

/* The receivers of one source of events: a server's sinks receive the events of all its lanes; the sinks of a
 * connection of our own receive the events of its lane. A field of the source. */
struct audience
{
    bool has_sinks;           /* there is a sink */
    unsigned count;           /* events that wait */
    list droppable;           /* all of these events but CONNECTED, in order */
    unsigned droppable_count; /* their number, and the CONNECTED whose DISCONNECTED waits, too */
};

/* The events of one connection, or the events of the server itself. A field of an object. Each event of the lane holds
 * that object through `hold` and `release`. */
struct lane
{
    void (*hold)(lane *l);
    void (*release)(lane *l);
    run_state *run;         /* a holder of the lane holds the run, too */
    audience *audience;     /* lives as long as the lane */
    connection *connection; /* of its events; a holder of the lane holds it, too; NULL: no event has come yet */
    HANDLE handle;          /* the value of the connection's Handle; NULL: none */
    LONGLONG receive_limit; /* bytes that the events may hold while nobody is there to receive them; 0: no limit */

    list events;                 /* the events that wait, by lane_link */
    list_link waiting;           /* in run->waiting, while an event waits */
    list *place;                 /* run->with_sinks or run->without_sinks, while an event may be taken; else NULL */
    list_link turn;              /* in that list */
    unsigned taken;              /* events of the present turn */
    LONGLONG began;              /* time of the first of them */
    LONGLONG charge;             /* bytes of the receive limit that the events hold */
    pipe_event *connected;       /* CONNECTED, while it waits; else NULL */
    pipe_event *failure;         /* the report of a handler's failure that waits, heard by no sink; NULL: none */
    bool disconnect_waits;       /* DISCONNECTED waits */
    bool silenced;               /* no event of the lane is kept any more */
    bool busy;                   /* a worker is raising an event; that worker also reads this without the lock */
    volatile LONG end_delivered; /* acquire, release; delivery of DISCONNECTED has begun, or it was dropped */
    /* Sequence of the newest event that WaitEvent got, or that was raised by another thread than a worker. */
    LONGLONG delivered_up_to;

    list_link held;      /* in backlog.held, while the lane is held back, since its first event was refused */
    LONGLONG held_until; /* ms of win32.tick_count, or BACKLOG_NEVER */

    list_link living; /* in handles.living, from CONNECTED until DISCONNECTED was raised or dropped */
    lane *before;     /* the lane that had the same handle, whose end must be told first; or NULL */
    lane *behind;     /* the lane that has this lane before it; or NULL */

    lane *follows;     /* the lane whose end must be told before any event of this lane; or NULL */
    lane *followed_by; /* the lane that follows this lane; or NULL */
    bool ended;        /* backlog_end_lane was called, and DISCONNECTED was not put back since */

    list_link quiet;   /* in a list of lanes that a worker lets read on */
    list_link raising; /* in queue.raising, while a handler runs */
    unsigned depth;    /* how many handlers run */
    DWORD thread;      /* the thread of the last handler that began */
};

/* What a queue knows of a run; a field of the run. A holder of the own lane holds the run. */
struct run_state
{
    queue_way way;
    engine *engine;
    unsigned threads; /* workers */
    lane own_lane;    /* READY and SERVER_ERROR */
    LONGLONG number;  /* counts the runs of one queue from 1, in the order of their starts */

    list_link link;                 /* in backlog.runs, while an event waits */
    list waiting;                   /* lanes with events that wait */
    list with_sinks, without_sinks; /* lanes from which an event may be taken now; the first lane is the next */
    bool open;                      /* Start has returned: events may be raised */
    bool ready_delivered;           /* READY was taken; QUEUE_WORKERS: its handlers have returned */
    bool ended;                     /* the last worker has gone */
    volatile LONG silenced;         /* acquire, release; no event begins any more; set under the lock */
    volatile LONG closing;          /* Interlocked; run_begin_close was called with CLOSE_AT_ONCE */
    volatile LONG read_on;          /* Interlocked; a worker is to call queue_read_on, since the sinks have gone */
    ULONGLONG active_at;            /* win32.tick_count of the last begin or end of a handler */
    list_link paused, resumed;      /* in queue.paused, then in queue.resumed; never in both */
    list_link worked_on;            /* in queue.workers */
};

/* Returns whether no event of the lane's run begins any more. Any thread, without the lock. */
bool lane_run_is_silenced(const lane *l);
/* Returns whether the delivery of DISCONNECTED has begun, or it was dropped. Any thread, without the lock. */
bool lane_end_is_delivered(const lane *l);
/* Returns whether a worker raises the lane's event. Call it on the thread that raises the event; without the lock. */
bool lane_is_on_worker(const lane *l);
/* Returns whether the thread that raises an event of the lane waits there and tries again after a sink refused the
 * event: a worker does, until its run is told to close at once. The thread of a window and threads that wait have
 * something else to return to. Call it on that thread, without the lock. */
bool lane_tries_again(const lane *l);
/* Returns a manual-reset event that is set when the workers of the lane's run have ended. Do not close it. Valid as
 * long as the lane is held. */
HANDLE lane_run_ended(const lane *l);

/* Returns the first event of a lane that has one. */
pipe_event *lane_first_event(const lane *l);

void audience_init(audience *a);
void lane_init(lane *l, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));
/* Call it after the last release. Checks that no event of the lane waits or is being raised. */
void lane_fini(const lane *l);

#endif

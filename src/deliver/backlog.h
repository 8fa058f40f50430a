/* backlog.h: the events of one queue that wait to be raised, lane by lane.
 *
 * Nothing here locks, wakes or raises: the caller holds the lock of the queue that the backlog is a field of. Times are microseconds of any clock that does not go back.
 *
 * Lanes take turns. A run keeps those of its lanes from which an event may be taken now, the next one first: of a lane TURN_EVENTS events are taken in a row, and none later than
 * TURN_US after the first of them; then the lane goes behind the others. Older runs come first. */

#ifndef DELIVER_BACKLOG_H
#define DELIVER_BACKLOG_H

#include "pipe/pipe.h"

typedef struct run_state run_state;
typedef struct lane lane;
typedef struct audience audience;

enum
{
    TURN_EVENTS = 16,
    TURN_US = 2000,
    UNHEARD_MAX = 1024, /* events of one audience that wait where nobody is there */
    HANDLE_BUCKETS = 256
};

/* The way of a run's events to its handlers. */
typedef enum queue_way
{
    QUEUE_WINDOW,  /* on the thread of the queue's window; nested where a handler pumps */
    QUEUE_WAITERS, /* on a thread inside loop_enter or loop_wait_event, one at a time; nested on that thread */
    QUEUE_WORKERS  /* on workers, one at a time for each lane */
} queue_way;

/* Whoever hears one source of events: a server's sinks hear all its lanes; those of a connection of our own that one. A field of the source. */
struct audience
{
    bool heard;     /* there is a sink */
    list droppable; /* what waits, all but CONNECTED, in order */
    unsigned droppable_count;
};

/* The events of one connection, or those of the server itself: a field of an object, which each of its events holds through these two. */
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
    list *place;           /* run->heard or run->unheard, while an event may be taken; else NULL */
    list_link turn;        /* in it */
    unsigned taken;        /* events of its present turn */
    LONGLONG began;        /* time of the first of them */
    LONGLONG charge;       /* bytes of the receive limit that its events hold */
    pipe_event *connected; /* its CONNECTED, while that waits */
    bool disconnect_waits;
    bool silenced;      /* no event of it is kept any more */
    bool busy;          /* QUEUE_WORKERS: one is being raised */
    bool refused;       /* QUEUE_WORKERS: its first event waits for another run's workers */
    volatile bool told; /* DISCONNECTED began to be delivered, or was dropped; read without lock */

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

    list_link link;              /* in backlog.runs, while a lane waits */
    list waiting;                /* lanes of which events wait */
    list heard, unheard;         /* those of which one may be taken now: the next is the first */
    bool open;                   /* Start has returned: events may be raised */
    bool ready_told;             /* READY was taken; QUEUE_WORKERS: its handlers have returned */
    bool ended;                  /* the last worker has gone */
    volatile bool silenced;      /* no event begins any more; read without lock too */
    volatile LONG closing;       /* Interlocked; it is being stopped */
    volatile LONG read_on;       /* Interlocked; nobody is there any more: a worker goes on reading what the receive limit stopped */
    ULONGLONG active_at;         /* GetTickCount64 of the last begin or end of a handler */
    list_link paused, worked_on; /* in queue.paused, queue.workers */
};

typedef struct backlog
{
    list runs; /* of which events wait, by age */
    list living[HANDLE_BUCKETS];
    unsigned count;
    LONGLONG sequence; /* of the newest event */
    LONGLONG last_run;
    bool moved; /* a lane may go on that could not before: set here, cleared by the queue, which wakes */
} backlog;

/* What is to be taken: events with a sequence up to the one, of runs up to the other. */
typedef struct backlog_limit
{
    LONGLONG sequence, run;
} backlog_limit;

extern const backlog_limit no_limit;

void backlog_init(backlog *b);
void audience_init(audience *a);
void lane_init(lane *l, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));
/* Gives the run its number; its own lane and its way are set. `hold` and `release` are the own lane's. */
void backlog_add_run(backlog *b, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));

/* Adds an event at the end of its lane. */
void backlog_append(backlog *b, pipe_event *event);

/* Puts an event that was taken back as the first of its lane, and the lane before all others of its run. `untold`: nobody has heard it yet. */
void backlog_put_back(backlog *b, pipe_event *event, bool untold);

/* While nobody is there for `l`: moves the oldest events beyond UNHEARD_MAX of its audience and beyond the lane's receive limit to `dropped`, by `link`. A CONNECTED goes only with its
 * DISCONNECTED, and the newest event of the lane stays whatever it holds. */
void backlog_drop_unheard(backlog *b, lane *l, list *dropped);

/* Moves what waits of one run, of one lane, or everything to `dropped`, by `link`. */
void backlog_clear_run(backlog *b, run_state *r, list *dropped);
void backlog_clear_lane(backlog *b, lane *l, list *dropped);
void backlog_clear(backlog *b, list *dropped);

/* The next event that is heard and goes this way; QUEUE_WORKERS: of `worker_of`, or of a run whose workers have gone. NULL: there is none. Of QUEUE_WORKERS the lane is busy then, until
 * backlog_give_back. */
pipe_event *backlog_take(backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit,
                         LONGLONG now);
/* Whether there is one. */
bool backlog_has(const backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit);

/* The handlers of what was taken on a worker have returned: the lane may go on, and after READY all of its run. */
void backlog_give_back(backlog *b, lane *l, pipe_event_kind kind, LONGLONG now);

/* The next event that nobody hears; NULL: there is none. */
pipe_event *backlog_take_unheard(backlog *b, LONGLONG now);
/* Whether events wait that nobody hears, also where none may be taken yet. */
bool backlog_has_unheard(const backlog *b);

/* What is said of a run (`open`, `ready_told`, `ended`), or of an audience, has changed. */
void backlog_settle_run(run_state *r);
void backlog_settle(backlog *b);

/* DISCONNECTED of the lane came to nothing, or its handlers have returned: who has its handle now may go on. */
void backlog_end_lane(backlog *b, lane *l);

#endif

/* watch_queue.h: the owner of a queue and of its runs, as the host of a server is. It holds them to what the headers of
 * src/deliver promise. Each broken promise is a violation:
 *
 * A handler is called on the right thread for the way of its run: the window's, one that waits, a worker. CONNECTED
 * comes first, DISCONNECTED once and last, what view.h says in between. The events of a connection begin in the order
 * in which they came, one at a time and never on two threads at once; none before READY, none before the start has
 * returned. A connection whose Handle another had before comes after the end of that one. An event that was refused
 * comes again; what was accepted comes back. A report of a handler that failed comes, unless another one that waited
 * has told of it. At the end everything has been freed.
 *
 * Starts and stops are those of src/com/host_life.c, and a handler is called as src/com/firing.c does it. */

#ifndef SIM_WATCH_QUEUE_H
#define SIM_WATCH_QUEUE_H

#include "deliver/loop.h"
#include "deliver/run.h"
#include "limits.h"
#include "view.h"

typedef struct host host;
typedef struct host_run host_run;
typedef struct endpoint endpoint;
typedef struct redialed redialed;

enum
{
    SINKS_MOST = 2
};

/* What is known of a lane's events that were begun. */
typedef struct turn
{
    int inside, thread;   /* handlers that run, and where */
    LONGLONG begun;       /* sequence of the newest event that a handler got */
    unsigned report_due;  /* number of the newest report that was queued here, until one has come; 0: none is due */
    unsigned report_told; /* the newest that was made when the last report came */
} turn;

/* A connection's object, which the lane is a field of. It goes when nobody holds it any more. */
typedef struct object_of_endpoint
{
    lane lane;
    audience own;             /* of a connection that was dialed */
    volatile LONG references; /* Interlocked */
    endpoint *record;
    connection *pipe; /* held */
} object_of_endpoint;

/* What is known of a connection, until host_end. */
struct endpoint
{
    endpoint *next;
    view view;
    turn turn;
    host_run *run;              /* held by the object */
    object_of_endpoint *object; /* NULL when it has gone */
    HANDLE handle;
    unsigned sinks[SINKS_MOST]; /* of a connection that was dialed: numbers; 0: none */
    bool ended;       /* the handlers of DISCONNECTED have returned, or have begun on a thread that may nest */
    bool closed;      /* by the consumer, at once: only CONNECTED and DISCONNECTED are told */
    redialed *client; /* whose session this is; the object holds it; NULL: none's */
    unsigned session; /* counts from 1 */
};

/* A connection that is dialed again when it has ended, as src/com/sessions.c does it; until host_end. Its sessions are
 * connections of their own, whose lanes follow each other. */
struct redialed
{
    redialed *next;
    host_run *run;              /* held */
    audience *audience;         /* goes with the last hold */
    unsigned sinks[SINKS_MOST]; /* numbers; 0: none */
    volatile LONG holds;        /* Interlocked */
    lock lock;
    bool over;                               /* no session begins any more */
    bool closed;                             /* by the consumer, at once */
    bool silenced;                           /* released */
    object_of_endpoint *newest, *spare;      /* held; of the session that was dialed last, and of the next */
    endpoint *told;                          /* the session whose CONNECTED came last */
    unsigned sessions, closed_while_dialing; /* the number of a session that was closed before its pipe was open */
};

struct host_run
{
    run run;
    host *host;
    host_run *next; /* of the host's runs that live */
    turn own;
    bool opened, listens, ready_told;
    bool is_worker[THREADS_MOST];
    unsigned workers_begun, workers_ended;
};

/* What the product touches of the owner; freed with the last hold, so that a later touch is seen. */
typedef struct host_memory
{
    queue_owner owner;
    audience audience;
    task end;
    host *host;
} host_memory;

struct host
{
    /* How it behaves. */
    engine_settings settings;
    queue_way way;     /* of the next run */
    bool echoes;       /* answers each message with the same */
    bool misses;       /* events may be dropped, since nobody is there at times */
    bool pumps;        /* the window's thread dispatches messages in each wait; else by the seed */
    bool at_home;      /* workers have handlers called on the window's thread, and wait; set `pumps`, too */
    bool takes;        /* events go to WaitEvent alone: there are no sinks */
    bool mixes;        /* several threads take events by WaitEvent, so that they begin in no order */
    DWORD stop_ms;     /* a stop lasts no longer than its drain and this, in runs as in peers.h; 0: no matter */
    unsigned refusing; /* sinks that refuse, by bits: their code is stopped */
    void (*on_event)(host *h, endpoint *e, pipe_event *event); /* in a handler; NULL: none. e: NULL for READY */

    host_memory *memory; /* NULL when it has gone */
    queue *queue;        /* as long as the memory is there */
    thread_window *window;
    int window_thread;
    volatile LONG holds, users; /* Interlocked */
    int references;             /* of consumers; goes down before `users` does */
    supplies supplies;
    endpoint *endpoints;
    redialed *clients;
    host_run *runs; /* that live */
    int progress_out;
    unsigned messages, connected, disconnected, ready, refused, told_again, reports;

    lock hearing;
    unsigned sinks[SINKS_MOST], last_sink; /* numbers of sinks; 0: none */

    lock life;
    host_run *current; /* life; held */
    bool starting;     /* life */
    CONDITION_VARIABLE started;
    DWORD stopping; /* life; id of the thread */
    run *awaited;   /* life; whose handlers that thread waits for */
    HANDLE not_stopping;

    int waits[THREADS_MOST]; /* waits that each thread is inside, and in which it may raise events */
    int raiser, raising;     /* the thread that raises without being a worker, and how many handlers it is inside */
    unsigned raised;         /* how often such a thread raised */
};

queue_way some_way(void);

/* Makes a host on this thread, with one user and one sink, and with settings that the seed draws. QUEUE_WAITERS: a host
 * without a window; the others: on this thread's. False: a fault; then only host_end may follow. */
bool host_begin(host *h, queue_way way);
/* Takes the first user's reference away, if that has not happened, and looks at what must be left of the host: nothing.
 * Call it on the thread of host_begin, or after that has ended, when no thread is inside the host. */
void host_end(host *h);

/* A user more, or less; the last ends the run in silence. Any thread. */
void host_add_user(host *h);
void host_drop_user(host *h);

/* Starts a run by `way`, unless there is one. Returns 0, or the code of a fault or of another thread's stop. */
DWORD host_start(host *h);
/* Stops, and delivers what the calling thread may deliver. Any thread, also in a handler. */
void host_stop(host *h, DWORD drain_ms);
bool host_is_running(host *h);

/* A sink comes or goes. Any thread, also in a handler. */
void host_set_sink(host *h, unsigned which, bool there);

/* Returns the connection that came first and whose object is still there, with a reference on it, or NULL. */
endpoint *host_first_client(host *h);
void endpoint_release(endpoint *e);
/* Dials SIM_PATH in the present run of a host without a path. Returns the connection with a reference, or NULL: a
 * fault, or there is no run. Events wait until it has a sink of its own. */
endpoint *host_dial(host *h, DWORD timeout);
/* A sink of a connection that was dialed comes or goes. Any thread, also in a handler. */
void endpoint_set_sink(endpoint *e, unsigned which, bool there);
/* Reports that the handler of `event` has failed, to whom the event's failures are reported: the sinks of a connection
 * that was dialed, or of the host. Call it in the handler. `e`: as in `on_event`. */
void host_report(host *h, endpoint *e, pipe_event *event);
/* What a consumer does with a connection. */
void endpoint_close(endpoint *e, close_manner manner);

/* Dials SIM_PATH as host_dial does, and again whenever the connection has ended, with the flow settings of the host.
 * NULL: a fault, or there is no run. */
redialed *client_dial(host *h, DWORD timeout);
void client_set_sink(redialed *c, unsigned which, bool there);
/* Any thread, also in a handler, but not after client_release. */
void client_close(redialed *c, close_manner manner);
/* The last Release: nothing is told any more. */
void client_release(redialed *c);
/* Returns whether a session is being dialed. */
bool client_is_dialing(redialed *c);

/* Call it on the host's thread after the last stop, when no other thread is in the host: raises what still waits for
 * this thread. What is still untold after two seconds is lost, which is a violation. */
void host_settle(host *h);
/* Whether nothing is left of the host: the memory was freed. */
bool host_is_gone(const host *h);

/* ManualMessageLoopEnter, until Leave, Stop, or `ms` have passed. On the window's thread, or any thread without one. */
loop_end host_loop(host *h, DWORD ms);
/* WaitEvent: takes one event and handles it. False: none came. */
bool host_wait_event(host *h, DWORD ms);
/* Dispatches messages until nothing is left that was posted. */
void host_pump(void);
/* Dispatches messages, or just waits on a thread without a window, until the handle is signalled. */
bool host_await(host *h, HANDLE handle, DWORD ms);

/* ---- between the files of the host ---- */

extern const queue_calls host_queue_calls; /* watch_queue_events.c */
extern const run_calls host_run_calls;     /* watch_queue_run.c */
bool host_hold(host *h);
void host_release(host *h);
/* Handles an event that WaitEvent took. */
void host_handle_taken(host *h, pipe_event *event);
host_run *host_run_of(run *r);
/* A handler gets an event of this lane: it may be a report. */
void turn_note_report(const host *h, turn *t, const pipe_event *event);
/* Returns whether a report of this lane must still come. `r`: the lane's run. */
bool turn_lacks_report(const host *h, const turn *t, const host_run *r);
/* Returns the sinks of a connection's events: its own if it was dialed, else the host's. `e`: NULL for the others. */
unsigned *host_sinks_of(host *h, endpoint *e);
object_of_endpoint *endpoint_of_lane(lane *l);
/* Makes the object of a connection, with one reference. NULL: memory is short. Its record is in no list yet. */
object_of_endpoint *host_make_object(host_run *r);
void host_list_record(host *h, endpoint *e);
void endpoint_hold_lane(lane *l);
void endpoint_release_lane(lane *l);
/* Returns the audience that a connection's events have; `e`: NULL for the others. */
audience *host_audience_of(host *h, endpoint *e);
/* watch_queue_clients.c: a connection has ended; the next may be dialed; an event is told; a hold ends; the end. */
void client_ended(object_of_endpoint *o);
bool client_may_dial(redialed *c);
void client_note(endpoint *e, const pipe_event *event, bool in_order);
void client_drop(redialed *c);
void clients_free(host *h);

#endif

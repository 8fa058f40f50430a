/* run.h: an engine's owner, from Start to Stop, and what of its events may still be raised. A field of the memory of
 * whoever starts it.
 *
 * Counted: the starter holds the present run, the workers hold it until the last has ended, and so do lanes, events
 * of its own lane, and whoever raises them. Any thread, unless a line says otherwise. */

#ifndef DELIVER_RUN_H
#define DELIVER_RUN_H

#include "deliver/queue.h"

typedef struct run run;

typedef struct run_calls
{
    /* A client has come: the lane of the object that stands for it, NULL without memory. A connection that was dialed
     * has its lane as its user from the beginning. */
    lane *(*connected)(run *r, connection *c);
    /* On each worker. Begins: a code other than 0, in a run of QUEUE_WORKERS, makes the start of the run fail. Ends: in
     * every case. */
    DWORD (*worker_begins)(run *r);
    void (*worker_ends)(run *r);
    /* Nobody holds the run any more: frees the memory that it is a field of. */
    void (*free)(run *r);
} run_calls;

struct run
{
    engine_owner engine_owner;
    const run_calls *calls;
    volatile LONG references; /* Interlocked */
    queue *queue;
    run_state state; /* its own lane hears READY and SERVER_ERROR */

    /* QUEUE_WORKERS: the start waits until all workers have begun. */
    HANDLE all_begun;          /* manual-reset event; NULL in other runs */
    volatile LONG to_begin;    /* Interlocked */
    volatile LONG begin_error; /* Interlocked; the first */
};

/* What a run needs of its owner beside the queue. */
typedef struct run_settings
{
    engine_settings engine;
    queue_way way;
    buffer_source *buffers;            /* as engine_owner's; valid until run_calls.free */
    void (*cookie_free)(void *cookie); /* as engine_owner's */
} run_settings;

/* In zero memory: opens the engine, listens where it has a path, and starts the workers. Nothing is raised before
 * run_open. `a` hears READY and SERVER_ERROR. Returns 0: one reference is the caller's. Else a Win32 code or a
 * pipe_error: the run ends, and run_calls.free may have been called already. */
DWORD run_start(run *r, const run_settings *settings, const run_calls *calls, queue *q, audience *a);

/* Start returns: events may be raised. */
void run_open(run *r);

/* Closes the engine; see engine_begin_close. */
void run_begin_close(run *r, close_manner manner);

/* What waits of this run and of older ones. */
backlog_limit run_limit(const run *r);

/* Its engine. Valid as long as the run is held. */
engine *run_engine(const run *r);
/* Whether its handlers run on workers. */
bool run_is_free_threaded(const run *r);

/* Set when the last worker has ended. */
HANDLE run_ended(run *r);

/* ms that Stop may still wait: until 5 s after `since` or after the last begin or end of a handler. 0: no more. */
DWORD run_patience(run *r, ULONGLONG since);

/* No event of it begins any more; what waits is dropped. */
void run_silence(run *r);

run *run_hold(run *r);
void run_release(run *r);

#endif

/* run.h: one life of an owner's engine, from Start to Stop, and what of its events may still be raised.
 *
 * Counted: the owner holds the present run, the engine's memory holds it, and so do lanes and frames. Any thread,
 * unless a line says otherwise. */

#ifndef DELIVER_RUN_H
#define DELIVER_RUN_H

#include "deliver/queue.h"

typedef struct run run;
typedef struct run_owner run_owner;

typedef struct run_calls
{
    /* A client has come: the lane of the object that stands for it, NULL without memory. A connection that was dialed
     * has its lane as its user from the beginning. */
    lane *(*connected)(run_owner *owner, run *r, connection *c);
    /* As engine_calls. */
    buffer *(*buffer_alloc)(run_owner *owner, DWORD size);
    void (*buffer_free)(run_owner *owner, buffer *b);
    buffer *(*buffer_settle)(run_owner *owner, buffer *b, DWORD bytes);
    void (*cookie_free)(run_owner *owner, void *cookie);
    /* On each worker. Begins: a code other than 0, in a run of QUEUE_WORKERS, makes the start of the run fail. Ends: in
     * every case. */
    DWORD (*worker_begins)(run_owner *owner, queue_way way);
    void (*worker_ends)(run_owner *owner, queue_way way);
    /* The last worker has ended, on it. */
    void (*ended)(run_owner *owner, run *r);
    /* The run holds its owner's memory through these two. */
    void (*hold)(run_owner *owner);
    void (*release)(run_owner *owner);
} run_calls;

struct run_owner
{
    const run_calls *calls;
};

struct run
{
    engine_owner engine_owner;
    volatile LONG references; /* Interlocked */
    run_owner *owner;
    queue *queue;
    run_state state; /* its own lane hears READY and SERVER_ERROR */

    /* QUEUE_WORKERS: the start waits until all workers have begun. */
    HANDLE all_begun;          /* manual-reset event; NULL in other runs */
    volatile LONG to_begin;    /* Interlocked */
    volatile LONG begin_error; /* Interlocked; the first */
};

/* Opens the engine, listens where it has a path, and starts the workers. Nothing is raised before run_open. `a` hears
 * READY and SERVER_ERROR. Win32 code, or a pipe_error; *out is NULL unless 0. */
DWORD run_start(const engine_settings *settings, queue_way way, queue *q, audience *a, run_owner *owner, run **out);

/* Start returns: events may be raised. */
void run_open(run *r);

/* Closes the engine; see engine_begin_close. */
void run_begin_close(run *r, close_manner manner);

/* Set when the last worker has ended. */
HANDLE run_ended(run *r);

/* ms that Stop may still wait: until 5 s after `since` or after the last begin or end of a handler. 0: no more. */
DWORD run_patience(run *r, ULONGLONG since);

/* No event of it begins any more; what waits is dropped. */
void run_silence(run *r);

run *run_hold(run *r);
void run_release(run *r);

#endif

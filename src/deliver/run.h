/* run.h: a run, which lasts from Start to Stop. It owns an engine and brings the engine's events to the queue. A run is
 * a field of the memory of the code that starts it.
 *
 * A run is reference-counted. The code that started it holds it; the workers hold it until the last worker has ended;
 * so do its lanes, the events of its own lane, and threads that raise its events. Any thread may call everything here,
 * unless a comment says otherwise. */

#ifndef DELIVER_RUN_H
#define DELIVER_RUN_H

#include "deliver/queue.h"

typedef struct run run;

typedef struct run_calls
{
    /* Returns the lane of the object for a client that has come, or NULL if memory is short: then the client is
     * disconnected. Not called for a connection that was dialed: its lane was set as its user before. */
    lane *(*connected)(run *r, connection *c);
    /* The connection of this lane has ended; its DISCONNECTED is queued next. Called with no lock held, also inside
     * calls into pipe.h. NULL: nothing to do. */
    void (*disconnected)(run *r, lane *l);
    /* As in engine_calls, for the connection of this lane. NULL: each try may be made. */
    bool (*may_dial)(run *r, lane *l);
    /* An event of this lane has come, and is queued next: each event while `*notices` of the settings is not 0, and
     * those with an error always. Not called without `notices`. On the engine's threads and inside calls into pipe.h,
     * with no lock held. */
    void (*notice)(run *r, lane *l, const pipe_event *event);
    /* Called on each worker, first. A code other than 0 makes run_start fail in a run of QUEUE_WORKERS. */
    DWORD (*worker_begins)(run *r);
    /* Called on each worker, last; also after worker_begins has failed. */
    void (*worker_ends)(run *r);
    /* Frees the memory that the run is a field of. Called after the last reference was released. */
    void (*free)(run *r);
} run_calls;

struct run
{
    engine_owner engine_owner;
    const run_calls *calls;
    volatile LONG references; /* Interlocked */
    queue *queue;
    run_state state; /* READY and SERVER_ERROR go to its own lane */
    const volatile LONG *notices;

    /* QUEUE_WORKERS: run_start waits until all workers have begun. */
    HANDLE all_begun;          /* manual-reset event; NULL in other runs */
    volatile LONG to_begin;    /* Interlocked; workers that have not begun */
    volatile LONG begin_error; /* Interlocked; the first code of worker_begins other than 0 */
};

typedef struct run_settings
{
    engine_settings engine;
    queue_way way;
    buffer_source *buffers;            /* as in engine_owner; valid until run_calls.free */
    void (*cookie_free)(void *cookie); /* as in engine_owner */
    const volatile LONG *notices;      /* acquire; valid until run_calls.free; NULL: run_calls.notice is not called */
} run_settings;

/* Starts a run in zeroed memory: opens the engine, listens if the engine has a path, and starts the workers. No event
 * is raised before run_open. The audience `a` receives READY and SERVER_ERROR. Returns 0, and the caller has one
 * reference; or a Win32 code or a pipe_error: the run ends by itself, and run_calls.free may have been called already.
 * Blocks as engine_listen and engine_run do; in a run of QUEUE_WORKERS also until all workers have begun. */
DWORD run_start(run *r, const run_settings *settings, const run_calls *calls, queue *q, audience *a);

/* From now on events may be raised. */
void run_open(run *r);

/* Closes the engine; see engine_begin_close. */
void run_begin_close(run *r, close_manner manner);

/* Returns a limit that includes the events of this run and of older runs. */
backlog_limit run_limit(const run *r);

/* Returns the run's engine. Valid as long as the run is held. */
engine *run_engine(const run *r);
queue_way run_way(const run *r);
/* Returns whether the run's handlers run on workers. */
bool run_is_free_threaded(const run *r);

/* Returns a manual-reset event that is set when the last worker has ended. Do not close it. Valid as long as the run is
 * held. */
HANDLE run_ended(run *r);

/* Returns the ms that a Stop may still wait: until 5 s after `since` (win32.tick_count), or after the last begin or end
 * of a handler if that is later. 0: no longer. */
DWORD run_patience(run *r, ULONGLONG since);

/* Drops the events of the run. No event of the run begins any more. */
void run_silence(run *r);

/* Reports an error of the owner as SERVER_ERROR with `cookie`, which belongs to the event then. `l` is a lane of the
 * run, which the caller holds. False: memory is short; no event comes, and the cookie stays the caller's. */
bool run_report(lane *l, DWORD error, void *cookie);

run *run_hold(run *r);
/* Releases a reference; the last frees the run. NULL is allowed. */
void run_release(run *r);

#endif

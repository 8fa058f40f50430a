/* backlog.h: the events of one queue that wait to be raised. Each lane has events of its own.
 *
 * Nothing here locks, wakes or raises: the caller holds the lock of the queue that contains the backlog. Times are
 * microseconds of a clock that does not go back; but backlog_hold_back and backlog_retry take milliseconds of another
 * such clock.
 *
 * Lanes take turns. A run keeps a list of the lanes from which an event may be taken now; the first lane is the next. A
 * turn ends after TURN_EVENTS events, or TURN_US after its first event; then the lane goes behind the others. An older
 * run comes before a newer run. */

#ifndef DELIVER_BACKLOG_H
#define DELIVER_BACKLOG_H

#include "deliver/handles.h"

enum
{
    TURN_EVENTS = 16,
    TURN_US = 2000,
    WITHOUT_SINKS_MAX = 1024 /* events of one audience that are kept while nobody is there to receive them */
};

#define BACKLOG_NEVER ((LONGLONG)0x7fffffffffffffffLL)

typedef struct backlog
{
    list runs; /* runs with events that wait, the oldest run first */
    list held; /* lanes that are held back, since their first event was refused */
    handles handles;
    unsigned count;         /* all events that wait */
    unsigned without_sinks; /* the events among them whose audience has no sink */
    LONGLONG sequence;      /* of the newest event */
    LONGLONG last_run;      /* number of the newest run */
    queue_way rest;         /* the way of events that ended runs of QUEUE_WORKERS have left */
    bool moved; /* set here: a lane may go on that could not before; cleared by the queue, which wakes its threads */
} backlog;

/* Limits which events are taken: those with a sequence up to `sequence`, of runs with a number up to `run`. */
typedef struct backlog_limit
{
    LONGLONG sequence, run;
} backlog_limit;

extern const backlog_limit no_limit;

void backlog_init(backlog *b);
/* Adds a run that is about to start; the caller has set its way. Numbers the run, and initializes its lists and its own
 * lane with audience `a` and with `hold` and `release`. Events that ended runs of QUEUE_WORKERS have left now go the
 * way of this run. Lanes that are held back may go on. */
void backlog_add_run(backlog *b, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));

/* Call it when the last worker of the run has gone. If the run is the newest, events that ended runs of QUEUE_WORKERS
 * have left go the way `rest`, until the next run is added. Lanes that are held back may go on. */
void backlog_end_run(backlog *b, run_state *r, queue_way rest);

/* Adds an event at the end of its lane, and numbers the event. */
void backlog_append(backlog *b, pipe_event *event);

/* Puts an event that was taken back as the first of its lane, and the lane before all others of its run. What follows
 * the event waits again: the other lanes of the run after READY; after DISCONNECTED the lane that follows, and the next
 * lane with the same handle.
 * `untold`: no sink received the event. */
void backlog_put_back(backlog *b, pipe_event *event, bool untold);

/* Holds the lane back: call it after backlog_put_back of an event that went by `way` and that a sink refused. The
 * lane's events are not taken before `until` (ms). If workers raise them and the run has not ended, they are not taken
 * before a run ends or is added. Other lanes go on meanwhile. Holds nothing back if the way is QUEUE_WINDOW, since the
 * window's thread itself then raises nothing for a while; nor if the lane's events go another way by now: they are
 * tried at once. */
void backlog_hold_back(backlog *b, lane *l, queue_way way, LONGLONG until);

/* Lets lanes go on that are held back until `now` (ms) or earlier. Returns until when the next lane is held back;
 * BACKLOG_NEVER: no lane waits for a time. */
LONGLONG backlog_retry(backlog *b, LONGLONG now);

/* Call it while nobody is there to receive the events of `l`. Moves the oldest events to `dropped`, by `link`, until
 * the lane is within its receive limit and its audience within WITHOUT_SINKS_MAX. CONNECTED is dropped only together
 * with its DISCONNECTED. The receive limit never costs the newest event of the lane. */
void backlog_drop_without_sinks(backlog *b, lane *l, list *dropped);

/* Each moves the events of one run, of one lane, or all events to `dropped`, by `link`, and does backlog_end_lane. */
void backlog_clear_run(backlog *b, run_state *r, list *dropped);
void backlog_clear_lane(backlog *b, lane *l, list *dropped);
void backlog_clear(backlog *b, list *dropped);

/* Takes the next event that has sinks, goes this way and is within `limit`; NULL: there is none. For QUEUE_WORKERS,
 * takes only events of the run `worker_of` and events that ended runs have left to workers; the lane is busy then,
 * until backlog_give_back or backlog_put_back. */
pipe_event *backlog_take(backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit,
                         LONGLONG now);
/* Returns whether there is such an event. */
bool backlog_has(const backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit);

/* Call it when the handlers of an event have returned that backlog_take gave to a worker; `kind` is the event's. The
 * lane may go on; after READY, all lanes of the run may. */
void backlog_give_back(backlog *b, lane *l, pipe_event_kind kind, LONGLONG now);

/* Takes the next event whose audience has no sink; NULL: none may be taken. A lane gives none while a handler of it
 * runs on another thread: what that handler's event becomes is not known yet. */
pipe_event *backlog_take_without_sinks(backlog *b, LONGLONG now);
/* Returns whether events without a sink wait, also if none may be taken yet. */
bool backlog_has_without_sinks(const backlog *b);

/* Call it after a change of `open` or `ready_delivered` of the run. */
void backlog_settle_run(const backlog *b, run_state *r);

/* Call it after a handler of the lane has returned and `depth` was changed. Other threads may now take the lane's
 * events that have no sink. NULL is allowed. */
void backlog_settle_lane(backlog *b, lane *l);

/* Call it when the audience has got its first sink or lost its last sink. */
void backlog_set_has_sinks(backlog *b, audience *a, bool has_sinks);

/* Lets the lane go on that follows this lane, and the next lane with the same handle. Call it when DISCONNECTED of the
 * lane was dropped, when its handlers have returned on a worker, or when its delivery begins on another thread.
 * Idempotent. */
void backlog_end_lane(backlog *b, lane *l);

/* From now on no event of `l` is taken before backlog_end_lane of `earlier`. Call it before any event of `l` has come,
 * and before DISCONNECTED of `earlier` was added. A lane follows one other lane, and is followed by one. */
void backlog_follow(lane *l, lane *earlier);
/* Call it when DISCONNECTED of the lane has ended, or if no event of the lane will come. The lane that follows `l` then
 * follows the lane that `l` follows. Idempotent. */
void backlog_part(backlog *b, lane *l);

/* ---- between backlog.c, following.c and dropping.c ---- */

/* Takes the event out of every list. Removing DISCONNECTED sets `end_delivered` of its lane. */
void backlog_remove(backlog *b, pipe_event *event);
/* Lets the other lanes of the run go on. Call it when READY was told, or nobody will be called for READY. */
void backlog_deliver_ready(backlog *b, run_state *r);

#endif

/* backlog.h: the events of one queue that wait to be raised, lane by lane.
 *
 * Nothing here locks, wakes or raises: the caller holds the lock of the queue that the backlog is a field of. Times
 * are microseconds of any clock that does not go back; those of what is refused are of another one.
 *
 * Lanes take turns. A run keeps those of its lanes from which an event may be taken now, the next one first: of a
 * lane TURN_EVENTS events are taken in a row, and none later than TURN_US after the first of them; then the lane
 * goes behind the others. Older runs come first. */

#ifndef DELIVER_BACKLOG_H
#define DELIVER_BACKLOG_H

#include "deliver/handles.h"

enum
{
    TURN_EVENTS = 16,
    TURN_US = 2000,
    WITHOUT_SINKS_MAX = 1024 /* events of one audience that wait where nobody is there */
};

#define BACKLOG_NEVER ((LONGLONG)0x7fffffffffffffffLL)

typedef struct backlog
{
    list runs; /* of which events wait, by age */
    list held; /* lanes of which the first event was refused just now */
    handles handles;
    unsigned count;
    unsigned without_sinks; /* of them those of which the audience has no sinks */
    LONGLONG sequence;      /* of the newest event */
    LONGLONG last_run;
    queue_way rest; /* the way that goes what ended runs of QUEUE_WORKERS have left */
    bool moved;     /* a lane may go on that could not before: set here, cleared by the queue, which wakes */
} backlog;

/* What is to be taken: events with a sequence up to the one, of runs up to the other. */
typedef struct backlog_limit
{
    LONGLONG sequence, run;
} backlog_limit;

extern const backlog_limit no_limit;

void backlog_init(backlog *b);
/* Gives the run its number; its own lane and its way are set. `hold` and `release` are the own lane's. */
void backlog_add_run(backlog *b, run_state *r, audience *a, void (*hold)(lane *l), void (*release)(lane *l));

/* Its last worker has gone. Where it is the newest run, what runs of QUEUE_WORKERS have left goes the way `rest` until
 * the next one is added, whose way it goes then. */
void backlog_end_run(backlog *b, run_state *r, queue_way rest);

/* Adds an event at the end of its lane. */
void backlog_append(backlog *b, pipe_event *event);

/* Puts an event that was taken back as the first of its lane, and the lane before all others of its run: what waits for
 * its being told waits again. `untold`: nobody has heard it yet. */
void backlog_put_back(backlog *b, pipe_event *event, bool untold);

/* The first event of the lane, put back, was refused by a sink that it went to by `way`. It is not taken before
 * `until`, nor by workers before those of its run have gone; other lanes go on meanwhile. Nothing is held back of the
 * window, whose thread raises nothing at all meanwhile, nor where others are to raise it by now: they try at once. */
void backlog_hold_back(backlog *b, lane *l, queue_way way, LONGLONG until);

/* What was held back until `now` may be taken again. When more may: BACKLOG_NEVER where nothing waits for that. */
LONGLONG backlog_retry(backlog *b, LONGLONG now);

/* While nobody is there for `l`: moves the oldest events beyond WITHOUT_SINKS_MAX of its audience and beyond the lane's
 * receive limit to `dropped`, by `link`. A CONNECTED goes only with its DISCONNECTED, and the newest event of the
 * lane stays whatever it holds. */
void backlog_drop_without_sinks(backlog *b, lane *l, list *dropped);

/* Moves what waits of one run, of one lane, or everything to `dropped`, by `link`. */
void backlog_clear_run(backlog *b, run_state *r, list *dropped);
void backlog_clear_lane(backlog *b, lane *l, list *dropped);
void backlog_clear(backlog *b, list *dropped);

/* The next event that has sinks and goes this way; QUEUE_WORKERS: of `worker_of`, or of a run whose workers have
 * gone, which else goes the way of the newest run. NULL: there is none. Of QUEUE_WORKERS the lane is busy then, until
 * backlog_give_back. */
pipe_event *backlog_take(backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit,
                         LONGLONG now);
/* Whether there is one. */
bool backlog_has(const backlog *b, queue_way way, const run_state *worker_of, const backlog_limit *limit);

/* The handlers of what was taken on a worker have returned: the lane may go on, and after READY all of its run. */
void backlog_give_back(backlog *b, lane *l, pipe_event_kind kind, LONGLONG now);

/* The next event that nobody hears; NULL: there is none, but for what handlers on other threads hold up that were begun
 * while there was a sink. */
pipe_event *backlog_take_without_sinks(backlog *b, LONGLONG now);
/* Whether events wait that nobody hears, also where none may be taken yet. */
bool backlog_has_without_sinks(const backlog *b);

/* What is said of a run (`open`, `ready_delivered`) has changed. */
void backlog_settle_run(const backlog *b, run_state *r);

/* A handler of the lane has returned: `depth` has changed. What nobody hears may be taken by others now. */
void backlog_settle_lane(backlog *b, lane *l);

/* There is a sink, or none any more. */
void backlog_set_has_sinks(backlog *b, audience *a, bool has_sinks);

/* DISCONNECTED of the lane came to nothing, or its handlers have returned: who has its handle now may go on. */
void backlog_end_lane(backlog *b, lane *l);

/* ---- between backlog.c and dropping.c ---- */

/* Takes the event out of every list. Its DISCONNECTED makes a CONNECTED that still waits droppable. */
void backlog_remove(backlog *b, pipe_event *event);
/* READY was told, or nobody will be called for it: the rest of its run may follow. */
void backlog_deliver_ready(backlog *b, run_state *r);

#endif

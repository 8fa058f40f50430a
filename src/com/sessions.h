/* sessions.h: the connections that one object has had. A server's connection has one session. A client's connection has
 * one after the other if it reconnects (ReconnectMs): when a session has ended, the next is dialed.
 *
 * Each session has a lane of its own, so that all that `deliver` promises of a connection holds for each session; the
 * lane follows that of the session before. The present session is the one whose Connected began to be told last: it is
 * what the members of the object are about. If nobody is there to be told, the present session is the newest whose pipe
 * was opened.
 *
 * Threads: any thread may call everything here, with no lock held. `lock` guards the fields that say so; under it the
 * locks of the queue and of connections are taken. */

#ifndef COM_SESSIONS_H
#define COM_SESSIONS_H

#include "base/lock.h"
#include "deliver/run.h"

typedef struct sessions sessions;

typedef struct session
{
    lane lane;
    sessions *of;
    connection *pipe;         /* held */
    volatile LONG references; /* Interlocked; of a client's */
    LONG number;              /* lock; counts from 1 */
    volatile LONG refuses;    /* Interlocked; the consumer was told why its requests fail */
    LONG in_vain;             /* lock; writes that were accepted after the end */
    LONG unsent;              /* lock; what NOT_SENT tells, once it is counted */
    bool is_counted;          /* lock */
    bool is_begun;            /* lock; its Connected has begun to be told */
} session;

struct sessions
{
    run *run;      /* the holder of this memory holds it */
    session *only; /* of a server's connection: a field of it, which does not change; NULL of a client's */

    /* Of a client's. */
    audience *audience;
    void (*hold)(sessions *of); /* the memory that this is a field of; each session holds it */
    void (*release)(sessions *of);
    WCHAR *path;        /* owned; NULL: it does not reconnect */
    flow_settings flow; /* the same */
    lock lock;
    session *present GUARDED_BY(lock); /* held; NULL after the last release, when no call is under way */
    session *newest GUARDED_BY(lock);  /* the same; dialed last */
    session *spare GUARDED_BY(lock);   /* held; to be dialed next; NULL: none */
    bool over GUARDED_BY(lock);        /* no session begins any more */
    bool silenced GUARDED_BY(lock);    /* sessions_silence was called */
    unsigned calls GUARDED_BY(lock);   /* counts sessions_begin_call */
    traffic carried GUARDED_BY(lock);  /* by the sessions before the newest */
};

/* Initializes the sessions of a server's connection, in zeroed memory. `only` has its lane already; the caller sets its
 * pipe. */
void sessions_init_only(sessions *of, run *r, session *only);
void sessions_fini_only(sessions *of);

/* Initializes the sessions of a client's connection, in zeroed memory. */
void sessions_init(sessions *of, run *r, audience *a, void (*hold)(sessions *of), void (*release)(sessions *of));
/* Begins the first session; see connection_dial. With reconnect_pause of `flow` others may follow. Returns a Win32 code
 * or a pipe_error; then no event comes. */
DWORD sessions_dial(sessions *of, const WCHAR *path, DWORD timeout, const flow_settings *flow);
/* Ends them in silence: closes the session that is open or dialed, tells no event any more, and gives up all that is
 * held, once no call is under way. Events and connections may still hold sessions. */
void sessions_silence(sessions *of);
/* A call that may outlive the object begins, and ends: until then the memory stays, and all functions here may be
 * called, also behind sessions_silence. Call sessions_begin_call after sessions_dial and before sessions_silence. */
void sessions_begin_call(sessions *of);
void sessions_end_call(sessions *of);
/* Call it when the memory is freed. */
void sessions_fini(sessions *of);

/* Returns the session that the lane is a field of. */
session *session_of_lane(lane *l);

/* Returns the present session; the caller gives it back with session_done. The session keeps the memory of the object,
 * too. */
session *sessions_use(sessions *of);
void session_done(session *s);

/* Closes the session that is open or dialed. None follows. */
void sessions_close(sessions *of, close_manner manner);

/* Returns whether a session is being dialed, or its Connected is still to be told. */
bool sessions_are_opening(sessions *of);
/* Returns what all sessions have carried. */
traffic sessions_carried(sessions *of);
/* Returns how often the consumer was told that the object is connected again. */
LONG sessions_reconnects(sessions *of);

/* Connected of the session begins to be told: it is the present session now. */
void session_begin(session *s);
/* Returns whether it did; true for the first session. */
bool session_has_begun(session *s);
/* A write came after the end of the session. Returns whether it is accepted in vain: it is not once it was counted what
 * was not sent. */
bool session_accepts_in_vain(session *s);
/* Returns how many messages of the session were accepted and not sent. From the first call on the session refuses
 * writes, and the number stays. Call it after the session has ended. */
LONG session_count_unsent(session *s);

/* As run_calls.disconnected and run_calls.may_dial. */
void session_has_ended(session *s);
bool session_may_be_dialed(session *s);

#endif

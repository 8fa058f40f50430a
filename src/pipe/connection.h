/* connection.h: one client, from the instance that listens for it to the closed handle; or one connection of our own to
 * a server, from the dialing on. What the owner calls is in pipe.h; this is the engine's side.
 *
 * Threading: `lock` guards everything but the counts. System calls that do not block are made under it, so that a
 * handle can't be closed between its look-up and its use; callbacks never are: events are put into `outbox` under the
 * lock and handed over by connection_unlock, one at a time and in order, by whichever thread comes first. Lock order:
 * connection, then engine or port (leaves). */

#ifndef PIPE_CONNECTION_H
#define PIPE_CONNECTION_H

#include "base/blocking.h"
#include "base/lock.h"
#include "pipe/dialer.h"
#include "pipe/engine.h"
#include "pipe/payload.h"
#include "pipe/port.h"

typedef enum connection_state
{
    CONNECTION_LISTENING,
    CONNECTION_DIALING,
    CONNECTION_OPEN,
    CONNECTION_DRAINING, /* a graceful close: writes go on, reads do not */
    CONNECTION_CLOSING   /* waits for what is outstanding, then DISCONNECTED */
} connection_state;

/* One message to be sent; in the end its event says so. */
typedef struct message
{
    pipe_event event;
    payload *payload;
} message;

/* One connection_read that waits for its message. */
typedef struct read_request
{
    list_link link;
    void *cookie;
} read_request;

struct connection
{
    volatile LONG references; /* Interlocked */
    engine *engine;           /* held */
    flow_settings flow;
    HANDLE handle_value;
    void *volatile user; /* acquire, release; the owner's */
    engine_place place;  /* engine's lock */

    lock lock;
    connection_state state GUARDED_BY(lock);
    HANDLE handle GUARDED_BY(lock); /* INVALID_HANDLE_VALUE once closed */
    close_reason reason GUARDED_BY(lock);
    DWORD last_error GUARDED_BY(lock);
    unsigned outstanding GUARDED_BY(lock); /* operations that have not returned */
    bool other_left GUARDED_BY(lock);      /* a write told; what it wrote before is still read */
    bool disconnected GUARDED_BY(lock);    /* DISCONNECTED is in the outbox, or was handed over */
    bool handed_over GUARDED_BY(lock);     /* it was handed over */
    bool listed GUARDED_BY(lock);          /* in the engine's list */
    DWORD process GUARDED_BY(lock);
    bool reads_chunks GUARDED_BY(lock); /* the server's pipe is in byte mode */
    bool read_only GUARDED_BY(lock), write_only GUARDED_BY(lock);

    /* Of our own. */
    dial dial;
    DWORD dial_error GUARDED_BY(lock);     /* what came of it */
    bool keeps_port GUARDED_BY(lock);      /* until the dialing is over */
    bool drains_later GUARDED_BY(lock);    /* a graceful close came while DIALING, with something to be sent */
    bool remote;                           /* the pipe of another computer: what may block is done elsewhere */
    bool peeking GUARDED_BY(lock);         /* a peek's result is still to come */
    bool peek_to_start GUARDED_BY(lock);   /* by connection_unlock */
    bool peek_has_handle GUARDED_BY(lock); /* and its call is under way: it closes the handle if need be */
    bool peek_keeps_port GUARDED_BY(lock); /* until its result is on its way, or nobody wants it any more */
    HANDLE elsewhere_handle;               /* the peek's, or what is to be closed */
    blocking_task elsewhere;
    operation peeked; /* brings a peek's result to a worker */
    DWORD peek_error GUARDED_BY(lock), peek_left GUARDED_BY(lock);
    void (*peek_done)(connection *c, DWORD error, DWORD left) GUARDED_BY(lock);
    void (*peek_next)(connection *c, DWORD error, DWORD left) GUARDED_BY(lock); /* who waits for a peek of his own */

    operation connect; /* of the listener, or of the dialing */
    bool given_up;     /* engine's lock: its listening handle is being closed */

    operation read;
    bool reading GUARDED_BY(lock); /* `read` is under way or its result is being handled */
    bool choked GUARDED_BY(lock);  /* at the receive limit, until half of it */
    buffer *read_buffer GUARDED_BY(lock);
    DWORD read_filled GUARDED_BY(lock);   /* bytes of a message whose rest is still to come */
    DWORD read_expected GUARDED_BY(lock); /* bytes of that rest */
    pipe_event *read_event GUARDED_BY(lock);
    list read_requests GUARDED_BY(lock);
    LONGLONG receive_held GUARDED_BY(lock);

    operation write;
    bool writing GUARDED_BY(lock);
    list messages GUARDED_BY(lock);        /* the first is under way, or waits for the next try, while `writing` */
    port_timer retry GUARDED_BY(lock);     /* the next try; counted in `outstanding` and held while set */
    DWORD retry_ms GUARDED_BY(lock);       /* the last pause before a try of the first message; 0: it was not refused */
    ULONGLONG refused_at GUARDED_BY(lock); /* GetTickCount64 of its first refusal */
    LONGLONG pending_bytes GUARDED_BY(lock), send_held GUARDED_BY(lock);

    port_timer look GUARDED_BY(lock); /* holds a reference while set */
    ULONGLONG drain_until GUARDED_BY(lock);

    list outbox GUARDED_BY(lock);
    bool emitting GUARDED_BY(lock);
    bool silent GUARDED_BY(lock);   /* the consumer has closed at once */
    list silenced GUARDED_BY(lock); /* events that nobody is told of any more; freed with DISCONNECTED */
    pipe_event connected_event, failed_event, disconnected_event;
};

/* A connection that owns `handle` (or will have one: INVALID_HANDLE_VALUE), one reference. NULL without memory: the
 * handle stays the caller's. */
connection *connection_create(engine *e, HANDLE handle, const flow_settings *flow);

/* A client has come: CONNECTED, then reading begins. False: the engine is closing, and the connection was not
 * started. */
bool connection_start(connection *c);

/* Closes for the engine's reason instead of the consumer's. */
void connection_close_for(connection *c, close_manner manner, close_reason reason);

/* Reads what may be read now, after a pause. */
void connection_advance(connection *c);

/* ---- between connection.c, reading.c, writing.c, closing.c, dialing.c and peeking.c ---- */

void connection_lock(connection *c) ACQUIRES(c->lock);
/* Hands over what the outbox holds, unlocks, and starts the peek that was begun. */
void connection_unlock(connection *c) RELEASES(c->lock);
/* Puts an event of this connection into the outbox; takes a reference for it. */
void connection_emit(connection *c, pipe_event *event) REQUIRES_LOCK(c->lock);
void connection_event_init(connection *c, pipe_event *event, pipe_event_kind kind, void (*free)(pipe_event *event));

/* The engine's list has it until its handle is closed and DISCONNECTED was handed over; takes it out then. Never the
 * last reference: the caller has one. */
void connection_leave_engine(connection *c) REQUIRES_LOCK(c->lock);

/* The dialing is over, or is given up. Twice is once. */
void dialing_end(connection *c) REQUIRES_LOCK(c->lock);

/* Asks how much is left of the message that lies first in the pipe, and calls `done` with the lock held: of a pipe
 * of this computer inside this call, of a remote one later, on a worker, unless the connection closes meanwhile. One
 * peek is under way at a time (`peeking`), and one more may wait for it. Where there is no thread to ask on `error`
 * says why, and `left` is PEEK_NOT_MADE. A remote peek keeps the port, so that a graceful end of the engine waits for
 * it. */
#define PEEK_NOT_MADE MAXDWORD
void peeking_begin(connection *c, void (*done)(connection *c, DWORD error, DWORD left)) REQUIRES_LOCK(c->lock);
/* Starts what was begun; with no lock held, since making a thread takes the loader's. */
void peeking_start(connection *c);
/* Nobody waits for the peek any more. Idempotent. */
void peeking_let_port_go(connection *c) REQUIRES_LOCK(c->lock);

/* Closes a pipe's handle: that of a remote one on a thread where it may block. The caller has a reference. */
void peeking_close_handle(connection *c, HANDLE handle);

void reading_advance(connection *c) REQUIRES_LOCK(c->lock);
void reading_fini(connection *c);

void writing_advance(connection *c) REQUIRES_LOCK(c->lock);
void message_free(pipe_event *event);

/* Begins to end the connection. `error` is what the system said, or 0. */
void closing_begin(connection *c, close_reason reason, DWORD error) REQUIRES_LOCK(c->lock);
/* The same for a failure that the consumer is told. */
void closing_fail(connection *c, close_reason reason, DWORD error) REQUIRES_LOCK(c->lock);
/* To be called when an operation has returned or the last write is out. */
void closing_advance(connection *c) REQUIRES_LOCK(c->lock);
/* Reads no more, takes no more writes, and ends with the last queued write. While DIALING it waits for the pipe
 * first, if there is something to be sent. */
void closing_begin_drain(connection *c, close_reason reason) REQUIRES_LOCK(c->lock);
/* Whether it still takes writes, and requests to read. */
bool closing_accepts(connection *c) REQUIRES_LOCK(c->lock);
/* Makes sure that the client's leaving is noticed while no read is under way. */
void closing_watch(connection *c) REQUIRES_LOCK(c->lock);
/* Whether an event of this kind is told to nobody any more: the consumer has closed at once, and hears of DISCONNECTED
 * alone. */
bool closing_silences(connection *c, pipe_event_kind kind) REQUIRES_LOCK(c->lock);

#endif

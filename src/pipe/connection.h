/* connection.h: a connection. It is either a client of this server, from the listening instance to the closed handle,
 * or a connection that this process opens to a server, from connection_dial on. pipe.h has the functions for the owner;
 * this header has those for the engine.
 *
 * Threading: `lock` guards the fields that say so. System calls that do not block are made under the lock, so that no
 * thread closes a handle between its look-up and its use. Callbacks are never made under the lock: events go into
 * `outbox` under the lock, and connection_unlock hands them over, one at a time and in order, on whichever thread
 * unlocks first. Lock order: connection, then engine, dialer or port. */

#ifndef PIPE_CONNECTION_H
#define PIPE_CONNECTION_H

#include "base/blocking.h"
#include "base/lock.h"
#include "pipe/dialer.h"
#include "pipe/engine.h"
#include "pipe/framing.h"
#include "pipe/gait.h"
#include "pipe/payload.h"
#include "pipe/peer.h"
#include "pipe/port.h"
#include "pipe/security.h"

typedef enum connection_state
{
    CONNECTION_LISTENING,
    CONNECTION_DIALING,
    CONNECTION_OPEN,
    CONNECTION_DRAINING, /* a graceful close: writes go on, reads do not */
    CONNECTION_CLOSING   /* waits for requests that are under way, then emits DISCONNECTED */
} connection_state;

/* One message to be sent. Its event becomes SENT, or CONNECTION_ERROR. */
typedef struct message
{
    pipe_event event;
    payload *payload;
    bool is_asked;    /* the message of a connection_ask: its event is not handed over */
    bool is_unwanted; /* that connection_ask was given up, before the next try of the WriteFile */
} message;

/* One connection_ask, on the stack of the thread that waits. That thread takes the lock once more before it returns. */
typedef struct ask
{
    message *message; /* NULL once the message has left the queue */
    bool begun;       /* the WriteFile was begun: the next message whose read completes is the answer */
    HANDLE over;      /* manual-reset event */
    DWORD error;      /* the result */
    buffer *answer;   /* owned */
    DWORD bytes;      /* of the answer */
} ask;

/* One connection_read that waits for its message. */
typedef struct read_request
{
    list_link link;
    void *cookie;
} read_request;

/* What a connection has besides if it may be dialed again; see redialing.c. */
typedef struct redial
{
    connection *connection; /* of which this is a part */
    WCHAR *path;
    bool again;            /* connection_dial_again was called */
    pipe_owner owner;      /* of the first pipe; only the dial uses it, and the next dial when this one has ended */
    DWORD pause;           /* connection's lock; ms, the last; 0: none */
    port_timer timer;      /* connection's lock; the next try; while set, holds a reference of the connection */
    ULONGLONG open_since;  /* connection's lock; win32.tick_count */
    bool other_owner_told; /* connection's lock */
    pipe_event other_owner_event, unsent_event;
} redial;

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
    HANDLE handle GUARDED_BY(lock); /* INVALID_HANDLE_VALUE before the pipe is open and after it is closed */
    close_reason reason GUARDED_BY(lock);
    DWORD last_error GUARDED_BY(lock);
    unsigned outstanding GUARDED_BY(lock); /* operations that have not returned, a set `retry`, a call of may_dial */
    bool other_left GUARDED_BY(lock);      /* a write said so; what the other end wrote before is still read */
    bool disconnected GUARDED_BY(lock);    /* DISCONNECTED is in the outbox, or was handed over */
    bool handed_over GUARDED_BY(lock);     /* DISCONNECTED was handed over */
    bool listed GUARDED_BY(lock);          /* the connection is in the engine's list */
    bool identifying GUARDED_BY(lock);     /* connection_identify uses the handle, and closes it if it has to */
    peer peer;                             /* the other end; of a server, its process alone */
    bool byte_mode GUARDED_BY(lock);       /* the server's pipe is in byte mode */
    bool reads_chunks GUARDED_BY(lock);    /* what each read brings is a message */
    bool read_only GUARDED_BY(lock), write_only GUARDED_BY(lock);

    /* For a connection that this process opens. */
    dial dial;
    DWORD dial_error GUARDED_BY(lock);   /* the result of the dial */
    redial *redial;                      /* owned, does not change; NULL: the connection is not dialed again */
    bool keeps_port GUARDED_BY(lock);    /* one port_keep, until the dial is over */
    bool drains_later GUARDED_BY(lock);  /* a graceful close came while DIALING, with a message queued */
    bool remote;                         /* the pipe is another computer's: calls that may block run on other threads */
    bool peeking GUARDED_BY(lock);       /* a remote peek has begun, and its result has not come */
    bool peek_to_start GUARDED_BY(lock); /* connection_unlock is to start the peek */
    bool peek_has_handle GUARDED_BY(lock); /* a peek uses the handle, and closes it if the connection was closed */
    bool peek_keeps_port GUARDED_BY(lock); /* one port_keep, until the result is under way or not wanted */
    HANDLE elsewhere_handle;               /* the handle that the peek uses, or the handle to close */
    blocking_task elsewhere;
    operation peeked; /* brings the result of a peek to a worker */
    DWORD peek_error GUARDED_BY(lock), peek_left GUARDED_BY(lock);
    void (*peek_done)(connection *c, DWORD error, DWORD left) GUARDED_BY(lock);
    void (*peek_next)(connection *c, DWORD error, DWORD left) GUARDED_BY(lock); /* of the peek that waits; NULL: none */

    operation connect; /* of the listener, or of the dial */
    bool given_up;     /* engine's lock; listener_stop has begun to close the handle of this listening instance */

    operation read;
    bool reading GUARDED_BY(lock);    /* `read` is under way, or its result is being handled */
    bool read_pends GUARDED_BY(lock); /* the system has not ended `read` at once */
    bool was_passed GUARDED_BY(lock); /* the last read of no bytes has found something, and the peek nothing */
    gait gait GUARDED_BY(lock);
    port_timer rest GUARDED_BY(lock);   /* resting.c; holds a reference while set */
    bool is_looked_at GUARDED_BY(lock); /* `rest` is set */
    bool has_read GUARDED_BY(lock);     /* a read has begun to wait since `rest` was set */
    bool choked GUARDED_BY(lock);       /* the receive limit was reached; true until half of it is free */
    buffer *read_buffer GUARDED_BY(lock);
    DWORD read_filled GUARDED_BY(lock);   /* bytes of a message that were read, while its rest is still to come */
    DWORD read_expected GUARDED_BY(lock); /* bytes of that rest, or of the message, as the peek said */
    pipe_event *read_event GUARDED_BY(lock);
    list read_requests GUARDED_BY(lock);
    LONGLONG receive_held GUARDED_BY(lock);

    /* splitting.c; used only if frames are split from what is read. */
    bool splits; /* does not change */
    splitter splitter GUARDED_BY(lock);
    DWORD unsplit_begin GUARDED_BY(lock); /* the bytes of read_buffer that were read and not split: from here */
    DWORD unsplit_end GUARDED_BY(lock);   /* to here */
    bool split_later GUARDED_BY(lock);    /* a whole frame may be among them */

    operation write;
    bool writing GUARDED_BY(lock);
    list messages GUARDED_BY(lock);    /* while `writing`, the first is under way or waits for its next try */
    port_timer retry GUARDED_BY(lock); /* the next try; while set, counted in `outstanding` and holds a reference */
    DWORD retry_ms GUARDED_BY(lock);   /* ms; the last pause before a try of the first message; 0: not refused yet */
    ULONGLONG refused_at GUARDED_BY(lock); /* GetTickCount64 of the first refusal of the first message */
    LONGLONG pending_bytes GUARDED_BY(lock), send_held GUARDED_BY(lock);

    /* asking.c */
    volatile LONG asked GUARDED_BY(lock);  /* acquire, release; the connection is asked only */
    HANDLE read_ended GUARDED_BY(lock);    /* manual-reset event of `read`; NULL: this pipe cannot be asked */
    ask *ask GUARDED_BY(lock);             /* that is not over; NULL: none */
    bool read_is_stale GUARDED_BY(lock);   /* what the read under way brings was there before the ask began to write */
    bool stale_was_taken GUARDED_BY(lock); /* and had ended by then: its bytes are not among the following ones */
    DWORD pipe_stale GUARDED_BY(lock);     /* so were these bytes that are still in the pipe */
    DWORD unsplit_stale GUARDED_BY(lock);  /* so were these bytes of those that are not split yet */

    port_timer look; /* the next look; the port's while `watched`, and holds a reference then */
    bool watched GUARDED_BY(lock);
    ULONGLONG drain_until GUARDED_BY(lock);

    /* idle.c; used only if there is an idle timeout. */
    port_timer idle GUARDED_BY(lock);          /* holds a reference while set */
    ULONGLONG idle_since GUARDED_BY(lock);     /* ms of win32.tick_count; later by the time that stood still */
    ULONGLONG idle_looked_at GUARDED_BY(lock); /* ms of win32.tick_count */
    unsigned events_alive GUARDED_BY(lock);    /* events that were emitted and not released */

    traffic carried GUARDED_BY(lock);

    list outbox GUARDED_BY(lock);
    bool emitting GUARDED_BY(lock);
    bool silent GUARDED_BY(lock);   /* the owner called connection_close with CLOSE_AT_ONCE */
    list silenced GUARDED_BY(lock); /* events that are not handed over; freed with DISCONNECTED */
    pipe_event connected_event, failed_event, disconnected_event;
};

/* Makes a connection that owns `handle`; INVALID_HANDLE_VALUE: the handle comes later. The caller gets one reference.
 * NULL: memory is short, and the handle stays the caller's. */
connection *connection_create(engine *e, HANDLE handle, const flow_settings *flow);

/* Starts a connection whose client has come: emits CONNECTED, then reads. False: the engine is closing, and the
 * connection was not started. */
bool connection_start(connection *c);

/* Asks Windows who the client is: `wholly` when it has just come, and its user alone when something of it was read and
 * Windows wanted that first. Call it on a thread of the port, with no lock held and a reference. */
void connection_identify(connection *c, bool wholly);

/* Does what connection_close does, for `reason`. For CLOSE_STOPPED all events are still handed over, and a graceful end
 * has no limit of its own: the code that stops the engine has one. */
void connection_close_for(connection *c, close_manner manner, close_reason reason);

/* Reads on after a pause, if the connection may read. */
void connection_advance(connection *c);

/* ---- between connection.c, reading.c, writing.c, asking.c, idle.c, resting.c, closing.c, dialing.c, redialing.c and
 * peeking.c ---- */

void connection_lock(connection *c) ACQUIRES(c->lock);
/* Hands over the events in the outbox, unless another thread is doing so, releases the lock, and starts a peek that was
 * begun. */
void connection_unlock(connection *c) RELEASES(c->lock);
/* Puts an event of this connection into the outbox, and takes a reference on the connection for the event. Nothing may
 * follow DISCONNECTED. */
void connection_emit(connection *c, pipe_event *event) REQUIRES_LOCK(c->lock);
/* Sets the fields of an event of this connection. `free` frees the event's memory; connection_keep_event keeps it, of
 * an event that is a field of its connection. */
void connection_keep_event(pipe_event *event);
void connection_event_init(connection *c, pipe_event *event, pipe_event_kind kind, void (*free)(pipe_event *event));

/* Takes the connection out of the engine's list, if its handle is closed and DISCONNECTED was handed over. The caller
 * has a reference, so the list's reference is not the last. */
void connection_leave_engine(connection *c) REQUIRES_LOCK(c->lock);

/* Takes back the port_keep of a dial that is over or was given up. Idempotent. */
void dialing_end(connection *c) REQUIRES_LOCK(c->lock);
/* Puts the connection into the engine's list, as DIALING. False: the engine is closing. */
bool dialing_begin(connection *c) REQUIRES_LOCK(c->lock);
/* Tries for `timeout` ms to open the pipe, on other threads. Returns 0 or ERROR_NOT_ENOUGH_MEMORY. */
DWORD dialing_try(connection *c, const WCHAR *path, DWORD timeout) REQUIRES_LOCK(c->lock);

/* Gives the connection what it needs to be dialed again. False: memory is short. */
bool redialing_init(connection *c, const WCHAR *path);
/* Frees that. NULL is allowed. */
void redialing_fini(redial *r);
/* A try has opened this pipe: returns 0 if it has the owner of the first pipe, or is that pipe; otherwise why it is not
 * taken. Call it with no lock held. */
DWORD redialing_judge(connection *c, HANDLE pipe);
/* A try has failed with dial_error. Returns whether there will be another try. */
bool redialing_goes_on(connection *c) REQUIRES_LOCK(c->lock);
/* The pipe is open. */
void redialing_open(connection *c) REQUIRES_LOCK(c->lock);
/* The connection closes: there are no more tries. */
void redialing_cancel(connection *c) REQUIRES_LOCK(c->lock);
/* Emits NOT_SENT, if the connection tells it. Nothing is under way any more. */
void redialing_end(connection *c) REQUIRES_LOCK(c->lock);

/* Peeks: asks how much is left of the first message in the pipe, and calls `done` with the lock held. `left` is in
 * bytes. For a pipe of this computer, `done` is called inside this call. For a remote pipe, a worker calls `done`
 * later, unless the connection closes meanwhile. One peek is under way at a time (`peeking`), and one more may wait for
 * its turn. If there is no thread for the call, `error` says why, and `left` is PEEK_NOT_MADE. A remote peek keeps the
 * port, so that a graceful end of the engine waits for the peek. */
#define PEEK_NOT_MADE MAXDWORD
void peeking_begin(connection *c, void (*done)(connection *c, DWORD error, DWORD left)) REQUIRES_LOCK(c->lock);
/* Starts the remote peek that was begun. Call it with no lock held, since making a thread takes the loader's lock. */
void peeking_start(connection *c);
/* Takes back the port_keep of a peek that nobody waits for any more. Idempotent. */
void peeking_let_port_go(connection *c) REQUIRES_LOCK(c->lock);

/* Closes the handle of a pipe: of a remote pipe on a thread that may block. The caller has a reference. */
void peeking_close_handle(connection *c, HANDLE handle);

/* The pipe is open, and nothing was read. `is_dialed`: this process opened the connection. */
void reading_begin(connection *c, bool is_dialed) REQUIRES_LOCK(c->lock);
/* Starts the next read, or goes on splitting, if the connection may read and no read is under way. Fails the connection
 * if memory is short. */
void reading_advance(connection *c) REQUIRES_LOCK(c->lock);
/* Returns whether the connection may read. At the receive limit reading pauses. One message is always let in, and so is
 * a message that connection_read asked for. */
bool reading_is_wanted(connection *c) REQUIRES_LOCK(c->lock);
/* Ends the read that `reading` tells of: `error` is what ends the connection, or 0. Reads on. */
void reading_end(connection *c, DWORD error) REQUIRES_LOCK(c->lock);
/* Takes the oldest request of connection_read, which is served now, and returns its cookie. */
void *reading_take_request(connection *c) REQUIRES_LOCK(c->lock);
/* Counts what a read has brought: so many bytes, and whether a message is whole with them. */
void reading_count(connection *c, DWORD messages, DWORD bytes) REQUIRES_LOCK(c->lock);
/* Emits the event of a message that lies in `b`; of a connection that is asked only, see asking_takes_message. */
void reading_emit(connection *c, pipe_event *event, buffer *b) REQUIRES_LOCK(c->lock);
/* Frees the read buffer and the event of the next message. Idempotent. */
void reading_fini(connection *c);

/* Makes room in the read buffer behind what is not split yet. False: memory is short. */
bool splitting_make_room(connection *c) REQUIRES_LOCK(c->lock);
/* Lets a worker split on. No read is under way. */
void splitting_go_on(connection *c) REQUIRES_LOCK(c->lock);
/* Ends a read of a connection that splits: what came becomes frames. */
void splitting_read_done(operation *op, DWORD error, DWORD bytes);

/* idle_begin starts the idle timeout of a connection that has just opened; idle_end ends it. */
void idle_begin(connection *c) REQUIRES_LOCK(c->lock);
void idle_end(connection *c) REQUIRES_LOCK(c->lock);
/* The connection has just done something that no event tells of: its idle time begins anew. */
static inline void idle_interrupt(connection *c) REQUIRES_LOCK(c->lock)
{
    if (c->flow.idle_timeout)
        c->idle_since = win32.tick_count();
}

/* An event of the connection is about to be freed; connection_emit counts those that come. Takes the lock. */
void idle_event_ends(connection *c);

/* A read has begun, and waits: a long one must not wait for ever. */
void resting_watch(connection *c) REQUIRES_LOCK(c->lock);
/* The connection closes. */
void resting_end(connection *c) REQUIRES_LOCK(c->lock);

/* Starts the next writes, until one is under way or none is queued. */
void writing_advance(connection *c) REQUIRES_LOCK(c->lock);
/* Frees the message that `event` is part of, and releases its payload. The cookie stays the caller's. */
void message_free(pipe_event *event);
/* Makes a message, which connection_write or connection_ask queues; NULL: memory is short. */
message *message_create(connection *c, payload *p, void *cookie);
/* Returns why the message cannot be queued now, or 0. */
DWORD writing_judge(connection *c, const message *m) REQUIRES_LOCK(c->lock);
/* Queues a message that was judged, and starts its write if it is the first. */
void writing_add(connection *c, message *m) REQUIRES_LOCK(c->lock);
/* Takes the message of a connection_ask back whose WriteFile was not begun, or was refused: no WriteFile of it begins
 * any more. */
void writing_take_back(connection *c, message *m) REQUIRES_LOCK(c->lock);

/* The pipe is open, and nothing was read or written: ends a connection_ask that this pipe cannot answer. */
void asking_open(connection *c) REQUIRES_LOCK(c->lock);
/* The WriteFile of a message is about to begin. */
void asking_begin_write(connection *c, const message *m) REQUIRES_LOCK(c->lock);
/* The system refused the message, which will be tried again. */
void asking_put_off(connection *c, const message *m) REQUIRES_LOCK(c->lock);
/* The message of a connection_ask leaves the queue: the pipe has taken it, or the system refused it with `error`. */
void asking_message_ends(connection *c, const message *m, DWORD error) REQUIRES_LOCK(c->lock);
/* A read is about to begin for which there is room. Returns for how many bytes: what is no answer is not read together
 * with what may be one, unless the pipe keeps messages apart. */
DWORD asking_begin_read(connection *c, DWORD room) REQUIRES_LOCK(c->lock);
/* A read has completed that brought so many bytes. */
void asking_bytes_came(connection *c, DWORD bytes) REQUIRES_LOCK(c->lock);
/* The next message to be emitted is a frame of so many of the bytes that are not split yet. */
void asking_frame_came(connection *c, DWORD bytes) REQUIRES_LOCK(c->lock);
/* Takes or drops a message of a connection that is asked only: then event and buffer are gone. False: the message is
 * still the caller's, and hand_outbox_over drops it: it has a cookie. */
bool asking_takes_message(connection *c, pipe_event *event, buffer *b) REQUIRES_LOCK(c->lock);
/* The owner, the engine or the idle timeout ends the connection: no answer will come. */
void asking_cut(connection *c) REQUIRES_LOCK(c->lock);
/* A graceful close begins: no answer will be read. Takes a message back that was not begun to be written. */
void asking_drain(connection *c) REQUIRES_LOCK(c->lock);
/* The connection has ended, and nothing is under way any more. */
void asking_end(connection *c) REQUIRES_LOCK(c->lock);

/* Begins to end the connection: cancels requests, dial and look. `error` is a code of the system, or 0. Does nothing if
 * the connection is still LISTENING or is CLOSING already. */
void closing_begin(connection *c, close_reason reason, DWORD error) REQUIRES_LOCK(c->lock);
/* The same, and emits CONNECTION_ERROR first. */
void closing_fail(connection *c, close_reason reason, DWORD error) REQUIRES_LOCK(c->lock);
/* Emits DISCONNECTED if the connection is closing and nothing is under way any more; ends a graceful close after the
 * last write. Call it when an operation has returned or a write has ended. */
void closing_advance(connection *c) REQUIRES_LOCK(c->lock);
/* Begins a graceful close: no more reads and no new writes; the connection ends after the last queued write. While
 * DIALING, waits for the pipe first if a message is queued; otherwise ends at once. */
void closing_begin_drain(connection *c, close_reason reason) REQUIRES_LOCK(c->lock);
/* Returns whether the connection still accepts writes and requests to read. */
bool closing_accepts(connection *c) REQUIRES_LOCK(c->lock);
/* Makes sure that the departure of the other end is noticed while no read is under way: sets the timer `look`. */
void closing_watch(connection *c) REQUIRES_LOCK(c->lock);
/* Returns whether events of this kind are no longer handed over. After a close at once by the owner only CONNECTED and
 * DISCONNECTED are. */
bool closing_silences(connection *c, pipe_event_kind kind) REQUIRES_LOCK(c->lock);

#endif

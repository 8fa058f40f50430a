/* pipe.h: the engine. Pipes, of a server or of clients, served by a completion port; no COM, no windows.
 *
 * Who may call: every thread, also from inside a callback, unless a line below says otherwise. Nothing here blocks but
 *   engine_listen.
 * Who owns: an `engine` lives from Start to Stop. It owns either a listening pipe and its clients, or the connections
 *   that a manager of clients has opened. A `connection` is one open pipe: a client that came to us, or a server that
 *   we went to. Both are counted, and a connection keeps its engine alive. An event belongs to whoever it was handed
 *   to, until pipe_event_release. A cookie is the owner's own; the engine carries it along.
 * Callbacks: with no lock of this layer held. Events of one connection are handed over one at a time, in order,
 *   CONNECTED first and DISCONNECTED last.
 * Errors: Win32 codes, or the codes of pipe_error; 0 is success.
 *
 * How it lies, from the bottom: name, peek, dial, exchange, call | security, instance, claim | port, dialer | engine |
 * connection, with reading, writing, closing, dialing, peeking and event | listener | engine_life. No file includes or
 * calls one to its right. */

#ifndef PIPE_PIPE_H
#define PIPE_PIPE_H

#include "base/list.h"

typedef struct engine engine;
typedef struct engine_owner engine_owner;
typedef struct connection connection;
typedef struct payload payload;
typedef struct pipe_event pipe_event;

#define MESSAGE_LIMIT 0x7fffffffu /* bytes that an array can hold */

/* Conditions that are ours and not the system's (bit 29 is the application's in a Win32 code). */
enum pipe_error
{
    PIPE_ERROR_NOT_OPEN = 0x20000001,         /* the connection has ended or is ending */
    PIPE_ERROR_SEND_QUEUE_FULL = 0x20000002,  /* the send limit of the connection is reached */
    PIPE_ERROR_NAME_IN_USE = 0x20000003,      /* another server owns the name */
    PIPE_ERROR_NO_PORT = 0x20000004,          /* there is no completion port to be had */
    PIPE_ERROR_MESSAGE_TOO_LONG = 0x20000005, /* a received message beyond what an array can hold */
    PIPE_ERROR_TIMED_OUT = 0x20000006,
    PIPE_ERROR_READ_ONLY = 0x20000007,  /* the pipe goes from the server to its clients alone */
    PIPE_ERROR_WRITE_ONLY = 0x20000008, /* from the clients to their server alone */
    PIPE_ERROR_NAME_HELD = 0x20000009,  /* clients of a past server hold the name, with another type or security */
    PIPE_ERROR_BUSY = 0x2000000a        /* every instance of the pipe was in use until the time was up */
};

typedef enum close_reason
{
    CLOSE_NONE,
    CLOSE_OTHER_END, /* that has left */
    CLOSE_CONSUMER,  /* connection_close */
    CLOSE_STOPPED,   /* engine_begin_close */
    CLOSE_IDLE,
    CLOSE_TOO_LONG,
    CLOSE_FAILED,         /* a transport error: connection_last_error */
    CLOSE_CONNECT_FAILED, /* connection_dial did not reach a server: connection_last_error */
    CLOSE_REASONS
} close_reason;

typedef enum close_manner
{
    CLOSE_AT_ONCE,   /* cancels what is outstanding */
    CLOSE_GRACEFULLY /* reads no more, takes no more writes, and ends with the last queued write */
} close_manner;

/* ---- buffers: what ReadFile fills; made by the owner, so that they can be what a handler gets ---- */

typedef struct buffer
{
    BYTE *data;
    DWORD capacity; /* bytes */
} buffer;

/* Where buffers come from and go back to. Any thread; also called under locks of this layer, so that it must not call
 * back. It outlives its buffers. */
typedef struct buffer_source buffer_source;
struct buffer_source
{
    buffer *(*alloc)(buffer_source *s, DWORD size); /* at least `size` bytes; NULL without memory */
    void (*free)(buffer_source *s, buffer *b);
};

/* ---- events ---- */

typedef enum pipe_event_kind
{
    PIPE_READY, /* every worker has joined, the first instance listens */
    PIPE_CONNECTED,
    PIPE_MESSAGE,          /* buffer, bytes, cookie */
    PIPE_SENT,             /* cookie */
    PIPE_CONNECTION_ERROR, /* error */
    PIPE_DISCONNECTED,     /* cookies of reads and writes that came to nothing are freed with it */
    PIPE_SERVER_ERROR      /* error */
} pipe_event_kind;

struct pipe_event
{
    pipe_event_kind kind;
    connection *connection; /* NULL for READY and SERVER_ERROR */
    engine *engine;
    buffer *buffer; /* whoever takes it out and leaves NULL owns it */
    DWORD bytes;    /* of the message */
    DWORD error;
    void *cookie;                         /* whoever takes it out and leaves NULL owns it */
    list_link link, lane_link, drop_link; /* for the owner's queues */
    struct lane *lane;                    /* the owner's */
    LONGLONG sequence;                    /* the owner's */
    void *progress;                       /* the owner's: what it remembers of an event that was refused */
    bool heard;                           /* the owner's: somebody has had it before it was refused */
    LONGLONG receive_charge,
        send_charge; /* what it still holds of the connection's limits; pipe_event_taken gives it back */
    void (*free)(pipe_event *event);
};

/* The event begins to be delivered, or is dropped: what it holds of the receive or send limit is given back, which may
 * resume reading. Twice is once. */
void pipe_event_taken(pipe_event *event);

/* Ends an event: taken, its buffer and cookie freed, its references released. */
void pipe_event_release(pipe_event *event);

/* ---- the owner ---- */

typedef struct engine_calls
{
    /* An event of the engine: now the owner's. On a worker, or inside a call of the owner's into this header. */
    void (*event)(engine_owner *owner, pipe_event *event);
    /* Whether an event of this connection that came now would have to wait behind others: a short message moves into
     * a buffer of its own size then. */
    bool (*would_wait)(engine_owner *owner, connection *c);
    /* On each worker, first and last. */
    void (*worker_begins)(engine_owner *owner);
    void (*worker_ends)(engine_owner *owner);
    /* On a worker, after each completion it has handled and after engine_kick: time for work of the owner's own. */
    void (*turn)(engine_owner *owner);
    /* The last worker has ended; on that worker. From then on the owner is only called by the release of events and
     * connections. */
    void (*ended)(engine_owner *owner);
} engine_calls;

struct engine_owner
{
    const engine_calls *calls;
    buffer_source *buffers;
    void (*cookie_free)(void *cookie); /* any thread, no lock of this layer held */
};

/* ---- the engine ---- */

/* How a connection reads and writes. */
typedef struct flow_settings
{
    DWORD buffer_size; /* bytes of the first buffer of a read */
    bool read_continuously;
    LONGLONG receive_limit; /* bytes; 0 for none */
    LONGLONG send_limit;    /* bytes; 0 for none */
} flow_settings;

typedef struct engine_settings
{
    const WCHAR *path; /* \\.\pipe\name; copied. NULL: it does not listen, but dials */
    unsigned threads;  /* workers, 1 to 64 */
    unsigned backlog;  /* instances kept listening, at least 1 */
    bool allow_remote;
    flow_settings flow; /* of its clients */
} engine_settings;

/* Makes the port. *out is NULL unless 0 is returned. Every engine that was opened is ended: by engine_begin_close, or
 * by a failure of the next two. */
DWORD engine_open(const engine_settings *settings, engine_owner *owner, engine **out);

/* Claims the name and creates the first listening instances, as the process, for this user, SYSTEM and administrators.
 * Where clients of a past server still hold the name it blocks for a third of a second, without dispatching messages.
 * NAME_IN_USE, NAME_HELD. A failure ends the engine. */
DWORD engine_listen(engine *e);

/* Starts the workers; where the engine listens READY comes from the last that joins, and nothing before it. A failure
 * ends the engine. */
DWORD engine_run(engine *e);

/* Stops listening and closes every connection for CLOSE_STOPPED. May be called again to turn a graceful end into one at
 * once. When all that was outstanding has returned, the workers end; the last one calls `ended`, then sets the event of
 * engine_ended. */
void engine_begin_close(engine *e, close_manner manner);

/* Manual-reset event: set when the last worker has ended. The engine's; valid as long as it. */
HANDLE engine_ended(engine *e);

/* Closes the handles that connections still hold. After engine_begin_close. */
void engine_close_handles(engine *e);

/* While paused no client is accepted and nothing is read but what was asked for; what was begun completes. Only sets
 * the mark: engine_advance goes on after a pause. */
void engine_pause(engine *e, bool paused);
void engine_advance(engine *e);

/* Makes a worker call `turn` soon. Costs nothing on a worker that is about to do so anyway. */
void engine_kick(engine *e);
/* The same in `ms` from now, unless the workers have gone by then. Moves one that is still to come. */
void engine_kick_in(engine *e, DWORD ms);

engine *engine_hold(engine *e);
void engine_release(engine *e);

/* ---- connections ---- */

/* Connects to the server of a pipe, of this computer (\\.\pipe\name) or another; one reference. A pipe of this
 * computer is opened by a worker, one of another on a thread where that may block; as the process in any case. A
 * pipe that is busy or not there is tried again for `timeout` ms (INFINITE: for ever). CONNECTED follows, or
 * CONNECTION_ERROR and DISCONNECTED, or after a close DISCONNECTED alone. `user` and `*out` are set before any of
 * them. What is written and asked for until then waits. NOT_OPEN: the engine is closing. */
DWORD connection_dial(engine *e, const WCHAR *path, DWORD timeout, const flow_settings *flow, void *user,
                      connection **out);

connection *connection_hold(connection *c);
void connection_release(connection *c);

/* A pointer of the owner's, NULL at first. Of a client of ours set while handling CONNECTED. */
void connection_set_user(connection *c, void *user);
void *connection_get_user(connection *c);

/* Queues one message, which goes out in one WriteFile after those before it. SENT follows with the cookie, never inside
 * this call unless as an event that the owner queues. NOT_OPEN, SEND_QUEUE_FULL, READ_ONLY, ERROR_NOT_ENOUGH_MEMORY:
 * nothing is sent, and the cookie stays the caller's. Takes a reference on the payload. */
DWORD connection_write(connection *c, payload *p, void *cookie);

/* Reports an error of ours that does not end the connection, as CONNECTION_ERROR. */
void connection_report(connection *c, DWORD error);

/* The cookie goes with the next message whose read completes from now on; without continuous reading this also reads
 * one. NOT_OPEN, WRITE_ONLY, ERROR_NOT_ENOUGH_MEMORY. */
DWORD connection_read(connection *c, void *cookie);

/* Begins to end the connection; DISCONNECTED follows when all that was outstanding has returned. A graceful end
 * lasts 30 s at most, from the pipe's opening on: while connection_dial is under way and something is queued, it
 * waits for that first, and then sends. Twice is once. */
void connection_close(connection *c, close_manner manner);

/* Closes the pipe's handle; that of a remote pipe is left to a thread where closing may block. After DISCONNECTED
 * was handed over; earlier only to force an end. */
void connection_close_handle(connection *c);

/* Reads on although the receive limit was reached, until it is reached again: the owner has dropped what waited, or
 * drops it. */
void connection_read_on(connection *c);
LONGLONG connection_receive_limit(connection *c); /* bytes; 0 for none */

HANDLE connection_handle(connection *c); /* its value, also after it was closed; NULL before CONNECTED */

/* What a connection is at one moment. */
typedef struct connection_status
{
    bool opening;           /* connection_dial is under way */
    bool open;              /* the pipe has not dropped */
    bool reads_messages;    /* messages are read whole; false: chunks, since the server's pipe is in byte mode */
    close_reason reason;    /* CLOSE_NONE until it ends */
    DWORD last_error;       /* 0 after an orderly end */
    DWORD process;          /* id of the process at the other end; 0 where unknown */
    LONGLONG pending_bytes; /* accepted and not taken by the pipe */
} connection_status;

connection_status connection_get_status(connection *c);

/* ---- outgoing bytes, shared by the messages of a broadcast ---- */

/* A copy of `size` bytes, counted; NULL without memory. */
payload *payload_create(const void *data, DWORD size);
payload *payload_hold(payload *p);
void payload_release(payload *p);
const void *payload_data(const payload *p);
DWORD payload_size(const payload *p); /* bytes */

#endif

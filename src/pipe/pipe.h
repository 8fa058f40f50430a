/* pipe.h: the engine. It serves the pipes of a server or of clients through a completion port, without COM and windows.
 *
 * Threads: every thread may call every function here, also inside a callback, unless the comment of the function says
 *   otherwise. Only engine_listen, a failing engine_run, engine_close_handles, and connection_close_handle if the
 *   system makes no thread may block; see there. What makes a thread takes the loader's lock.
 * Ownership: an engine lives from Start to Stop. It owns either a listening pipe and its clients, or the connections
 *   that a client manager opened. A connection is one open pipe: a client that came to us, or a server that we went to.
 *   Both are reference-counted; a connection keeps its engine alive. An event belongs to the code that received the
 *   event, until that code calls pipe_event_release. A cookie is the owner's own data; the engine only carries it.
 * Callbacks: no lock of this layer is held. The events of a connection come one at a time and in order. CONNECTED comes
 *   first, unless connection_dial opened no pipe; DISCONNECTED comes last.
 * Errors: Win32 codes, or the codes of pipe_error; 0 is success. Comments leave out the prefix of these codes
 *   (NOT_OPEN is PIPE_ERROR_NOT_OPEN) and of events (CONNECTED is PIPE_CONNECTED).
 *
 * The files of this layer, from the bottom: name, peek, dial, framing, answer, exchange, payload, remote_call, call |
 * sddl_text, security, instance, claim, peer | probe, port, traffic, dialer | engine | connection, with event, reading,
 * splitting, writing, asking, idle, closing, dialing, redialing and peeking | listener | engine_life | survey. A file
 * includes and calls no file to its right. */

#ifndef PIPE_PIPE_H
#define PIPE_PIPE_H

#include "base/list.h"

typedef struct engine engine;
typedef struct engine_owner engine_owner;
typedef struct connection connection;
typedef struct payload payload;
typedef struct pipe_event pipe_event;

#define MESSAGE_LIMIT 0x7fffffffu /* bytes; the most that an array can hold */

/* Error codes of this layer, not of the system. (Win32 reserves bit 29 for applications.) */
enum pipe_error
{
    PIPE_ERROR_NOT_OPEN = 0x20000001,         /* the connection has ended or is ending, or the engine is closing */
    PIPE_ERROR_SEND_QUEUE_FULL = 0x20000002,  /* the message exceeds the send limit of the connection */
    PIPE_ERROR_NAME_IN_USE = 0x20000003,      /* another server owns the name of the pipe */
    PIPE_ERROR_NO_PORT = 0x20000004,          /* the system gives no completion port */
    PIPE_ERROR_MESSAGE_TOO_LONG = 0x20000005, /* a received message is longer than the limit */
    PIPE_ERROR_TIMED_OUT = 0x20000006,
    PIPE_ERROR_READ_ONLY = 0x20000007,       /* only the server may write to the pipe */
    PIPE_ERROR_WRITE_ONLY = 0x20000008,      /* only clients may write to the pipe */
    PIPE_ERROR_NAME_HELD = 0x20000009,       /* clients of a past server hold the name, with another type or security */
    PIPE_ERROR_BUSY = 0x2000000a,            /* every instance of the pipe was in use until the time was up */
    PIPE_ERROR_NO_ACCESS_LIST = 0x2000000b,  /* the security descriptor has no access list */
    PIPE_ERROR_KEEPS_US_OUT = 0x2000000c,    /* it does not let this process make further instances */
    PIPE_ERROR_NEEDS_PRIVILEGE = 0x2000000d, /* it asks for auditing, or for a label, which this process may not */
    PIPE_ERROR_BAD_FRAME = 0x2000000e,       /* what was received is no frame, or its end never came */
    PIPE_ERROR_NO_MESSAGES = 0x2000000f,     /* the server's pipe is in byte mode, and there is no framing */
    PIPE_ERROR_HANDLER_FAILED = 0x20000010,  /* the owner's own report: a handler of an event failed */
    PIPE_ERROR_ANSWER_LATE = 0x20000011,     /* connection_ask: the time was up, and the connection was ended */
    PIPE_ERROR_ASKING = 0x20000012,          /* connection_ask: another thread's is under way */
    PIPE_ERROR_READS_WAIT = 0x20000013,      /* connection_ask: requests of connection_read wait */
    PIPE_ERROR_IS_ASKED = 0x20000014,        /* connection_read: connection_ask takes all messages */
    PIPE_ERROR_NOT_SENT = 0x20000015,   /* messages were accepted that the pipe did not take; see reconnect_pause */
    PIPE_ERROR_OTHER_OWNER = 0x20000016 /* connection_dial_again: the pipe has another owner than before */
};

typedef enum close_reason
{
    CLOSE_NONE,
    CLOSE_OTHER_END, /* the other end has left */
    CLOSE_CONSUMER,  /* the owner called connection_close */
    CLOSE_STOPPED,   /* the owner called engine_begin_close */
    CLOSE_IDLE,
    CLOSE_TOO_LONG,
    CLOSE_FAILED,         /* a transport error; its code is last_error of connection_status */
    CLOSE_CONNECT_FAILED, /* connection_dial reached no server; the code is last_error of connection_status */
    CLOSE_BAD_FRAME,
    CLOSE_TIMED_OUT, /* a connection_ask was given up after the pipe had taken its message */
    CLOSE_REASONS
} close_reason;

typedef enum close_manner
{
    CLOSE_AT_ONCE,   /* cancels the requests that are under way */
    CLOSE_GRACEFULLY /* reads no more, accepts no more writes, and ends after the last queued write */
} close_manner;

/* ---- buffers, which ReadFile fills; the owner makes them, so that a handler can get the same memory ---- */

typedef struct buffer
{
    BYTE *data;
    DWORD capacity; /* bytes */
} buffer;

enum
{
    READ_SHORT = 1280 /* bytes of the read that waits; with what else an idle connection holds, less than 4 KiB */
};

/* Makes and frees buffers, most of them of READ_SHORT or of flow_settings.buffer_size bytes. Any thread calls both
 * functions, also with locks of this layer held: they must not call into this layer. The source outlives its buffers.
 */
typedef struct buffer_source buffer_source;
struct buffer_source
{
    buffer *(*alloc)(buffer_source *s, DWORD size); /* at least `size` bytes; NULL if memory is short */
    void (*free)(buffer_source *s, buffer *b);
};

/* ---- events ---- */

typedef enum pipe_event_kind
{
    PIPE_READY, /* every worker has joined, and the first instance listens */
    PIPE_CONNECTED,
    PIPE_MESSAGE,          /* sets buffer, bytes, and the cookie of a connection_read */
    PIPE_SENT,             /* sets the cookie of the connection_write, and bytes */
    PIPE_CONNECTION_ERROR, /* sets error, and the cookie of a message that the system refused, or of a report */
    PIPE_DISCONNECTED,     /* releasing the event frees the cookies of reads and writes that came to nothing */
    PIPE_SERVER_ERROR      /* sets error, and the cookie of a report */
} pipe_event_kind;

struct pipe_event
{
    pipe_event_kind kind;
    connection *connection; /* NULL for READY and SERVER_ERROR; otherwise the event holds the connection */
    engine *engine;
    buffer *buffer; /* owned; to keep the buffer, take it and set NULL here */
    DWORD bytes;    /* size of the message; of one that was sent, with its mark */
    DWORD error;
    void *cookie;                         /* owned; to keep the cookie, take it and set NULL here */
    list_link link, lane_link, drop_link; /* for the queues of the owner */
    struct lane *lane;                    /* the owner's */
    LONGLONG sequence;                    /* the owner's */
    void *progress;                       /* the owner's: the state of an event that a handler refused */
    bool heard; /* the owner's: a handler received the event before another handler refused it */
    /* Bytes that the event still counts against the limits of its connection; pipe_event_taken gives them back. */
    LONGLONG receive_charge, send_charge;
    void (*free)(pipe_event *event);
};

/* pipe_event_taken gives back what the event counts against the receive or the send limit, which may resume reading.
 * Call it when the delivery of the event begins or the event is dropped. Idempotent. */
void pipe_event_taken(pipe_event *event);

/* pipe_event_release ends an event: calls pipe_event_taken, frees the buffer and the cookie that are still in the
 * event, and releases the event's references. Do not touch the event afterwards. */
void pipe_event_release(pipe_event *event);

/* ---- the owner ---- */

typedef struct engine_calls
{
    /* Hands an event over; the event now belongs to the owner. Called on a worker, or inside a call of the owner into
     * this header. */
    void (*event)(engine_owner *owner, pipe_event *event);
    /* Returns whether a new event of this connection would have to wait behind other events. A short message then moves
     * into a buffer of its own size. Called on a worker. */
    bool (*would_wait)(engine_owner *owner, connection *c);
    /* Called on each worker: as the first and as the last callback there. */
    void (*worker_begins)(engine_owner *owner);
    void (*worker_ends)(engine_owner *owner);
    /* Time for work of the owner. Called on a worker after completions, timers and engine_kick. */
    void (*turn)(engine_owner *owner);
    /* The last worker has ended. Called on that worker, or, if no worker was ever started, inside the failing
     * engine_listen or engine_run. Afterwards only the release of events and connections calls the owner. */
    void (*ended)(engine_owner *owner);
    /* Returns whether a try of connection_dial_again may be made now; if not, the try counts as failed. Called on a
     * worker. NULL: each may. */
    bool (*may_dial)(engine_owner *owner, connection *c);
} engine_calls;

struct engine_owner
{
    const engine_calls *calls;
    buffer_source *buffers;
    void (*cookie_free)(void *cookie); /* frees a cookie; called on any thread, with no lock of this layer held */
};

/* ---- the engine ---- */

/* How the messages of a stream of bytes are told apart, whatever messages the pipe itself has; framing.h has the
 * rules. What is received between two marks is one message for all that is said here; what is sent gets its mark by
 * payload_create_frame. */
typedef enum framing
{
    FRAMING_PIPE,        /* the messages of the pipe; chunks, if the server's pipe is in byte mode */
    FRAMING_LINES,       /* an LF ends a message; a CR before it is dropped; the last one needs none */
    FRAMING_LENGTH,      /* 4 bytes before a message are its length, little-endian */
    FRAMING_HEADER,      /* lines before a message, one of them Content-Length: n, then an empty line */
    FRAMING_CHUNKS,      /* bytes as they come; a message of no bytes is none */
    FRAMING_UNTIL_CLOSED /* all bytes until the other end has left are one message; none for no bytes */
} framing;

/* How a connection is opened, reads and writes. With a framing that splits, what was read and is not split yet counts
 * as lying in the pipe: nothing is read while a whole frame is left, splitting stops where reading pauses, and the
 * bytes of a frame that is not whole count against message_limit alone. */
typedef struct flow_settings
{
    bool needs_server; /* of a connection_dial: a pipe that is missing is not tried again */
    framing framing;
    DWORD buffer_size; /* bytes of a read, but for one that waits: see gait.h */
    bool read_continuously;
    DWORD message_limit;    /* bytes; the longest message that is received; 0 for MESSAGE_LIMIT, or FRAME_LIMIT */
    LONGLONG receive_limit; /* bytes; 0 for none */
    LONGLONG send_limit;    /* bytes; 0 for none */
    DWORD idle_timeout;     /* ms until an idle connection is closed, for CLOSE_IDLE; 0 for never; see idle.c */
    DWORD reconnect_pause;  /* ms; of a connection_dial: see connection_dial_again; 0: it is not dialed again */
} flow_settings;

typedef enum access_preset
{
    ACCESS_CURRENT_USER, /* this user, SYSTEM and elevated administrators */
    ACCESS_AUTHENTICATED_USERS,
    ACCESS_EVERYONE
} access_preset;

/* Who may open the pipe. */
typedef struct access_settings
{
    access_preset preset;
    const SECURITY_DESCRIPTOR *descriptor; /* of one block, copied; NULL: the preset counts */
    bool allow_remote;                     /* clients of other computers too, as far as the descriptor lets them in */
} access_settings;

typedef struct engine_settings
{
    const WCHAR *path;        /* \\.\pipe\name, copied; NULL: the engine dials and does not listen */
    unsigned threads;         /* workers, 1 to 64 */
    unsigned backlog;         /* instances that are kept listening, at least 1 */
    unsigned max_connections; /* clients at a time, each until its DISCONNECTED is released; 0 for no limit */
    access_settings access;
    flow_settings flow; /* for the clients of a listening engine */
} engine_settings;

/* Makes an engine with its completion port; no worker runs yet. The caller gets one reference in *out, which is NULL
 * unless 0 is returned. `settings` is copied; `owner` must live until `ended` was called and every event was released.
 * Errors: ERROR_NOT_ENOUGH_MEMORY, NO_PORT or a code of the system. Every opened engine must be ended:
 * engine_begin_close ends it, and so does a failure of engine_listen or engine_run. */
DWORD engine_open(const engine_settings *settings, engine_owner *owner, engine **out);

/* Claims the name of the pipe and creates the first listening instances. The instances belong to the process, also if
 * the calling thread impersonates; `access` of the settings says who may open them. If clients of a past server still
 * hold the name, the call blocks for up to a third of a second and dispatches no window messages. Call it once, before
 * engine_run. Errors: NAME_IN_USE, NAME_HELD, NO_ACCESS_LIST, KEEPS_US_OUT, NEEDS_PRIVILEGE or a code of the system; a
 * failure ends the engine. */
DWORD engine_listen(engine *e);

/* Starts the workers. If the engine listens, the last worker that joins hands READY over, as the first event. Returns a
 * Win32 code; a failure ends the engine. If no worker could be started, the failing call first delivers the requests
 * that are under way. */
DWORD engine_run(engine *e);

/* Stops listening and closes every connection, for CLOSE_STOPPED. Call it again with CLOSE_AT_ONCE to cut a graceful
 * end short. The workers end when all requests have returned. The last worker calls `ended`, then sets the event of
 * engine_ended. */
void engine_begin_close(engine *e, close_manner manner);

/* Returns a manual-reset event that is set after `ended` has returned. The engine owns the handle, which is valid while
 * the caller holds the engine. */
HANDLE engine_ended(engine *e);

/* Closes the handles that connections still have. Call it after engine_begin_close. Then waits, for a second at most,
 * until other threads no longer use an instance of the pipe: when this returns, the engine does not have the name any
 * more. Dispatches no window messages. */
void engine_close_handles(engine *e);

/* engine_pause sets or clears the pause, and does nothing else. During a pause a client that comes is not accepted, and
 * the engine starts no read except for a connection_read or a connection that is asked only; a read that is under way
 * completes, with the rest of its message. After the pause call engine_advance, which accepts the clients that came
 * meanwhile and reads on, also if a new pause began just then. */
void engine_pause(engine *e, bool paused);
void engine_advance(engine *e);

/* Makes a worker call `turn` soon. Costs nothing on a worker that is about to call `turn` anyway. */
void engine_kick(engine *e);
/* Makes a worker call `turn` in `ms` milliseconds, unless the workers have ended by then. Moves an earlier
 * engine_kick_in that is not due yet. */
void engine_kick_in(engine *e, DWORD ms);

/* engine_hold takes a reference and returns its argument. engine_release gives a reference back; NULL is allowed. */
engine *engine_hold(engine *e);
void engine_release(engine *e);

/* ---- connections ---- */

/* Connects to the server of the pipe `path`: \\.\pipe\name for this computer, or a pipe of another computer. The caller
 * gets one reference in *out, which is NULL unless 0 is returned. `user` is the first value of connection_get_user.
 *
 * A worker opens a pipe of this computer. A thread that may block opens a pipe of another computer. Both act as the
 * process. If the pipe is busy or missing, it is tried again for `timeout` ms (INFINITE: without end); with
 * needs_server of `flow` only if it is busy. The result is CONNECTED, or CONNECTION_ERROR and DISCONNECTED, or after a
 * close DISCONNECTED alone; `user` and `*out` are set before any of these events. Writes and requests to read wait
 * until the pipe is open.
 *
 * Errors: NOT_OPEN (the engine is closing) or ERROR_NOT_ENOUGH_MEMORY; then no event comes. */
DWORD connection_dial(engine *e, const WCHAR *path, DWORD timeout, const flow_settings *flow, void *user,
                      connection **out);

/* A connection that was dialed with `reconnect_pause` may be dialed again when it has ended: another connection takes
 * its place. Of each of these, CONNECTION_ERROR with NOT_SENT comes just before DISCONNECTED, if the pipe was open;
 * connection_unsent then tells how many messages it is about, maybe none.
 *
 * connection_prepare makes the other connection, for the same path and settings, and with one reference; it allocates
 * all that connection_dial_again needs. No event comes before that. NULL: memory is short.
 *
 * connection_dial_again dials the pipe of `ended` again with `c`, which connection_prepare has made. Call it when
 * DISCONNECTED of `ended` is handed over, or later. The first try comes after a pause of 100 ms, and each pause is
 * twice the one before, up to reconnect_pause; they begin anew if `ended` was open for 5 s. A try may fail with any
 * error: the dial goes on until connection_close or the end of the engine. The owner of a pipe of this computer must be
 * that of the first pipe (of the first whose server had not left when that was asked), which is looked at before
 * anything is read or written; otherwise CONNECTION_ERROR with OTHER_OWNER comes, once and before CONNECTED, and the
 * dial goes on. Errors, after which no event comes: NOT_OPEN (the engine is closing, or `ended` has ended for another
 * reason than that the other end left, that the transport failed or that a connection_ask was given up; or its pipe was
 * never open). */
connection *connection_prepare(engine *e, const WCHAR *path, const flow_settings *flow, void *user);
DWORD connection_dial_again(connection *c, connection *ended);

/* Returns how many messages connection_write has accepted and the pipe has not taken. */
unsigned connection_unsent(connection *c);

/* connection_hold takes a reference and returns its argument. connection_release gives a reference back; NULL is
 * allowed. */
connection *connection_hold(connection *c);
void connection_release(connection *c);

/* A pointer of the owner, NULL at first. For a client of a server, set the pointer while you handle CONNECTED. */
void connection_set_user(connection *c, void *user);
void *connection_get_user(connection *c);

/* Queues one message; one WriteFile sends it after the messages that were queued before. Takes a reference on the
 * payload. If 0 is returned, the cookie belongs to the engine. The cookie comes back with SENT, or with
 * CONNECTION_ERROR if the system refused the message; if the connection ends first, the cookie is freed with
 * DISCONNECTED. The engine may hand SENT over before this call returns.
 *
 * Errors: NOT_OPEN, SEND_QUEUE_FULL, READ_ONLY, ERROR_NOT_ENOUGH_MEMORY. Then nothing is sent, and the cookie stays the
 * caller's. */
DWORD connection_write(connection *c, payload *p, void *cookie);

/* Reports an error of the owner that does not end the connection, as CONNECTION_ERROR with `cookie`, which belongs to
 * the engine then. False: memory is short, or DISCONNECTED was queued; no event comes, and the cookie stays the
 * caller's. */
bool connection_report(connection *c, DWORD error, void *cookie);

/* Asks for a message: `cookie` comes with the next message whose read completes from now on, or with the next frame
 * that is split from now on. Without continuous reading this call also starts the read. If 0 is returned, the cookie
 * belongs to the engine; if the connection ends first, the cookie is freed with DISCONNECTED. Errors: NOT_OPEN,
 * WRITE_ONLY, IS_ASKED, ERROR_NOT_ENOUGH_MEMORY; then the cookie stays the caller's. */
DWORD connection_read(connection *c, void *cookie);

/* Sends one message and waits for its answer; only for a connection that connection_dial has made. The message goes
 * behind those that are queued. The answer is the first message whose read completes after the WriteFile of this one
 * was begun. From the first such call on the connection is asked only: it reads by itself, also during a pause, drops
 * every message that is no answer, and hands over no MESSAGE any more. No SENT follows. One call at a time.
 *
 * `timeout` is in ms, with the opening of the pipe; INFINITE: no limit. `wait` waits up to `ms` ms for a handle, on the
 * calling thread and with no lock held; it returns 0, TIMED_OUT, or ERROR_CANCELLED to give up. If the call is given up
 * before the WriteFile of the message was begun, the message is taken back, and the connection goes on. Otherwise the
 * connection ends, for CLOSE_TIMED_OUT: the answer would be taken for the next one's, and of a message that the pipe
 * has not taken wholly the other end may have read a part.
 *
 * After 0 the caller owns `*answer`, a buffer of the owner's, and *bytes is its length. Otherwise `*answer` is NULL:
 * - nothing was sent, and the connection is as before: ASKING, READS_WAIT, READ_ONLY, WRITE_ONLY, SEND_QUEUE_FULL,
 *   NO_MESSAGES (a server in byte mode, without a framing), NOT_OPEN, ERROR_NOT_ENOUGH_MEMORY
 * - given up: TIMED_OUT (it was taken back), ANSWER_LATE (the connection ends), ERROR_CANCELLED
 * - the connection ended meanwhile: NOT_OPEN, MESSAGE_TOO_LONG, BAD_FRAME, or why connection_dial opened no pipe
 * - a code of the system: it refused the message.
 *
 * The caller holds the connection. Any thread may call connection_ask, but on one of the engine's own threads it may
 * wait for itself. */
DWORD connection_ask(connection *c, payload *p, DWORD timeout, DWORD (*wait)(void *context, HANDLE handle, DWORD ms),
                     void *context, buffer **answer, DWORD *bytes);

/* Returns whether the connection is asked only. */
bool connection_is_asked(connection *c);

/* Begins to end the connection. DISCONNECTED follows when all requests have returned. Idempotent; CLOSE_AT_ONCE also
 * cuts a graceful end short. After CLOSE_AT_ONCE no event but CONNECTED and DISCONNECTED is handed over any more.
 *
 * A graceful end lasts at most 30 s from the opening of the pipe. If connection_dial is under way and a message is
 * queued, the graceful end waits for the pipe first, then sends. If nothing is queued, it gives the dial up at once. */
void connection_close(connection *c, close_manner manner);

/* Closes the handle of the pipe. A remote pipe is closed on a thread that may block. Call it after DISCONNECTED was
 * handed over; an earlier call forces an end. */
void connection_close_handle(connection *c);

/* Resumes reading although the receive limit was reached, until the limit is reached again; if the connection has
 * ended, lets another client come in its place. Call it when nobody receives events, so that those that waited were
 * dropped or are about to be dropped. */
void connection_read_on(connection *c);
LONGLONG connection_receive_limit(connection *c); /* bytes; 0 for none */

/* Returns the value of the pipe's handle, also after the handle was closed; NULL before CONNECTED. */
HANDLE connection_handle(connection *c);

/* The state of a connection at one moment. */
typedef struct connection_status
{
    bool opening;           /* connection_dial is under way */
    bool open;              /* the pipe is connected; the other end has not left as far as is known */
    bool message_mode;      /* the pipe carries messages; false: the server's pipe is in byte mode */
    close_reason reason;    /* CLOSE_NONE until the connection ends */
    DWORD last_error;       /* a Win32 code or a pipe_error; 0 after an orderly end */
    DWORD process;          /* id of the process at the other end; 0 if unknown */
    DWORD session;          /* id of the session of a client's process; 0 if unknown */
    LONGLONG pending_bytes; /* bytes that connection_write accepted and the pipe has not taken yet */
} connection_status;

connection_status connection_get_status(connection *c);

/* The framing of a connection, and of the clients of an engine. */
framing connection_framing(connection *c);
framing engine_framing(engine *e);

/* Who the client is, also after its end: the user as DOMAIN\user, and the computer. *out is valid while the caller
 * holds the connection; NULL: unknown. Windows does not tell the user of some clients before it has read what they
 * write; then the user is known from the first MESSAGE on, unless the handle was closed before that was read.
 *
 * connection_get_user_name may wait for a domain controller, the first time; call it with no lock held. Errors:
 * ERROR_NOT_ENOUGH_MEMORY. */
DWORD connection_get_user_name(connection *c, const WCHAR **out);
DWORD connection_get_computer_name(connection *c, const WCHAR **out);

/* ---- counters ---- */

/* What a pipe carried. A message counts as received when it is whole, and as sent when the pipe has taken it. Bytes are
 * those of the pipe, with the marks of frames. */
typedef struct traffic
{
    LONGLONG messages_received, messages_sent;
    LONGLONG bytes_received; /* of parts too, also of messages that came to nothing */
    LONGLONG bytes_sent;     /* of messages that the pipe has taken whole */
} traffic;

/* What a connection carried until now, also after its end. */
traffic connection_traffic(connection *c);

/* What all connections of an engine carried until now, also those that have ended. *clients: how many clients came. */
traffic engine_traffic(engine *e, LONGLONG *clients);

/* ---- outgoing bytes, shared by the messages of a broadcast ---- */

/* Returns a copy of `size` bytes with one reference, or NULL if memory is short. */
payload *payload_create(const void *data, DWORD size);
/* Does the same, and gives the message the mark of the framing `of`, so that one WriteFile sends both. */
payload *payload_create_frame(framing of, const void *data, DWORD size);
/* payload_hold takes a reference and returns its argument. payload_release gives a reference back; NULL is allowed. */
payload *payload_hold(payload *p);
void payload_release(payload *p);
const void *payload_data(const payload *p);
DWORD payload_size(const payload *p); /* bytes, with the mark */

#endif

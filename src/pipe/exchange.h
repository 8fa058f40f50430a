/* exchange.h: one message to a server, and its answer if one is wanted, without an engine, by I/O on the calling
 * thread. */

#ifndef PIPE_EXCHANGE_H
#define PIPE_EXCHANGE_H

#include "pipe/pipe.h"

typedef struct exchange
{
    const WCHAR *path;
    const void *data; /* with the mark of its frame */
    DWORD size;       /* bytes; 0: an empty message */
    DWORD timeout;    /* ms, for the whole exchange; INFINITE: no limit */
    /* Waits up to `ms` ms for a handle. Returns 0 when the handle is signalled, PIPE_ERROR_TIMED_OUT, or
     * ERROR_CANCELLED if the exchange is to be given up. */
    DWORD (*wait)(void *context, HANDLE handle, DWORD ms);
    void *context;
    buffer_source *buffers;
    DWORD limit;     /* bytes; the longest answer; 0 for MESSAGE_LIMIT, or FRAME_LIMIT */
    framing framing; /* of the answer */
    bool is_one_way; /* no answer is wanted; one that comes is dropped */
} exchange;

/* Connects to the server, writes the message and reads one message, or one frame; reads while it writes, so that a
 * server may write first. The first message that comes is the answer. Acts as the process, also on a thread that
 * impersonates. A busy pipe is tried again until the time is up. A missing pipe is tried again for half a second, since
 * its server may be between two clients.
 *
 * 0 means that the pipe has taken the whole message: the server can read it also after the pipe was closed. Then the
 * caller owns `*answer`, a buffer of `of->buffers`, and *bytes is its length; one way, `*answer` is NULL. Errors: a
 * Win32 code, TIMED_OUT, BUSY, NOT_OPEN (the server closed the pipe before it took the message or without an answer),
 * ERROR_CANCELLED (`wait` gave up), READ_ONLY, MESSAGE_TOO_LONG, BAD_FRAME; unless one way WRITE_ONLY and NO_MESSAGES
 * (a server in byte mode, without a framing; nothing was sent). Then `*answer` is NULL.
 *
 * The caller closes `*pipe` with win32.close_handle; INVALID_HANDLE_VALUE: no pipe was opened. For a pipe of another
 * computer closing it may block, and so may exchange_perform itself. */
DWORD exchange_perform(const exchange *of, buffer **answer, DWORD *bytes, HANDLE *pipe);

#endif

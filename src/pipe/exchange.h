/* exchange.h: one message to a server and its answer, without an engine, by I/O on the calling thread. */

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
} exchange;

/* Connects to the server, writes the message and reads one message, or one frame. Acts as the process, also on a thread
 * that impersonates. A busy pipe is tried again until the time is up. A missing pipe is tried again for half a second,
 * since its server may be between two clients.
 *
 * After 0 the caller owns `*answer`, a buffer of `of->buffers`, and *bytes is its length. Errors: a Win32 code,
 * TIMED_OUT, BUSY, NOT_OPEN (the server closed the pipe without an answer), ERROR_CANCELLED (`wait` gave up),
 * READ_ONLY, WRITE_ONLY, NO_MESSAGES (a server in byte mode, without a framing; nothing was sent), MESSAGE_TOO_LONG,
 * BAD_FRAME; then `*answer` is NULL.
 *
 * The caller closes `*pipe` with win32.close_handle; INVALID_HANDLE_VALUE: no pipe was opened. For a pipe of another
 * computer closing it may block, and so may exchange_perform itself. */
DWORD exchange_perform(const exchange *of, buffer **answer, DWORD *bytes, HANDLE *pipe);

#endif

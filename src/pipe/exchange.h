/* exchange.h: one message out and its answer, without an engine, by I/O on the calling thread. */

#ifndef PIPE_EXCHANGE_H
#define PIPE_EXCHANGE_H

#include "pipe/pipe.h"

typedef struct exchange
{
    const WCHAR *path;
    const void *data;
    DWORD size;    /* bytes; 0 is a message of none */
    DWORD timeout; /* ms for the whole; INFINITE */
    /* Waits for a handle, `ms` at most: 0 when it is signalled, PIPE_ERROR_TIMED_OUT, or ERROR_CANCELLED where the wait
     * is to be given up. */
    DWORD (*wait)(void *context, HANDLE handle, DWORD ms);
    void *context;
    buffer_source *buffers;
} exchange;

/* Connects, writes, reads one message (of a server in byte mode one chunk); all as the process, also on a thread that
 * impersonates. A busy pipe is tried again until the time is up, one that is not there for half a second: its server
 * may be between two clients. `*answer` is the caller's where 0 is returned. Else a Win32 code, or TIMED_OUT, BUSY,
 * NOT_OPEN (the server closed without an answer), ERROR_CANCELLED (the wait was given up), READ_ONLY, WRITE_ONLY,
 * MESSAGE_TOO_LONG.
 *
 * *pipe is still to be closed by win32.close_handle, which may block where the pipe is another computer's, as all of
 * this may; INVALID_HANDLE_VALUE where none was opened. */
DWORD exchange_perform(const exchange *of, buffer **answer, DWORD *bytes, HANDLE *pipe);

#endif

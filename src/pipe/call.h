/* call.h: one message out and its answer, without an engine. By I/O on the calling thread; of a remote pipe on a thread
 * where it may block (base/blocking.h), while the calling one waits. */

#ifndef PIPE_CALL_H
#define PIPE_CALL_H

#include "pipe/pipe.h"

typedef struct call
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
} call;

/* Connects, writes, reads one message (of a server in byte mode one chunk), closes; all as the process, also on a
 * thread that impersonates. A busy pipe is tried again until the time is up, one that is not there for half a second:
 * its server may be between two clients. `*answer` is the caller's where 0 is returned. Else a Win32 code, or
 * TIMED_OUT, BUSY, NOT_OPEN (the server closed without an answer), ERROR_CANCELLED (the wait was given up),
 * READ_ONLY, WRITE_ONLY, MESSAGE_TOO_LONG. */
DWORD call_perform(const call *c, buffer **answer, DWORD *bytes);

/* The same on the calling thread, whichever computer the pipe is on. *pipe is still to be closed by win32.close_handle,
 * which may block; INVALID_HANDLE_VALUE where none was opened. */
DWORD call_perform_here(const call *c, buffer **answer, DWORD *bytes, HANDLE *pipe);

#endif

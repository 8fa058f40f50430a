/* call.h: one message out and its answer, by I/O on the calling thread. No engine, and no thread but one that waits for a busy pipe. */

#ifndef PIPE_CALL_H
#define PIPE_CALL_H

#include "pipe/pipe.h"

typedef struct call
{
    const WCHAR *path;
    const void *data;
    DWORD size;    /* bytes; 0 is a message of none */
    DWORD timeout; /* ms for the whole; INFINITE */
    /* Waits for a handle, `ms` at most; False: the time is up, or the wait is to be given up. */
    bool (*wait)(void *context, HANDLE handle, DWORD ms);
    /* As engine_calls'. */
    buffer *(*buffer_alloc)(void *context, DWORD size);
    void (*buffer_free)(void *context, buffer *b);
    void *context;
} call;

/* Connects, writes, reads one message (of a server in byte mode one chunk), closes. A busy pipe is tried again until the time is up, one that is not there for half a second: its server
 * may be between two clients. `*answer` is the caller's where 0 is returned. Else a Win32 code, or TIMED_OUT, BUSY,
 * NOT_OPEN (the server closed without an answer), ERROR_CANCELLED (the wait was given up), READ_ONLY, WRITE_ONLY,
 * MESSAGE_TOO_LONG. */
DWORD call_perform(const call *c, buffer **answer, DWORD *bytes);

#endif

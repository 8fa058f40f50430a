/* dial.h: one try to open the client's end of a pipe.
 *
 * The handle is overlapped and has SECURITY_IDENTIFICATION: the server can see who the user is, but cannot act as the
 * user (https://learn.microsoft.com/windows/win32/ipc/impersonating-a-named-pipe-client). */

#ifndef PIPE_DIAL_H
#define PIPE_DIAL_H

#include "pipe/pipe.h"

typedef struct opened_pipe
{
    HANDLE handle;
    bool byte_mode;             /* the server's pipe is in byte mode */
    bool read_only, write_only; /* the server lets its clients do nothing else */
    DWORD process;              /* id of the server's process; 0 if unknown */
} opened_pipe;

/* Opens a pipe with all the access that the pipe allows. Returns a Win32 code; after 0 the caller owns out->handle and
 * closes it with win32.close_handle. *may_pass: the pipe is busy or missing, and a later try may succeed. If the path
 * leads to something that is no pipe, returns ERROR_FILE_NOT_FOUND, with *may_pass false.
 *
 * Acts as the process, also on a thread that impersonates; for `thread_is_ours` see impersonation_suspend. Blocks if
 * `path` is a pipe of another computer. Any thread may call pipe_open. */
DWORD pipe_open(const WCHAR *path, bool thread_is_ours, opened_pipe *out, bool *may_pass);

/* Returns the pause before the next try of a pipe that is busy or missing, in ms. `error` is the code of the last try,
 * `last` the pause before it (0 at first). The pauses grow from 1 ms, since an instance is often free soon. A missing
 * pipe is looked for less often than a busy one. */
DWORD dial_pause(DWORD error, DWORD last);

/* Returns the code for a dial whose time is up: PIPE_ERROR_BUSY if `error`, the code of the last try, is
 * ERROR_PIPE_BUSY; otherwise `error` itself. */
DWORD dial_timed_out(DWORD error);

#endif

/* dial.h: opening the client's end of a pipe, once.
 *
 * The handle is overlapped and carries SECURITY_IDENTIFICATION, so that the server can see who the user is but not act
 * in his name (https://learn.microsoft.com/windows/win32/ipc/impersonating-a-named-pipe-client). */

#ifndef PIPE_DIAL_H
#define PIPE_DIAL_H

#include "pipe/pipe.h"

typedef struct opened_pipe
{
    HANDLE handle;
    bool reads_chunks;          /* the server's pipe is in byte mode */
    bool read_only, write_only; /* the server lets its clients do no more */
    DWORD process;              /* the server's; 0 where unknown */
} opened_pipe;

/* Opens a pipe with all that it allows, or says at once why not: a Win32 code. As the process, also on a thread that
 * impersonates. What is opened and is no pipe is closed again: ERROR_FILE_NOT_FOUND. *may_pass: the pipe is busy or not
 * there, and may be opened later. Blocks where `path` is of another computer. Any thread. */
DWORD pipe_open(const WCHAR *path, bool thread_is_ours, opened_pipe *out, bool *may_pass);

/* How long to wait before the next try of a pipe that is busy or not there, in ms; `last` is what was waited before, 0
 * at first. Short at first, since an instance is often free soon; one that is not there is looked for less often. */
DWORD dial_pause(DWORD error, DWORD last);

/* What a try says whose time is up: ERROR_FILE_NOT_FOUND, or PIPE_ERROR_BUSY where the pipe was busy. */
DWORD dial_timed_out(DWORD error);

#endif

/* dial.h: opening the client's end of a pipe.
 *
 * The handle is overlapped and carries SECURITY_IDENTIFICATION, so that the server can see who the user is but not act in his name
 * (https://learn.microsoft.com/windows/win32/ipc/impersonating-a-named-pipe-client). */

#ifndef PIPE_DIAL_H
#define PIPE_DIAL_H

#include "base/win32.h"

typedef struct opened_pipe
{
    HANDLE handle;
    bool reads_chunks;          /* the server's pipe is in byte mode */
    bool read_only, write_only; /* the server lets its clients do no more */
    DWORD process;              /* the server's; 0 where unknown */
} opened_pipe;

/* Opens it with all that it allows, or says at once why not: a Win32 code. Blocks where `path` is of another computer. Any thread. */
DWORD pipe_open(const WCHAR *path, opened_pipe *out);

/* Whether the server of an opened pipe has left; for handles that can't be read from. */
bool pipe_has_lost_its_server(HANDLE handle);

/* ---- until it is there ---- */

/* One opening that is under way, on a thread of its own. Counted: the thread and whoever started it. */
typedef struct dial dial;

/* How long a pipe is tried again, in ms (INFINITE: for ever): at all, and one that is not there. */
typedef struct dial_patience
{
    DWORD busy, missing;
} dial_patience;

/* `done` is called once, on that thread, with no lock held: error 0, and `opened` is the callee's; or a Win32 code,
 * PIPE_ERROR_BUSY (until the time was up), ERROR_CANCELLED. */
DWORD dial_start(const WCHAR *path, dial_patience patience,
                 void (*done)(void *context, DWORD error, opened_pipe *opened), void *context, dial **out);

/* Ends it soon, at most when the system's call returns. Any thread. */
void dial_cancel(dial *d);
void dial_release(dial *d);

#endif

/* foreign.h: servers that know nothing of the product: they use the functions of windows.h alone. They have one
 * instance at a time, in any mode, and their own calls do not fail on purpose. */

#ifndef SIM_FOREIGN_H
#define SIM_FOREIGN_H

#include <windows.h>

#include <stdbool.h>

typedef struct foreign
{
    HANDLE handle, event;
    OVERLAPPED waits; /* for a client */
} foreign;

/* Makes an instance of SIM_PATH. False: the system refuses; the last error says why. */
bool foreign_open(foreign *h, DWORD open_mode, DWORD pipe_mode, DWORD instances);
/* The same for another path. */
bool foreign_open_path(foreign *h, const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD instances);
/* The same for a pipe that holds nothing: a write waits until the other end reads. */
bool foreign_open_without_buffers(foreign *h, DWORD open_mode, DWORD pipe_mode, DWORD instances);
/* Waits for a client. False: none came within `ms`; then the instance is closed. */
bool foreign_await(foreign *h, DWORD ms);
/* Transfers one message or chunk, within `ms`. Return a Win32 code; WAIT_TIMEOUT: the time was up. */
DWORD foreign_read(foreign *h, void *data, DWORD size, DWORD *bytes, DWORD ms);
DWORD foreign_write(foreign *h, const void *data, DWORD size, DWORD ms);
/* Returns the account that the instance's name belongs to; see names_own_as. */
DWORD foreign_owner(const foreign *h);
/* Idempotent. */
void foreign_close(foreign *h);

#endif

/* hosts.h: servers that know nothing of the product: they use the functions of windows.h alone. They have one instance
 * at a time, in any mode, and their own calls do not fail on purpose. */

#ifndef SIM_HOSTS_H
#define SIM_HOSTS_H

#include <windows.h>

#include <stdbool.h>

typedef struct host
{
    HANDLE handle, event;
    OVERLAPPED waits; /* for a client */
} host;

/* Makes an instance of SIM_PATH. False: the system refuses; the last error says why. */
bool host_open(host *h, DWORD open_mode, DWORD pipe_mode, DWORD instances);
/* The same for another path. */
bool host_open_path(host *h, const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD instances);
/* Waits for a client. False: none came within `ms`; then the instance is closed. */
bool host_await(host *h, DWORD ms);
/* Transfers one message or chunk, within `ms`. Return a Win32 code; WAIT_TIMEOUT: the time was up. */
DWORD host_read(host *h, void *data, DWORD size, DWORD *bytes, DWORD ms);
DWORD host_write(host *h, const void *data, DWORD size, DWORD ms);
/* Idempotent. */
void host_close(host *h);

#endif

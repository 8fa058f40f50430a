/* waits.h: what scenarios wait with and wait for. */

#ifndef SIM_WAITS_H
#define SIM_WAITS_H

#include <windows.h>

#include <stdbool.h>

/* The plain wait of a call or an ask: until the handle is signalled, or PIPE_ERROR_TIMED_OUT. */
DWORD wait_for(void *context, HANDLE handle, DWORD ms);

/* Returns a bool of the scenario's. */
bool is_set(void *flag);

/* Returns whether CONNECTED of a view has come. */
bool is_connected(void *view);

#endif

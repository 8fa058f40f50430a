/* apartment.h: in which apartment the calling thread is, and how it waits there. Any thread. */

#ifndef COM_APARTMENT_H
#define COM_APARTMENT_H

#include "com/com.h"

/* The calling thread's apartment: its thread id in an STA, 0 elsewhere (the MTA, or no apartment at all). */
DWORD apartment_current(void);

/* Waits for `handle`, `ms` at most. An STA dispatches calls from other apartments meanwhile (CoWaitForMultipleHandles), so that handlers reached by proxy can finish. True: signalled. */
bool apartment_wait(HANDLE handle, DWORD ms);

/* Whether this process hosts a runtime whose objects must not be called on a thread other than their own. */
bool apartment_hosts_bound_runtime(void);

#endif

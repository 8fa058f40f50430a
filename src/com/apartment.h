/* apartment.h: which apartment the calling thread is in, and how it waits there. Any thread may call everything
 * here. */

#ifndef COM_APARTMENT_H
#define COM_APARTMENT_H

#include "com/com.h"

/* Returns the thread id if the calling thread is in an STA; 0 if it is in the MTA or in no apartment. */
DWORD apartment_current(void);

/* Returns whether the calling thread is in the MTA: it entered the MTA itself, or belongs to it since another thread
 * did. */
bool apartment_is_mta(void);

/* Enters the MTA. Fails if memory is short, or other code has made the thread an STA. */
HRESULT apartment_enter_mta(void);

/* Leaves the MTA; call it on a thread that has entered the MTA. */
void apartment_leave_mta(void);

/* Returns whether the calling thread has entered the MTA itself. */
bool apartment_has_entered_mta(void);

/* Waits for `handle`, `ms` at most (INFINITE: for ever). Returns whether the handle was signalled. An STA dispatches
 * calls from other apartments meanwhile (CoWaitForMultipleHandles), so that handlers that are called by proxy can
 * return. */
bool apartment_wait(HANDLE handle, DWORD ms);

/* The system calls of this file that a test may replace, before the threads that use them start. */
typedef struct apartment_calls
{
    HRESULT(WINAPI *initialize)(void *reserved, DWORD kind);
    void(WINAPI *uninitialize)(void);
} apartment_calls;

extern apartment_calls apartment_system;

#endif

/* apartment.h: in which apartment the calling thread is, and how it waits there. Any thread. */

#ifndef COM_APARTMENT_H
#define COM_APARTMENT_H

#include "com/com.h"

/* The calling thread's apartment: its thread id in an STA, 0 elsewhere (the MTA, or no apartment at all). */
DWORD apartment_current(void);

/* Whether the calling thread is in the MTA, by itself or because another thread is. */
bool apartment_is_mta(void);

/* Enters the MTA. Fails without memory, and where somebody else's code has made the thread an STA. */
HRESULT apartment_enter_mta(void);

/* Leaves it; on a thread that has entered it. */
void apartment_leave_mta(void);

/* Whether the calling thread has entered the MTA itself. */
bool apartment_has_entered_mta(void);

/* Waits for `handle`, `ms` at most. An STA dispatches calls from other apartments meanwhile (CoWaitForMultipleHandles),
 * so that handlers reached by proxy can finish. True: signalled. */
bool apartment_wait(HANDLE handle, DWORD ms);

/* The system calls of this file that a test may replace, before the threads that use them start. */
typedef struct apartment_calls
{
    HRESULT(WINAPI *initialize)(void *reserved, DWORD kind);
    void(WINAPI *uninitialize)(void);
} apartment_calls;

extern apartment_calls apartment_system;

#endif

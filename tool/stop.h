/* stop.h: how a command that runs on is ended: by Ctrl+C, Ctrl+Break, the closing of the console, or by itself.
 *
 * Any thread may call everything here but stop_install; nothing here blocks. */

#ifndef TOOL_STOP_H
#define TOOL_STOP_H

#include "base/win32.h"

/* Once, before all others: from then on Ctrl+C signals stop_event instead of ending the process. A second Ctrl+C ends
 * the process at once. Returns a Win32 code. */
DWORD stop_install(void);

/* An event that stays signalled once the command shall end. NULL before stop_install. */
HANDLE stop_event(void);

/* Signals it. Nothing happens before stop_install. */
void stop_request(void);

/* To be called when the command has ended in order: the closing of the console waits for it, some seconds. */
void stop_done(void);

#endif

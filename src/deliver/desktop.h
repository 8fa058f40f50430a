/* desktop.h: the desktop of the calling thread. Functions of windows fail for a window of another desktop.
 *
 * Any thread may call everything here; nothing blocks. */

#ifndef DELIVER_DESKTOP_H
#define DELIVER_DESKTOP_H

#include "base/win32.h"

/* Returns the desktop of the calling thread. The system owns the handle. */
HDESK desktop_current(void);

/* Moves the calling thread to a desktop; `*own` is the desktop that it comes from. Then desktop_leave must follow.
 * Returns false if the thread cannot move, since it has windows or hooks on its own desktop: see SetThreadDesktop. */
bool desktop_enter(HDESK desktop, HDESK *own);
void desktop_leave(HDESK desktop, HDESK own);

/* ---- for tests ---- */

/* The system calls of this file that a test may replace, before the threads that use them start. */
typedef struct desktop_calls
{
    HDESK(WINAPI *get_thread_desktop)(DWORD thread);
    BOOL(WINAPI *set_thread_desktop)(HDESK desktop);
} desktop_calls;

extern desktop_calls desktop_system;

#endif

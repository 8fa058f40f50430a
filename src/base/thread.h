/* thread.h: threads that keep this module loaded. Any thread may call everything here. thread_start may wait for the
 * loader's lock; nothing else here blocks. */

#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include "base/win32.h"

/* Sizes for the stack that a thread reserves, in bytes. Both are less than the default of some host executables; with
 * such a default many threads would fill a 32-bit address space. THREAD_STACK_SMALL is for a thread that runs no COM
 * and no code of the consumer. THREAD_STACK_HANDLERS is for a thread that runs handlers: the size that linkers give a
 * program by default, in every host. */
#define THREAD_STACK_SMALL (256 * 1024)
#define THREAD_STACK_HANDLERS (1024 * 1024)

/* Starts a thread that calls `run(argument)`, on a stack of `stack` bytes. The thread holds a reference on this module
 * until it has ended and ends with FreeLibraryAndExitThread: at its last CoUninitialize, COM unloads a DLL whatever
 * DllCanUnloadNow says. Returns a Win32 code; after a failure `run` is not called. Nobody gets a handle of the thread:
 * a caller that must wait for the end of `run` uses an event of its own. */
DWORD thread_start(void (*run)(void *argument), void *argument, DWORD stack);

/* Returns a handle of the calling thread for thread_lives. Close it with CloseHandle. While the handle is open, no
 * other thread gets the id of this thread. NULL on failure; then GetLastError has a Win32 code. */
HANDLE thread_open_self(void);
/* Returns whether the thread still runs. `thread` is a handle from thread_open_self; true if it is NULL. */
bool thread_lives(HANDLE thread);

#endif

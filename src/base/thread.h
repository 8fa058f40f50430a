/* thread.h: threads that keep this module loaded. */

#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include "base/win32.h"

/* What a thread reserves for its stack, in bytes: less than what the host's executable asks for, where that is a lot,
 * and in 32 bits many threads would fill the address space. A thread on which nothing of the consumer's and no COM
 * runs needs little; handlers get what linkers give a program unasked, whichever program this is. */
#define THREAD_STACK_SMALL (256 * 1024)
#define THREAD_STACK_HANDLERS (1024 * 1024)

/* Starts a thread that runs `run(argument)` on a stack of `stack` bytes and holds a reference on the module of this
 * code until it has ended: at its last CoUninitialize COM unloads a DLL whatever DllCanUnloadNow says
 * (FreeLibraryAndExitThread is what ends such a thread). Nobody gets a handle: whoever waits, waits for an event of
 * his own. Returns a Win32 code. */
DWORD thread_start(void (*run)(void *argument), void *argument, DWORD stack);

/* A handle by which the calling thread can be asked whether it lives. While it is open no other thread gets this one's
 * id. NULL: a Win32 code is in GetLastError. */
HANDLE thread_open_self(void);
/* True for NULL. */
bool thread_lives(HANDLE thread);

#endif

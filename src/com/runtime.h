/* runtime.h: which runtime an object of the consumer belongs to, and whether that runtime can be called on any thread.
 * Any thread may call everything here. */

#ifndef COM_RUNTIME_H
#define COM_RUNTIME_H

#include "com/com.h"

enum
{
    RUNTIME_NAME = 64 /* characters of a name, with its end; a longer name is cut */
};

/* Returns an address in the code of `object`, for runtime_is_bound. Call it on a thread that may use the object. The
 * address stays valid for runtime_is_bound after the object has gone. */
const void *runtime_of(IDispatch *object);

/* Returns whether an object with this code, whose home is the STA of `thread`, must not be called on another thread.
 * The runtimes of Visual Basic, VBA, scripts and the like crash in such a call. If true, `name` is the name of the
 * module or of the window class that tells so. The answer depends on the modules and windows of this moment, so it may
 * change. */
bool runtime_is_bound(const void *code, DWORD thread, WCHAR name[RUNTIME_NAME]);

/* The system calls of this file that a test may replace, before the threads that use them start: without a display a
 * test can make no window for them to find. */
typedef struct runtime_calls
{
    BOOL(WINAPI *enum_thread_windows)(DWORD thread, WNDENUMPROC found, LPARAM context);
    int(WINAPI *get_class_name)(HWND window, WCHAR *name, int size);
} runtime_calls;

extern runtime_calls runtime_system;

#endif

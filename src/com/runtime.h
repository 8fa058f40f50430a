/* runtime.h: whose code an object of the consumer's is, and whether that can be called on any thread. Any thread. */

#ifndef COM_RUNTIME_H
#define COM_RUNTIME_H

#include "com/com.h"

enum
{
    RUNTIME_NAME = 64 /* characters of a name, the end included; a longer one is cut */
};

/* Where the code of `object` begins: for runtime_is_bound. Call where the object may be touched. The answer stays good
 * when the object is gone. */
const void *runtime_of(IDispatch *object);

/* Whether an object with this code, at home on the STA of `thread`, must not be called on another thread: Visual
 * Basic, VBA, scripts and their like die of it. `name` gets the module that tells so, or the class of a window. It
 * takes what is loaded and what windows there are now, so the answer may change. */
bool runtime_is_bound(const void *code, DWORD thread, WCHAR name[RUNTIME_NAME]);

/* The system calls of this file that a test may replace, before the threads that use them start: without a display no
 * window can be made that they tell of. */
typedef struct runtime_calls
{
    BOOL(WINAPI *enum_thread_windows)(DWORD thread, WNDENUMPROC found, LPARAM context);
    int(WINAPI *get_class_name)(HWND window, WCHAR *name, int size);
} runtime_calls;

extern runtime_calls runtime_system;

#endif

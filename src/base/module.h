/* module.h: the module that contains this code: the DLL, or the program of a test. Any thread may call everything here;
 * module_hold takes the loader's lock, and nothing else here blocks. */

#ifndef BASE_MODULE_H
#define BASE_MODULE_H

#include "base/win32.h"

/* Returns the module, without a reference: the handle is valid while this code is loaded. */
HINSTANCE module_instance(void);

/* Returns the full path of the module, which may be longer than MAX_PATH. Free it with mem_free. NULL: memory is short,
 * or the system does not give the path. */
WCHAR *module_path(void);

/* Takes a reference on the module, so that the module stays loaded until FreeLibrary. Returns false on failure; then
 * GetLastError has a Win32 code.
 *
 * FreeLibrary may unload the code of its caller if this was the last reference. A thread that would return into
 * unloaded code must be made with thread_start instead, which ends the thread together with its reference. */
bool module_hold(HMODULE *module);

#endif

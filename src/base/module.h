/* module.h: the module that this code is part of: the DLL, or in a test the program. Any thread; nothing blocks. */

#ifndef BASE_MODULE_H
#define BASE_MODULE_H

#include "base/win32.h"

/* No reference: good while this code is loaded. */
HINSTANCE module_instance(void);

/* The module's own full path, which may be longer than MAX_PATH; freed with mem_free. NULL without memory. */
WCHAR *module_path(void);

/* Takes a reference on the module, so that it stays loaded until FreeLibrary. That must not be the last thing between
 * its caller and unloaded code: on a thread that thread_start made, use what ends such a thread. False: a Win32 code
 * is in GetLastError. */
bool module_hold(HMODULE *module);

#endif

/* module.h: this DLL as COM sees it: what keeps it loaded, and where it lies.
 *
 * Any thread; nothing blocks. In a program that links this layer (a test) the module is the program. */

#ifndef COM_MODULE_H
#define COM_MODULE_H

#include "base/win32.h"

/* One more, or one less, of what keeps the module loaded: an object, a lock of the class factory, a thread. When
 * none is left the cache of type information is dropped; it is made again when it is needed. */
void module_add(void);
void module_subtract(void);

/* What DllCanUnloadNow asks. */
bool module_can_unload(void);

HINSTANCE module_instance(void);

/* The module's own full path, which may be longer than MAX_PATH; freed with mem_free. NULL without memory. */
WCHAR *module_path(void);

#endif

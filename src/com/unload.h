/* unload.h: whether COM may unload the DLL. Any thread; nothing blocks. */

#ifndef COM_UNLOAD_H
#define COM_UNLOAD_H

#include "base/win32.h"

/* Counts one more, or one less, of what keeps the DLL loaded: an object, a lock of the class factory, a worker. With
 * the last one the cache of type information is dropped; it is made again when it is needed. */
void unload_prevent(void);
void unload_permit(void);

/* What DllCanUnloadNow asks. */
bool unload_is_permitted(void);

#endif

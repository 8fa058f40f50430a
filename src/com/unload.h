/* unload.h: whether COM may unload the DLL. Any thread may call everything here; nothing blocks. */

#ifndef COM_UNLOAD_H
#define COM_UNLOAD_H

#include "base/win32.h"

/* Count what keeps the DLL loaded: objects, locks of the class factory, workers. The last unload_permit also releases
 * the type information that is kept (typeinfo_forget); it is loaded again when it is needed. */
void unload_prevent(void);
void unload_permit(void);

/* Returns whether the DLL may be unloaded: nothing is counted, and no thread window is left. First ends what waited for
 * threads that have ended (thread_window_reap). For DllCanUnloadNow. */
bool unload_is_permitted(void);

#endif

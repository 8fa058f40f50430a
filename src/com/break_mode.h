/* break_mode.h: whether the code of a Basic is stopped in its debugger, so that none of its handlers can run. */

#ifndef COM_BREAK_MODE_H
#define COM_BREAK_MODE_H

#include "com/com.h"

/* Returns whether the IDE of Visual Basic 6 says so; false in every other process. Call it only on the thread of the
 * IDE, which is the sink's: on another thread the call is known to crash. */
bool break_mode_is_on(void);

/* Returns whether a sink that returned `hr` has refused the event: its handler did not run. `scode` is from its
 * EXCEPINFO, or 0. Any thread. */
bool break_mode_refused(HRESULT hr, HRESULT scode);

#endif

/* break_mode.h: whether the code of a Basic is stopped in its debugger, so that none of its handlers can run. */

#ifndef COM_BREAK_MODE_H
#define COM_BREAK_MODE_H

#include "com/com.h"

/* Returns whether the IDE of Visual Basic 6 says so; false in every other process. Call it only on the thread of the
 * IDE, which is the sink's: on another thread the call is known to crash. */
bool break_mode_is_on(void);

/* Returns the module, or the program, of the Basic whose debugger may stop code in this process; NULL: there is none.
 * Any thread. */
const WCHAR *break_mode_module(void);
/* Returns whether the IDE can be asked: the process is that of Visual Basic 6. */
bool break_mode_can_be_asked(void);

/* Returns whether a sink that returned `hr` has refused the event: its handler did not run. `scode` is from its
 * EXCEPINFO, or 0. Any thread. */
bool break_mode_refused(HRESULT hr, HRESULT scode);

#endif

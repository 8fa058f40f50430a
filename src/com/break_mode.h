/* break_mode.h: whether a Basic's code is stopped in its debugger, so that no handler of it can run. */

#ifndef COM_BREAK_MODE_H
#define COM_BREAK_MODE_H

#include "com/com.h"

/* Whether the IDE of Visual Basic 6 says so. Only its own thread, the sink's, may ask: elsewhere the question is known
 * to crash. False in every other process. */
bool break_mode_is_on(void);

/* Whether a sink that answered so has not run its handler. `scode` is that of its EXCEPINFO, or 0. */
bool break_mode_refused(HRESULT hr, HRESULT scode);

#endif

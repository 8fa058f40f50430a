/* failure.h: the text about a handler that failed, for LastEventError and the debugger. */

#ifndef COM_FAILURE_H
#define COM_FAILURE_H

#include "com/events.h"

/* Returns a sentence, or NULL if memory is short; free it with SysFreeString. `hr` is the result of the handler, and
 * `exception` what came with it (zeroed: nothing did). Call it on the thread on which the handler ran, whose sentence
 * was cleared before the call: if the handler passed an error of this module on, the sentence is there. */
BSTR failure_describe(const event_shape *shape, HRESULT hr, const EXCEPINFO *exception);

/* Returns the code to show: the code in `exception`, if there is one, else `hr`. */
HRESULT failure_code(HRESULT hr, const EXCEPINFO *exception);

#endif

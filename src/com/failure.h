/* failure.h: what is said of a handler that failed, in LastEventError and to the debugger. */

#ifndef COM_FAILURE_H
#define COM_FAILURE_H

#include "com/events.h"

/* A sentence; freed with SysFreeString, NULL without memory. `hr` is what the handler returned, `exception` what came
 * with it, empty where nothing did. On the thread on which the handler ran, whose sentence was cleared before: an error
 * of ours that the handler handed on has its sentence there. */
BSTR failure_describe(const event_shape *shape, HRESULT hr, const EXCEPINFO *exception);

/* The code to show: the one that `exception` has, else `hr`. */
HRESULT failure_code(HRESULT hr, const EXCEPINFO *exception);

#endif

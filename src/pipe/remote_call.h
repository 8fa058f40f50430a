/* remote_call.h: an exchange with another computer, on a thread where it may block (base/blocking.h). */

#ifndef PIPE_REMOTE_CALL_H
#define PIPE_REMOTE_CALL_H

#include "pipe/exchange.h"

/* As exchange_perform, and closes the pipe. The calling thread does nothing but wait; once it has given up, the other
 * one ends by itself. */
DWORD remote_call_perform(const exchange *of, buffer **answer, DWORD *bytes);

#endif

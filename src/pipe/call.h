/* call.h: an exchange that does not block on the network. An exchange with a pipe of this computer runs on the calling
 * thread. An exchange with another computer runs on a thread that may block, while the calling thread waits. */

#ifndef PIPE_CALL_H
#define PIPE_CALL_H

#include "pipe/exchange.h"

/* Does what exchange_perform does, and closes the pipe. Any thread may call call_perform. */
DWORD call_perform(const exchange *of, buffer **answer, DWORD *bytes);

#endif

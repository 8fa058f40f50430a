/* remote_call.h: an exchange with another computer, on a thread that may block (base/blocking.h). */

#ifndef PIPE_REMOTE_CALL_H
#define PIPE_REMOTE_CALL_H

#include "pipe/exchange.h"

/* Does what exchange_perform does, and closes the pipe. The calling thread only waits, with `of->wait`. When that wait
 * is given up, the other thread ends by itself; it uses nothing of the caller. Any thread may call
 * remote_call_perform. */
DWORD remote_call_perform(const exchange *of, buffer **answer, DWORD *bytes);

#endif

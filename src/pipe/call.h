/* call.h: an exchange that blocks on no network. With a pipe of this computer it is made on the calling thread; with
 * one of another computer on a thread where it may block, while the calling one waits. */

#ifndef PIPE_CALL_H
#define PIPE_CALL_H

#include "pipe/exchange.h"

/* As exchange_perform, and closes the pipe. */
DWORD call_perform(const exchange *of, buffer **answer, DWORD *bytes);

#endif

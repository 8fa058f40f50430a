/* remote_call.h: a call to another computer, on a thread where it may block. */

#ifndef PIPE_REMOTE_CALL_H
#define PIPE_REMOTE_CALL_H

#include "pipe/call.h"

/* As call_perform. The calling thread does nothing but wait; once it has given up the other one ends by itself. */
DWORD remote_call_perform(const call *of, buffer **answer, DWORD *bytes);

#endif

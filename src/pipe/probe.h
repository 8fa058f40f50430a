/* probe.h: what the system does under FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, found out by a test of the system.
 *
 * Windows documents that a request which succeeds at once then queues no completion packet. Windows does not say
 * whether ERROR_MORE_DATA, a warning, counts as such a success. */

#ifndef PIPE_PROBE_H
#define PIPE_PROBE_H

#include "base/win32.h"

typedef enum skip_behaviour
{
    SKIP_UNKNOWN,             /* the probe failed: do not set the flag */
    SKIP_MORE_DATA_TOO,       /* ERROR_MORE_DATA at once queues no packet */
    SKIP_BUT_MORE_DATA_QUEUES /* ERROR_MORE_DATA at once queues a packet */
} skip_behaviour;

/* Returns the answer, which is found once per process with a pipe of its own. Any thread may call
 * probe_skip_on_success; the first call makes a few system calls. */
skip_behaviour probe_skip_on_success(void);

/* For tests: ports that are opened from now on take `answer` instead, SKIP_UNKNOWN included, until
 * probe_pretend_nothing. Call both while no other thread opens a port. */
void probe_pretend(skip_behaviour answer);
void probe_pretend_nothing(void);

/* Asks the system, at each call. */
skip_behaviour probe_ask(void);

#endif

/* probe.h: what the system does under FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, asked of the system itself.
 *
 * Windows documents that a request which succeeds at once then queues no completion packet; it does not say whether
 * ERROR_MORE_DATA, a warning, is such a success. */

#ifndef PIPE_PROBE_H
#define PIPE_PROBE_H

#include "base/win32.h"

typedef enum skip_behaviour
{
    SKIP_UNKNOWN,             /* the probe failed: do not set the flag */
    SKIP_MORE_DATA_TOO,       /* ERROR_MORE_DATA at once queues no packet */
    SKIP_BUT_MORE_DATA_QUEUES /* ERROR_MORE_DATA at once queues a packet */
} skip_behaviour;

/* The answer, found once per process with a pipe of its own. Any thread; the first call makes a few system calls. */
skip_behaviour probe_skip_on_success(void);

/* What the next ports take for the answer, for tests; SKIP_UNKNOWN included. Before any port is opened on another
 * thread. */
void probe_pretend(skip_behaviour answer);
void probe_pretend_nothing(void);

/* Asks the system, each time. */
skip_behaviour probe_ask(void);

#endif

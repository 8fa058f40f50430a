/* probe.h: what the system does in two cases that are not documented, found out by a test of the system.
 *
 * Under FILE_SKIP_COMPLETION_PORT_ON_SUCCESS a request that succeeds at once queues no completion packet. Windows does
 * not say whether ERROR_MORE_DATA, a warning, counts as such a success.
 *
 * A read of no bytes waits until there is a message, and takes nothing of it. Windows does not say so of pipes in
 * message mode, nor what the read returns if a message is there already. */

#ifndef PIPE_PROBE_H
#define PIPE_PROBE_H

#include "base/win32.h"

typedef enum skip_behaviour
{
    SKIP_UNKNOWN,             /* the probe failed: do not set the flag */
    SKIP_MORE_DATA_TOO,       /* ERROR_MORE_DATA at once queues no packet */
    SKIP_BUT_MORE_DATA_QUEUES /* ERROR_MORE_DATA at once queues a packet */
} skip_behaviour;

typedef enum empty_read_behaviour
{
    EMPTY_READ_UNKNOWN, /* the probe failed: do not read no bytes */
    EMPTY_READ_TELLS,   /* if a message is there, ERROR_MORE_DATA; an empty message is taken */
    EMPTY_READ_PASSES   /* if a message is there, success; an empty message stays, too. A read that waited tells. */
} empty_read_behaviour;

typedef struct probe_answers
{
    skip_behaviour skip_on_success;
    empty_read_behaviour empty_read;
} probe_answers;

/* Return the answers, which are found once per process with a pipe of its own. Any thread may call these functions; the
 * first call makes a few system calls. */
skip_behaviour probe_skip_on_success(void);
empty_read_behaviour probe_empty_read(void);

/* For tests: ports that are opened and connections that are made from now on take these answers instead, until
 * probe_pretend_nothing. Call both while no other thread opens a port. */
void probe_pretend(probe_answers answers);
void probe_pretend_nothing(void);

/* Asks the system, at each call. */
probe_answers probe_ask(void);

#endif

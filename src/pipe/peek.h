/* peek.h: what a pipe says of itself without being read from or written to.
 *
 * Any thread. Where the pipe is another computer's, peek_message_left and peek_other_end may block for as long as that
 * computer is silent. */

#ifndef PIPE_PEEK_H
#define PIPE_PEEK_H

#include "base/win32.h"

/* Before the functions below, with no lock held: it may take the loader's. Idempotent. */
void peek_prepare(void);

/* What is left of the message that lies first in the pipe, in bytes. Fails once the other end has left and nothing of
 * its lies there. `remote`: the pipe is another computer's. For handles that can be read from. */
DWORD peek_message_left(HANDLE pipe, bool remote, DWORD *left);

/* Whether `bytes` that were read with `error`, 0 or ERROR_MORE_DATA, go on with a message of which a peek said that
 * `left` bytes are left. Those come at once or, from another computer, in parts. */
bool peek_is_rest(DWORD left, DWORD error, DWORD bytes);

/* Whether an error of a read, a write or a peek says that the other end has left. */
bool peek_is_departure(DWORD error);

/* Whether the other end is there; true where the system does not say. Of either end, and of handles that can't be read
 * from too. What the other end has written before it left does not count. */
bool peek_other_end(HANDLE pipe);

#endif

/* peek.h: what the system tells about a pipe without a read or a write.
 *
 * Any thread may call everything here. peek_message_left and peek_other_end may block if the pipe is another
 * computer's, for as long as that computer is silent. */

#ifndef PIPE_PEEK_H
#define PIPE_PEEK_H

#include "base/win32.h"

/* Call peek_prepare before the functions below, with no lock held: it may take the loader's lock. Idempotent. */
void peek_prepare(void);

/* Sets *left to the bytes that are left of the first message in the pipe. Returns a Win32 code. Fails when the other
 * end has left and nothing that it wrote is left in the pipe. `remote`: the pipe is another computer's. The handle must
 * be readable. */
DWORD peek_message_left(HANDLE pipe, bool remote, DWORD *left);

/* The same for all bytes in a pipe of this computer. */
DWORD peek_bytes_left(HANDLE pipe, DWORD *left);

/* Returns whether a read continued a message. A peek said that `left` bytes of the message are left; the read returned
 * `bytes` bytes and `error`, which is 0 or ERROR_MORE_DATA. From this computer the rest comes at once, from another
 * computer it may come in parts. */
bool peek_is_rest(DWORD left, DWORD error, DWORD bytes);

/* Returns whether an error of a read, a write or a peek means that the other end has left. */
bool peek_is_departure(DWORD error);

/* Returns whether the other end is there; true if the system does not say. Works for both ends, and also for handles
 * that are not readable. If the other end has left, unread bytes that it wrote make no difference. */
bool peek_other_end(HANDLE pipe);

#endif

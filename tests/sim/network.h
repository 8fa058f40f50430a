/* network.h: pipes of another computer. That computer is this one, reached over the network: a path with any server but
 * `.` leads to the same names.
 *
 * A call on such a pipe may block: it lasts as long as the seed says, and fails after SILENT_MS if the computer is
 * silent. Such a call with a lock held, or on a thread that has other work, is a violation. */

#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "files.h"

#define SILENT_MS 60000 /* guess, of the order of what SMB waits for an answer */

void network_begin(void);

/* From now on the other computer does not answer, until it is told to answer again. */
void network_silence(bool silent);

/* Lets the time of a call that blocks pass. Returns a Win32 code: the computer may have been silent. */
DWORD network_call(const char *function);

/* FSCTL_PIPE_PEEK. Returns what DeviceIoControl does, with the last error set. */
BOOL network_peek(file *f, void *out, DWORD size, OVERLAPPED *overlapped);

/* Returns how many bytes of a read of `size` bytes one answer of the other computer brings at most. */
DWORD network_part(DWORD size);

#endif

/* exec.h: a command that is run for one message: the message is its standard input, what it writes is the answer.
 *
 * Any thread, several at once. The command line goes through the command processor, as if it were typed; nothing of the
 * message stands in it. Its standard error is this program's. */

#ifndef TOOL_EXEC_H
#define TOOL_EXEC_H

#include "tool/bytes.h"

/* Runs it to its end and appends what it wrote to `out`. Blocks; after `ms` milliseconds, or when `stop` is signalled,
 * the command and what it has started are ended. Returns a Win32 code: WAIT_TIMEOUT, or ERROR_CANCELLED for `stop`;
 * *code is the exit code of the command where it is 0. A command that writes more than `most` bytes:
 * ERROR_FILE_TOO_LARGE. */
DWORD exec_run(const WCHAR *command, const BYTE *data, size_t size, DWORD ms, HANDLE stop, size_t most, bytes *out,
               DWORD *code);

#endif

/* instance.h: one instance of a pipe, its server's end.
 *
 * Any thread; nothing here blocks. */

#ifndef PIPE_INSTANCE_H
#define PIPE_INSTANCE_H

#include "pipe/engine.h"

/* Makes an instance of the pipe `path` as the engine's settings say, with the engine's `access`. `first`: Windows
 * refuses it where the name is taken. Returns a Win32 code; *out is INVALID_HANDLE_VALUE unless it is 0. */
DWORD instance_open(engine *e, const WCHAR *path, bool first, HANDLE *out);

#endif

/* instance.h: making one instance of a pipe, the server's end.
 *
 * Any thread may call instance_open; it does not block. */

#ifndef PIPE_INSTANCE_H
#define PIPE_INSTANCE_H

#include "pipe/pipe.h"
#include "pipe/security.h"

/* What all instances of an engine's pipe have in common. Both pointers are the engine's. */
typedef struct instance_kind
{
    const engine_settings *settings;
    const security *access;
} instance_kind;

/* Makes an instance of the pipe `path`. `first`: Windows refuses the instance if the name is taken. Returns a Win32
 * code or NEEDS_PRIVILEGE; *out is INVALID_HANDLE_VALUE unless 0 is returned. The caller owns the handle. */
DWORD instance_open(const instance_kind *kind, const WCHAR *path, bool first, HANDLE *out);

#endif

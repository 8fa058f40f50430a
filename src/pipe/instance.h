/* instance.h: one instance of a pipe, its server's end.
 *
 * Any thread; nothing here blocks. */

#ifndef PIPE_INSTANCE_H
#define PIPE_INSTANCE_H

#include "pipe/pipe.h"
#include "pipe/security.h"

/* What all instances of one engine's pipe have in common; the engine's. */
typedef struct instance_kind
{
    const engine_settings *settings;
    const security *access;
} instance_kind;

/* Makes an instance of the pipe `path`. `first`: Windows refuses it where the name is taken. Returns a Win32 code; *out
 * is INVALID_HANDLE_VALUE unless it is 0. */
DWORD instance_open(const instance_kind *kind, const WCHAR *path, bool first, HANDLE *out);

#endif

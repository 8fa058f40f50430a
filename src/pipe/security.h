/* security.h: who may open the pipe. Any thread may call everything here; nothing here blocks. */

#ifndef PIPE_SECURITY_H
#define PIPE_SECURITY_H

#include "base/win32.h"

typedef struct security
{
    SECURITY_ATTRIBUTES attributes; /* for CreateNamedPipe; points to `descriptor`; not inheritable */
    SECURITY_DESCRIPTOR descriptor;
    ACL *list; /* owned */
} security;

/* Lets this user, SYSTEM and the administrators open the pipe, and nobody else. Returns a Win32 code. Call
 * security_fini in any case. Do not move `s` afterwards: it points into itself. */
DWORD security_init_current_user(security *s);
/* Frees what `s` owns. Idempotent; also for an `s` that is all zero. */
void security_fini(security *s);

/* Sets *same to whether owner, access list and integrity label of two pipes are the same to the byte, as the system
 * keeps them. Both handles must have READ_CONTROL. Returns a Win32 code; *same is false after a failure. */
DWORD security_compare(HANDLE one, HANDLE other, bool *same);

#endif

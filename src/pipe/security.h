/* security.h: who may open the pipe. */

#ifndef PIPE_SECURITY_H
#define PIPE_SECURITY_H

#include "base/win32.h"

typedef struct security
{
    SECURITY_ATTRIBUTES attributes; /* for CreateNamedPipe; not inheritable */
    SECURITY_DESCRIPTOR descriptor;
    ACL *list; /* owned */
} security;

/* This user, SYSTEM and the administrators, and nobody else. Returns a Win32 code; security_fini in any case. Must not
 * be moved afterwards. */
DWORD security_init_current_user(security *s);
void security_fini(security *s);

/* Whether owner, access list and integrity label of two pipes are the same, as the system has them, to the byte. Both
 * handles have READ_CONTROL. Returns a Win32 code. */
DWORD security_compare(HANDLE one, HANDLE other, bool *same);

#endif

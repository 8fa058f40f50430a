/* security.h: who may open what is ours. */

#ifndef PIPE_SECURITY_H
#define PIPE_SECURITY_H

#include "base/win32.h"

typedef struct security
{
    SECURITY_ATTRIBUTES attributes; /* for CreateNamedPipe and its like; not inheritable */
    SECURITY_DESCRIPTOR descriptor;
    ACL *list; /* owned */
} security;

/* This user, SYSTEM and the administrators, and nobody else. Returns a Win32 code; security_fini in any case. Must not
 * be moved afterwards. */
DWORD security_init_current_user(security *s);
void security_fini(security *s);

/* The same for an object that nobody else may open, its owner not either: who owns an object may always read and change
 * its access list, unless that says what owners may. */
DWORD security_init_nobody(security *s);

/* Whether owner, access list and integrity label of two pipes are the same, as the system has them, to the byte. Both
 * handles have READ_CONTROL. Returns a Win32 code. */
DWORD security_compare(HANDLE one, HANDLE other, bool *same);

#endif

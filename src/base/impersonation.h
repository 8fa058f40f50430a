/* impersonation.h: what the process does as itself, on a thread that may impersonate somebody else.
 *
 * Any thread; nothing here blocks. Suspend and resume are called on one thread and come in pairs, with nothing of the
 * consumer's between them. */

#ifndef BASE_IMPERSONATION_H
#define BASE_IMPERSONATION_H

#include "base/win32.h"

typedef struct impersonation
{
    HANDLE token; /* that the thread had; NULL: it acted as the process */
} impersonation;

/* The calling thread acts as the process until impersonation_resume. Returns a Win32 code; after a failure the thread
 * is as it was, and there is nothing to resume: Windows gives nobody the token of a thread that impersonates
 * anonymously, ERROR_CANT_OPEN_ANONYMOUS, so that it could not be put back. A thread of ours, on which a handler has
 * left such a token behind, loses it: nobody needs it there, and a client could make a server deaf by it. */
DWORD impersonation_suspend(impersonation *i, bool thread_is_ours);

/* Ends what impersonation_suspend began. A failure leaves the thread acting as the process: the caller undoes what it
 * has done meanwhile and fails with that code. */
DWORD impersonation_resume(impersonation *i);

#endif

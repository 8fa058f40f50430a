/* impersonation.h: acting as the process on a thread that may impersonate somebody else.
 *
 * Any thread may call everything here; nothing here blocks but impersonation_end. Call impersonation_suspend and
 * impersonation_resume in pairs and on one thread, with no code of the consumer between them. */

#ifndef BASE_IMPERSONATION_H
#define BASE_IMPERSONATION_H

#include "base/win32.h"

typedef struct impersonation
{
    HANDLE token; /* the thread's own token, owned; NULL: the thread acted as the process */
} impersonation;

/* Makes the calling thread act as the process until impersonation_resume. Returns a Win32 code; after a failure the
 * thread is unchanged and there is nothing to resume. ERROR_CANT_OPEN_ANONYMOUS: the thread impersonates an anonymous
 * client. Windows gives nobody the token of such a thread, so the token could not be restored.
 *
 * `thread_is_ours`: this DLL made the thread. Then a token that Windows does not give is dropped for good, and 0 is
 * returned. A handler left the token behind, nobody needs the token there, and with it a client could make a server
 * deaf. */
DWORD impersonation_suspend(impersonation *i, bool thread_is_ours);

/* Gives the thread the token back that impersonation_suspend took. Returns a Win32 code; after a failure the thread
 * still acts as the process: undo what was done since impersonation_suspend, and fail with that code. */
DWORD impersonation_resume(impersonation *i);

/* Ends ImpersonateNamedPipeClient of the calling thread. Returns only when the thread acts as itself again: if
 * RevertToSelf fails, the thread stays here and tries again, since whatever ran on it next would act as the client.
 * Call it with no lock held. */
void impersonation_end(void);

#endif

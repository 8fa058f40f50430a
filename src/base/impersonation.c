#include "base/impersonation.h"

DWORD impersonation_suspend(impersonation *i)
{
    DWORD error = 0;

    i->token = NULL;
    /* Asked as the process: who is impersonated may have no right to this token. */
    if (!win32.open_thread_token(GetCurrentThread(), TOKEN_IMPERSONATE, TRUE, &i->token))
    {
        error = GetLastError();
        i->token = NULL;
        return error == ERROR_NO_TOKEN ? 0 : error;
    }
    if (!win32.set_thread_token(NULL, NULL))
    {
        error = GetLastError();
        CloseHandle(i->token);
        i->token = NULL;
    }
    return error;
}

DWORD impersonation_resume(impersonation *i)
{
    DWORD error = 0;

    if (!i->token)
        return 0;
    if (!win32.set_thread_token(NULL, i->token))
        error = GetLastError();
    CloseHandle(i->token);
    i->token = NULL;
    return error;
}

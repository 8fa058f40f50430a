#include "base/impersonation.h"

#include "base/trace.h"

#define REVERT_AGAIN_MS 100

static DWORD take_token(impersonation *i)
{
    DWORD error;

    /* Opened as the process (TRUE): the impersonated user may have no right to this token. */
    if (!win32.open_thread_token(GetCurrentThread(), TOKEN_IMPERSONATE, TRUE, &i->token))
    {
        error = GetLastError();
        i->token = NULL;
        return error;
    }
    if (win32.set_thread_token(NULL, NULL))
        return 0;
    error = GetLastError();
    CloseHandle(i->token);
    i->token = NULL;
    return error;
}

DWORD impersonation_suspend(impersonation *i, bool thread_is_ours)
{
    DWORD error = take_token(i);

    if (!error || error == ERROR_NO_TOKEN)
        return 0;
    if (!thread_is_ours)
        return error;
    return win32.set_thread_token(NULL, NULL) ? 0 : GetLastError();
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

void impersonation_end(void)
{
    bool told = false;

    while (!win32.revert_to_self())
    {
        if (!told)
            trace(L"Windows does not end an impersonation; this thread waits until it does.");
        told = true;
        win32.sleep(REVERT_AGAIN_MS);
    }
}

#include "tool/stop.h"

enum
{
    CLOSING_MS = 4000 /* Windows ends the process after 5 s */
};

static HANDLE requested, done; /* manual-reset events */

static bool is_requested(void)
{
    return WaitForSingleObject(requested, 0) == WAIT_OBJECT_0;
}

/* On a thread of the system's. */
static BOOL WINAPI on_control(DWORD control)
{
    if (control == CTRL_C_EVENT || control == CTRL_BREAK_EVENT)
    {
        if (is_requested())
            return FALSE; /* the second one: the process ends */
        stop_request();
        return TRUE;
    }
    stop_request();
    WaitForSingleObject(done, CLOSING_MS);
    return FALSE;
}

DWORD stop_install(void)
{
    done = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!done)
        return GetLastError();
    requested = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!requested)
        return GetLastError();
    if (!SetConsoleCtrlHandler(on_control, TRUE))
        return GetLastError();
    return 0;
}

HANDLE stop_event(void)
{
    return requested;
}

void stop_request(void)
{
    if (requested)
        SetEvent(requested);
}

void stop_done(void)
{
    if (done)
        SetEvent(done);
}

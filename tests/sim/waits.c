#include "waits.h"

#include "view.h"

DWORD wait_for(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

bool is_set(void *flag)
{
    return *(const bool *)flag;
}

bool is_connected(void *of)
{
    return ((const view *)of)->connected;
}

#include "pipe/call.h"

#include "pipe/name.h"
#include "pipe/remote_call.h"

DWORD call_perform(const exchange *of, buffer **answer, DWORD *bytes)
{
    HANDLE pipe;
    DWORD error;

    if (!pipe_path_is_local(of->path))
        return remote_call_perform(of, answer, bytes);
    error = exchange_perform(of, answer, bytes, &pipe);
    if (pipe != INVALID_HANDLE_VALUE)
        win32.close_handle(pipe);
    return error;
}

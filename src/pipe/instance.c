#include "pipe/instance.h"

#define PIPE_BUFFER_SIZE 65536 /* bytes, either way */

DWORD instance_open(engine *e, const WCHAR *path, bool first, HANDLE *out)
{
    DWORD access = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0);
    DWORD mode = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT |
                 (e->settings.allow_remote ? 0 : PIPE_REJECT_REMOTE_CLIENTS);

    *out = win32.create_named_pipe(path, access, mode, PIPE_UNLIMITED_INSTANCES, PIPE_BUFFER_SIZE, PIPE_BUFFER_SIZE, 0,
                                   &e->access.attributes);
    return *out == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

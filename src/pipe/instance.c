#include "pipe/instance.h"

#define OUTBOUND_QUOTA 65536 /* bytes of pipe buffer for what is sent */
#define INBOUND_QUOTA_LEAST 65536
#define INBOUND_QUOTA_MOST (1024 * 1024) /* unread bytes in a pipe take non-paged pool */

/* Returns the size of the buffer for what clients write. A client's write that fits into it ends at once and can't be
 * cancelled half-way; so the buffer takes as much as one read does. */
static DWORD inbound_quota(const engine_settings *settings)
{
    DWORD size = settings->flow.buffer_size;

    if (size < INBOUND_QUOTA_LEAST)
        return INBOUND_QUOTA_LEAST;
    return size < INBOUND_QUOTA_MOST ? size : INBOUND_QUOTA_MOST;
}

DWORD instance_open(const instance_kind *kind, const WCHAR *path, bool first, HANDLE *out)
{
    DWORD access = PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0);
    DWORD mode = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT |
                 (kind->settings->access.allow_remote ? 0 : PIPE_REJECT_REMOTE_CLIENTS);

    DWORD error;

    *out = win32.create_named_pipe(path, access, mode, PIPE_UNLIMITED_INSTANCES, OUTBOUND_QUOTA,
                                   inbound_quota(kind->settings), 0, (SECURITY_ATTRIBUTES *)&kind->access->attributes);
    if (*out != INVALID_HANDLE_VALUE)
        return 0;
    error = GetLastError();
    return error == ERROR_PRIVILEGE_NOT_HELD ? (DWORD)PIPE_ERROR_NEEDS_PRIVILEGE : error;
}

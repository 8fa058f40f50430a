#include "pipe/dial.h"

#include "base/impersonation.h"
#include "pipe/name.h"
#include "pipe/peek.h"

#define PAUSE_FIRST_MS 1
#define PAUSE_BUSY_MS 32
#define PAUSE_MISSING_MS 256

/* The kinds of access to ask for, the most first. The weaker two add the right that SetNamedPipeHandleState or
 * GetNamedPipeInfo needs. */
static const DWORD accesses[] = {
    GENERIC_READ | GENERIC_WRITE,
    GENERIC_READ | FILE_WRITE_ATTRIBUTES,
    GENERIC_WRITE | FILE_READ_ATTRIBUTES,
};

/* Without FILE_FLAG_WRITE_THROUGH this computer would collect what is written to a pipe in byte mode of another one,
 * and say that it is written (https://learn.microsoft.com/windows/win32/ipc/named-pipe-open-modes). */
static DWORD open_handle(const WCHAR *path, DWORD access, HANDLE *out)
{
    DWORD flags = FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION;

    if (!pipe_path_is_local(path))
        flags |= FILE_FLAG_WRITE_THROUGH;
    *out = win32.create_file(path, access, 0, NULL, OPEN_EXISTING, flags, NULL);
    return *out == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

/* Returns whether the handle is a pipe, and its `flags` from GetNamedPipeInfo. A path that leads out of the namespace
 * of pipes opens a file or another device. A pipe whose server has already left counts as a pipe, since what the server
 * wrote may still be read; of messages, as nobody knows: then the reads say that the server has left. */
static bool is_pipe(HANDLE handle, DWORD *flags)
{
    *flags = PIPE_TYPE_MESSAGE;
    return GetFileType(handle) == FILE_TYPE_PIPE &&
           (GetNamedPipeInfo(handle, flags, NULL, NULL, NULL) || peek_is_departure(GetLastError()));
}

/* Sets message mode. The client's end starts in byte mode, also if the server writes messages; left in byte mode it
 * would tear the messages. */
static DWORD set_message_mode(HANDLE handle)
{
    DWORD mode = PIPE_READMODE_MESSAGE, error;

    error = SetNamedPipeHandleState(handle, &mode, NULL, NULL) ? 0 : GetLastError();
    return peek_is_departure(error) ? 0 : error; /* then the reads say so */
}

static DWORD describe_pipe(DWORD access, DWORD flags, opened_pipe *pipe)
{
    ULONG process;

    pipe->read_only = !(access & GENERIC_WRITE);
    pipe->write_only = !(access & GENERIC_READ);
    pipe->byte_mode = !pipe->write_only && !(flags & PIPE_TYPE_MESSAGE);
    pipe->process = GetNamedPipeServerProcessId(pipe->handle, &process) ? process : 0;
    return pipe->write_only || pipe->byte_mode ? 0 : set_message_mode(pipe->handle);
}

static DWORD open_as_process(const WCHAR *path, opened_pipe *out, bool *may_pass)
{
    DWORD error = ERROR_ACCESS_DENIED, flags;

    for (size_t i = 0; error == ERROR_ACCESS_DENIED && i < sizeof(accesses) / sizeof(accesses[0]); i++)
    {
        error = open_handle(path, accesses[i], &out->handle);
        if (error)
            continue;
        if (!is_pipe(out->handle, &flags))
        {
            win32.close_handle(out->handle);
            return ERROR_FILE_NOT_FOUND;
        }
        error = describe_pipe(accesses[i], flags, out);
        if (error)
            win32.close_handle(out->handle);
    }
    *may_pass = error == ERROR_PIPE_BUSY || error == ERROR_FILE_NOT_FOUND;
    return error;
}

DWORD pipe_open(const WCHAR *path, bool thread_is_ours, opened_pipe *out, bool *may_pass)
{
    impersonation suspended;
    DWORD error = impersonation_suspend(&suspended, thread_is_ours), resumed;

    *may_pass = false;
    if (error)
        return error;
    error = open_as_process(path, out, may_pass);
    resumed = impersonation_resume(&suspended);
    if (!resumed)
        return error;
    if (!error)
        win32.close_handle(out->handle);
    *may_pass = false;
    return resumed;
}

/* ---- again ---- */

DWORD dial_pause(DWORD error, DWORD last)
{
    DWORD most = error == ERROR_PIPE_BUSY ? PAUSE_BUSY_MS : PAUSE_MISSING_MS;
    DWORD pause = last ? last * 2 : PAUSE_FIRST_MS;

    return pause < most ? pause : most;
}

DWORD dial_timed_out(DWORD error)
{
    return error == ERROR_PIPE_BUSY ? (DWORD)PIPE_ERROR_BUSY : error;
}

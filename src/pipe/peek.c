#include "pipe/peek.h"

/* ---- the message ---- */

/* FSCTL_PIPE_PEEK and FILE_PIPE_PEEK_BUFFER, of the driver kit's ntifs.h. */
#define PIPE_PEEK 0x0011400C

typedef struct pipe_peek_buffer
{
    ULONG state, available, messages, message_length;
} pipe_peek_buffer;

/* Peeks into a pipe of another computer. If the answer does not come at once, PeekNamedPipe waits for the handle
 * itself, and any other request that ends on the handle ends that wait too. So this request has an event of its own.
 * The lowest bit of the event's handle says that the completion port gets no packet for the request
 * (https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-getqueuedcompletionstatus). */
static DWORD peek_afar(HANDLE pipe, DWORD *left)
{
    OVERLAPPED overlapped = {0};
    pipe_peek_buffer seen = {0};
    HANDLE answered = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD error, bytes;

    if (!answered)
        return GetLastError();
    overlapped.hEvent = (HANDLE)((ULONG_PTR)answered | 1);
    error =
        win32.device_io_control(pipe, PIPE_PEEK, NULL, 0, &seen, sizeof(seen), NULL, &overlapped) ? 0 : GetLastError();
    if (error == ERROR_IO_PENDING)
    {
        WaitForSingleObject(answered, INFINITE);
        error = GetOverlappedResult(pipe, &overlapped, &bytes, FALSE) ? 0 : GetLastError();
    }
    CloseHandle(answered);
    if (error && error != ERROR_MORE_DATA) /* ERROR_MORE_DATA: there are bytes, which this call did not ask for */
        return error;
    *left = seen.message_length;
    return 0;
}

DWORD peek_message_left(HANDLE pipe, bool remote, DWORD *left)
{
    *left = 0;
    if (remote)
        return peek_afar(pipe, left);
    return win32.peek_named_pipe(pipe, NULL, 0, NULL, NULL, left) ? 0 : GetLastError();
}

DWORD peek_bytes_left(HANDLE pipe, DWORD *left)
{
    *left = 0;
    return win32.peek_named_pipe(pipe, NULL, 0, NULL, left, NULL) ? 0 : GetLastError();
}

bool peek_is_rest(DWORD left, DWORD error, DWORD bytes)
{
    return error == ERROR_MORE_DATA ? bytes < left : bytes == left;
}

/* ---- the other end ---- */

bool peek_is_departure(DWORD error)
{
    return error == ERROR_BROKEN_PIPE || error == ERROR_NO_DATA || error == ERROR_PIPE_NOT_CONNECTED;
}

/* FILE_PIPE_LOCAL_INFORMATION of ntifs.h says whether the other end is there. No other call says so for a handle that
 * is not readable (an empty write would be a message), and PeekNamedPipe does not say so while unread bytes are in the
 * pipe. */
#define FILE_PIPE_LOCAL 24
#define FILE_PIPE_STATE_CONNECTED 3
#define PIPE_WAS_DISCONNECTED \
    ((LONG)0xC00000B0) /* STATUS_PIPE_DISCONNECTED: the server has called DisconnectNamedPipe */

typedef struct file_pipe_local
{
    ULONG type, configuration, max_instances, instances, in_quota, read_available, out_quota, write_quota, state, end;
} file_pipe_local;

typedef LONG(NTAPI *query_information_file)(HANDLE file, void *status, void *information, ULONG size, int kind);

static void *volatile query_function; /* Interlocked */

void peek_prepare(void)
{
    if (!LOAD_POINTER_ACQUIRE(&query_function))
        InterlockedExchangePointer(&query_function, (void *)(uintptr_t)win32.get_proc_address(
                                                        GetModuleHandleW(L"ntdll.dll"), "NtQueryInformationFile"));
}

bool peek_other_end(HANDLE pipe)
{
    query_information_file query = (query_information_file)(uintptr_t)LOAD_POINTER_ACQUIRE(&query_function);
    ULONG_PTR status[2];
    file_pipe_local local;
    LONG result;

    if (!query)
        return true;
    result = query(pipe, status, &local, sizeof(local), FILE_PIPE_LOCAL);
    if (result == PIPE_WAS_DISCONNECTED)
        return false;
    return result < 0 || local.state == FILE_PIPE_STATE_CONNECTED;
}

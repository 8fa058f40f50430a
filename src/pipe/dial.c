#include "pipe/dial.h"

#include "base/thread.h"
#include "pipe/name.h"
#include "pipe/pipe.h"

#define BUSY_LOOK_MS 50     /* one wait for a free instance, which can't be cancelled */
#define MISSING_PAUSE_MS 20 /* between two looks for a pipe that is not there */

/* ---- one try ---- */

/* What may be asked for, the most first; each with what SetNamedPipeHandleState or GetNamedPipeInfo need beside it. */
static const DWORD accesses[] = {
    GENERIC_READ | GENERIC_WRITE,
    GENERIC_READ | FILE_WRITE_ATTRIBUTES,
    GENERIC_WRITE | FILE_READ_ATTRIBUTES,
};

static DWORD open_handle(const WCHAR *path, DWORD access, HANDLE *out)
{
    *out = win32.create_file(path, access, 0, NULL, OPEN_EXISTING,
                             FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
    return *out == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

/* The client's end is in byte mode at first, also where the server writes messages. */
static bool set_message_mode(HANDLE handle)
{
    DWORD flags, mode = PIPE_READMODE_MESSAGE;

    return GetNamedPipeInfo(handle, &flags, NULL, NULL, NULL) && (flags & PIPE_TYPE_MESSAGE) &&
           SetNamedPipeHandleState(handle, &mode, NULL, NULL);
}

static void describe(DWORD access, opened_pipe *pipe)
{
    ULONG process;

    pipe->read_only = !(access & GENERIC_WRITE);
    pipe->write_only = !(access & GENERIC_READ);
    pipe->reads_chunks = !pipe->write_only && !set_message_mode(pipe->handle);
    pipe->process = GetNamedPipeServerProcessId(pipe->handle, &process) ? process : 0;
}

DWORD pipe_open(const WCHAR *path, opened_pipe *out)
{
    DWORD error = ERROR_ACCESS_DENIED;

    for (size_t i = 0; error == ERROR_ACCESS_DENIED && i < sizeof(accesses) / sizeof(accesses[0]); i++)
    {
        error = open_handle(path, accesses[i], &out->handle);
        if (!error)
            describe(accesses[i], out);
    }
    return error;
}

/* FILE_PIPE_LOCAL_INFORMATION of the driver kit's ntifs.h, which says what no other call does of a handle that can't be read from; an empty write
 * would be a message. */
#define FILE_PIPE_LOCAL 24
#define FILE_PIPE_STATE_CONNECTED 3

typedef struct file_pipe_local
{
    ULONG type, configuration, max_instances, instances, in_quota, read_available, out_quota, write_quota, state, end;
} file_pipe_local;

typedef LONG(NTAPI *query_information_file)(HANDLE file, void *status, void *information, ULONG size, int kind);

bool pipe_has_lost_its_server(HANDLE handle)
{
    query_information_file query = (query_information_file)(void (*)(void))GetProcAddress(
        GetModuleHandleW(L"ntdll.dll"), "NtQueryInformationFile");
    ULONG_PTR status[2];
    file_pipe_local local;

    return query && query(handle, status, &local, sizeof(local), FILE_PIPE_LOCAL) >= 0 &&
           local.state != FILE_PIPE_STATE_CONNECTED;
}

/* ---- until it is there ---- */

struct dial
{
    volatile LONG references; /* Interlocked */
    WCHAR *path;
    dial_patience patience;
    void (*done)(void *context, DWORD error, opened_pipe *opened);
    void *context;
    HANDLE cancelled; /* manual-reset event */
};

void dial_release(dial *d)
{
    if (!d || InterlockedDecrement(&d->references))
        return;
    if (d->cancelled)
        CloseHandle(d->cancelled);
    mem_free(d->path);
    mem_free(d);
}

void dial_cancel(dial *d)
{
    SetEvent(d->cancelled);
}

/* ms of `patience` that are left. */
static DWORD time_left(ULONGLONG begun, DWORD patience)
{
    ULONGLONG gone = GetTickCount64() - begun;

    if (patience == INFINITE)
        return INFINITE;
    return gone < patience ? (DWORD)(patience - gone) : 0;
}

static DWORD at_most(DWORD ms, DWORD most)
{
    return ms < most ? ms : most;
}

static DWORD dial_until(dial *d, opened_pipe *out)
{
    ULONGLONG begun = GetTickCount64();

    for (;;)
    {
        DWORD error = pipe_open(d->path, out), pause = 0, left;

        if (error != ERROR_PIPE_BUSY && error != ERROR_FILE_NOT_FOUND)
            return error;
        left = time_left(begun, error == ERROR_PIPE_BUSY ? d->patience.busy : d->patience.missing);
        if (!left)
            return error == ERROR_PIPE_BUSY ? (DWORD)PIPE_ERROR_BUSY : error;
        if (error == ERROR_PIPE_BUSY)
            WaitNamedPipeW(d->path, at_most(left, BUSY_LOOK_MS));
        else
            pause = at_most(left, MISSING_PAUSE_MS);
        if (WaitForSingleObject(d->cancelled, pause) == WAIT_OBJECT_0)
            return ERROR_CANCELLED;
    }
}

static void dial_main(void *argument)
{
    dial *d = argument;
    opened_pipe opened;
    DWORD error = dial_until(d, &opened);

    d->done(d->context, error, &opened);
    dial_release(d);
}

DWORD dial_start(const WCHAR *path, dial_patience patience,
                 void (*done)(void *context, DWORD error, opened_pipe *opened), void *context, dial **out)
{
    dial *d = mem_alloc(sizeof(*d));
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    *out = NULL;
    if (!d)
        return error;
    d->references = 2; /* the caller's, and the thread's */
    d->patience = patience;
    d->done = done;
    d->context = context;
    d->path = pipe_path_copy(path);
    d->cancelled = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!d->cancelled)
        error = GetLastError();
    else if (d->path)
        error = thread_start(dial_main, d);
    if (!error)
    {
        *out = d;
        return 0;
    }
    d->references = 1;
    dial_release(d);
    return error;
}

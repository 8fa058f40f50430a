#include "foreign.h"

#include "faults.h"
#include "files.h"
#include "names.h"
#include "pipe.h"
#include "watch_engine.h"

static bool open_pipe(foreign *h, const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD instances, DWORD quota)
{
    *h = (foreign){.handle = INVALID_HANDLE_VALUE};
    faults_spare();
    h->handle = CreateNamedPipeW(path, open_mode | FILE_FLAG_OVERLAPPED, pipe_mode, instances, quota, quota, 0, NULL);
    if (h->handle != INVALID_HANDLE_VALUE)
        h->event = CreateEventW(NULL, TRUE, FALSE, NULL);
    faults_spare_no_more();
    if (h->handle == INVALID_HANDLE_VALUE)
        return false;
    ((file *)object_of(h->handle, OBJECT_FILE, "foreign_open"))->is_peer = true;
    return true;
}

bool foreign_open_path(foreign *h, const WCHAR *path, DWORD open_mode, DWORD pipe_mode, DWORD instances)
{
    return open_pipe(h, path, open_mode, pipe_mode, instances, 4096);
}

bool foreign_open(foreign *h, DWORD open_mode, DWORD pipe_mode, DWORD instances)
{
    return foreign_open_path(h, SIM_PATH, open_mode, pipe_mode, instances);
}

bool foreign_open_without_buffers(foreign *h, DWORD open_mode, DWORD pipe_mode, DWORD instances)
{
    return open_pipe(h, SIM_PATH, open_mode, pipe_mode, instances, 0);
}

DWORD foreign_owner(const foreign *h)
{
    const file *f = object_of(h->handle, OBJECT_FILE, "foreign_owner");

    return f->pipe->name->owner;
}

static void close_pipe(foreign *h)
{
    if (h->handle != INVALID_HANDLE_VALUE)
        CloseHandle(h->handle);
    h->handle = INVALID_HANDLE_VALUE;
}

/* A wait that is cancelled may end only with its handle; so the handle is closed. */
bool foreign_await(foreign *h, DWORD ms)
{
    DWORD error;

    h->waits = (OVERLAPPED){.hEvent = h->event};
    faults_spare();
    ConnectNamedPipe(h->handle, &h->waits);
    error = GetLastError();
    faults_spare_no_more();
    if (error != ERROR_IO_PENDING)
        return error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA;
    if (WaitForSingleObject(h->event, ms) == WAIT_OBJECT_0)
        return true;
    close_pipe(h);
    WaitForSingleObject(h->event, INFINITE);
    return false;
}

static DWORD finish(foreign *h, BOOL ok, OVERLAPPED *overlapped, DWORD *bytes, DWORD ms)
{
    DWORD error = ok ? 0 : GetLastError();
    bool late = false;

    if (error && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
        return error;
    if (WaitForSingleObject(h->event, ms) == WAIT_TIMEOUT)
    {
        late = true;
        CancelIoEx(h->handle, overlapped);
    }
    if (GetOverlappedResult(h->handle, overlapped, bytes, TRUE))
        return 0;
    error = GetLastError();
    return late && error == ERROR_OPERATION_ABORTED ? WAIT_TIMEOUT : error;
}

DWORD foreign_read(foreign *h, void *data, DWORD size, DWORD *bytes, DWORD ms)
{
    OVERLAPPED overlapped = {.hEvent = h->event};

    *bytes = 0;
    ResetEvent(h->event);
    return finish(h, ReadFile(h->handle, data, size, NULL, &overlapped), &overlapped, bytes, ms);
}

DWORD foreign_write(foreign *h, const void *data, DWORD size, DWORD ms)
{
    OVERLAPPED overlapped = {.hEvent = h->event};
    DWORD bytes;

    ResetEvent(h->event);
    return finish(h, WriteFile(h->handle, data, size, NULL, &overlapped), &overlapped, &bytes, ms);
}

void foreign_close(foreign *h)
{
    close_pipe(h);
    if (h->event)
        CloseHandle(h->event);
    h->event = NULL;
}

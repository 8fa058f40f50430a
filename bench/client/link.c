#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 30000

static HANDLE port;

void link_fail(const char *what, DWORD error)
{
    fprintf(stderr, "bench client: %s (%lu)\n", what, error);
    ExitProcess(1);
}

/* Where there is no such pipe yet there is nothing to wait for. */
static HANDLE open_pipe(const char *path)
{
    DWORD error, end = GetTickCount() + PATIENCE_MS;
    HANDLE pipe;

    for (;;)
    {
        pipe = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
        if (pipe != INVALID_HANDLE_VALUE)
            return pipe;
        error = GetLastError();
        if ((error != ERROR_FILE_NOT_FOUND && error != ERROR_PIPE_BUSY) || (LONG)(end - GetTickCount()) < 0)
            link_fail(path, error);
        if (!WaitNamedPipeA(path, 1000) && GetLastError() == ERROR_FILE_NOT_FOUND)
            Sleep(10);
    }
}

static void bind_to_port(HANDLE pipe)
{
    HANDLE bound = CreateIoCompletionPort(pipe, port, 0, 1);

    if (!bound || !SetFileCompletionNotificationModes(pipe, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS))
        link_fail("CreateIoCompletionPort", GetLastError());
    port = bound;
}

link *link_open(const char *name, DWORD room)
{
    DWORD mode = PIPE_READMODE_MESSAGE, flags = 0;
    link *l = calloc(1, sizeof(*l));
    char path[MAX_PATH];

    if (!l)
        link_fail("no memory", ERROR_NOT_ENOUGH_MEMORY);
    l->in = malloc(room);
    l->out = malloc(room);
    if (!l->in || !l->out)
        link_fail("no memory", ERROR_NOT_ENOUGH_MEMORY);
    snprintf(path, sizeof(path), "\\\\.\\pipe\\%s", name);
    l->pipe = open_pipe(path);
    l->room = room;
    l->reading.owner = l;
    l->writing.owner = l;
    GetNamedPipeInfo(l->pipe, &flags, NULL, NULL, NULL);
    l->by_message = (flags & PIPE_TYPE_MESSAGE) && SetNamedPipeHandleState(l->pipe, &mode, NULL, NULL);
    bind_to_port(l->pipe);
    return l;
}

void link_close(link *l)
{
    CloseHandle(l->pipe);
    free(l->in);
    free(l->out);
    free(l);
}

void link_fill(link *l, DWORD number)
{
    memset(l->out, (int)(number % 253 + 1), l->room);
    memcpy(l->out, &number, sizeof(number));
}

void link_write(link *l, DWORD bytes)
{
    DWORD written;

    l->writing.pending = !WriteFile(l->pipe, l->out, bytes, &written, &l->writing.overlapped);
    if (l->writing.pending && GetLastError() != ERROR_IO_PENDING)
        link_fail("WriteFile", GetLastError());
}

/* Takes what a read has brought. Returns whether the answer is whole. */
static bool take(link *l, DWORD bytes)
{
    l->have += bytes;
    if (l->by_message && l->have != l->wanted)
        link_fail("an answer has another length", l->have);
    return l->have == l->wanted;
}

static void read_rest(link *l)
{
    DWORD bytes, error;

    do
    {
        if (!ReadFile(l->pipe, l->in + l->have, l->wanted - l->have, &bytes, &l->reading.overlapped))
        {
            error = GetLastError();
            l->reading.pending = true;
            if (error != ERROR_IO_PENDING)
                link_fail(error == ERROR_MORE_DATA ? "an answer is too long" : "ReadFile", error);
            return;
        }
    } while (!take(l, bytes));
}

void link_read(link *l, DWORD bytes)
{
    l->have = 0;
    l->wanted = bytes;
    read_rest(l);
}

bool link_is_idle(const link *l)
{
    return !l->reading.pending && !l->writing.pending;
}

link *link_await(void)
{
    link_request *ended;
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD bytes;

    for (;;)
    {
        overlapped = NULL;
        if (!GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 60000))
            link_fail("no answer", GetLastError());
        ended = (link_request *)overlapped;
        ended->pending = false;
        if (ended == &ended->owner->reading && !take(ended->owner, bytes))
            read_rest(ended->owner);
        if (link_is_idle(ended->owner))
            return ended->owner;
    }
}

void link_settle(const link *l)
{
    while (!link_is_idle(l))
        link_await();
}

void link_check_echo(const link *l)
{
    if (memcmp(l->in, l->out, l->wanted) != 0)
        link_fail("an answer is not what was sent", 0);
}

void link_check_message(const link *l)
{
    DWORD i;

    for (i = 0; i < l->wanted; i++)
    {
        if (l->in[i] != (BYTE)(i * 7 % 251))
            link_fail("a message of the server's is wrong at", i);
    }
}

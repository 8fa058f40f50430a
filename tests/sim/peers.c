#include "peers.h"

#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "pipe.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

#include <stdlib.h>

#define TRIES 40
#define TRIES_HURRIED 4000 /* where time passes although threads can run, and the server's may be the last that do */
#define TRY_MS 250
#define ANSWER_MS 600000

static void broke(peer *p, const char *what, DWORD error)
{
    p->is_broken = true;
    if (!p->may_break && !faults_made())
        fail("client %u: %s fails with %u without a fault", p->number, what, error);
}

static HANDLE open_pipe(DWORD *error)
{
    HANDLE handle =
        CreateFileW(SIM_PATH, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

    *error = handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    return handle;
}

static HANDLE open_in_time(DWORD *error)
{
    HANDLE handle = open_pipe(error);

    for (int i = 0; i < (scheduler_has_hurried() ? TRIES_HURRIED : TRIES) && *error; i++)
    {
        if (*error == ERROR_PIPE_BUSY)
            WaitNamedPipeW(SIM_PATH, TRY_MS);
        else
            Sleep(TRY_MS);
        handle = open_pipe(error);
    }
    return handle;
}

void peer_open(peer *p, DWORD number, bool may_break)
{
    DWORD mode = PIPE_READMODE_MESSAGE, error;

    faults_spare();
    *p = (peer){.number = number, .may_break = may_break, .answer_ms = INFINITE};
    p->handle = open_in_time(&error);
    p->event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!error)
        SetNamedPipeHandleState(p->handle, &mode, NULL, NULL);
    faults_spare_no_more();
    if (error)
        broke(p, "CreateFile", error);
    else
        ((file *)object_of(p->handle, OBJECT_FILE, "peer_open"))->is_peer = true;
}

/* Waits for the end of a request. Returns its Win32 code. */
static DWORD finish(peer *p, BOOL ok, OVERLAPPED *overlapped, DWORD *bytes)
{
    DWORD error = ok ? 0 : GetLastError();
    uint64_t begun = scheduler_now();

    *bytes = 0;
    if (error && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
        return error;
    if (WaitForSingleObject(p->event, ANSWER_MS) == WAIT_TIMEOUT)
    {
        if (time_is_judged() && !p->may_starve)
            fail("client %u waits in vain for the end of a request", p->number);
        p->may_break = true;
        CancelIoEx(p->handle, overlapped);
    }
    if (p->within)
        expect_took(begun, 0, p->within, "a request of a client");
    return GetOverlappedResult(p->handle, overlapped, bytes, TRUE) ? 0 : GetLastError();
}

static void write_bytes(peer *p, const void *data, DWORD size, bool cancels)
{
    OVERLAPPED overlapped = {.hEvent = p->event};
    DWORD error, bytes;
    BOOL ok;

    ResetEvent(p->event);
    ok = WriteFile(p->handle, data, size, NULL, &overlapped);
    if (cancels && !ok && GetLastError() == ERROR_IO_PENDING)
    {
        loiter(choose(60));
        CancelIoEx(p->handle, &overlapped);
        SetLastError(ERROR_IO_PENDING);
    }
    error = finish(p, ok, &overlapped, &bytes);
    if (error && !(cancels && error == ERROR_OPERATION_ABORTED))
        broke(p, "WriteFile", error);
}

static void write_message(peer *p, DWORD size, bool cancels)
{
    BYTE *data = malloc(size + 1);

    message_fill(data, size, p->number, p->sent);
    if (size >= MESSAGE_HEAD)
        p->sent++;
    write_bytes(p, data, size, cancels);
    free(data);
}

void peer_write_bytes(peer *p, const void *data, DWORD size)
{
    if (!p->is_broken)
        write_bytes(p, data, size, false);
}

void peer_write(peer *p, DWORD size)
{
    if (!p->is_broken)
        write_message(p, size, false);
}

void peer_write_and_cancel(peer *p, DWORD size)
{
    if (!p->is_broken)
        write_message(p, size, true);
}

static bool has_reader(void *of)
{
    const pipe *p = ((const file *)of)->pipe;

    return !p || p->state != PIPE_STATE_CONNECTED || (p->queues[SIDE_SERVER].first && p->queues[SIDE_SERVER].reads);
}

void peer_await_reader(peer *p)
{
    if (p->is_broken)
        return;
    if (!scheduler_wait(has_reader, object_of(p->handle, OBJECT_FILE, "peer_await_reader"), scheduler_in(ANSWER_MS),
                        "a reader", 0) &&
        time_is_judged())
        fail("client %u: the server does not read", p->number);
}

static void check_time(const peer *p, uint64_t begun)
{
    if (p->answer_ms != INFINITE && !faults_made() && !scheduler_has_hurried() &&
        scheduler_now() - begun > p->answer_ms)
        fail("client %u waits %u ms for an answer", p->number, (unsigned)(scheduler_now() - begun));
}

static bool is_out_of_turn(const peer *p, DWORD number)
{
    return number < p->received || (number != p->received && !faults_made());
}

void peer_read(peer *p)
{
    static BYTE data[PEERS_MOST][65536];
    OVERLAPPED overlapped = {.hEvent = p->event};
    DWORD error, bytes, sender, number;
    uint64_t begun = scheduler_now();

    if (p->is_broken)
        return;
    ResetEvent(p->event);
    error = finish(p, ReadFile(p->handle, data[p->number], sizeof(data[0]), NULL, &overlapped), &overlapped, &bytes);
    if (error)
    {
        broke(p, "ReadFile", error);
        return;
    }
    check_time(p, begun);
    if (!message_read(data[p->number], bytes, &sender, &number))
        return;
    if (sender != p->number || (!p->may_starve && is_out_of_turn(p, number)))
        fail("client %u gets message %u of %u where its own %u is due", p->number, number, sender, p->received);
    p->received = number + 1;
}

static DWORD read_some(peer *p, BYTE *data, DWORD size)
{
    OVERLAPPED overlapped = {.hEvent = p->event};
    DWORD bytes, error;
    BOOL ok;

    ResetEvent(p->event);
    ok = ReadFile(p->handle, data, size, NULL, &overlapped);
    error = finish(p, ok, &overlapped, &bytes);
    if (error && error != ERROR_MORE_DATA)
        broke(p, "ReadFile", error);
    return bytes < size ? bytes : size;
}

void peer_read_all(peer *p, DWORD size)
{
    static BYTE data[65536];

    while (size && !p->is_broken)
        size -= read_some(p, data, size < sizeof(data) ? size : sizeof(data));
}

void peer_read_bytes(peer *p, BYTE *data, DWORD size)
{
    for (DWORD read = 0; read < size && !p->is_broken;)
        read += read_some(p, data + read, size - read);
}

void peer_close(peer *p)
{
    if (p->handle != INVALID_HANDLE_VALUE)
        CloseHandle(p->handle);
    CloseHandle(p->event);
}

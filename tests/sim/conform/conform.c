#include "conform.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXTS 8
#define TEXT_SIZE 160
#define SOON_MS 100
#define PATIENCE_MS 2000

/* ---- telling ---- */

static char *next_text(void)
{
    static char texts[TEXTS][TEXT_SIZE];
    static int last;

    last = (last + 1) % TEXTS;
    return texts[last];
}

const char *words(const char *format, ...)
{
    char *text = next_text();
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, TEXT_SIZE, format, arguments);
    va_end(arguments);
    return text;
}

void tell(const char *what, const char *answer)
{
    printf("%s: %s\n", what, answer);
}

typedef struct name_of_code
{
    DWORD error;
    const char *name;
} name_of_code;

static const name_of_code names[] = {
    {0, "success"},
    {ERROR_INVALID_FUNCTION, "ERROR_INVALID_FUNCTION"},
    {ERROR_FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND"},
    {ERROR_ACCESS_DENIED, "ERROR_ACCESS_DENIED"},
    {ERROR_INVALID_HANDLE, "ERROR_INVALID_HANDLE"},
    {ERROR_INVALID_PARAMETER, "ERROR_INVALID_PARAMETER"},
    {ERROR_BAD_DEV_TYPE, "ERROR_BAD_DEV_TYPE"},
    {ERROR_BROKEN_PIPE, "ERROR_BROKEN_PIPE"},
    {ERROR_SEM_TIMEOUT, "ERROR_SEM_TIMEOUT"},
    {ERROR_BAD_PIPE, "ERROR_BAD_PIPE"},
    {ERROR_PIPE_BUSY, "ERROR_PIPE_BUSY"},
    {ERROR_NO_DATA, "ERROR_NO_DATA"},
    {ERROR_PIPE_NOT_CONNECTED, "ERROR_PIPE_NOT_CONNECTED"},
    {ERROR_MORE_DATA, "ERROR_MORE_DATA"},
    {WAIT_TIMEOUT, "WAIT_TIMEOUT"},
    {ERROR_PIPE_CONNECTED, "ERROR_PIPE_CONNECTED"},
    {ERROR_PIPE_LISTENING, "ERROR_PIPE_LISTENING"},
    {676, "ERROR_HANDLES_CLOSED"}, /* not in all headers */
    {ERROR_ABANDONED_WAIT_0, "ERROR_ABANDONED_WAIT_0"},
    {ERROR_OPERATION_ABORTED, "ERROR_OPERATION_ABORTED"},
    {ERROR_IO_INCOMPLETE, "ERROR_IO_INCOMPLETE"},
    {ERROR_IO_PENDING, "ERROR_IO_PENDING"},
    {ERROR_NOT_FOUND, "ERROR_NOT_FOUND"},
};

const char *code(DWORD error)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].error == error)
            return names[i].name;
    return words("error %u", (unsigned)error);
}

const char *result(BOOL ok)
{
    return code(ok ? 0 : GetLastError());
}

/* ---- ends of the pipe ---- */

static HANDLE server_of(DWORD mode, DWORD quota)
{
    return CreateNamedPipeW(PATH, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, mode, PIPE_UNLIMITED_INSTANCES, quota,
                            quota, 0, NULL);
}

HANDLE server_of_messages(DWORD quota)
{
    return server_of(PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, quota);
}

HANDLE server_of_bytes(DWORD quota)
{
    return server_of(PIPE_TYPE_BYTE, quota);
}

HANDLE client(void)
{
    return CreateFileW(PATH, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
}

void read_messages(HANDLE end)
{
    DWORD mode = PIPE_READMODE_MESSAGE;

    if (!SetNamedPipeHandleState(end, &mode, NULL, NULL))
        tell("SetNamedPipeHandleState fails", code(GetLastError()));
}

pair pair_of_messages(DWORD quota)
{
    pair p;

    p.server = server_of_messages(quota);
    p.client = client();
    read_messages(p.client);
    return p;
}

pair pair_of_bytes(DWORD quota)
{
    pair p;

    p.server = server_of_bytes(quota);
    p.client = client();
    return p;
}

void leave(HANDLE *end)
{
    if (*end != INVALID_HANDLE_VALUE)
        CloseHandle(*end);
    *end = INVALID_HANDLE_VALUE;
}

void pair_close(pair *p)
{
    leave(&p->client);
    leave(&p->server);
}

const char *opened(HANDLE end)
{
    if (end == INVALID_HANDLE_VALUE)
        return code(GetLastError());
    leave(&end);
    return "opened";
}

/* ---- requests ---- */

static void prepare(request *r, HANDLE end)
{
    memset(r, 0, sizeof(*r));
    r->end = end;
    r->overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
}

static void note(request *r, BOOL ok)
{
    r->error = ok ? 0 : GetLastError();
}

void begin_read(request *r, HANDLE end, DWORD size)
{
    prepare(r, end);
    r->is_read = true;
    note(r, ReadFile(end, r->data, size, NULL, &r->overlapped));
}

void begin_write(request *r, HANDLE end, const char *text)
{
    prepare(r, end);
    memcpy(r->data, text, strlen(text));
    note(r, WriteFile(end, r->data, (DWORD)strlen(text), NULL, &r->overlapped));
}

void begin_long_write(request *r, HANDLE end, DWORD size)
{
    prepare(r, end);
    for (DWORD i = 0; i < size; i++)
        r->data[i] = (BYTE)('a' + i % 26);
    note(r, WriteFile(end, r->data, size, NULL, &r->overlapped));
}

void begin_connect(request *r, HANDLE end)
{
    prepare(r, end);
    r->is_connect = true;
    note(r, ConnectNamedPipe(end, &r->overlapped));
}

/* What a request moved: short texts themselves, else their length. */
static const char *moved(const request *r, DWORD error, DWORD bytes)
{
    const char *more = error == ERROR_MORE_DATA ? "more data, " : "";

    if (error && error != ERROR_MORE_DATA)
        return bytes ? words("%s, %u bytes", code(error), (unsigned)bytes) : code(error);
    if (r->is_connect)
        return "connected";
    if (r->is_read && bytes && bytes <= 10)
        return words("%s\"%.*s\"", more, (int)bytes, (const char *)r->data);
    return words("%s%u bytes", more, (unsigned)bytes);
}

const char *said(const request *r)
{
    if (r->error == ERROR_IO_PENDING)
        return "waits";
    return moved(r, r->error, !r->error || r->error == ERROR_MORE_DATA ? (DWORD)r->overlapped.InternalHigh : 0);
}

const char *still(const request *r)
{
    return WaitForSingleObject(r->overlapped.hEvent, SOON_MS) == WAIT_TIMEOUT ? "still waits" : "has ended";
}

void forget(request *r)
{
    CloseHandle(r->overlapped.hEvent);
}

/* The result of a request that has ended. The end that it was of may be closed; the function asks for an open handle,
 * and without a wait does not look at it. */
static DWORD result_of(request *r, DWORD *bytes)
{
    HANDLE any =
        CreateNamedPipeW(PATH L".any", PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, 1, 0, 0, 0, NULL);
    DWORD error = GetOverlappedResult(any, &r->overlapped, bytes, FALSE) ? 0 : GetLastError();

    CloseHandle(any);
    return error;
}

/* The memory of a request that goes on must not go, so the program ends if it has to. */
static void cancel(request *r)
{
    CancelIoEx(r->end, &r->overlapped);
    if (WaitForSingleObject(r->overlapped.hEvent, PATIENCE_MS) == WAIT_OBJECT_0)
        return;
    tell("a request does not end, even cancelled", "the program ends here");
    exit(1);
}

const char *ended(request *r)
{
    const char *told = NULL;
    DWORD bytes = 0, error;

    if (r->error && r->error != ERROR_IO_PENDING && r->error != ERROR_MORE_DATA)
        told = said(r);
    else if (WaitForSingleObject(r->overlapped.hEvent, PATIENCE_MS) == WAIT_TIMEOUT)
    {
        told = "does not end";
        cancel(r);
    }
    else
    {
        error = result_of(r, &bytes);
        told = moved(r, error, bytes);
    }
    forget(r);
    return told;
}

const char *read_now(HANDLE end, DWORD size)
{
    request r;

    begin_read(&r, end, size);
    return ended(&r);
}

const char *write_now(HANDLE end, const char *text)
{
    request r;

    begin_write(&r, end, text);
    return ended(&r);
}

const char *connect_now(HANDLE end)
{
    request r;

    begin_connect(&r, end);
    return ended(&r);
}

const char *peeked(HANDLE end)
{
    DWORD waiting, left;

    if (!PeekNamedPipe(end, NULL, 0, NULL, &waiting, &left))
        return code(GetLastError());
    return words("%u bytes, %u of the first message", (unsigned)waiting, (unsigned)left);
}

/* ---- completion ports ---- */

const char *taken(HANDLE port)
{
    OVERLAPPED *overlapped;
    ULONG_PTR key = 0;
    DWORD bytes = 0, error;

    error = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, SOON_MS) ? 0 : GetLastError();
    if (!overlapped && error)
        return words("no packet, %s", code(error));
    return words("key %u, %u bytes, %s", (unsigned)key, (unsigned)bytes, code(error));
}

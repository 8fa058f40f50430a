#include "pipe/probe.h"

#define ANSWER_MS 1000 /* the answer of a request that should have ended comes within this time */

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static probe_answers found, pretended;
static bool pretending;

/* ---- one pipe, both its ends ---- */

typedef struct both_ends
{
    HANDLE server, client;
} both_ends;

static void close_ends(both_ends *p)
{
    if (p->client != INVALID_HANDLE_VALUE)
        CloseHandle(p->client);
    if (p->server != INVALID_HANDLE_VALUE)
        CloseHandle(p->server);
}

static bool open_ends(both_ends *p)
{
    static LONG serial;
    WCHAR name[80];

    p->client = INVALID_HANDLE_VALUE;
    wsprintfW(name, L"\\\\.\\pipe\\NamedPipeServer.probe.%lu.%lu", GetCurrentProcessId(),
              (DWORD)InterlockedIncrement(&serial));
    p->server =
        CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                         PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS, 1, 256, 256, 0, NULL);
    if (p->server != INVALID_HANDLE_VALUE)
        p->client = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                                SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    return p->client != INVALID_HANDLE_VALUE;
}

/* The request must not outlive its memory. */
static void take_back(HANDLE server, OVERLAPPED *overlapped)
{
    DWORD bytes;

    CancelIoEx(server, overlapped);
    GetOverlappedResult(server, overlapped, &bytes, TRUE);
}

/* ---- reads of no bytes ---- */

/* Returns how a read of no bytes ends that has waited for the message of 2 bytes which this function writes.
 * WAIT_TIMEOUT: not. */
static DWORD watch_waiting_read(const both_ends *p, HANDLE ended)
{
    OVERLAPPED overlapped = {.hEvent = ended};
    DWORD bytes, error;
    BYTE none[1];

    error = ReadFile(p->server, none, 0, NULL, &overlapped) ? 0 : GetLastError();
    if (error != ERROR_IO_PENDING)
        return WAIT_TIMEOUT;
    if (!WriteFile(p->client, "12", 2, &bytes, NULL) || WaitForSingleObject(ended, ANSWER_MS) != WAIT_OBJECT_0)
    {
        take_back(p->server, &overlapped);
        return WAIT_TIMEOUT;
    }
    return GetOverlappedResult(p->server, &overlapped, &bytes, FALSE) ? 0 : GetLastError();
}

/* Returns how a read of no bytes ends if a message is there already. WAIT_TIMEOUT: not at once. */
static DWORD watch_read_at_once(const both_ends *p, HANDLE ended)
{
    OVERLAPPED overlapped = {.hEvent = ended};
    BYTE none[1];
    DWORD error = ReadFile(p->server, none, 0, NULL, &overlapped) ? 0 : GetLastError();

    if (error != ERROR_IO_PENDING)
        return error;
    take_back(p->server, &overlapped);
    return WAIT_TIMEOUT;
}

static empty_read_behaviour probe_reads_of_nothing(const both_ends *p)
{
    HANDLE ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD waited, at_once, left = 0;

    if (!ended)
        return EMPTY_READ_UNKNOWN;
    waited = watch_waiting_read(p, ended);
    at_once = waited == ERROR_MORE_DATA ? watch_read_at_once(p, ended) : WAIT_TIMEOUT;
    CloseHandle(ended);
    if ((at_once && at_once != ERROR_MORE_DATA) || !PeekNamedPipe(p->server, NULL, 0, NULL, NULL, &left) || left != 2)
        return EMPTY_READ_UNKNOWN;
    return at_once ? EMPTY_READ_TELLS : EMPTY_READ_PASSES;
}

/* ---- skip on success ---- */

/* Reads 1 of the 2 bytes in the pipe, and looks whether a packet came. */
static skip_behaviour watch_read(HANDLE server, HANDLE port)
{
    OVERLAPPED overlapped = {0}, *delivered;
    BYTE data[1];
    DWORD bytes;
    ULONG_PTR key;

    if (ReadFile(server, data, sizeof(data), NULL, &overlapped) || GetLastError() != ERROR_MORE_DATA)
    {
        take_back(server, &overlapped); /* not the case that this probe asks about */
        return SKIP_UNKNOWN;
    }
    GetQueuedCompletionStatus(port, &bytes, &key, &delivered, 0);
    return delivered ? SKIP_BUT_MORE_DATA_QUEUES : SKIP_MORE_DATA_TOO;
}

static skip_behaviour probe_skipping(const both_ends *p)
{
    HANDLE port;
    skip_behaviour answer = SKIP_UNKNOWN;
    DWORD bytes;

    if (!WriteFile(p->client, "12", 2, &bytes, NULL))
        return SKIP_UNKNOWN;
    port = CreateIoCompletionPort(p->server, NULL, 1, 1);
    if (port && SetFileCompletionNotificationModes(p->server, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS))
        answer = watch_read(p->server, port);
    if (port)
        CloseHandle(port);
    return answer;
}

/* ---- the answers ---- */

probe_answers probe_ask(void)
{
    probe_answers answers = {SKIP_UNKNOWN, EMPTY_READ_UNKNOWN};
    both_ends ends;

    if (open_ends(&ends))
        answers.skip_on_success = probe_skipping(&ends);
    close_ends(&ends);
    if (open_ends(&ends))
        answers.empty_read = probe_reads_of_nothing(&ends);
    close_ends(&ends);
    return answers;
}

static BOOL CALLBACK ask_once(INIT_ONCE *init, void *parameter, void **context)
{
    (void)init;
    (void)parameter;
    (void)context;
    found = probe_ask();
    return TRUE;
}

static const probe_answers *answers(void)
{
    if (pretending)
        return &pretended;
    InitOnceExecuteOnce(&once, ask_once, NULL, NULL);
    return &found;
}

skip_behaviour probe_skip_on_success(void)
{
    return answers()->skip_on_success;
}

empty_read_behaviour probe_empty_read(void)
{
    return answers()->empty_read;
}

void probe_pretend(probe_answers wanted)
{
    pretended = wanted;
    pretending = true;
}

void probe_pretend_nothing(void)
{
    pretending = false;
}

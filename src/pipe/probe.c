#include "pipe/probe.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static skip_behaviour found;
static bool pretending;
static skip_behaviour pretended;

/* Reads 1 of the 2 bytes in the pipe, and looks whether a packet came. */
static skip_behaviour watch_read(HANDLE server, HANDLE port)
{
    OVERLAPPED overlapped = {0}, *delivered;
    BYTE data[1];
    DWORD bytes;
    ULONG_PTR key;

    if (ReadFile(server, data, sizeof(data), NULL, &overlapped) || GetLastError() != ERROR_MORE_DATA)
    {
        /* Not the case that this probe asks about. The request must not outlive its memory. */
        CancelIoEx(server, &overlapped);
        GetOverlappedResult(server, &overlapped, &bytes, TRUE);
        return SKIP_UNKNOWN;
    }
    GetQueuedCompletionStatus(port, &bytes, &key, &delivered, 0);
    return delivered ? SKIP_BUT_MORE_DATA_QUEUES : SKIP_MORE_DATA_TOO;
}

skip_behaviour probe_ask(void)
{
    static LONG serial;
    WCHAR name[80];
    HANDLE server, client = INVALID_HANDLE_VALUE, port = NULL;
    DWORD bytes;
    skip_behaviour answer = SKIP_UNKNOWN;

    wsprintfW(name, L"\\\\.\\pipe\\NamedPipeServer.probe.%lu.%lu", GetCurrentProcessId(),
              (DWORD)InterlockedIncrement(&serial));
    server =
        CreateNamedPipeW(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                         PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_REJECT_REMOTE_CLIENTS, 1, 256, 256, 0, NULL);
    if (server == INVALID_HANDLE_VALUE)
        return SKIP_UNKNOWN;
    client = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                         SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    if (client == INVALID_HANDLE_VALUE)
        goto done;
    if (!WriteFile(client, "12", 2, &bytes, NULL))
        goto done;
    port = CreateIoCompletionPort(server, NULL, 1, 1);
    if (!port || !SetFileCompletionNotificationModes(server, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS))
        goto done;
    answer = watch_read(server, port);

done:
    if (client != INVALID_HANDLE_VALUE)
        CloseHandle(client);
    CloseHandle(server);
    if (port)
        CloseHandle(port);
    return answer;
}

static BOOL CALLBACK ask_once(INIT_ONCE *init, void *parameter, void **context)
{
    (void)init;
    (void)parameter;
    (void)context;
    found = probe_ask();
    return TRUE;
}

skip_behaviour probe_skip_on_success(void)
{
    if (pretending)
        return pretended;
    InitOnceExecuteOnce(&once, ask_once, NULL, NULL);
    return found;
}

void probe_pretend(skip_behaviour answer)
{
    pretended = answer;
    pretending = true;
}

void probe_pretend_nothing(void)
{
    pretending = false;
}

/* Requests of a thread that ends. */

#include "conform.h"

static request theirs;

static DWORD WINAPI begin_and_end(void *end)
{
    begin_read(&theirs, end, 10);
    return 0;
}

static void run_thread(HANDLE end)
{
    HANDLE thread = CreateThread(NULL, 0, begin_and_end, end, 0, NULL);

    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

void conform_ended_threads(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    pair p = pair_of_messages(100);

    run_thread(p.server);
    tell("its read, no port", still(&theirs));
    CancelIoEx(p.server, NULL);
    tell("how that ended", ended(&theirs));
    CreateIoCompletionPort(p.server, port, 7, 0);
    run_thread(p.server);
    tell("its read, bound to a port", still(&theirs));
    CancelIoEx(p.server, NULL);
    tell("how the one of the port ended", ended(&theirs));
    pair_close(&p);
    CloseHandle(port);
}

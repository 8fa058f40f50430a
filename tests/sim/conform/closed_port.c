/* A completion port is closed while a thread waits for a packet. Which of several threads gets a packet is left out:
 * Windows takes the one that waits least long, Wine the one that waits longest. */

#include "conform.h"

typedef struct waiter
{
    HANDLE port, begun;
    DWORD error;
    bool got_overlapped;
} waiter;

static DWORD WINAPI wait_for_packet(void *of)
{
    waiter *w = of;
    OVERLAPPED *overlapped;
    ULONG_PTR key;
    DWORD bytes;

    SetEvent(w->begun);
    w->error = GetQueuedCompletionStatus(w->port, &bytes, &key, &overlapped, 5000) ? 0 : GetLastError();
    w->got_overlapped = overlapped != NULL;
    return 0;
}

void conform_closed_port(void)
{
    waiter w = {0};
    HANDLE thread;

    w.port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    w.begun = CreateEventW(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, wait_for_packet, &w, 0, NULL);
    WaitForSingleObject(w.begun, INFINITE);
    Sleep(200); /* nothing tells that it waits */
    CloseHandle(w.port);
    WaitForSingleObject(thread, INFINITE);
    tell("a wait for a packet, the port is closed", code(w.error));
    tell("its OVERLAPPED", w.got_overlapped ? "is set" : "is NULL");
    CloseHandle(thread);
    CloseHandle(w.begun);
}

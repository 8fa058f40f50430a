/* WaitNamedPipe. Which of several waiting clients gets in is left out: it is not documented. */

#include "conform.h"

#define LONG_MS 5000

static HANDLE asked;

static DWORD WINAPI wait_long(void *answer)
{
    SetEvent(asked);
    *(DWORD *)answer = WaitNamedPipeW(PATH, LONG_MS) ? 0 : GetLastError();
    return 0;
}

static HANDLE begin_wait(DWORD *answer)
{
    HANDLE thread = CreateThread(NULL, 0, wait_long, answer, 0, NULL);

    WaitForSingleObject(asked, INFINITE);
    Sleep(200); /* nothing tells that it waits */
    return thread;
}

static const char *end_wait(HANDLE thread, const DWORD *answer)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return code(*answer);
}

static void tell_of_waits_that_end(pair *p)
{
    DWORD answer;
    HANDLE thread = begin_wait(&answer), other, guest;
    request wait;

    other = server_of_messages(100);
    tell("a wait, another instance is made", end_wait(thread, &answer));
    guest = client();
    thread = begin_wait(&answer);
    leave(&p->client);
    DisconnectNamedPipe(p->server);
    begin_connect(&wait, p->server);
    tell("a wait, the server disconnects and waits for the next", end_wait(thread, &answer));
    CancelIoEx(p->server, NULL);
    ended(&wait);
    leave(&guest);
    leave(&other);
}

static void tell_of_a_name_that_goes(void)
{
    pair p = pair_of_messages(100);
    DWORD answer;
    HANDLE thread = begin_wait(&answer);

    leave(&p.server);
    Sleep(100);
    leave(&p.client);
    tell("a wait, both ends of all instances are closed", end_wait(thread, &answer));
}

void conform_waiting(void)
{
    pair p;

    asked = CreateEventW(NULL, FALSE, FALSE, NULL);
    tell("no such name", result(WaitNamedPipeW(PATH, 100)));
    p.server = server_of_messages(100);
    tell("an instance listens", result(WaitNamedPipeW(PATH, 100)));
    p.client = client();
    tell("all are taken, for 100 ms", result(WaitNamedPipeW(PATH, 100)));
    tell("all are taken, for the time that the pipe was made with", result(WaitNamedPipeW(PATH, 0)));
    tell_of_waits_that_end(&p);
    p.client = client();
    leave(&p.server);
    tell("a client alone has the name", result(WaitNamedPipeW(PATH, 100)));
    pair_close(&p);
    tell_of_a_name_that_goes();
    CloseHandle(asked);
}

/* Events, and those of requests. */

#include "conform.h"

static const char *looked(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ? "set" : "not set";
}

static void tell_of_events(void)
{
    HANDLE automatic = CreateEventW(NULL, FALSE, TRUE, NULL), manual = CreateEventW(NULL, TRUE, TRUE, NULL), both[2];

    tell("auto-reset, made set: the first look", looked(automatic));
    tell("auto-reset: the second look", looked(automatic));
    SetEvent(automatic);
    SetEvent(automatic);
    tell("auto-reset, set twice: the first look", looked(automatic));
    tell("auto-reset, set twice: the second look", looked(automatic));
    looked(manual);
    tell("manual-reset: the second look", looked(manual));
    ResetEvent(manual);
    tell("manual-reset, reset", looked(manual));
    tell("a wait of 50 ms for it", code(WaitForSingleObject(manual, 50)));
    SetEvent(automatic);
    SetEvent(manual);
    both[0] = manual;
    both[1] = automatic;
    tell("a wait for two that are set", words("the one at %u", (unsigned)WaitForMultipleObjects(2, both, FALSE, 0)));
    tell("the other, auto-reset, after that", looked(automatic));
    CloseHandle(automatic);
    CloseHandle(manual);
}

static void tell_of_requests(pair *p)
{
    request read;

    begin_read(&read, p->server, 10);
    tell("the event of a read that waits", looked(read.overlapped.hEvent));
    write_now(p->client, "abc");
    WaitForSingleObject(read.overlapped.hEvent, 2000);
    tell("that of a read that has ended", looked(read.overlapped.hEvent));
    ended(&read);
    write_now(p->client, "abc");
    begin_read(&read, p->server, 10);
    tell("that of a read that succeeds at once", looked(read.overlapped.hEvent));
    SetEvent(read.overlapped.hEvent);
    ReadFile(p->server, read.data, 10, NULL, &read.overlapped);
    tell("an event that was set, a read begins with it", looked(read.overlapped.hEvent));
    CancelIoEx(p->server, NULL);
    ended(&read);
}

void conform_events(void)
{
    pair p = pair_of_messages(100);

    tell_of_events();
    tell_of_requests(&p);
    pair_close(&p);
}

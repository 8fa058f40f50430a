/* The packets of a completion port. */

#include "conform.h"

static void tell_of_posts(HANDLE port)
{
    OVERLAPPED any = {0};

    tell("no packet for 100 ms", taken(port));
    PostQueuedCompletionStatus(port, 11, 1, &any);
    PostQueuedCompletionStatus(port, 22, 2, NULL);
    tell("two posts: the first packet", taken(port));
    tell("two posts: the second packet", taken(port));
}

static void tell_of_requests(HANDLE port, pair *p)
{
    request read, write;

    begin_read(&read, p->server, 10);
    tell("a read that waits", taken(port));
    begin_write(&write, p->client, "abc");
    tell("a read ends, then a write at once: the first packet", taken(port));
    tell("a read ends, then a write at once: the second packet", taken(port));
    tell("the read", ended(&read));
    forget(&write);

    begin_read(&read, p->server, 2);
    write_now(p->client, "abc");
    tell("a read ends with more data", taken(port));
    taken(port);
    forget(&read);
    begin_read(&read, p->server, 0);
    forget(&read);
    taken(port);
    read_now(p->server, 10);
    tell("a read that succeeds at once", taken(port));
}

static void tell_of_failures(HANDLE port, pair *p)
{
    request read;

    begin_read(&read, p->server, 10);
    CancelIoEx(p->server, NULL);
    tell("a read that is cancelled", taken(port));
    tell("that read", ended(&read));
    begin_read(&read, p->server, 10);
    leave(&p->client);
    tell("a read whose client closes", taken(port));
    tell("the read whose client closed", ended(&read));
    read_now(p->server, 10);
    tell("a read that fails at once", taken(port));
}

/* The lowest bit of the event's handle asks for no packet. */
static void tell_of_the_bit(HANDLE port, pair *p)
{
    OVERLAPPED overlapped = {0};
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    BYTE data[10];

    overlapped.hEvent = (HANDLE)((ULONG_PTR)event | 1);
    ReadFile(p->server, data, sizeof(data), NULL, &overlapped);
    write_now(p->client, "abc");
    taken(port);
    tell("a read that asks for no packet", WaitForSingleObject(event, 100) == WAIT_OBJECT_0 ? "ends" : "waits");
    tell("its packet", taken(port));
    CloseHandle(event);
}

void conform_packets(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    pair p = pair_of_messages(100);

    tell_of_posts(port);
    tell("CreateIoCompletionPort, an end", result(CreateIoCompletionPort(p.server, port, 7, 0) == port));
    CreateIoCompletionPort(p.client, port, 8, 0);
    tell_of_requests(port, &p);
    tell_of_the_bit(port, &p);
    tell_of_failures(port, &p);
    pair_close(&p);
    CloseHandle(port);

    p = pair_of_messages(100);
    port = CreateIoCompletionPort(p.server, NULL, 9, 0);
    tell("CreateIoCompletionPort, an end and a new port", result(port != NULL));
    write_now(p.server, "abc");
    tell("a packet of the new port", taken(port));
    pair_close(&p);
    CloseHandle(port);
}

/* What stands in an OVERLAPPED, and what the functions tell of it. */

#include "conform.h"

static const char *contents(const request *r)
{
    return words("Internal %#x, InternalHigh %u", (unsigned)r->overlapped.Internal,
                 (unsigned)r->overlapped.InternalHigh);
}

static const char *asked(request *r)
{
    DWORD bytes = 77;
    BOOL ok = GetOverlappedResult(r->end, &r->overlapped, &bytes, FALSE);
    DWORD error = ok ? 0 : GetLastError();

    return error == ERROR_IO_INCOMPLETE ? code(error) : words("%s, %u", code(error), (unsigned)bytes);
}

static void tell_of_a_success(pair *p)
{
    request read;

    begin_read(&read, p->server, 10);
    tell("a read that waits: HasOverlappedIoCompleted",
         HasOverlappedIoCompleted(&read.overlapped) ? "completed" : "not completed");
    tell("a read that waits: GetOverlappedResult", asked(&read));
    write_now(p->client, "abc");
    WaitForSingleObject(read.overlapped.hEvent, 2000);
    tell("it has ended: its OVERLAPPED", contents(&read));
    tell("it has ended: GetOverlappedResult", asked(&read));
    ended(&read);
}

static void tell_of_more_data(pair *p)
{
    OVERLAPPED overlapped = {0};
    BYTE data[10];
    DWORD bytes = 77, error;
    request read;

    begin_read(&read, p->server, 2);
    write_now(p->client, "abc");
    WaitForSingleObject(read.overlapped.hEvent, 2000);
    tell("more data after a wait: its OVERLAPPED", contents(&read));
    tell("more data after a wait: GetOverlappedResult", asked(&read));
    forget(&read);
    overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    error = ReadFile(p->server, data, 10, &bytes, &overlapped) ? 0 : GetLastError();
    tell("success at once: what ReadFile tells", words("%s, %u", code(error), (unsigned)bytes));
    write_now(p->client, "abc");
    bytes = 77;
    error = ReadFile(p->server, data, 2, &bytes, &overlapped) ? 0 : GetLastError();
    tell("more data at once: what ReadFile tells", words("%s, %u", code(error), (unsigned)bytes));
    tell("more data at once: InternalHigh", words("%u", (unsigned)overlapped.InternalHigh));
    ReadFile(p->server, data, 10, NULL, &overlapped);
    bytes = 77;
    error = ReadFile(p->server, data, 10, &bytes, &overlapped) ? 0 : GetLastError();
    tell("a read that waits: what ReadFile tells", words("%s, %u", code(error), (unsigned)bytes));
    CancelIoEx(p->server, NULL);
    GetOverlappedResult(p->server, &overlapped, &bytes, TRUE);
    CloseHandle(overlapped.hEvent);
}

static void tell_of_failures(pair *p)
{
    request read;

    begin_read(&read, p->server, 10);
    CancelIoEx(p->server, NULL);
    WaitForSingleObject(read.overlapped.hEvent, 2000);
    tell("a cancelled read: its OVERLAPPED", contents(&read));
    tell("a cancelled read: GetOverlappedResult", asked(&read));
    forget(&read);
    begin_read(&read, p->server, 10);
    leave(&p->client);
    WaitForSingleObject(read.overlapped.hEvent, 2000);
    tell("a read whose client closes: its OVERLAPPED", contents(&read));
    forget(&read);
    begin_read(&read, p->server, 10);
    tell("a read that fails at once: its OVERLAPPED", contents(&read));
    forget(&read);
    begin_connect(&read, p->server);
    tell("a ConnectNamedPipe that fails at once: its OVERLAPPED", contents(&read));
    forget(&read);
}

void conform_results(void)
{
    pair p = pair_of_messages(100);

    tell_of_a_success(&p);
    tell_of_more_data(&p);
    tell_of_failures(&p);
    pair_close(&p);
}

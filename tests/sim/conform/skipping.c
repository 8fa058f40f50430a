/* FILE_SKIP_COMPLETION_PORT_ON_SUCCESS. */

#include "conform.h"

void conform_skipping(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    pair p = pair_of_messages(100);
    request read;

    CreateIoCompletionPort(p.server, port, 7, 0);
    tell("SetFileCompletionNotificationModes",
         result(SetFileCompletionNotificationModes(p.server, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS)));
    tell("a write that succeeds at once", write_now(p.server, "abc"));
    tell("its packet", taken(port));
    read_now(p.client, 10);

    write_now(p.client, "abc");
    tell("a read that succeeds at once", read_now(p.server, 10));
    tell("the packet of that read", taken(port));

    write_now(p.client, "abc");
    begin_read(&read, p.server, 2);
    tell("a read that ends at once with more data", said(&read));
    tell("the packet of more data at once", taken(port));
    forget(&read);
    read_now(p.server, 10);

    begin_read(&read, p.server, 10);
    write_now(p.client, "abc");
    tell("a read that waited", ended(&read));
    tell("the packet of a read that waited", taken(port));

    begin_read(&read, p.server, 2);
    write_now(p.client, "abc");
    tell("a read that waited, then more data", ended(&read));
    tell("the packet of more data after a wait", taken(port));
    pair_close(&p);
    CloseHandle(port);
}

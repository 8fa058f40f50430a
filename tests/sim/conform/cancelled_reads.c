/* Reads that are cancelled. */

#include "conform.h"

void conform_cancelled_reads(void)
{
    pair p = pair_of_messages(1000);
    request first, second;

    tell("CancelIoEx, nothing is under way", result(CancelIoEx(p.server, NULL)));
    begin_read(&first, p.server, 10);
    begin_read(&second, p.server, 10);
    tell("CancelIoEx, one of two reads", result(CancelIoEx(p.server, &first.overlapped)));
    tell("the read that was cancelled", ended(&first));
    tell("the other", still(&second));
    tell("CancelIoEx, that read again", result(CancelIoEx(p.server, &first.overlapped)));
    write_now(p.client, "abc");
    tell("a message comes to the other", ended(&second));
    tell("CancelIoEx, a read that has ended", result(CancelIoEx(p.server, &second.overlapped)));

    begin_read(&first, p.server, 10);
    begin_read(&second, p.server, 10);
    tell("CancelIoEx, all", result(CancelIoEx(p.server, NULL)));
    tell("the first of all", ended(&first));
    tell("the second of all", ended(&second));

    begin_read(&first, p.server, 10);
    tell("CancelIoEx, the other end's requests", result(CancelIoEx(p.client, NULL)));
    tell("a read of this end meanwhile", still(&first));
    CancelIoEx(p.server, NULL);
    ended(&first);
    write_now(p.client, "abc");
    tell("a message after a cancelled read", read_now(p.server, 10));
    pair_close(&p);
}

/* Writes that are cancelled while they wait for room. */

#include "conform.h"

static void tell_of_unread(pair *p)
{
    request large, next;

    begin_long_write(&large, p->client, 1500);
    begin_write(&next, p->client, "next");
    tell("a write behind one that waits", said(&next));
    tell("CancelIoEx, the one that waits", result(CancelIoEx(p->client, &large.overlapped)));
    tell("the cancelled write", ended(&large));
    tell("the write behind it", ended(&next));
    tell("a peek", peeked(p->server));
    tell("a read", read_now(p->server, 2000));
}

static void tell_of_half_read(pair *p)
{
    request large, next;

    begin_long_write(&large, p->client, 3000);
    tell("a read of 500 of 3000", read_now(p->server, 500));
    begin_write(&next, p->client, "next");
    tell("the rest of 3000: a peek", peeked(p->server));
    CancelIoEx(p->client, &large.overlapped);
    tell("a write that was half read, cancelled", ended(&large));
    ended(&next);
    tell("half read and cancelled: a peek", peeked(p->server));
    tell("half read and cancelled: a read", read_now(p->server, 2000));
}

static void tell_of_the_last(pair *p)
{
    request large, read;

    begin_long_write(&large, p->client, 3000);
    read_now(p->server, 500);
    CancelIoEx(p->client, &large.overlapped);
    ended(&large);
    tell("half read, cancelled and alone: a peek", peeked(p->server));
    begin_read(&read, p->server, 100);
    tell("half read, cancelled and alone: a read", said(&read));
    write_now(p->client, "abc");
    tell("a message comes to that read", ended(&read));
}

static void tell_of_one_taken_by_a_read(pair *p)
{
    request read, large;

    begin_read(&read, p->server, 100);
    begin_long_write(&large, p->client, 3000);
    tell("a read of 100 waited, a write of 3000", ended(&read));
    CancelIoEx(p->client, &large.overlapped);
    tell("that write, cancelled", ended(&large));
    tell("what is left of it: a peek", peeked(p->server));
}

void conform_cancelled_writes(void)
{
    pair p = pair_of_messages(1000);

    tell_of_unread(&p);
    tell_of_half_read(&p);
    tell_of_the_last(&p);
    tell_of_one_taken_by_a_read(&p);
    tell("CancelIoEx, nothing waits", result(CancelIoEx(p.client, NULL)));
    pair_close(&p);
}

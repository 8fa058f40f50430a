/* A write for which the pipe has no room waits. */

#include "conform.h"

#define QUOTA 1000

static void tell_of_one(pair *p)
{
    request large;

    begin_long_write(&large, p->client, QUOTA);
    tell("a write that fills the pipe", ended(&large));
    read_now(p->server, 2000);
    begin_long_write(&large, p->client, 1500);
    tell("a write of 1500 into room for 1000", said(&large));
    tell("that message: a peek", peeked(p->server));
    tell("that message: a read of 400", read_now(p->server, 400));
    tell("the write, 1100 left", still(&large));
    tell("that message: a read of 100", read_now(p->server, 100));
    tell("the write, 1000 left", ended(&large));
    tell("that message: the rest", read_now(p->server, 2000));
}

static void tell_of_many(pair *p)
{
    request first, second, small;

    begin_long_write(&first, p->client, 800);
    begin_long_write(&second, p->client, 800);
    begin_write(&small, p->client, "small");
    tell("800 of 1000: a write of 800", said(&first));
    tell("a second write of 800", said(&second));
    tell("a small write behind one that waits", said(&small));
    tell("a write of nothing behind those that wait", write_now(p->client, ""));
    tell("all of them: a peek", peeked(p->server));
    tell("the first: a read", read_now(p->server, 2000));
    tell("the second write, its message is unread", ended(&second));
    tell("the small write, its message is unread", ended(&small));
    forget(&first);
    tell("the second: a read", read_now(p->server, 2000));
    tell("the small one: a read", read_now(p->server, 2000));
    tell("the empty one: a read", read_now(p->server, 2000));
}

static void tell_of_readers(pair *p)
{
    request read, large;

    begin_read(&read, p->server, 600);
    begin_long_write(&large, p->client, 1700);
    tell("a read of 600 waits: a write of 1700", said(&large));
    tell("that read of 600", ended(&read));
    tell("what did not fit: a peek", peeked(p->server));
    tell("what did not fit: a read of 100", read_now(p->server, 100));
    tell("that write of 1700", ended(&large));
    read_now(p->server, 2000);
}

static void tell_of_no_room(void)
{
    pair p = pair_of_messages(0);
    request write;

    begin_write(&write, p.client, "abc");
    tell("a pipe made with no room: a write of 3", said(&write));
    tell("a pipe made with no room: a read", read_now(p.server, 10));
    tell("a pipe made with no room: that write", ended(&write));
    pair_close(&p);
}

void conform_quotas(void)
{
    pair p = pair_of_messages(QUOTA);

    tell_of_one(&p);
    tell_of_many(&p);
    tell_of_readers(&p);
    pair_close(&p);
    tell_of_no_room();
}

/* A pipe of messages that is read in messages. */

#include "conform.h"

static void tell_of_pieces(pair *p)
{
    write_now(p->client, "abcdef");
    write_now(p->client, "gh");
    tell("two messages in the pipe: a peek", peeked(p->server));
    tell("a read with room for 4 of 6", read_now(p->server, 4));
    tell("a peek behind it", peeked(p->server));
    tell("a read with room for all", read_now(p->server, 100));
    tell("the next read", read_now(p->server, 100));
    tell("an empty pipe: a peek", peeked(p->server));
}

static void tell_of_waiting_reads(pair *p)
{
    request read;

    begin_read(&read, p->server, 10);
    tell("a read of an empty pipe", said(&read));
    write_now(p->client, "abc");
    tell("a message comes to it", ended(&read));
    begin_read(&read, p->server, 2);
    tell("a write of 3 to a read that waits with room for 2", write_now(p->client, "abc"));
    tell("that read", ended(&read));
    tell("a peek behind that read", peeked(p->server));
    tell("the rest", read_now(p->server, 10));
}

static void tell_of_two_reads(pair *p)
{
    request first, second;

    begin_read(&first, p->server, 10);
    begin_read(&second, p->server, 10);
    write_now(p->client, "abc");
    tell("two reads wait: the first", ended(&first));
    tell("two reads wait: the second", still(&second));
    write_now(p->client, "def");
    tell("the next message: the second", ended(&second));
    begin_read(&first, p->server, 2);
    begin_read(&second, p->server, 10);
    write_now(p->client, "abcde");
    tell("one message for two reads: the first", ended(&first));
    tell("one message for two reads: the second", ended(&second));
}

static void tell_of_empty_messages(pair *p)
{
    request read;

    tell("a write of nothing", write_now(p->client, ""));
    write_now(p->client, "abc");
    tell("an empty message is the first: a peek", peeked(p->server));
    tell("an empty message: a read", read_now(p->server, 10));
    tell("behind an empty message: a read", read_now(p->server, 10));
    begin_read(&read, p->server, 10);
    write_now(p->client, "");
    tell("an empty message for a read that waits", ended(&read));
}

static void tell_of_reads_of_nothing(pair *p)
{
    request read;

    begin_read(&read, p->server, 0);
    tell("a read with no room, an empty pipe", said(&read));
    write_now(p->client, "abc");
    tell("a read with no room that waited, a message of 3", ended(&read));
    tell("behind it: a peek", peeked(p->server));
    tell("a read with no room, a message is there", read_now(p->server, 0));
    tell("behind that: a read", read_now(p->server, 10));
    begin_read(&read, p->server, 0);
    write_now(p->client, "");
    tell("a read with no room that waited, an empty message", ended(&read));
    write_now(p->client, "");
    write_now(p->client, "abc");
    tell("a read with no room, an empty message is there", read_now(p->server, 0));
    tell("behind that read of the empty one: a read", read_now(p->server, 10));
    read_now(p->server, 10);
}

void conform_messages(void)
{
    pair p = pair_of_messages(1000);

    tell_of_pieces(&p);
    tell_of_waiting_reads(&p);
    tell_of_two_reads(&p);
    tell_of_empty_messages(&p);
    tell_of_reads_of_nothing(&p);
    pair_close(&p);
}

/* One end is closed while requests wait and data lies in the pipe. */

#include "conform.h"

/* What the one that stays has under way when the other closes, and what it reads then. */
static void tell_of(const char *who, HANDLE *stays, HANDLE *leaves)
{
    request read, own_read;

    begin_read(&read, *stays, 10);
    begin_read(&own_read, *leaves, 10);
    leave(leaves);
    tell(words("%s closes: its own read", who), ended(&own_read));
    tell(words("%s closes: a read of the other", who), ended(&read));
    tell(words("%s closed: another read", who), read_now(*stays, 10));
    tell(words("%s closed: a write", who), write_now(*stays, "abc"));
    tell(words("%s closed: a peek", who), peeked(*stays));
    leave(stays);
}

static void tell_of_unread(const char *who, HANDLE *stays, HANDLE *leaves)
{
    write_now(*leaves, "abc");
    write_now(*stays, "lost");
    leave(leaves);
    tell(words("%s closed behind a message: a peek", who), peeked(*stays));
    tell(words("%s closed behind a message: a read of 2 of 3", who), read_now(*stays, 2));
    tell(words("%s closed behind a message: the rest", who), read_now(*stays, 10));
    tell(words("%s closed behind a message: the next read", who), read_now(*stays, 10));
    tell(words("%s closed behind a message: a peek then", who), peeked(*stays));
    leave(stays);
}

static void tell_of_waiting_writes(const char *who, HANDLE *stays, HANDLE *leaves)
{
    request own, others, behind;

    begin_long_write(&own, *leaves, 1500);
    begin_long_write(&others, *stays, 1500);
    begin_write(&behind, *stays, "abc");
    leave(leaves);
    tell(words("%s closes: a write of the other that waits", who), ended(&others));
    tell(words("%s closes: a short one that waits behind it", who), ended(&behind));
    tell(words("%s closed with a write that waits: that write", who), still(&own));
    tell(words("%s closed with a write that waits: a peek", who), peeked(*stays));
    tell(words("%s closed with a write that waits: a read", who), read_now(*stays, 2000));
    tell(words("%s closed with a write that waits: that write then", who), ended(&own));
    leave(stays);
}

static void tell_of_a_write_that_nobody_reads(pair *p)
{
    request own;

    begin_long_write(&own, p->server, 1500);
    leave(&p->server);
    leave(&p->client);
    tell("both close: a write that waited", ended(&own));
}

void conform_closing(void)
{
    pair p = pair_of_messages(1000);

    tell_of("the server", &p.client, &p.server);
    p = pair_of_messages(1000);
    tell_of("the client", &p.server, &p.client);
    p = pair_of_messages(1000);
    tell_of_unread("the server", &p.client, &p.server);
    p = pair_of_messages(1000);
    tell_of_unread("the client", &p.server, &p.client);
    p = pair_of_messages(1000);
    tell_of_waiting_writes("the server", &p.client, &p.server);
    p = pair_of_messages(1000);
    tell_of_waiting_writes("the client", &p.server, &p.client);
    p = pair_of_messages(1000);
    tell_of_a_write_that_nobody_reads(&p);
}

/* The server disconnects its client. */

#include "conform.h"

static void tell_of_requests(pair *p)
{
    request own, others;

    begin_read(&own, p->server, 10);
    begin_read(&others, p->client, 10);
    tell("DisconnectNamedPipe", result(DisconnectNamedPipe(p->server)));
    tell("a read of the server", ended(&own));
    tell("a read of the client", ended(&others));
    tell("the client then: a read", read_now(p->client, 10));
    tell("the client then: a write", write_now(p->client, "abc"));
    tell("the client then: a peek", peeked(p->client));
}

static void tell_of_unread(pair *p)
{
    request large;

    write_now(p->server, "abc");
    begin_long_write(&large, p->client, 1500);
    DisconnectNamedPipe(p->server);
    tell("a write that waits", ended(&large));
    tell("an unread message: a read", read_now(p->client, 10));
    tell("an unread message: a peek of the server", peeked(p->server));
}

void conform_disconnecting(void)
{
    pair p = pair_of_messages(1000);
    HANDLE next;
    request wait;

    tell_of_requests(&p);
    begin_connect(&wait, p.server);
    tell("ConnectNamedPipe, the old client is still open", said(&wait));
    next = client();
    tell("another client opens", result(next != INVALID_HANDLE_VALUE));
    tell("ConnectNamedPipe then", ended(&wait));
    tell("the old client: a read", read_now(p.client, 10));
    read_messages(next);
    write_now(next, "hello");
    tell("the server reads of the new client", read_now(p.server, 10));
    leave(&next);
    pair_close(&p);

    p = pair_of_messages(1000);
    tell_of_unread(&p);
    leave(&p.client);
    begin_connect(&wait, p.server);
    tell("DisconnectNamedPipe, a wait for a client", result(DisconnectNamedPipe(p.server)));
    tell("that wait", ended(&wait));
    pair_close(&p);
}

/* Pipes that are read in bytes: of bytes, and of messages. */

#include "conform.h"

static void tell_of(const char *type, pair *p)
{
    request read;

    write_now(p->server, "abc");
    write_now(p->server, "def");
    tell(words("%s: a peek at two writes of 3", type), peeked(p->client));
    tell(words("%s: a read of 4", type), read_now(p->client, 4));
    tell(words("%s: a peek behind it", type), peeked(p->client));
    tell(words("%s: a read of more than there is", type), read_now(p->client, 10));
    begin_read(&read, p->client, 2);
    write_now(p->server, "abc");
    tell(words("%s: a read of 2 waited, a write of 3", type), ended(&read));
    tell(words("%s: the rest", type), read_now(p->client, 10));
}

static void tell_of_writes_of_nothing(const char *type, pair *p)
{
    request read;

    begin_read(&read, p->client, 10);
    tell(words("%s: a write of nothing", type), write_now(p->server, ""));
    tell(words("%s: a read that waited for it", type), still(&read));
    write_now(p->server, "x");
    tell(words("%s: that read, when a byte has come", type), ended(&read));
}

void conform_bytes(void)
{
    pair p = pair_of_bytes(1000);
    DWORD mode = PIPE_READMODE_MESSAGE;
    request read;

    tell_of("bytes", &p);
    tell_of_writes_of_nothing("bytes", &p);
    tell("bytes: reading messages", result(SetNamedPipeHandleState(p.client, &mode, NULL, NULL)));
    pair_close(&p);

    p = pair_of_messages(1000);
    mode = PIPE_READMODE_BYTE;
    tell("messages: reading bytes", result(SetNamedPipeHandleState(p.client, &mode, NULL, NULL)));
    tell_of("messages read as bytes", &p);
    write_now(p.server, "");
    write_now(p.server, "abc");
    tell("messages read as bytes: a read, an empty message before three bytes", read_now(p.client, 10));
    write_now(p.server, "abc");
    write_now(p.server, "");
    tell("messages read as bytes: a read, an empty message behind three bytes", read_now(p.client, 10));
    begin_read(&read, p.client, 10);
    tell("messages read as bytes: the next read", said(&read));
    if (read.error == ERROR_IO_PENDING)
        write_now(p.server, "x");
    ended(&read);
    pair_close(&p);
}

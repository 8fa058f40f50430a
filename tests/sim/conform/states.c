/* What each state of a pipe allows: listening, connected, closing, disconnected. */

#include "conform.h"

static void tell_of(const char *state, HANDLE end)
{
    tell(words("%s: a read", state), read_now(end, 10));
    tell(words("%s: a write", state), write_now(end, "hi"));
    tell(words("%s: a peek", state), peeked(end));
}

void conform_states(void)
{
    HANDLE server = server_of_messages(100), guest;
    request listening;

    tell_of("server, nobody has come", server);
    begin_connect(&listening, server);
    tell("ConnectNamedPipe, nobody has come", said(&listening));
    guest = client();
    tell("ConnectNamedPipe, when a client opens", ended(&listening));
    tell("ConnectNamedPipe, connected", connect_now(server));
    tell("server, connected: a peek", peeked(server));
    leave(&guest);
    tell_of("server, the client has closed", server);
    tell("ConnectNamedPipe, the client has closed", connect_now(server));
    tell("DisconnectNamedPipe, the client has closed", result(DisconnectNamedPipe(server)));
    tell_of("server, disconnected", server);
    tell("DisconnectNamedPipe, disconnected", result(DisconnectNamedPipe(server)));
    tell("CreateFile, the only instance is disconnected", opened(client()));
    leave(&server);

    server = server_of_messages(100);
    guest = client();
    tell("ConnectNamedPipe, a client came before", connect_now(server));
    tell("ConnectNamedPipe, the client's end", connect_now(guest));
    leave(&server);
    tell_of("client, the server has closed", guest);
    leave(&guest);
}

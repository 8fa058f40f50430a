/* A wait for a client that is cancelled, or whose end is closed. */

#include "conform.h"

void conform_cancelled_connects(void)
{
    HANDLE server = server_of_messages(100), guest;
    request wait;

    begin_connect(&wait, server);
    tell("CancelIoEx, a wait for a client", result(CancelIoEx(server, &wait.overlapped)));
    tell("the cancelled wait", ended(&wait));
    tell("CancelIoEx, no wait is left", result(CancelIoEx(server, NULL)));
    guest = client();
    tell("a client comes all the same", result(guest != INVALID_HANDLE_VALUE));
    tell("ConnectNamedPipe, after it came", connect_now(server));
    leave(&guest);
    DisconnectNamedPipe(server);

    begin_connect(&wait, server);
    CancelIoEx(server, NULL);
    tell("a wait after DisconnectNamedPipe, cancelled", ended(&wait));
    begin_connect(&wait, server);
    tell("ConnectNamedPipe again", said(&wait));
    guest = client();
    tell("a client comes to it", ended(&wait));
    leave(&guest);
    DisconnectNamedPipe(server);

    begin_connect(&wait, server);
    leave(&server);
    tell("a wait whose end is closed", ended(&wait));
}

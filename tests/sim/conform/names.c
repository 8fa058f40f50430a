/* A name lives as long as any end of any instance. */

#include "conform.h"

static HANDLE first_instance(DWORD mode)
{
    return CreateNamedPipeW(PATH, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE, mode,
                            PIPE_UNLIMITED_INSTANCES, 100, 100, 0, NULL);
}

void conform_names(void)
{
    pair p = pair_of_messages(100);
    HANDLE other;
    DWORD flags = 0;

    tell("FIRST_PIPE_INSTANCE, a server has the name", opened(first_instance(PIPE_TYPE_MESSAGE)));
    leave(&p.server);
    tell("CreateFile, a client alone has the name", opened(client()));
    tell("FIRST_PIPE_INSTANCE, a client alone has the name", opened(first_instance(PIPE_TYPE_MESSAGE)));
    other = server_of_bytes(100);
    tell("an instance of bytes, a client alone has the name", result(other != INVALID_HANDLE_VALUE));
    if (other != INVALID_HANDLE_VALUE)
    {
        GetNamedPipeInfo(other, &flags, NULL, NULL, NULL);
        tell("it is a pipe", flags & PIPE_TYPE_MESSAGE ? "of messages" : "of bytes");
    }
    leave(&other);
    leave(&p.client);
    tell("FIRST_PIPE_INSTANCE, the client has closed too", opened(first_instance(PIPE_TYPE_MESSAGE)));

    p = pair_of_messages(100);
    DisconnectNamedPipe(p.server);
    leave(&p.server);
    tell("FIRST_PIPE_INSTANCE, a disconnected client is left", opened(first_instance(PIPE_TYPE_MESSAGE)));
    pair_close(&p);
}

/* What an end tells of its pipe. */

#include "conform.h"

static const char *info(HANDLE end)
{
    DWORD flags, instances;

    if (!GetNamedPipeInfo(end, &flags, NULL, NULL, &instances))
        return code(GetLastError());
    return words("%s end, of %s, %u instances", flags & PIPE_SERVER_END ? "server" : "client",
                 flags & PIPE_TYPE_MESSAGE ? "messages" : "bytes", (unsigned)instances);
}

static const char *client_process(HANDLE end)
{
    ULONG process;

    if (!GetNamedPipeClientProcessId(end, &process))
        return code(GetLastError());
    return process == GetCurrentProcessId() ? "this process" : "another process";
}

void conform_handle_state(void)
{
    pair p;
    DWORD mode = PIPE_READMODE_MESSAGE;

    p.server = CreateNamedPipeW(PATH, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 3, 100, 100, 0, NULL);
    tell("GetNamedPipeInfo, the server listens", info(p.server));
    p.client = client();
    tell("GetNamedPipeInfo, the server", info(p.server));
    tell("GetNamedPipeInfo, the client", info(p.client));
    tell("GetNamedPipeClientProcessId, the server", client_process(p.server));
    write_now(p.server, "abc");
    tell("a client that has not asked for messages: a read of 2 of 3", read_now(p.client, 2));
    tell("SetNamedPipeHandleState", result(SetNamedPipeHandleState(p.client, &mode, NULL, NULL)));
    read_now(p.client, 10);
    write_now(p.server, "abc");
    tell("a client that reads messages: a read of 2 of 3", read_now(p.client, 2));
    DisconnectNamedPipe(p.server);
    tell("GetNamedPipeInfo, the server has disconnected", info(p.server));
    tell("GetNamedPipeInfo, a disconnected client", info(p.client));
    tell("SetNamedPipeHandleState, a disconnected client",
         result(SetNamedPipeHandleState(p.client, &mode, NULL, NULL)));
    pair_close(&p);
}

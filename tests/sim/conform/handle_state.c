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

typedef BOOL(WINAPI *process_of)(HANDLE end, ULONG *process);

static const char *process(process_of function, HANDLE end)
{
    ULONG number;

    if (!function(end, &number))
        return code(GetLastError());
    return number == GetCurrentProcessId() ? "this process" : "another process";
}

/* FilePipeLocalInformation, which has the pipe's state as its ninth number. */
static const char *state(HANDLE end)
{
    static const char *const states[] = {"none", "disconnected", "listening", "connected", "closing"};
    typedef LONG(NTAPI * query)(HANDLE file, void *status, void *information, ULONG size, int kind);
    FARPROC found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryInformationFile");
    ULONG_PTR io_status[2];
    ULONG information[10];
    query function;
    LONG status;

    memcpy(&function, &found, sizeof(function));
    status = function(end, io_status, information, sizeof(information), 24);
    return status ? words("status %#x", (unsigned)status) : states[information[8] % 5];
}

static void tell_of_states(void)
{
    pair p;

    p.server = server_of_messages(100);
    p.client = INVALID_HANDLE_VALUE;
    tell("state, the server listens", state(p.server));
    pair_close(&p);
    p = pair_of_messages(100);
    tell("state, connected: the server", state(p.server));
    tell("state, connected: the client", state(p.client));
    DisconnectNamedPipe(p.server);
    tell("state, disconnected: the server", state(p.server));
    tell("state, disconnected: the client", state(p.client));
    pair_close(&p);
    p = pair_of_messages(100);
    leave(&p.client);
    tell("state, the client has closed", state(p.server));
    pair_close(&p);
    p = pair_of_messages(100);
    leave(&p.server);
    tell("state, the server has closed", state(p.client));
    pair_close(&p);
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
    tell("GetFileType", GetFileType(p.client) == FILE_TYPE_PIPE ? "a pipe" : "another");
    tell("GetNamedPipeClientProcessId, the server", process(GetNamedPipeClientProcessId, p.server));
    tell("GetNamedPipeServerProcessId, the client", process(GetNamedPipeServerProcessId, p.client));
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
    tell("GetNamedPipeClientProcessId, a disconnected client", process(GetNamedPipeClientProcessId, p.client));
    pair_close(&p);
    tell_of_states();
}

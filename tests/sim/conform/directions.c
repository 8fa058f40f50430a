/* A pipe that goes one way alone. */

#include "conform.h"

static HANDLE opens(DWORD access)
{
    return CreateFileW(PATH, access, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
}

void conform_directions(void)
{
    HANDLE guest, server = CreateNamedPipeW(PATH, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED,
                                            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 3, 100, 100, 0, NULL);

    tell("to the server: CreateFile to read", opened(opens(GENERIC_READ)));
    tell("to the server: CreateFile to read and write", opened(opens(GENERIC_READ | GENERIC_WRITE)));
    guest = opens(GENERIC_WRITE);
    tell("to the server: CreateFile to write", result(guest != INVALID_HANDLE_VALUE));
    tell("to the server: a write of the server", write_now(server, "abc"));
    tell("to the server: a read of the client", read_now(guest, 10));
    tell("to the server: a write of the client", write_now(guest, "abc"));
    tell("to the server: a read of the server", read_now(server, 10));
    tell("to the server: an instance that goes both ways", opened(server_of_messages(100)));
    leave(&guest);
    leave(&server);
}

/* thread_per_client PIPE ROLE [SIZE [TOTAL]]: as the example of Windows' documentation serves a pipe: a thread for each
 * client, with calls that wait. Each message costs the fewest calls, each client a thread and its stack. It cannot
 * broadcast: a handle that is opened so does one thing at a time, and each waits in its read. */

#include "role.h"

#include <stdio.h>
#include <stdlib.h>

static role what;

static bool write_answer(HANDLE pipe, const answer *out)
{
    DWORD i, bytes;

    for (i = 0; i < out->times; i++)
    {
        if (!WriteFile(pipe, out->data, out->bytes, &bytes, NULL))
            return false;
    }
    return true;
}

static DWORD WINAPI serve(void *pipe)
{
    BYTE *buffer = malloc(ROLE_BUFFER);
    DWORD bytes, received = 0;
    answer out;

    while (buffer && ReadFile(pipe, buffer, ROLE_BUFFER, &bytes, NULL))
    {
        role_meet(&what, &received, buffer, bytes, &out);
        if (!write_answer(pipe, &out))
            break;
    }
    free(buffer);
    CloseHandle(pipe);
    return 0;
}

int main(int argc, char **argv)
{
    char path[MAX_PATH];
    HANDLE pipe, thread;

    if (argc < 3)
        return 2;
    role_init(&what, argc - 2, argv + 2);
    role_path(argv[1], path);
    for (;;)
    {
        pipe = CreateNamedPipeA(path, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
                                PIPE_UNLIMITED_INSTANCES, 65536, 65536, 0, NULL);
        if (pipe == INVALID_HANDLE_VALUE)
            return 2;
        if (!ConnectNamedPipe(pipe, NULL) && GetLastError() != ERROR_PIPE_CONNECTED)
        {
            CloseHandle(pipe);
            continue;
        }
        thread = CreateThread(NULL, 0, serve, pipe, 0, NULL);
        if (!thread)
            return 2;
        CloseHandle(thread);
    }
}

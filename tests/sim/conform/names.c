/* A name lives as long as any end of any instance. */

#include "conform.h"

static HANDLE first_instance(DWORD mode)
{
    return CreateNamedPipeW(PATH, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE, mode,
                            PIPE_UNLIMITED_INSTANCES, 100, 100, 0, NULL);
}

static const char *listed(void)
{
    static const WCHAR name[] = L"conform";
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(L"\\\\.\\pipe\\*", &found);
    bool is_there = false;

    if (search == INVALID_HANDLE_VALUE)
        return words("FindFirstFile fails with %s", code(GetLastError()));
    do
        is_there |= !memcmp(found.cFileName, name, sizeof(name));
    while (FindNextFileW(search, &found));
    FindClose(search);
    return is_there ? "listed" : "not listed";
}

static void tell_of_the_list(void)
{
    HANDLE other = CreateNamedPipeW(PATH L".other", PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1, 0, 0, 0, NULL);
    pair p = pair_of_messages(100);

    tell("a name that both have", listed());
    leave(&p.server);
    tell("a name that a client alone has", listed());
    leave(&p.client);
    tell("a name that nobody has", listed());
    CloseHandle(other);
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
    tell_of_the_list();
}

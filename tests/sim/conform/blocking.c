/* Ends that are not overlapped: each call returns when its request has ended. */

#include "conform.h"

static const char *read_plain(HANDLE end, DWORD size)
{
    BYTE data[10];
    DWORD bytes = 77;
    BOOL ok = ReadFile(end, data, size, &bytes, NULL);
    DWORD error = ok ? 0 : GetLastError();

    return words("%s, %u bytes", code(error), (unsigned)bytes);
}

static DWORD WINAPI write_later(void *end)
{
    Sleep(100);
    write_now(end, "late");
    return 0;
}

void conform_blocking(void)
{
    HANDLE server = server_of_messages(1000), thread;
    HANDLE guest = CreateFileW(PATH, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    DWORD bytes = 77;
    BOOL ok;

    read_messages(guest);
    ok = WriteFile(guest, "abc", 3, &bytes, NULL);
    tell("a write", words("%s, %u bytes", result(ok), (unsigned)bytes));
    write_now(server, "abcdef");
    tell("a read of 4 of 6", read_plain(guest, 4));
    tell("the rest", read_plain(guest, 10));
    thread = CreateThread(NULL, 0, write_later, server, 0, NULL);
    tell("a read that waits for a message", read_plain(guest, 10));
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    leave(&server);
    tell("a read, the server has closed", read_plain(guest, 10));
    leave(&guest);
}

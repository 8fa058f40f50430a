#include "support/pipe/raw_server.h"

raw_server::raw_server(const std::wstring &path, pipe_mode mode, DWORD access, DWORD instances, DWORD quota)
{
    DWORD type = mode == pipe_mode::messages ? PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE : PIPE_TYPE_BYTE;
    HANDLE pipe =
        CreateNamedPipeW(path.c_str(), access | FILE_FLAG_OVERLAPPED, type, instances, quota, quota, 0, nullptr);

    if (pipe != INVALID_HANDLE_VALUE)
        adopt(pipe);
}

DWORD raw_server::accept(DWORD ms)
{
    OVERLAPPED overlapped = {};
    DWORD bytes, error;

    overlapped.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    error = ConnectNamedPipe(handle(), &overlapped) ? 0 : GetLastError();
    if (error == ERROR_IO_PENDING)
    {
        error = WaitForSingleObject(overlapped.hEvent, ms) == WAIT_OBJECT_0 ? 0 : WAIT_TIMEOUT;
        if (error)
            CancelIoEx(handle(), &overlapped);
        if (!GetOverlappedResult(handle(), &overlapped, &bytes, TRUE) && !error)
            error = GetLastError();
    }
    CloseHandle(overlapped.hEvent);
    return error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA ? 0 : error;
}

void raw_server::disconnect()
{
    DisconnectNamedPipe(handle());
}

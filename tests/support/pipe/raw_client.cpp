#include "support/pipe/raw_client.h"

#include <gtest/gtest.h>

message message_of(const char *text)
{
    const BYTE *bytes = reinterpret_cast<const BYTE *>(text);
    return message(bytes, bytes + strlen(text));
}

message message_of(size_t size, unsigned seed)
{
    message m(size);
    unsigned x = seed * 2654435761u + 12345u;

    for (BYTE &byte : m)
    {
        x = x * 1664525u + 1013904223u;
        byte = static_cast<BYTE>(x >> 24);
    }
    return m;
}

std::string text_of(const message &m)
{
    return std::string(m.begin(), m.end());
}

/* The OVERLAPPED of a request stays in one place until the request has returned, wherever the client is moved. */
struct raw_client::state
{
    HANDLE pipe = INVALID_HANDLE_VALUE;
    OVERLAPPED reading = {}, writing = {};
    message outgoing;
    bool write_pending = false;

    state()
    {
        reading.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
        writing.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    }

    ~state()
    {
        cancel_write();
        if (pipe != INVALID_HANDLE_VALUE)
            CloseHandle(pipe);
        CloseHandle(reading.hEvent);
        CloseHandle(writing.hEvent);
    }

    void cancel_write()
    {
        DWORD bytes;

        if (!write_pending)
            return;
        CancelIoEx(pipe, &writing);
        GetOverlappedResult(pipe, &writing, &bytes, TRUE);
        write_pending = false;
    }
};

void raw_client::destroy::operator()(state *s) const
{
    delete s;
}

raw_client::raw_client(const std::wstring &path)
{
    connect(path);
}

raw_client::~raw_client() = default;

static DWORD remaining(ULONGLONG since, DWORD ms)
{
    ULONGLONG passed = GetTickCount64() - since;

    return passed < ms ? static_cast<DWORD>(ms - passed) : 0;
}

static HANDLE open_pipe(const std::wstring &path)
{
    return CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr);
}

DWORD raw_client::connect(const std::wstring &path, DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    DWORD mode = PIPE_READMODE_MESSAGE;

    open.reset();
    std::unique_ptr<state, destroy> made(new state);
    while ((made->pipe = open_pipe(path)) == INVALID_HANDLE_VALUE)
    {
        DWORD error = GetLastError();

        if ((error != ERROR_PIPE_BUSY && error != ERROR_FILE_NOT_FOUND) || remaining(since, ms) == 0)
            return error;
        /* Nobody tells when a pipe appears; a busy one, WaitNamedPipe tells. */
        if (error == ERROR_FILE_NOT_FOUND || !WaitNamedPipeW(path.c_str(), 50))
            Sleep(1);
    }
    if (!SetNamedPipeHandleState(made->pipe, &mode, nullptr, nullptr))
        return GetLastError();
    open = std::move(made);
    return 0;
}

void raw_client::adopt(HANDLE pipe)
{
    open.reset(new state);
    open->pipe = pipe;
}

bool raw_client::is_open() const
{
    return open != nullptr;
}

HANDLE raw_client::handle() const
{
    return open ? open->pipe : INVALID_HANDLE_VALUE;
}

/* `error`: what the call that started the request returned. */
DWORD raw_client::finish(OVERLAPPED *overlapped, DWORD error, DWORD ms, DWORD *bytes)
{
    *bytes = 0;
    if (error != 0 && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
        return error;
    if (error == ERROR_IO_PENDING && WaitForSingleObject(overlapped->hEvent, ms) != WAIT_OBJECT_0)
        return WAIT_TIMEOUT;
    if (GetOverlappedResult(open->pipe, overlapped, bytes, TRUE))
        return 0;
    return GetLastError();
}

DWORD raw_client::begin_write(const message &m)
{
    if (!open)
        return ERROR_INVALID_HANDLE;
    open->outgoing = m;
    ResetEvent(open->writing.hEvent);
    if (WriteFile(open->pipe, open->outgoing.data(), static_cast<DWORD>(m.size()), nullptr, &open->writing))
        return 0;
    DWORD error = GetLastError();
    open->write_pending = error == ERROR_IO_PENDING;
    return error;
}

DWORD raw_client::end_write(DWORD ms)
{
    DWORD bytes, error;

    if (!open || !open->write_pending)
        return 0;
    error = finish(&open->writing, ERROR_IO_PENDING, ms, &bytes);
    if (error != WAIT_TIMEOUT)
        open->write_pending = false;
    return error;
}

void raw_client::cancel_write()
{
    if (open)
        open->cancel_write();
}

DWORD raw_client::write(const message &m, DWORD ms)
{
    DWORD error = begin_write(m);

    if (error != ERROR_IO_PENDING)
        return error;
    error = end_write(ms);
    if (error == WAIT_TIMEOUT)
        cancel_write();
    return error;
}

DWORD raw_client::write(const char *text)
{
    return write(message_of(text));
}

DWORD raw_client::read_part(BYTE *data, DWORD size, DWORD ms, DWORD *bytes)
{
    DWORD error = 0;

    ResetEvent(open->reading.hEvent);
    if (!ReadFile(open->pipe, data, size, nullptr, &open->reading))
        error = GetLastError();
    error = finish(&open->reading, error, ms, bytes);
    if (error == WAIT_TIMEOUT)
    {
        CancelIoEx(open->pipe, &open->reading);
        if (GetOverlappedResult(open->pipe, &open->reading, bytes, TRUE))
            error = 0;
        else if (GetLastError() == ERROR_MORE_DATA)
            error = ERROR_MORE_DATA;
    }
    return error;
}

DWORD raw_client::read(message &m, DWORD ms, DWORD part)
{
    ULONGLONG since = GetTickCount64();
    size_t filled = 0;
    DWORD error, bytes;

    if (!open)
        return ERROR_INVALID_HANDLE;
    do
    {
        m.resize(filled + part);
        error = read_part(m.data() + filled, part, remaining(since, ms), &bytes);
        filled += bytes;
    } while (error == ERROR_MORE_DATA);
    m.resize(filled);
    return error;
}

message raw_client::read()
{
    message m;
    DWORD error = read(m);

    EXPECT_EQ(error, 0u) << "reading the next message";
    return m;
}

std::string raw_client::read_text()
{
    message m;
    DWORD error = read(m);

    return error ? "(error " + std::to_string(error) + ")" : text_of(m);
}

DWORD raw_client::bytes_waiting() const
{
    DWORD bytes = 0;

    if (open)
        PeekNamedPipe(open->pipe, nullptr, 0, nullptr, &bytes, nullptr);
    return bytes;
}

DWORD raw_client::wait_until_closed(DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    message m;
    DWORD error;

    while ((error = read(m, remaining(since, ms))) == 0)
        ;
    return error == ERROR_BROKEN_PIPE ? 0 : error;
}

void raw_client::close()
{
    open.reset();
}

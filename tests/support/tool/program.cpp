#include "support/tool/program.h"

#include "test_paths.h"

#include <gtest/gtest.h>

/* ---- what it says ---- */

heard_text::heard_text()
{
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), nullptr, TRUE};

    CreatePipe(&reading, &writing, &inherited, 0);
    SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0);
}

heard_text::~heard_text()
{
    child_has_it();
    join();
    CloseHandle(reading);
}

HANDLE heard_text::end_for_child() const
{
    return writing;
}

void heard_text::child_has_it()
{
    if (!writing)
        return;
    CloseHandle(writing);
    writing = nullptr;
    reader = std::make_unique<background>([this] { read(); });
}

void heard_text::read()
{
    char part[4096];
    DWORD size;

    while (ReadFile(reading, part, sizeof(part), &size, nullptr) && size > 0)
    {
        AcquireSRWLockExclusive(&lock);
        so_far.append(part, size);
        ReleaseSRWLockExclusive(&lock);
        WakeAllConditionVariable(&more);
    }
    AcquireSRWLockExclusive(&lock);
    ended = true;
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&more);
}

std::string heard_text::text() const
{
    AcquireSRWLockExclusive(&lock);
    std::string copy = so_far;
    ReleaseSRWLockExclusive(&lock);
    return copy;
}

bool heard_text::wait_for(const std::string &part, DWORD ms) const
{
    const ULONGLONG end = GetTickCount64() + ms;
    bool found;

    AcquireSRWLockExclusive(&lock);
    for (;;)
    {
        const ULONGLONG now = GetTickCount64();

        found = so_far.find(part) != std::string::npos;
        if (found || ended || now >= end)
            break;
        SleepConditionVariableSRW(&more, &lock, static_cast<DWORD>(end - now), 0);
    }
    ReleaseSRWLockExclusive(&lock);
    return found;
}

void heard_text::join()
{
    reader.reset();
}

/* ---- the process ---- */

program::program(const std::wstring &arguments)
{
    start(arguments, output.end_for_child());
}

program::program(const std::wstring &arguments, HANDLE out)
{
    start(arguments, out);
}

void program::start(const std::wstring &arguments, HANDLE out)
{
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), nullptr, TRUE};
    std::wstring line = L"\"" TEST_BUILD_FOLDER L"\\pipe.exe\" " + arguments;
    STARTUPINFOW startup = {};
    PROCESS_INFORMATION made = {};
    HANDLE for_child = nullptr;

    CreatePipe(&for_child, &input, &inherited, 0);
    SetHandleInformation(input, HANDLE_FLAG_INHERIT, 0);
    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = for_child;
    startup.hStdOutput = out;
    startup.hStdError = errors.end_for_child();
    EXPECT_TRUE(CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &made))
        << GetLastError();
    CloseHandle(for_child);
    output.child_has_it();
    errors.child_has_it();
    if (made.hThread)
        CloseHandle(made.hThread);
    process = made.hProcess;
}

program::~program()
{
    close_input();
    if (!process)
        return;
    TerminateProcess(process, 99);
    WaitForSingleObject(process, patience);
    CloseHandle(process);
}

void program::type(const std::string &text)
{
    DWORD done;

    EXPECT_TRUE(WriteFile(input, text.data(), static_cast<DWORD>(text.size()), &done, nullptr));
}

void program::close_input()
{
    if (input)
        CloseHandle(input);
    input = nullptr;
}

bool program::says(const std::string &part, DWORD ms) const
{
    return output.wait_for(part, ms);
}

bool program::remarks(const std::string &part, DWORD ms) const
{
    return errors.wait_for(part, ms);
}

DWORD program::wait(DWORD ms)
{
    DWORD code = WAIT_TIMEOUT;

    if (WaitForSingleObject(process, ms) != WAIT_OBJECT_0)
        return WAIT_TIMEOUT;
    GetExitCodeProcess(process, &code);
    output.join();
    errors.join();
    return code;
}

std::string program::out() const
{
    return output.text();
}

std::string program::err() const
{
    return errors.text();
}

ended_program run_pipe(const std::wstring &arguments, const std::string &input)
{
    program p(arguments);

    if (!input.empty())
        p.type(input);
    p.close_input();
    const DWORD code = p.wait();
    return {code, p.out(), p.err()};
}

std::wstring unique_pipe_name()
{
    static LONG serial;

    return L"NamedPipeServer.tool." + std::to_wstring(GetCurrentProcessId()) + L"." +
           std::to_wstring(InterlockedIncrement(&serial));
}

std::wstring path_of(const std::wstring &name)
{
    return L"\\\\.\\pipe\\" + name;
}

#include "support/com/stand_in.h"

#include "support/com/recording_sink.h"

#include "test_paths.h"

#include <gtest/gtest.h>

#include <atomic>

temporary_folder::temporary_folder()
{
    static std::atomic<int> count{0};
    wchar_t temp[MAX_PATH];

    GetTempPathW(MAX_PATH, temp);
    path = std::wstring(temp) + L"NamedPipeServer-" + std::to_wstring(GetCurrentProcessId()) + L"-" +
           std::to_wstring(++count);
    CreateDirectoryW(path.c_str(), nullptr);
}

temporary_folder::~temporary_folder()
{
    for (const std::wstring &file : copies)
        DeleteFileW(file.c_str());
    RemoveDirectoryW(path.c_str());
}

std::wstring temporary_folder::copy(const std::wstring &file, const std::wstring &name)
{
    const std::wstring to = path + L"\\" + name;

    /* Over what a process with the same id has left that was killed. */
    EXPECT_TRUE(CopyFileW(file.c_str(), to.c_str(), FALSE)) << GetLastError();
    copies.push_back(to);
    return to;
}

DWORD run_as(const wchar_t *name, const wchar_t *filter)
{
    temporary_folder folder;
    wchar_t self[MAX_PATH];
    STARTUPINFOW startup = {};
    PROCESS_INFORMATION process = {};
    DWORD code = 99;

    GetModuleFileNameW(nullptr, self, MAX_PATH);
    std::wstring program = folder.copy(self, name);
    std::wstring line = L"\"" + program + L"\" --gtest_also_run_disabled_tests --gtest_filter=" + filter;
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), nullptr, TRUE};
    HANDLE nowhere = CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_WRITE, &inheritable, OPEN_EXISTING, 0, nullptr);

    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdOutput = startup.hStdError = nowhere; /* what it fails is no failure of this program */
    if (CreateProcessW(program.c_str(), &line[0], nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process))
    {
        EXPECT_EQ(WaitForSingleObject(process.hProcess, event_patience), WAIT_OBJECT_0);
        GetExitCodeProcess(process.hProcess, &code);
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
    }
    CloseHandle(nowhere);
    return code;
}

stand_in::stand_in(const std::wstring &file_name) : module(LoadLibraryW(folder.copy(TEST_STAND_IN, file_name).c_str()))
{
    EXPECT_TRUE(module) << GetLastError();
}

stand_in::~stand_in()
{
    FreeLibrary(module);
}

com_ptr<IDispatch> stand_in::code_for(IDispatch *object) const
{
    const auto wrap =
        reinterpret_cast<IDispatch *(*)(IDispatch *)>(reinterpret_cast<void *>(GetProcAddress(module, "stand_in_for")));

    return com_ptr<IDispatch>(wrap(object));
}

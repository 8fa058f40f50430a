#include "support/dll/regsvr32.h"

#include "test_paths.h"

#include <windows.h>

static const bool is_64 = sizeof(void *) == 8;

std::wstring other_dll()
{
    std::wstring path = TEST_DLL;
    size_t place = path.rfind(is_64 ? L"x64" : L"x86");

    if (place == std::wstring::npos)
        return L"";
    path.replace(place, 3, is_64 ? L"x86" : L"x64");
    return GetFileAttributesW(path.c_str()) == INVALID_FILE_ATTRIBUTES ? L"" : path;
}

/* A 64-bit Windows shows each bitness its own folder as system32. */
static std::wstring system_folder(bitness b)
{
    wchar_t windows[MAX_PATH];

    GetWindowsDirectoryW(windows, MAX_PATH);
    if (b == bitness::own)
        return std::wstring(windows) + L"\\system32\\";
    return std::wstring(windows) + (is_64 ? L"\\syswow64\\" : L"\\sysnative\\");
}

int run_system_program(bitness b, const std::wstring &program, const std::wstring &arguments)
{
    std::wstring line = L"\"" + system_folder(b) + program + L"\" " + arguments;
    STARTUPINFOW startup = {};
    PROCESS_INFORMATION process;
    DWORD code = static_cast<DWORD>(-1);

    startup.cb = sizeof(startup);
    if (!CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process))
        return -1;
    if (WaitForSingleObject(process.hProcess, 60000) == WAIT_OBJECT_0)
        GetExitCodeProcess(process.hProcess, &code);
    else
        TerminateProcess(process.hProcess, 1);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return static_cast<int>(code);
}

int regsvr32(bitness b, const std::wstring &dll, const std::wstring &options)
{
    return run_system_program(b, L"regsvr32.exe", L"/s " + options + L" \"" + dll + L"\"");
}

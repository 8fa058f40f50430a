#include "server_process.h"

#include "link.h"

#include <psapi.h>

HANDLE server_process_open(HANDLE pipe)
{
    HANDLE process;
    ULONG id;

    if (!GetNamedPipeServerProcessId(pipe, &id))
        link_fail("GetNamedPipeServerProcessId", GetLastError());
    process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ | PROCESS_TERMINATE | SYNCHRONIZE, FALSE, id);
    if (!process)
        link_fail("OpenProcess", GetLastError());
    return process;
}

static double seconds_of(FILETIME time)
{
    return ((double)time.dwHighDateTime * 4294967296.0 + (double)time.dwLowDateTime) / 1e7;
}

double server_process_seconds(HANDLE process)
{
    FILETIME began, ended, kernel, user;

    if (!GetProcessTimes(process, &began, &ended, &kernel, &user))
        link_fail("GetProcessTimes", GetLastError());
    return seconds_of(kernel) + seconds_of(user);
}

double server_process_bytes(HANDLE process)
{
    PROCESS_MEMORY_COUNTERS_EX counters = {.cb = sizeof(counters)};

    if (!GetProcessMemoryInfo(process, (PROCESS_MEMORY_COUNTERS *)&counters, sizeof(counters)))
        link_fail("GetProcessMemoryInfo", GetLastError());
    return (double)(counters.PrivateUsage ? counters.PrivateUsage : counters.PagefileUsage);
}

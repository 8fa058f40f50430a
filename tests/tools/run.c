/*
 * run [-served=PIPE] PROGRAM ARGUMENT...: runs the program and ends as it ended; if this ends first, so does the
 * program. With a pipe's name it first waits until somebody serves that pipe, for a minute at most.
 *
 * scripts/wine puts it before every program of a test. Wine kills a Unix process that is not gone half a second after
 * its Windows process has ended, and a process of many threads can hang that long: were it the one that the test
 * started, its exit code would be lost. This process has one thread.
 */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

static PWSTR after_first_argument(PWSTR line)
{
    BOOL quoted = FALSE;

    while (*line != L'\0' && (quoted || (*line != L' ' && *line != L'\t')))
    {
        if (*line == L'"')
        {
            quoted = !quoted;
        }
        line++;
    }
    while (*line == L' ' || *line == L'\t')
    {
        line++;
    }
    return line;
}

/* There is nothing to wait for before a pipe has its first instance, so this looks again and again. */
static void await_server(PCWSTR name, size_t length)
{
    WCHAR path[300];

    _snwprintf(path, ARRAYSIZE(path), L"\\\\.\\pipe\\%.*ls", (int)length, name);
    path[ARRAYSIZE(path) - 1] = L'\0';
    for (int tries = 0; tries < 6000 && !WaitNamedPipeW(path, 1) && GetLastError() == ERROR_FILE_NOT_FOUND; tries++)
    {
        Sleep(10);
    }
}

/* Children of the program stay out of the job: a test may leave a client behind for a moment. */
static HANDLE job_that_ends_with_us(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    HANDLE job = CreateJobObjectW(NULL, NULL);

    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    return job;
}

int main(void)
{
    STARTUPINFOW startup = {0};
    PROCESS_INFORMATION process;
    PWSTR command = after_first_argument(GetCommandLineW());
    DWORD code;

    if (wcsncmp(command, L"-served=", 8) == 0)
    {
        PWSTR rest = after_first_argument(command);

        await_server(command + 8, wcscspn(command + 8, L" \t"));
        command = rest;
    }
    startup.cb = sizeof startup;
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &process))
    {
        fprintf(stderr, "run: error %lu at the start of %ls\n", GetLastError(), command);
        return 126;
    }
    AssignProcessToJobObject(job_that_ends_with_us(), process.hProcess);
    ResumeThread(process.hThread);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return (int)code;
}

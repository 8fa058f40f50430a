#include "tool/exec.h"

#include <string.h>
#include <wchar.h>

enum
{
    END_MS = 5000 /* for what was ended to be gone */
};

/* Files instead of pipes: a command that does not read, or writes much, holds nobody up. */
typedef struct exec_files
{
    HANDLE input, output;
} exec_files;

/* Whoever makes a process hands on all handles that can be inherited just then. */
static SRWLOCK inheriting = SRWLOCK_INIT;

/* ---- files ---- */

static DWORD make_file(HANDLE *out)
{
    WCHAR folder[MAX_PATH + 1], path[MAX_PATH + 1];

    if (!GetTempPathW(ARRAYSIZE(folder), folder) || !GetTempFileNameW(folder, L"pip", 0, path))
        return GetLastError();
    *out =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    return *out == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

static DWORD fill_input(HANDLE file, const BYTE *data, size_t size)
{
    DWORD done;

    if (size > 0 && !WriteFile(file, data, (DWORD)size, &done, NULL))
        return GetLastError();
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    return 0;
}

static DWORD open_files(exec_files *f, const BYTE *data, size_t size)
{
    DWORD error;

    f->input = f->output = INVALID_HANDLE_VALUE;
    error = make_file(&f->input);
    if (!error)
        error = make_file(&f->output);
    return error ? error : fill_input(f->input, data, size);
}

static void close_files(exec_files *f)
{
    if (f->input != INVALID_HANDLE_VALUE)
        CloseHandle(f->input);
    if (f->output != INVALID_HANDLE_VALUE)
        CloseHandle(f->output);
}

static DWORD read_output(const exec_files *f, size_t most, bytes *out)
{
    SetFilePointer(f->output, 0, NULL, FILE_BEGIN);
    return bytes_read(out, f->output, most);
}

/* ---- the process ---- */

/* `"C:\...\cmd.exe" /d /s /c "COMMAND"`; /s takes away the outer quotation marks alone. */
static WCHAR *command_line(const WCHAR *command)
{
    WCHAR shell[MAX_PATH];
    DWORD length = GetEnvironmentVariableW(L"ComSpec", shell, ARRAYSIZE(shell));
    WCHAR *line = mem_alloc((MAX_PATH + wcslen(command) + 32) * sizeof(WCHAR));

    if (!line)
        return NULL;
    lstrcpyW(line, L"\"");
    lstrcatW(line, length > 0 && length < ARRAYSIZE(shell) ? shell : L"cmd.exe");
    lstrcatW(line, L"\" /d /s /c \"");
    memcpy(line + wcslen(line), command, (wcslen(command) + 1) * sizeof(WCHAR));
    lstrcatW(line, L"\"");
    return line;
}

static void let_inherit(HANDLE file, DWORD inherit)
{
    SetHandleInformation(file, HANDLE_FLAG_INHERIT, inherit);
}

static DWORD make_process(WCHAR *line, const exec_files *f, PROCESS_INFORMATION *out)
{
    STARTUPINFOW startup = {0};
    DWORD error;

    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = f->input;
    startup.hStdOutput = f->output;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    AcquireSRWLockExclusive(&inheriting);
    let_inherit(f->input, HANDLE_FLAG_INHERIT);
    let_inherit(f->output, HANDLE_FLAG_INHERIT);
    error =
        CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, out) ? 0 : GetLastError();
    let_inherit(f->input, 0);
    let_inherit(f->output, 0);
    ReleaseSRWLockExclusive(&inheriting);
    return error;
}

/* Through its job a process is ended with all that it has started. Without one it is ended alone. */
static HANDLE put_into_job(HANDLE process)
{
    HANDLE job = CreateJobObjectW(NULL, NULL);

    if (job)
        AssignProcessToJobObject(job, process);
    return job;
}

static DWORD wait_for(HANDLE process, HANDLE job, DWORD ms, HANDLE stop, DWORD *code)
{
    HANDLE handles[2] = {process, stop};
    DWORD which = WaitForMultipleObjects(stop ? 2 : 1, handles, FALSE, ms);

    if (which == WAIT_OBJECT_0)
    {
        GetExitCodeProcess(process, code);
        return 0;
    }
    if (job)
        TerminateJobObject(job, 1);
    TerminateProcess(process, 1);
    WaitForSingleObject(process, END_MS);
    return which == WAIT_TIMEOUT ? WAIT_TIMEOUT : ERROR_CANCELLED;
}

static DWORD run_with(const exec_files *f, const WCHAR *command, DWORD ms, HANDLE stop, DWORD *code)
{
    PROCESS_INFORMATION process;
    WCHAR *line = command_line(command);
    DWORD error = line ? make_process(line, f, &process) : ERROR_NOT_ENOUGH_MEMORY;
    HANDLE job;

    mem_free(line);
    if (error)
        return error;
    job = put_into_job(process.hProcess);
    ResumeThread(process.hThread);
    error = wait_for(process.hProcess, job, ms, stop, code);
    if (job)
        CloseHandle(job);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return error;
}

DWORD exec_run(const WCHAR *command, const BYTE *data, size_t size, DWORD ms, HANDLE stop, size_t most, bytes *out,
               DWORD *code)
{
    exec_files files;
    DWORD error = open_files(&files, data, size);

    if (!error)
        error = run_with(&files, command, ms, stop, code);
    if (!error)
        error = read_output(&files, most, out);
    close_files(&files);
    return error;
}

/* pipe_client NAME ACTION...: a client of \\.\pipe\NAME by Windows' own calls, which does one action after another:
 *
 *   send TEXT      writes a message                    receive    reads one, whatever its size, and prints it
 *   ask TEXT       both                                echo N     N messages, each waited for: must come back as sent
 *   big N          writes a message of N bytes         empty N    writes N messages of no bytes
 *   burst N        writes N numbered messages, and reads nothing
 *   hold MS        stays until the server closes        drain      reads until the server closes
 *   vanish         ends the process, closing nothing
 *   call TEXT      asks by CallNamedPipe, over an instance of its own, and prints the answer
 *
 * It waits up to 10 s for the pipe. Ends with 0, or with 1 and a sentence; whatever hangs ends after a minute. */

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    CONNECT_MS = 10000,
    WHOLE_MS = 60000
};

static HANDLE pipe_handle;
static char path[300];

static void give_up(const char *what, DWORD error)
{
    fprintf(stderr, "pipe_client: %s (%lu)\n", what, (unsigned long)error);
    exit(1);
}

static DWORD WINAPI end_in_a_minute(void *unused)
{
    (void)unused;
    Sleep(WHOLE_MS);
    fprintf(stderr, "pipe_client: still at it after a minute\n");
    fflush(stderr);
    ExitProcess(1);
}

static void connect_to(const char *name)
{
    ULONGLONG end = GetTickCount64() + CONNECT_MS;
    DWORD error, mode = PIPE_READMODE_MESSAGE;

    snprintf(path, sizeof(path), "\\\\.\\pipe\\%s", name);
    for (;;)
    {
        pipe_handle = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        if (pipe_handle != INVALID_HANDLE_VALUE)
            break;
        error = GetLastError();
        if ((error != ERROR_FILE_NOT_FOUND && error != ERROR_PIPE_BUSY) || GetTickCount64() > end)
            give_up("the pipe cannot be opened", error);
        Sleep(10);
    }
    if (!SetNamedPipeHandleState(pipe_handle, &mode, NULL, NULL))
        give_up("no message mode", GetLastError());
}

static void write_message(const void *data, DWORD size)
{
    DWORD done;

    if (!WriteFile(pipe_handle, data, size, &done, NULL))
        give_up("a message cannot be written", GetLastError());
}

/* One message, with a 0 behind it; to be freed. NULL where the server has closed. */
static char *read_message(DWORD *size)
{
    DWORD room = 4096, done, error;
    char *data = malloc(room + 1), *more;

    *size = 0;
    while (data)
    {
        error = ReadFile(pipe_handle, data + *size, room - *size, &done, NULL) ? 0 : GetLastError();
        if (error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED)
        {
            free(data);
            return NULL;
        }
        if (error && error != ERROR_MORE_DATA)
            give_up("a message cannot be read", error);
        *size += done;
        data[*size] = 0;
        if (!error)
            return data;
        room *= 2;
        more = realloc(data, room + 1);
        if (!more)
            break;
        data = more;
    }
    give_up("no memory", ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

static void receive(void)
{
    DWORD size;
    char *message = read_message(&size);

    if (!message)
        give_up("the server closed instead of answering", ERROR_BROKEN_PIPE);
    printf("%s\n", message);
    fflush(stdout);
    free(message);
}

static void echo(long count)
{
    char text[32], *answer;
    DWORD size;
    long i;

    for (i = 1; i <= count; i++)
    {
        snprintf(text, sizeof(text), "message %ld", i);
        write_message(text, (DWORD)strlen(text));
        answer = read_message(&size);
        if (!answer || strcmp(answer, text) != 0)
            give_up("an answer is not what was sent", answer ? 0 : ERROR_BROKEN_PIPE);
        free(answer);
    }
    printf("%ld messages came back\n", count);
}

static void write_big(long size)
{
    char *data = malloc(size > 0 ? (size_t)size : 1);

    if (!data)
        give_up("no memory", ERROR_NOT_ENOUGH_MEMORY);
    memset(data, 'x', (size_t)size);
    write_message(data, (DWORD)size);
    free(data);
}

static void write_empty(long count)
{
    while (count-- > 0)
        write_message("", 0);
}

static void burst(long count)
{
    char text[32];
    long i;

    for (i = 1; i <= count; i++)
    {
        snprintf(text, sizeof(text), "message %ld", i);
        write_message(text, (DWORD)strlen(text));
    }
}

static void call(const char *text)
{
    char answer[4096];
    DWORD size;

    if (!CallNamedPipeA(path, (void *)text, (DWORD)strlen(text), answer, sizeof(answer), &size, CONNECT_MS))
        give_up("a call has no answer", GetLastError());
    printf("%.*s\n", (int)size, answer);
}

/* What lies in the pipe unread hides that the server has closed. */
static void hold(long ms)
{
    ULONGLONG end = GetTickCount64() + (ULONGLONG)ms;

    while (GetTickCount64() < end && PeekNamedPipe(pipe_handle, NULL, 0, NULL, NULL, NULL))
        Sleep(20);
}

static void drain(void)
{
    DWORD size;
    long count = 0;
    char *message;

    while ((message = read_message(&size)) != NULL)
    {
        count++;
        free(message);
    }
    printf("%ld messages until the server closed\n", count);
}

/* False for an action that is unknown; argument is NULL at the end of the line. */
static bool act_with(const char *action, const char *argument)
{
    if (strcmp(action, "send") == 0)
        write_message(argument, (DWORD)strlen(argument));
    else if (strcmp(action, "ask") == 0)
    {
        write_message(argument, (DWORD)strlen(argument));
        receive();
    }
    else if (strcmp(action, "call") == 0)
        call(argument);
    else if (strcmp(action, "echo") == 0)
        echo(atol(argument));
    else if (strcmp(action, "big") == 0)
        write_big(atol(argument));
    else if (strcmp(action, "empty") == 0)
        write_empty(atol(argument));
    else if (strcmp(action, "burst") == 0)
        burst(atol(argument));
    else if (strcmp(action, "hold") == 0)
        hold(atol(argument));
    else
        return false;
    return true;
}

static bool act(const char *action)
{
    if (strcmp(action, "receive") == 0)
        receive();
    else if (strcmp(action, "drain") == 0)
        drain();
    else if (strcmp(action, "vanish") == 0)
        TerminateProcess(GetCurrentProcess(), 0);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    int i;

    if (argc < 3)
    {
        fprintf(stderr, "usage: pipe_client NAME ACTION...\n");
        return 1;
    }
    CloseHandle(CreateThread(NULL, 0, end_in_a_minute, NULL, 0, NULL));
    connect_to(argv[1]);
    for (i = 2; i < argc; i++)
    {
        if (act(argv[i]))
            continue;
        if (i + 1 == argc || !act_with(argv[i], argv[i + 1]))
            give_up(argv[i], ERROR_INVALID_PARAMETER);
        i++;
    }
    return 0;
}

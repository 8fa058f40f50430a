/* ctrl_c TEXT PROGRAM ARGUMENT...: runs a program in a console of its own, and types Ctrl+C there as soon as its output holds TEXT.
 *
 * Prints what the program said, with the console's control sequences. Ends with the program's exit code; with 100 where it did not end within 20 s
 * of Ctrl+C, and with 101 where this Windows knows no pseudo consoles (before Windows 10 1809). */

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
    WHOLE_MS = 60000,
    AFTER_CTRL_C_MS = 20000,
    NOT_ENDED = 100,
    NO_PSEUDO_CONSOLE = 101,
    PSEUDO_CONSOLE_ATTRIBUTE = 0x20016 /* PROC_THREAD_ATTRIBUTE_PSEUDOCONSOLE, which older headers lack */
};

typedef HRESULT(WINAPI *create_console_function)(COORD size, HANDLE input, HANDLE output, DWORD flags, void **console);

static HANDLE to_console, from_console;
static const char *awaited;

static void give_up(const char *what)
{
    fprintf(stderr, "ctrl_c: %s (%lu)\n", what, (unsigned long)GetLastError());
    exit(1);
}

/* Prints what the console shows, and types Ctrl+C once. */
static DWORD WINAPI watch(void *unused)
{
    static char said[1 << 16];
    DWORD size = 0, done;
    bool typed = false;

    (void)unused;
    while (size < sizeof(said) - 1 && ReadFile(from_console, said + size, (DWORD)sizeof(said) - 1 - size, &done, NULL) && done)
    {
        fwrite(said + size, 1, done, stdout);
        fflush(stdout);
        size += done;
        if (!typed && strstr(said, awaited))
        {
            typed = true;
            WriteFile(to_console, "\x03", 1, &done, NULL);
        }
    }
    return 0;
}

static void *create_console(void)
{
    create_console_function create =
        (create_console_function)(void *)GetProcAddress(GetModuleHandleW(L"kernel32"), "CreatePseudoConsole");
    HANDLE input, output;
    COORD size = {200, 50};
    void *console;

    if (!create)
        exit(NO_PSEUDO_CONSOLE);
    if (!CreatePipe(&input, &to_console, NULL, 0) || !CreatePipe(&from_console, &output, NULL, 0))
        give_up("no pipes");
    if (FAILED(create(size, input, output, 0, &console)))
        give_up("no pseudo console");
    return console;
}

/* The rest of our own command line, behind our name and TEXT, quotes and all. */
static WCHAR *command_line(void)
{
    WCHAR *text = GetCommandLineW();

    for (int i = 0; i < 2; i++)
    {
        bool quoted = false;

        for (; *text && (quoted || *text != ' '); text++)
            quoted ^= *text == '"';
        while (*text == ' ')
            text++;
    }
    return text;
}

static HANDLE start(void *console)
{
    STARTUPINFOEXW startup = {.StartupInfo.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    SIZE_T size = 0;

    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    startup.lpAttributeList = malloc(size);
    if (!startup.lpAttributeList || !InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size) ||
        !UpdateProcThreadAttribute(startup.lpAttributeList, 0, PSEUDO_CONSOLE_ATTRIBUTE, console, sizeof(console), NULL, NULL))
        give_up("no attributes");
    if (!CreateProcessW(NULL, command_line(), NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &startup.StartupInfo,
                        &process))
        give_up("the program cannot be started");
    return process.hProcess;
}

int main(int argc, char **argv)
{
    HANDLE process, watcher;
    DWORD code = NOT_ENDED;

    if (argc < 3)
        return 2;
    awaited = argv[1];
    process = start(create_console());
    watcher = CreateThread(NULL, 0, watch, NULL, 0, NULL);
    if (WaitForSingleObject(process, WHOLE_MS) == WAIT_OBJECT_0)
        GetExitCodeProcess(process, &code);
    else
        TerminateProcess(process, NOT_ENDED);
    WaitForSingleObject(watcher, 1000); /* the last words; the console itself ends with us */
    printf("\nexit code %lu\n", (unsigned long)code);
    return (int)code;
}

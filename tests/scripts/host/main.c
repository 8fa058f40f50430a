/* script_host [-m MANIFEST] SCRIPT.vbs|SCRIPT.js [ARGUMENT...]: runs a script as Windows' cscript does, with events.
 *
 * -m activates what the manifest describes, so that CreateObject finds it with nothing registered. WScript has Echo,
 * Sleep, CreateObject, ConnectObject, DisconnectObject, Quit, Arguments, ScriptName and ScriptFullName. Text is UTF-8.
 * An error is printed as `file(line,column) description`. The exit code: that of Quit, else 1 after an error, else 0;
 * 2 where the script cannot be run at all. */

#include "script_host.h"

void print(FILE *file, const WCHAR *text)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc((size_t)size + 1);

    if (!bytes)
        return;
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL);
    fputs(bytes, file);
    fflush(file);
    free(bytes);
}

/* The text of a file, UTF-8 with or without a mark; to be freed. */
static WCHAR *read_script(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    DWORD size, done = 0, skip = 0;
    char *bytes = NULL;
    WCHAR *text = NULL;
    int length;

    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    size = GetFileSize(file, NULL);
    bytes = calloc(size + 4, 1);
    if (bytes && ReadFile(file, bytes, size, &done, NULL))
    {
        if (memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
            skip = 3;
        length = MultiByteToWideChar(CP_UTF8, 0, bytes + skip, -1, NULL, 0);
        text = calloc((size_t)length + 1, sizeof(*text));
        if (text)
            MultiByteToWideChar(CP_UTF8, 0, bytes + skip, -1, text, length);
    }
    free(bytes);
    CloseHandle(file);
    return text;
}

/* False where there is no such manifest, or what it names is missing. */
static bool activate(const WCHAR *manifest)
{
    ACTCTXW about = {.cbSize = sizeof(about), .lpSource = manifest};
    HANDLE context = CreateActCtxW(&about);
    ULONG_PTR cookie;

    return context != INVALID_HANDLE_VALUE && ActivateActCtx(context, &cookie);
}

static WCHAR *wide(const char *text)
{
    int length = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *out = calloc((size_t)length + 1, sizeof(*out));

    if (!out)
        exit(2);
    MultiByteToWideChar(CP_ACP, 0, text, -1, out, length);
    return out;
}

static int give_up(const WCHAR *sentence)
{
    print(stderr, sentence);
    print(stderr, L"\n");
    return 2;
}

int main(int argc, char **argv)
{
    int i, first = argc > 2 && strcmp(argv[1], "-m") == 0 ? 3 : 1;
    WCHAR *text;
    HRESULT hr;

    if (first >= argc)
        return give_up(L"usage: script_host [-m MANIFEST] SCRIPT.vbs|SCRIPT.js [ARGUMENT...]");
    if (first == 3 && !activate(wide(argv[2])))
        return give_up(L"The manifest cannot be activated; it and what it names must be there.");
    running.argument_count = argc - first - 1;
    running.arguments = calloc((size_t)argc, sizeof(*running.arguments));
    if (!running.arguments || !GetFullPathNameW(wide(argv[first]), MOST_PATH, running.path, NULL))
        return 2;
    for (i = 0; i < running.argument_count; i++)
        running.arguments[i] = wide(argv[first + 1 + i]);
    text = read_script(running.path);
    if (!text)
        return give_up(L"The script cannot be read.");

    CoInitialize(NULL);
    hr = script_run(text);
    script_close();
    CoUninitialize();
    if (FAILED(hr) && !running.errors)
        return give_up(L"The script cannot be run.");
    return running.errors ? 1 : 0;
}

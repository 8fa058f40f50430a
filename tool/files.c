#include "tool/files.h"

#include "tool/line.h"
#include "tool/output.h"

#include <wchar.h>

static bool complain(const WCHAR *what, const WCHAR *path, DWORD error)
{
    text_builder sentence = {0};
    WCHAR text[256];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, text,
                                  ARRAYSIZE(text), NULL);

    while (length > 0 && text[length - 1] <= L' ')
        length--;
    line_text(&sentence, what);
    line_text(&sentence, path);
    line_text(&sentence, L": ");
    text_builder_append(&sentence, text, length);
    line_text(&sentence, L" (error ");
    line_number(&sentence, error);
    line_text(&sentence, L")");
    output_complaint_of(&sentence);
    return false;
}

bool files_read(const WCHAR *path, bytes *out)
{
    bool from_input = wcscmp(path, L"-") == 0;
    HANDLE file =
        from_input ? GetStdHandle(STD_INPUT_HANDLE)
                   : CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    DWORD error;

    if (file == INVALID_HANDLE_VALUE)
        return complain(L"This file cannot be opened: ", path, GetLastError());
    error = bytes_read(out, file, BYTES_MOST - 1);
    if (!from_input)
        CloseHandle(file);
    return !error || complain(L"This file cannot be read: ", path, error);
}

bool files_write(const WCHAR *path, const BYTE *data, size_t size)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD done, error = 0;

    if (file == INVALID_HANDLE_VALUE)
        return complain(L"This file cannot be written: ", path, GetLastError());
    if (!WriteFile(file, data, (DWORD)size, &done, NULL))
        error = GetLastError();
    else if (done < size)
        error = ERROR_DISK_FULL;
    CloseHandle(file);
    return !error || complain(L"This file cannot be written: ", path, error);
}

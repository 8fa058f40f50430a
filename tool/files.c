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

bool files_open(out_file *f, const WCHAR *path)
{
    f->path = path;
    f->handle = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (f->handle == INVALID_HANDLE_VALUE)
        return complain(L"This file cannot be written: ", path, GetLastError());
    f->is_new = GetLastError() != ERROR_ALREADY_EXISTS && GetFileType(f->handle) == FILE_TYPE_DISK;
    return true;
}

bool files_write(out_file *f, const BYTE *data, size_t size)
{
    bool is_disk = GetFileType(f->handle) == FILE_TYPE_DISK; /* NUL and other devices have no end */
    DWORD done, error = 0;

    if ((is_disk && !SetEndOfFile(f->handle)) || !WriteFile(f->handle, data, (DWORD)size, &done, NULL))
        error = GetLastError();
    else if (done < size)
        error = ERROR_DISK_FULL;
    return !error || complain(L"This file cannot be written: ", f->path, error);
}

void files_close(out_file *f, bool keep)
{
    CloseHandle(f->handle);
    if (f->is_new && !keep)
        DeleteFileW(f->path);
}

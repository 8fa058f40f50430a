#include "tool/output.h"

#include "tool/bytes.h"
#include "tool/line.h"
#include "tool/stop.h"

enum
{
    CONSOLE_PART = 8192, /* characters in one WriteConsole: old consoles take no more than 64 KiB */
    FILE_PART = 1048576
};

static SRWLOCK writing = SRWLOCK_INIT;
static LONG failed; /* Interlocked */

static HANDLE handle_of(output_stream stream)
{
    return GetStdHandle(stream == OUTPUT_RESULTS ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
}

static bool is_console(HANDLE file)
{
    DWORD mode;

    return GetConsoleMode(file, &mode) != 0;
}

bool output_is_console(output_stream stream)
{
    return is_console(handle_of(stream));
}

static bool write_console(HANDLE console, const WCHAR *text, size_t length)
{
    while (length > 0)
    {
        DWORD part = length < CONSOLE_PART ? (DWORD)length : CONSOLE_PART, done;

        if (part < length && IS_HIGH_SURROGATE(text[part - 1]))
            part--;
        if (!WriteConsoleW(console, text, part, &done, NULL) || !done)
            return false;
        text += done;
        length -= done;
    }
    return true;
}

static bool write_file(HANDLE file, const BYTE *data, size_t size)
{
    while (size > 0)
    {
        DWORD part = size < FILE_PART ? (DWORD)size : FILE_PART, done;

        if (!WriteFile(file, data, part, &done, NULL) || !done)
            return false;
        data += done;
        size -= done;
    }
    return true;
}

static bool write_text(HANDLE file, const WCHAR *text, size_t length)
{
    bytes encoded = {0};
    bool good;

    if (is_console(file))
        return write_console(file, text, length);
    good = bytes_append_text(&encoded, text, length) && write_file(file, encoded.data, encoded.size);
    bytes_fini(&encoded);
    return good;
}

static void note(output_stream stream, bool good)
{
    if (good || stream != OUTPUT_RESULTS)
        return;
    InterlockedExchange(&failed, 1);
    stop_request();
}

void output_write(output_stream stream, text_builder *text)
{
    static const WCHAR sorry[] = L"(this is too long to be shown)\r\n";
    bool good;

    AcquireSRWLockExclusive(&writing);
    if (text->state == TEXT_GOOD)
        good = write_text(handle_of(stream), text->text, text->length);
    else
        good = write_text(handle_of(stream), sorry, ARRAYSIZE(sorry) - 1);
    ReleaseSRWLockExclusive(&writing);
    note(stream, good);
    text_builder_fini(text);
}

void output_line(output_stream stream, text_builder *text)
{
    line_text(text, L"\r\n");
    output_write(stream, text);
}

void output_bytes(const BYTE *data, size_t size)
{
    bool good;

    AcquireSRWLockExclusive(&writing);
    good = write_file(handle_of(OUTPUT_RESULTS), data, size);
    ReleaseSRWLockExclusive(&writing);
    note(OUTPUT_RESULTS, good);
}

void output_complaint(const WCHAR *sentence)
{
    text_builder line = {0};

    line_text(&line, L"pipe: ");
    line_text(&line, sentence);
    output_line(OUTPUT_REMARKS, &line);
}

void output_complaint_of(text_builder *sentence)
{
    text_builder line = {0};

    line_text(&line, L"pipe: ");
    text_builder_append(&line, sentence->text, sentence->length);
    text_builder_fini(sentence);
    output_line(OUTPUT_REMARKS, &line);
}

bool output_is_whole(void)
{
    return !InterlockedCompareExchange(&failed, 0, 0);
}

#include "com/trace_data.h"

/* Returns how many of the first `size` bytes are whole characters of UTF-8, for bytes that go on after `size`. */
static DWORD cut_at_character(const BYTE *data, DWORD size)
{
    DWORD begin = size;

    while (begin && size - begin < 4 && (data[begin - 1] & 0xC0) == 0x80)
        begin--;
    if (begin && data[begin - 1] >= 0xC0) /* the first byte of the last character: show it if all of it is here */
    {
        BYTE first = data[begin - 1];
        DWORD length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;

        if (begin - 1 + length != size)
            return begin - 1;
    }
    return size;
}

/* Returns the letter that stands behind a backslash for this character, or 0. */
static WCHAR escape_of(WCHAR c)
{
    switch (c)
    {
    case L'\r': return L'r';
    case L'\n': return L'n';
    case L'\t': return L't';
    case L'"':
    case L'\\': return c;
    default: return 0;
    }
}

/* Returns whether nobody sees this character: the mark at the beginning of a text, and what changes how others are
 * shown. */
static bool is_hidden(WCHAR c)
{
    return c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F);
}

/* Returns whether a person sees this character, and a line stays a line with it. */
static bool is_shown(WCHAR c)
{
    return escape_of(c) || (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0) && !is_hidden(c));
}

/* Decodes the bytes. Returns the number of characters; 0: they are no text. */
static int decode(const BYTE *data, DWORD size, WCHAR text[TRACE_DATA_BYTES])
{
    int count =
        MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, (const char *)data, (int)size, text, TRACE_DATA_BYTES);

    for (int i = 0; i < count; i++)
        if (!is_shown(text[i]))
            return 0;
    return count;
}

static WCHAR *quote(const WCHAR *text, int count, WCHAR *out)
{
    *out++ = L'"';
    for (int i = 0; i < count; i++)
    {
        WCHAR letter = escape_of(text[i]);

        if (letter)
            *out++ = L'\\';
        *out++ = letter ? letter : text[i];
    }
    *out++ = L'"';
    return out;
}

static WCHAR *write_numbers(const BYTE *data, DWORD size, WCHAR *out)
{
    static const WCHAR digits[] = L"0123456789ABCDEF";

    for (DWORD i = 0; i < size; i++)
    {
        if (i)
            *out++ = L' ';
        *out++ = digits[data[i] >> 4];
        *out++ = digits[data[i] & 15];
    }
    return out;
}

void trace_data_describe(const void *data, DWORD size, WCHAR out[TRACE_DATA_SIZE])
{
    bool is_cut = size > TRACE_DATA_BYTES;
    DWORD shown = is_cut ? TRACE_DATA_BYTES : size;
    WCHAR text[TRACE_DATA_BYTES];
    int count = shown ? decode(data, is_cut ? cut_at_character(data, shown) : shown, text) : 0;

    out = count || !shown ? quote(text, count, out) : write_numbers(data, shown, out);
    if (is_cut)
    {
        *out++ = L'.';
        *out++ = L'.';
        *out++ = L'.';
    }
    *out = 0;
}

#include "json/string_text.h"

static bool is_high(WCHAR c)
{
    return c >= 0xD800 && c <= 0xDBFF;
}

static bool is_low(WCHAR c)
{
    return c >= 0xDC00 && c <= 0xDFFF;
}

/* Returns how many characters from the first on can stay as they are: 0 to 2. */
static size_t plain_characters(const WCHAR *text, size_t length)
{
    if (is_high(*text))
        return length > 1 && is_low(text[1]) ? 2 : 0;
    return *text >= 0x20 && *text != '"' && *text != '\\' && !is_low(*text);
}

static WCHAR short_escape(WCHAR c)
{
    switch (c)
    {
    case '\b': return 'b';
    case '\t': return 't';
    case '\n': return 'n';
    case '\f': return 'f';
    case '\r': return 'r';
    case '"':
    case '\\': return c;
    default: return 0;
    }
}

static void append_escape(text_builder *b, WCHAR c)
{
    static const char digits[] = "0123456789abcdef";
    WCHAR escape = short_escape(c);

    text_builder_add(b, '\\');
    text_builder_add(b, escape ? escape : 'u');
    for (int shift = 12; !escape && shift >= 0; shift -= 4)
        text_builder_add(b, (WCHAR)digits[c >> shift & 15]);
}

void string_append(text_builder *b, const WCHAR *text, size_t length)
{
    size_t begin = 0, at = 0, plain;

    text_builder_add(b, '"');
    while (at < length)
    {
        plain = plain_characters(text + at, length - at);
        if (plain)
        {
            at += plain;
            continue;
        }
        text_builder_append(b, text + begin, at - begin);
        append_escape(b, text[at]);
        begin = ++at;
    }
    text_builder_append(b, text + begin, at - begin);
    text_builder_add(b, '"');
}

static WCHAR base64_digit(unsigned bits)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    return (WCHAR)digits[bits & 63];
}

static void write_base64(const BYTE *data, size_t size, WCHAR *to)
{
    for (; size > 0; to += 4)
    {
        unsigned second = size > 1 ? data[1] : 0, third = size > 2 ? data[2] : 0;
        unsigned group = (unsigned)data[0] << 16 | second << 8 | third;

        to[0] = base64_digit(group >> 18);
        to[1] = base64_digit(group >> 12);
        to[2] = size > 1 ? base64_digit(group >> 6) : '=';
        to[3] = size > 2 ? base64_digit(group) : '=';
        data += size > 3 ? 3 : size;
        size -= size > 3 ? 3 : size;
    }
}

void string_append_base64(text_builder *b, const BYTE *data, size_t size)
{
    size_t length = size > TEXT_LONGEST ? TEXT_LONGEST : (size + 2) / 3 * 4;
    WCHAR *room;

    text_builder_add(b, '"');
    room = text_builder_extend(b, length);
    if (room)
        write_base64(data, size, room);
    text_builder_add(b, '"');
}

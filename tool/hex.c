#include "tool/hex.h"

#include "tool/line.h"

enum
{
    IN_A_LINE = 16,
    PLACE_DIGITS = 8,
    CHARACTERS_AT = PLACE_DIGITS + 2 + IN_A_LINE * 3 + 2 /* two blanks after the place, one more in the middle */
};

static void dump_line(text_builder *b, const BYTE *data, size_t size, size_t place)
{
    size_t begin = b->length;

    line_hex(b, (ULONG)place, PLACE_DIGITS);
    line_text(b, L"  ");
    for (size_t i = 0; i < size; i++)
    {
        if (i == IN_A_LINE / 2)
            text_builder_add(b, L' ');
        line_hex(b, data[i], 2);
        text_builder_add(b, L' ');
    }
    line_pad(b, begin, CHARACTERS_AT);
    for (size_t i = 0; i < size; i++)
        text_builder_add(b, data[i] >= 0x20 && data[i] < 0x7f ? data[i] : L'.');
}

void hex_dump(text_builder *b, const BYTE *data, size_t size)
{
    for (size_t place = 0; place < size && b->state == TEXT_GOOD; place += IN_A_LINE)
    {
        if (place > 0)
            line_text(b, L"\r\n");
        dump_line(b, data + place, size - place < IN_A_LINE ? size - place : IN_A_LINE, place);
    }
}

void hex_append(text_builder *b, const BYTE *data, size_t size)
{
    for (size_t i = 0; i < size && b->state == TEXT_GOOD; i++)
        line_hex(b, data[i], 2);
}

static int digit_of(WCHAR c)
{
    if (c >= L'0' && c <= L'9')
        return c - L'0';
    if (c >= L'a' && c <= L'f')
        return c - L'a' + 10;
    return c >= L'A' && c <= L'F' ? c - L'A' + 10 : -1;
}

static bool is_between(WCHAR c)
{
    return c == L' ' || c == L'\t' || c == L'\r' || c == L'\n' || c == L',' || c == L':' || c == L'-';
}

bool hex_parse(const WCHAR *text, size_t length, bytes *out, size_t *wrong)
{
    size_t i = 0;

    while (i < length)
    {
        BYTE byte;

        *wrong = i;
        if (is_between(text[i]))
        {
            i++;
            continue;
        }
        if (text[i] == L'0' && i + 1 < length && (text[i + 1] | 0x20) == L'x')
            i += 2;
        *wrong = i;
        if (i == length || digit_of(text[i]) < 0)
            return false;
        *wrong = i + 1;
        if (i + 1 == length || digit_of(text[i + 1]) < 0)
            return false;
        byte = (BYTE)(digit_of(text[i]) * 16 + digit_of(text[i + 1]));
        if (!bytes_append(out, &byte, 1))
            return false;
        i += 2;
    }
    return true;
}

#include "tool/escape.h"

#include "json/utf8.h"
#include "tool/line.h"

typedef struct span
{
    WCHAR first, last;
} span;

/* What is escaped of the characters behind U+007E that are no halves of pairs. */
static const span hidden[] = {
    {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x061c, 0x061c}, {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffe, 0xffff},
};

bool escape_is_hidden(WCHAR c)
{
    for (size_t i = 0; i < ARRAYSIZE(hidden); i++)
    {
        if (c >= hidden[i].first && c <= hidden[i].last)
            return true;
    }
    return c < 0x20;
}

static void escape_one(text_builder *b, WCHAR c)
{
    if (c == L'\r' || c == L'\n' || c == L'\t')
    {
        text_builder_add(b, L'\\');
        text_builder_add(b, c == L'\r' ? L'r' : c == L'\n' ? L'n' : L't');
        return;
    }
    line_text(b, c < 0x100 ? L"\\x" : L"\\u");
    line_hex(b, c, c < 0x100 ? 2 : 4);
}

/* How many characters at the front are a line end, or a tab, that stays. */
static size_t kept_at(const WCHAR *text, size_t length)
{
    if (text[0] == L'\n' || text[0] == L'\t')
        return 1;
    return text[0] == L'\r' && length > 1 && text[1] == L'\n' ? 2 : 0;
}

void escape_append_text(text_builder *b, const WCHAR *text, size_t length, escape_lines lines)
{
    size_t i = 0;

    while (i < length && b->state == TEXT_GOOD)
    {
        WCHAR c = text[i];
        size_t kept = lines == ESCAPE_KEEPS_LINES ? kept_at(text + i, length - i) : 0;

        if (kept)
            line_text(b, c == L'\t' ? L"\t" : L"\r\n");
        else if (IS_HIGH_SURROGATE(c) && i + 1 < length && IS_LOW_SURROGATE(text[i + 1]))
            text_builder_append(b, text + i, kept = 2);
        else if (escape_is_hidden(c) || IS_HIGH_SURROGATE(c) || IS_LOW_SURROGATE(c))
            escape_one(b, c);
        else
            text_builder_add(b, c);
        i += kept ? kept : 1;
    }
}

void escape_append(text_builder *b, const BYTE *data, size_t size, escape_lines lines)
{
    while (size > 0 && b->state == TEXT_GOOD)
    {
        size_t right, length = utf8_decode(data, size, NULL, &right);
        WCHAR *text = length > 0 ? mem_alloc(length * sizeof(WCHAR)) : NULL;

        if (length > 0 && !text)
        {
            b->state = TEXT_NO_MEMORY;
            return;
        }
        if (length > 0)
            utf8_decode(data, size, text, &right);
        escape_append_text(b, text, length, lines);
        mem_free(text);
        data += right;
        size -= right;
        if (size > 0)
        {
            line_text(b, L"\\x");
            line_hex(b, *data, 2);
            data++;
            size--;
        }
    }
}

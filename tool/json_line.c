#include "tool/json_line.h"

#include "json/string_text.h"
#include "json/utf8.h"
#include "tool/escape.h"
#include "tool/hex.h"
#include "tool/line.h"

#include <wchar.h>

void json_begin(text_builder *b)
{
    text_builder_add(b, L'{');
}

void json_end(text_builder *b)
{
    text_builder_add(b, L'}');
}

static void begin_member(text_builder *b, const WCHAR *key)
{
    if (b->length > 0 && b->text[b->length - 1] != L'{')
        text_builder_add(b, L',');
    text_builder_add(b, L'"');
    line_text(b, key);
    line_text(b, L"\":");
}

static size_t hidden_from(const text_builder *b, size_t from)
{
    size_t count = 0;

    for (size_t i = from; i < b->length; i++)
        count += escape_is_hidden(b->text[i]);
    return count;
}

/* Puts \uXXXX in place of each hidden character from this place on. It works backwards, so nothing is overwritten that
 * is still to be moved. */
static void escape_hidden(text_builder *b, size_t from)
{
    static const char digits[] = "0123456789abcdef";
    size_t hidden = hidden_from(b, from), at = b->length, to;

    if (!hidden || !text_builder_extend(b, hidden * 5))
        return;
    for (to = b->length; at > from;)
    {
        WCHAR c = b->text[--at];

        if (!escape_is_hidden(c))
        {
            b->text[--to] = c;
            continue;
        }
        for (int shift = 0; shift < 16; shift += 4)
            b->text[--to] = (WCHAR)digits[c >> shift & 15];
        b->text[--to] = L'u';
        b->text[--to] = L'\\';
    }
}

static void text_member(text_builder *b, const WCHAR *key, const WCHAR *text, size_t length)
{
    size_t from;

    begin_member(b, key);
    from = b->length;
    string_append(b, text, length);
    if (b->state == TEXT_GOOD)
        escape_hidden(b, from);
}

void json_text(text_builder *b, const WCHAR *key, const WCHAR *text)
{
    text_member(b, key, text, wcslen(text));
}

void json_number(text_builder *b, const WCHAR *key, double number, unsigned places)
{
    begin_member(b, key);
    line_fixed(b, number, places);
}

void json_boolean(text_builder *b, const WCHAR *key, bool value)
{
    begin_member(b, key);
    line_text(b, value ? L"true" : L"false");
}

void json_null(text_builder *b, const WCHAR *key)
{
    begin_member(b, key);
    line_text(b, L"null");
}

void json_time(text_builder *b, const WCHAR *key, const SYSTEMTIME *time)
{
    begin_member(b, key);
    text_builder_add(b, L'"');
    line_day_and_time(b, time);
    text_builder_add(b, L'"');
}

void json_object(text_builder *b, const WCHAR *key)
{
    begin_member(b, key);
    json_begin(b);
}

/* False, with nothing appended, where the bytes are no UTF-8. */
static bool append_decoded(text_builder *b, const BYTE *data, size_t size)
{
    size_t right, length = utf8_decode(data, size, NULL, &right);
    WCHAR *text;

    if (right < size)
        return false;
    text = mem_alloc((length + 1) * sizeof(WCHAR));
    if (!text)
    {
        b->state = TEXT_NO_MEMORY;
        return true;
    }
    utf8_decode(data, size, text, &right);
    text_member(b, L"text", text, length);
    mem_free(text);
    return true;
}

void json_message(text_builder *b, const BYTE *data, size_t size, bool as_hex)
{
    json_number(b, L"bytes", (double)size, 0);
    if (as_hex)
    {
        begin_member(b, L"hex");
        text_builder_add(b, L'"');
        hex_append(b, data, size);
        text_builder_add(b, L'"');
        return;
    }
    if (!append_decoded(b, data, size))
    {
        begin_member(b, L"base64");
        string_append_base64(b, data, size);
    }
}

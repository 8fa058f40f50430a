#include "tool/json_line.h"

#include "json/string_text.h"
#include "json/utf8.h"
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

static void text_member(text_builder *b, const WCHAR *key, const WCHAR *text, size_t length)
{
    begin_member(b, key);
    string_append(b, text, length);
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

#include "com/text.h"

#include "com/error.h"

enum
{
    UTF8 = 65001,
    UTF16 = 1200,
    REPLACEMENT = 0xFFFD,
    LONGEST = 0x3FFFFFFF /* characters; the most that a BSTR may have, since its length is in bytes */
};

/* ---- bytes to text ---- */

/* Replaces each surrogate that is without its other half: it is no character. */
static void replace_lone_surrogates(WCHAR *text, DWORD length)
{
    for (DWORD i = 0; i < length; i++)
    {
        bool is_high = text[i] >= 0xD800 && text[i] <= 0xDBFF;
        bool is_low = text[i] >= 0xDC00 && text[i] <= 0xDFFF;

        if (is_high && i + 1 < length && text[i + 1] >= 0xDC00 && text[i + 1] <= 0xDFFF)
            i++;
        else if (is_high || is_low)
            text[i] = REPLACEMENT;
    }
}

static HRESULT decode_utf16(const BYTE *data, DWORD size, BSTR *out)
{
    DWORD length = size / 2;

    *out = SysAllocStringLen(NULL, length + size % 2);
    if (!*out)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    if (length > 0)
        memcpy(*out, data, length * sizeof(WCHAR));
    replace_lone_surrogates(*out, length);
    if (size % 2)
        (*out)[length] = REPLACEMENT; /* the last byte is half a character */
    return S_OK;
}

/* Decodes one character of at most `longest` bytes, sets `*taken` to its bytes, and returns how many WCHARs it made. A
 * byte that begins no character becomes U+FFFD. */
static int decode_character(UINT code_page, UINT longest, const char *data, DWORD size, WCHAR *to, DWORD *taken)
{
    DWORD length = IsDBCSLeadByteEx(code_page, (BYTE)*data) ? 2 : 1;

    for (; length <= longest && length <= size; length++)
    {
        int made = MultiByteToWideChar(code_page, MB_ERR_INVALID_CHARS, data, (int)length, to, 2);

        if (made > 0)
        {
            *taken = length;
            return made;
        }
    }
    *to = REPLACEMENT;
    *taken = 1;
    return 1;
}

/* Decodes text with bytes that are no characters. Windows itself replaces them differently in different code pages. */
static HRESULT decode_one_by_one(UINT code_page, const char *data, DWORD size, BSTR *out)
{
    CPINFO info = {.MaxCharSize = 1};
    DWORD length = 0, taken;
    WCHAR *text;

    GetCPInfo(code_page, &info);
    text = mem_alloc((size_t)size * 2 * sizeof(*text));
    if (!text)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    for (; size > 0; data += taken, size -= taken)
        length += decode_character(code_page, info.MaxCharSize, data, size, text + length, &taken);
    *out = SysAllocStringLen(text, length);
    mem_free(text);
    return *out ? S_OK : error_raise(ERROR_ID_OUT_OF_MEMORY);
}

static HRESULT decode_known(UINT code_page, const char *data, DWORD size, BSTR *out)
{
    /* Windows itself replaces invalid UTF-8 by U+FFFD. Some code pages accept no flags (ERROR_INVALID_FLAGS). */
    DWORD flags = code_page == UTF8 ? 0 : MB_ERR_INVALID_CHARS;
    int length = MultiByteToWideChar(code_page, flags, data, (int)size, NULL, 0);

    if (length == 0)
    {
        if (GetLastError() == ERROR_NO_UNICODE_TRANSLATION)
            return decode_one_by_one(code_page, data, size, out);
        flags = 0;
        length = MultiByteToWideChar(code_page, flags, data, (int)size, NULL, 0);
    }
    *out = SysAllocStringLen(NULL, (UINT)length);
    if (!*out)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    if (length > 0)
        MultiByteToWideChar(code_page, flags, data, (int)size, *out, length);
    return S_OK;
}

/* Windows does not convert UTF-16. */
static bool windows_knows(LONG code_page)
{
    return code_page >= 0 && MultiByteToWideChar((UINT)code_page, 0, "a", 1, NULL, 0) > 0;
}

static DWORD utf8_mark(const BYTE *data, DWORD size)
{
    return size >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF ? 3 : 0;
}

HRESULT text_decode(const void *data, DWORD size, LONG code_page, BSTR *out)
{
    DWORD mark;

    *out = NULL;
    if (code_page != UTF16 && !windows_knows(code_page))
        return error_raise(ERROR_ID_CODE_PAGE, code_page);
    if (size > LONGEST)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    if (code_page == UTF16)
        return decode_utf16(data, size, out);
    mark = code_page == UTF8 ? utf8_mark(data, size) : 0;
    if (size == mark)
        return decode_utf16(data, 0, out);
    return decode_known((UINT)code_page, (const char *)data + mark, size - mark, out);
}

/* ---- text to bytes ---- */

HRESULT text_encode(BSTR text, LONG code_page, byte_view *out)
{
    static const byte_view nothing = {0};
    UINT length = SysStringLen(text);
    int size;

    *out = nothing;
    if (code_page != UTF16 && !windows_knows(code_page))
        return error_raise(ERROR_ID_CODE_PAGE, code_page);
    out->is_utf16 = code_page == UTF16;
    if (length == 0)
        return S_OK;
    if (code_page == UTF16)
    {
        out->data = text;
        out->size = length * (DWORD)sizeof(WCHAR);
        return S_OK;
    }
    size = WideCharToMultiByte((UINT)code_page, 0, text, (int)length, NULL, 0, NULL, NULL);
    if (size > 0)
        out->copy = mem_alloc((size_t)size);
    if (!out->copy)
        return error_raise(ERROR_ID_OUT_OF_MEMORY);
    WideCharToMultiByte((UINT)code_page, 0, text, (int)length, out->copy, size, NULL, NULL);
    out->data = out->copy;
    out->size = (DWORD)size;
    return S_OK;
}

#include "json/utf8.h"

/* Returns the length of the character that begins with this byte; 0: none does. */
static size_t length_of(BYTE first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xC2) /* a byte that continues, or two bytes for what one can hold */
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

static bool is_continuation(BYTE b)
{
    return (b & 0xC0) == 0x80;
}

/* Returns whether the second byte is one that may follow the first: none makes a character that needs fewer bytes, half
 * of a surrogate pair, or one beyond U+10FFFF. */
static bool may_follow(BYTE first, BYTE second)
{
    switch (first)
    {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second < 0xA0;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second < 0x90;
    default: return true;
    }
}

/* Returns how many bytes the character has, 0 if there is none, and puts it into *out. */
static size_t decode_one(const BYTE *data, size_t size, DWORD *out)
{
    size_t length = length_of(*data);

    if (!length || length > size)
        return 0;
    *out = length == 1 ? *data : *data & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++)
    {
        if (!is_continuation(data[i]))
            return 0;
        *out = *out << 6 | (data[i] & 0x3F);
    }
    return length == 1 || may_follow(data[0], data[1]) ? length : 0;
}

size_t utf8_decode(const BYTE *data, size_t size, WCHAR *to, size_t *right)
{
    size_t at = 0, made = 0, length;
    DWORD c;

    for (; at < size; at += length)
    {
        length = decode_one(data + at, size - at, &c);
        if (!length)
            break;
        if (to && c < 0x10000)
            to[made] = (WCHAR)c;
        else if (to)
        {
            to[made] = (WCHAR)(0xD7C0 + (c >> 10));
            to[made + 1] = (WCHAR)(0xDC00 | (c & 0x3FF));
        }
        made += c < 0x10000 ? 1 : 2;
    }
    *right = at;
    return made;
}

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void promise(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "BROKEN: %s\n", what);
    abort();
}

/* Half of a surrogate pair, letters that have two cases, blanks and dots that are not ASCII's. */
static WCHAR character_of(BYTE b)
{
    static const WCHAR others[] = {0xd800, 0xdc00, 0x00a0, 0x3002, 0xff0f, 0xfeff, 0xffff, 0x0130, 0x00df, 0x2215};

    return b < 0x80 ? b : b < 0x80 + ARRAYSIZE(others) ? others[b - 0x80] : (WCHAR)(b * 0x101);
}

text text_of(const BYTE *data, size_t size)
{
    text t = {malloc(size * sizeof(WCHAR)), size};

    for (size_t i = 0; i < size; i++)
        t.characters[i] = character_of(data[i]);
    return t;
}

void text_free(text t)
{
    free(t.characters);
}

text take_line(const BYTE **data, size_t *size)
{
    const BYTE *end = *size ? memchr(*data, '\n', *size) : NULL;
    size_t length = end ? (size_t)(end - *data) : *size;
    text line = text_of(*data, length);

    *data += length + (end != NULL);
    *size -= length + (end != NULL);
    return line;
}

static char small(WCHAR c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c < 0x80 ? c : 0x7f);
}

bool text_is(const WCHAR *characters, size_t length, const char *word)
{
    if (length != strlen(word))
        return false;
    for (size_t i = 0; i < length; i++)
        if (small(characters[i]) != word[i])
            return false;
    return true;
}

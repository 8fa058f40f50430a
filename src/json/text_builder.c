#include "json/text_builder.h"

enum
{
    FIRST_CAPACITY = 256
};

void text_builder_fini(text_builder *b)
{
    static const text_builder empty = {0};

    mem_free(b->text);
    *b = empty;
}

static void grow(text_builder *b, size_t length)
{
    size_t capacity = b->capacity ? b->capacity * 2 : FIRST_CAPACITY;
    WCHAR *larger;

    while (capacity < b->length + length)
        capacity *= 2;
    larger = mem_alloc(capacity * sizeof(*larger));
    if (!larger)
    {
        b->state = TEXT_NO_MEMORY;
        return;
    }
    if (b->length > 0)
        memcpy(larger, b->text, b->length * sizeof(*larger));
    mem_free(b->text);
    b->text = larger;
    b->capacity = capacity;
}

WCHAR *text_builder_extend(text_builder *b, size_t length)
{
    WCHAR *room;

    if (b->state == TEXT_GOOD && length > TEXT_LONGEST - b->length)
        b->state = TEXT_TOO_LONG;
    if (b->state == TEXT_GOOD && length > b->capacity - b->length)
        grow(b, length);
    if (b->state != TEXT_GOOD)
        return NULL;
    room = b->text + b->length;
    b->length += length;
    return room;
}

void text_builder_add(text_builder *b, WCHAR c)
{
    text_builder_append(b, &c, 1);
}

void text_builder_append(text_builder *b, const WCHAR *text, size_t length)
{
    WCHAR *room = length > 0 ? text_builder_extend(b, length) : NULL;

    if (room)
        memcpy(room, text, length * sizeof(*text));
}

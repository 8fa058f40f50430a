#include "tool/bytes.h"

#include <string.h>

enum
{
    FIRST_CAPACITY = 4096,
    PART = 65536 /* of a file, in one read */
};

void bytes_fini(bytes *b)
{
    static const bytes empty = {0};

    mem_free(b->data);
    *b = empty;
}

BYTE *bytes_room(bytes *b, size_t size)
{
    size_t capacity = b->capacity ? b->capacity : FIRST_CAPACITY;
    BYTE *larger;

    if (size > BYTES_MOST - b->size)
        return NULL;
    if (b->data && size <= b->capacity - b->size)
        return b->data + b->size;
    while (capacity < b->size + size)
        capacity *= 2;
    larger = mem_alloc(capacity);
    if (!larger)
        return NULL;
    if (b->size > 0)
        memcpy(larger, b->data, b->size);
    mem_free(b->data);
    b->data = larger;
    b->capacity = capacity;
    return b->data + b->size;
}

void bytes_took(bytes *b, size_t size)
{
    b->size += size;
}

bool bytes_append(bytes *b, const void *data, size_t size)
{
    BYTE *room = bytes_room(b, size);

    if (!room)
        return false;
    if (size > 0)
        memcpy(room, data, size);
    bytes_took(b, size);
    return true;
}

bool bytes_append_text(bytes *b, const WCHAR *text, size_t length)
{
    int size = length > 0 && length < BYTES_MOST / 3
                   ? WideCharToMultiByte(CP_UTF8, 0, text, (int)length, NULL, 0, NULL, NULL)
                   : 0;
    BYTE *room = bytes_room(b, (size_t)size);

    if (!room || (length > 0 && !size))
        return false;
    if (size > 0)
        WideCharToMultiByte(CP_UTF8, 0, text, (int)length, (char *)room, size, NULL, NULL);
    bytes_took(b, (size_t)size);
    return true;
}

DWORD bytes_read(bytes *b, HANDLE file, size_t most)
{
    for (;;)
    {
        BYTE *room = bytes_room(b, PART);
        DWORD done, error;

        if (!room)
            return ERROR_NOT_ENOUGH_MEMORY;
        if (!ReadFile(file, room, PART, &done, NULL))
        {
            error = GetLastError();
            return error == ERROR_BROKEN_PIPE || error == ERROR_HANDLE_EOF ? 0 : error;
        }
        if (!done)
            return 0;
        bytes_took(b, done);
        if (b->size > most)
            return ERROR_FILE_TOO_LARGE;
    }
}

#include "tool/keyboard.h"

#include <string.h>

enum
{
    PART = 4096,
    CTRL_Z = 26
};

void keyboard_init(keyboard *k)
{
    DWORD mode;

    memset(k, 0, sizeof(*k));
    k->input = GetStdHandle(STD_INPUT_HANDLE);
    k->is_console = GetConsoleMode(k->input, &mode) != 0;
}

void keyboard_fini(keyboard *k)
{
    bytes_fini(&k->waiting);
}

static bool read_console(keyboard *k)
{
    WCHAR text[PART];
    DWORD length;

    /* Ctrl+C ends a read with nothing, too: stop.h tells of it. */
    if (!ReadConsoleW(k->input, text, PART, &length, NULL) || !length || text[0] == CTRL_Z)
        return false;
    return bytes_append_text(&k->waiting, text, length);
}

static bool read_file(keyboard *k)
{
    BYTE *room = bytes_room(&k->waiting, PART);
    DWORD size;

    if (!room || !ReadFile(k->input, room, PART, &size, NULL) || !size)
        return false;
    bytes_took(&k->waiting, size);
    return true;
}

/* Gives out `size` bytes and takes `skipped` more away. */
static bool give(keyboard *k, size_t size, size_t skipped, bytes *out)
{
    size_t length = size;
    bool good;

    while (length > 0 && k->waiting.data[length - 1] == '\r')
        length--;
    good = bytes_append(out, k->waiting.data, length);
    k->waiting.size -= size + skipped;
    memmove(k->waiting.data, k->waiting.data + size + skipped, k->waiting.size);
    return good;
}

bool keyboard_line(keyboard *k, bytes *out)
{
    size_t looked_at = 0;

    for (;;)
    {
        BYTE *end =
            k->waiting.size > looked_at ? memchr(k->waiting.data + looked_at, '\n', k->waiting.size - looked_at) : NULL;

        if (end)
            return give(k, (size_t)(end - k->waiting.data), 1, out);
        if (k->ended)
            return k->waiting.size > 0 && give(k, k->waiting.size, 0, out);
        looked_at = k->waiting.size;
        k->ended = !(k->is_console ? read_console(k) : read_file(k));
    }
}

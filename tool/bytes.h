/* bytes.h: bytes that grow. One thread at a time. */

#ifndef TOOL_BYTES_H
#define TOOL_BYTES_H

#include "base/win32.h"

#define BYTES_MOST 0x7fffffff /* what a message can have */

typedef struct bytes
{
    BYTE *data; /* NULL while there is none */
    size_t size, capacity;
} bytes;

/* A zeroed `bytes` is empty. bytes_fini frees what it holds and leaves it empty. */
void bytes_fini(bytes *b);

/* Makes room for `size` more bytes behind the last one and returns it; bytes_took says how many of them were filled.
 * NULL if memory is short, or if there would be more than BYTES_MOST. */
BYTE *bytes_room(bytes *b, size_t size);
void bytes_took(bytes *b, size_t size);

/* Appends; false as bytes_room. */
bool bytes_append(bytes *b, const void *data, size_t size);

/* Appends text as UTF-8; half a surrogate pair becomes U+FFFD. False as bytes_room. `length` is in characters. */
bool bytes_append_text(bytes *b, const WCHAR *text, size_t length);

/* Appends all that a file holds, from where it stands. Returns a Win32 code; ERROR_FILE_TOO_LARGE beyond `most`. */
DWORD bytes_read(bytes *b, HANDLE file, size_t most);

#endif

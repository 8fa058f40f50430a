#include "pipe/framing.h"

#define LENGTH_SIZE 4  /* bytes of the length of FRAMING_LENGTH */
#define DIGITS_MOST 10 /* of a Content-Length */

static const char length_name[] = "content-length";

bool framing_splits(framing of)
{
    return of != FRAMING_PIPE && of != FRAMING_CHUNKS;
}

/* ---- splitting ---- */

/* Forgets the frame that was split. */
static void begin_frame(splitter *s)
{
    s->seen = s->body = s->line = 0;
    s->announced = 0;
    s->has_length = s->follows_length = false;
}

void splitter_init(splitter *s, framing of, DWORD limit)
{
    s->framing = of;
    s->limit = limit ? limit : FRAME_LIMIT;
    begin_frame(s);
}

static split_result give(splitter *s, frame *out, DWORD begin, DWORD size, DWORD whole)
{
    out->begin = begin;
    out->size = size;
    out->whole = whole;
    begin_frame(s);
    return SPLIT_FRAME;
}

/* Returns the length of a line without the CR that may stand before its end. */
static DWORD without_cr(const BYTE *line, DWORD length)
{
    return length && line[length - 1] == '\r' ? length - 1 : length;
}

static split_result next_line(splitter *s, const BYTE *data, DWORD size, frame *out)
{
    const BYTE *end = size > s->seen ? memchr(data + s->seen, '\n', size - s->seen) : NULL;
    DWORD length = end ? (DWORD)(end - data) : size, content = without_cr(data, length);

    s->seen = length;
    if (content > s->limit)
        return SPLIT_TOO_LONG;
    return end ? give(s, out, 0, content, length + 1) : SPLIT_MORE;
}

/* ---- a length before the message ---- */

/* The length is known; the message begins at `body`. */
static split_result begin_body(splitter *s, DWORD body)
{
    if (s->announced > s->limit)
        return SPLIT_TOO_LONG;
    s->body = body;
    return SPLIT_MORE;
}

static split_result scan_length(splitter *s, const BYTE *data, DWORD size)
{
    if (size < LENGTH_SIZE)
        return SPLIT_MORE;
    s->announced = data[0] | (DWORD)data[1] << 8 | (DWORD)data[2] << 16 | (DWORD)data[3] << 24;
    return begin_body(s, LENGTH_SIZE);
}

static bool is_blank(BYTE c)
{
    return c == ' ' || c == '\t';
}

static BYTE lower(BYTE c)
{
    return c >= 'A' && c <= 'Z' ? (BYTE)(c + ('a' - 'A')) : c;
}

/* Returns whether the line is a Content-Length, and where its value begins. */
static bool is_length_line(const BYTE *line, DWORD length, DWORD *value)
{
    DWORD name = sizeof(length_name) - 1;

    if (length <= name || line[name] != ':')
        return false;
    for (DWORD i = 0; i < name; i++)
        if (lower(line[i]) != (BYTE)length_name[i])
            return false;
    *value = name + 1;
    return true;
}

/* Reads 1 to DIGITS_MOST digits with blanks around them. */
static bool read_digits(const BYTE *text, DWORD length, ULONGLONG *out)
{
    while (length && is_blank(*text))
        text++, length--;
    while (length && is_blank(text[length - 1]))
        length--;
    if (length < 1 || length > DIGITS_MOST)
        return false;
    *out = 0;
    for (DWORD i = 0; i < length; i++)
    {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (ULONGLONG)(text[i] - '0');
    }
    return true;
}

/* Takes one line of the header part. A line that begins with a blank goes on the line before it. False: no frame can
 * have such a header part. */
static bool take_header_line(splitter *s, const BYTE *line, DWORD length)
{
    ULONGLONG announced;
    DWORD value;

    if (is_blank(line[0]) && s->follows_length)
        return false;
    s->follows_length = is_length_line(line, length, &value);
    if (!s->follows_length)
        return true;
    if (!read_digits(line + value, length - value, &announced) || (s->has_length && announced != s->announced))
        return false;
    s->has_length = true;
    s->announced = announced;
    return true;
}

static split_result scan_header(splitter *s, const BYTE *data, DWORD size)
{
    DWORD most = size < FRAME_HEADER_MOST ? size : FRAME_HEADER_MOST;

    while (s->seen < most)
    {
        DWORD length;

        if (data[s->seen++] != '\n')
            continue;
        length = without_cr(data + s->line, s->seen - 1 - s->line);
        if (!length)
            return s->has_length ? begin_body(s, s->seen) : SPLIT_WRONG;
        if (!take_header_line(s, data + s->line, length))
            return SPLIT_WRONG;
        s->line = s->seen;
    }
    return most < FRAME_HEADER_MOST ? SPLIT_MORE : SPLIT_WRONG;
}

static split_result next_body(splitter *s, const BYTE *data, DWORD size, frame *out)
{
    split_result scanned = SPLIT_MORE;

    if (!s->body)
        scanned = s->framing == FRAMING_LENGTH ? scan_length(s, data, size) : scan_header(s, data, size);
    if (scanned != SPLIT_MORE || !s->body || size - s->body < s->announced)
        return scanned;
    return give(s, out, s->body, (DWORD)s->announced, s->body + (DWORD)s->announced);
}

/* ---- all framings ---- */

split_result splitter_next(splitter *s, const BYTE *data, DWORD size, frame *out)
{
    switch (s->framing)
    {
    case FRAMING_LINES: return next_line(s, data, size, out);
    case FRAMING_LENGTH:
    case FRAMING_HEADER: return next_body(s, data, size, out);
    default: return size > s->limit ? SPLIT_TOO_LONG : SPLIT_MORE;
    }
}

split_result splitter_end(splitter *s, const BYTE *data, DWORD size, frame *out)
{
    (void)data;
    if (!size)
        return SPLIT_MORE;
    if (s->framing == FRAMING_LENGTH || s->framing == FRAMING_HEADER)
        return SPLIT_WRONG;
    return size > s->limit ? SPLIT_TOO_LONG : give(s, out, 0, size, size);
}

DWORD splitter_room(const splitter *s, DWORD have)
{
    ULONGLONG most = s->body ? s->body + s->announced : (ULONGLONG)s->limit + FRAME_HEADER_MOST;
    ULONGLONG twice = 2 * (ULONGLONG)have;

    return (DWORD)(twice < most ? twice : most);
}

/* ---- marking ---- */

static void mark_length(DWORD size, frame_mark *out)
{
    for (int i = 0; i < LENGTH_SIZE; i++)
        out->head[i] = (BYTE)(size >> 8 * i);
    out->head_size = LENGTH_SIZE;
}

static void append(frame_mark *out, const char *text, DWORD length)
{
    memcpy(out->head + out->head_size, text, length);
    out->head_size += length;
}

static void mark_header(DWORD size, frame_mark *out)
{
    char digits[DIGITS_MOST];
    DWORD first = DIGITS_MOST;

    do
    {
        digits[--first] = (char)('0' + size % 10);
        size /= 10;
    } while (size);
    append(out, "Content-Length: ", 16);
    append(out, digits + first, DIGITS_MOST - first);
    append(out, "\r\n\r\n", 4);
}

void framing_mark(framing of, const void *data, DWORD size, frame_mark *out)
{
    out->head_size = out->tail_size = 0;
    if (of == FRAMING_LINES)
        out->tail_size = !size || ((const BYTE *)data)[size - 1] != '\n';
    else if (of == FRAMING_LENGTH)
        mark_length(size, out);
    else if (of == FRAMING_HEADER)
        mark_header(size, out);
}

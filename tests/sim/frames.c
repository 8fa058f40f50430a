#include "frames.h"

#include "pipe/framing.h"
#include "random.h"
#include "scenario.h"

#include <stdio.h>

#define LONGEST 900 /* bytes of a message, and fewer */

static BYTE byte_of(unsigned number, DWORD at)
{
    return (BYTE)('a' + (number * 7 + at) % 26);
}

static void append(frame_stream *s, const void *data, DWORD size)
{
    memcpy(s->data + s->size, data, size);
    s->size += size;
}

static void append_text(frame_stream *s, const char *text)
{
    append(s, text, (DWORD)strlen(text));
}

static void append_head(frame_stream *s, DWORD size)
{
    static const char *const forms[] = {"Content-Length: %u\r\n\r\n",
                                        "content-length:%u\n\n",
                                        "Content-Type: text\r\nContent-Length: \t%u \r\n\r\n",
                                        "Content-Digest: 7\r\nContent-Length: %u\r\n\r\n",
                                        "Content-Disposition: a\r\n b\r\nContent-Length: %u\r\n\r\n",
                                        "Content-Length: %u\r\nContent-Length:%u\r\n\r\n"};
    BYTE length[4] = {(BYTE)size, (BYTE)(size >> 8), 0, 0};
    char head[100];

    if (s->framing == FRAMING_LENGTH)
        append(s, length, 4);
    if (s->framing != FRAMING_HEADER)
        return;
    snprintf(head, sizeof(head), forms[choose(ARRAYSIZE(forms))], size, size);
    append_text(s, head);
}

/* A header part that no frame can have: the connection ends as soon as it is read. */
static void append_wrong_head(frame_stream *s)
{
    static const char *const wrong[] = {"\r\n",
                                        "Content-Type: text\r\n\r\n",
                                        "Content-Length: \r\n\r\n",
                                        "Content-Length: 5\r\n 6\r\n\r\n",
                                        "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
                                        "Content-Length: 12345678901\r\n\r\n",
                                        "Content-Length: 1x\r\n\r\n",
                                        "Content-Length: -5\r\n\r\n"};
    uint32_t which = choose(ARRAYSIZE(wrong) + 1);

    if (which < ARRAYSIZE(wrong))
        append_text(s, wrong[which]);
    else
        for (DWORD i = 0; i < FRAME_HEADER_MOST; i++)
            append_text(s, "x");
    s->end = PIPE_ERROR_BAD_FRAME;
    s->ends_at_once = true;
}

static void append_message(frame_stream *s, unsigned number, DWORD size)
{
    append_head(s, size);
    for (DWORD i = 0; i < size; i++)
        s->data[s->size++] = byte_of(number, i);
    if (s->framing == FRAMING_LINES)
        append_text(s, choose(2) ? "\n" : "\r\n");
}

/* The rest is a message, or a part of a frame whose end never comes. */
static void append_rest(frame_stream *s)
{
    static const char *const parts[] = {"Content-Length: 5\r\n\r\nabc", "\3\0"};

    if (s->framing == FRAMING_LENGTH)
        append(s, parts[1], 2);
    else
        append(s, parts[0], 1 + choose((uint32_t)strlen(parts[0])));
    s->end = PIPE_ERROR_BAD_FRAME;
}

/* Message `number` comes, unless it is too long: then nothing comes any more. */
static void expect_message(frame_stream *s, DWORD size)
{
    if (s->end)
        return;
    if (s->limit && size > s->limit)
    {
        s->end = PIPE_ERROR_MESSAGE_TOO_LONG;
        s->ends_at_once = true;
    }
    else
        s->sizes[s->count++] = size;
}

/* The last line needs no end. A CR alone behind it is none, either: it belongs to the message, which it makes too long
 * here. */
static void append_last_line(frame_stream *s, unsigned number)
{
    bool has_cr = choose(3) == 0;
    DWORD size = 1 + choose(100);

    if (has_cr && !s->limit)
        s->limit = LONGEST;
    if (has_cr)
        size = s->limit;
    for (DWORD i = 0; i < size; i++)
        s->data[s->size++] = byte_of(number, i);
    if (has_cr)
        append_text(s, "\r");
    expect_message(s, has_cr ? size + 1 : size);
}

static void draw_messages(frame_stream *s)
{
    unsigned count;

    s->many = choose(16) == 0;
    count = s->many ? FRAMES_MOST - 1 : choose(7);

    for (unsigned number = 0; number < count; number++)
    {
        DWORD size = s->many ? choose(2) : choose(3) ? choose(60) : choose(LONGEST);

        append_message(s, number, size);
        expect_message(s, size);
    }
    s->ended = s->count;
    if (s->end || choose(2))
        return;
    if (s->framing == FRAMING_LINES)
        append_last_line(s, count);
    else if (s->framing == FRAMING_HEADER && choose(4))
        append_wrong_head(s);
    else
        append_rest(s);
}

static void draw_all_of_it(frame_stream *s)
{
    DWORD size = choose(4) ? choose(3000) : 0;

    append_message(s, 0, size);
    if (size)
        expect_message(s, size);
}

void frames_draw(frame_stream *s)
{
    static const framing framings[] = {FRAMING_LINES, FRAMING_LENGTH, FRAMING_HEADER, FRAMING_UNTIL_CLOSED};

    memset(s, 0, sizeof(*s));
    s->framing = framings[choose(4)];
    s->limit = choose(4) ? 0 : 1 + choose(700);
    if (s->framing == FRAMING_UNTIL_CLOSED)
        draw_all_of_it(s);
    else
        draw_messages(s);
}

void frames_message(const frame_stream *s, unsigned number, BYTE *to)
{
    for (DWORD i = 0; i < s->sizes[number]; i++)
        to[i] = byte_of(number, i);
}

static DWORD put_head(framing of, DWORD size, BYTE *to)
{
    BYTE length[4] = {(BYTE)size, (BYTE)(size >> 8), 0, 0};

    if (of == FRAMING_LENGTH)
        memcpy(to, length, 4);
    if (of == FRAMING_HEADER)
        return (DWORD)sprintf((char *)to, "Content-Length: %u\r\n\r\n", size);
    return of == FRAMING_LENGTH ? 4 : 0;
}

DWORD frames_echo(const frame_stream *s, BYTE *to)
{
    DWORD size = 0;

    for (unsigned number = 0; number < s->ended; number++)
    {
        size += put_head(s->framing, s->sizes[number], to + size);
        frames_message(s, number, to + size);
        size += s->sizes[number];
        if (s->framing == FRAMING_LINES)
            to[size++] = '\n';
    }
    return size;
}

DWORD frames_piece(const frame_stream *s, DWORD at)
{
    DWORD left = s->size - at, piece = choose(4) && !s->many ? choose(40) : left;

    return piece < left ? piece : left;
}

/* frames.c: a stream that is split into frames. An input is a byte for the framing, a byte for the limit, a byte for
 * the sizes of the pieces in which the stream comes, and the stream.
 *
 * The frames are those of a second opinion, which has the whole stream before it; they are the same however the stream
 * comes, and no byte behind what has come is looked at. What is marked is split again into what it was. */

#include "fuzz.h"

#include "pipe/framing.h"

#define FRAMES_MOST 2048
#define LIMIT_MOST 300

/* What became of a stream. */
typedef struct outcome
{
    const BYTE *messages[FRAMES_MOST];
    DWORD sizes[FRAMES_MOST];
    unsigned count;
    split_result end; /* SPLIT_MORE: nothing was left */
} outcome;

static void add(outcome *o, const BYTE *message, DWORD size)
{
    if (o->count == FRAMES_MOST)
        return;
    o->messages[o->count] = message;
    o->sizes[o->count++] = size;
}

/* ---- the second opinion ---- */

static DWORD line_end(const BYTE *data, DWORD size)
{
    DWORD at = 0;

    while (at < size && data[at] != '\n')
        at++;
    return at;
}

static void lines(const BYTE *data, DWORD size, DWORD limit, outcome *o)
{
    while (size)
    {
        DWORD end = line_end(data, size), length = end;

        if (end < size && length && data[length - 1] == '\r')
            length--;
        if (length > limit)
        {
            o->end = SPLIT_TOO_LONG;
            return;
        }
        add(o, data, length);
        if (end == size)
            return;
        data += end + 1;
        size -= end + 1;
    }
}

/* The value of a header line with the name of a length, -1 for another line, -2 for a value that is none. */
static LONGLONG length_in(const BYTE *line, DWORD length)
{
    static const char small[] = "content-length:", large[] = "CONTENT-LENGTH:";
    LONGLONG value = 0;
    DWORD at = sizeof(small) - 1, digits = 0;

    for (DWORD i = 0; i < at; i++)
        if (i == length || (line[i] != (BYTE)small[i] && line[i] != (BYTE)large[i]))
            return -1;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    for (; at < length && line[at] >= '0' && line[at] <= '9' && digits <= 10; at++, digits++)
        value = value * 10 + (line[at] - '0');
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    return at == length && digits >= 1 && digits <= 10 ? value : -2;
}

/* Returns the size of the header part, 0 if it is not whole. *value: what it announces, or -2 for none that may. */
static DWORD header(const BYTE *data, DWORD size, LONGLONG *value)
{
    bool folds = false;
    DWORD at = 0;

    *value = -1;
    for (;;)
    {
        DWORD end = at + line_end(data + at, size - at), length = end - at;
        LONGLONG found;

        if (end == size || end >= FRAME_HEADER_MOST)
        {
            if (size >= FRAME_HEADER_MOST)
                *value = -2;
            return 0;
        }
        if (length && data[end - 1] == '\r')
            length--;
        if (!length)
        {
            *value = *value == -1 ? -2 : *value;
            return end + 1;
        }
        found = length_in(data + at, length);
        if (found == -2 || (found >= 0 && *value >= 0 && found != *value) ||
            (folds && (data[at] == ' ' || data[at] == '\t')))
        {
            *value = -2;
            return 0;
        }
        folds = found >= 0;
        *value = found >= 0 ? found : *value;
        at = end + 1;
    }
}

static void bodies(framing of, const BYTE *data, DWORD size, DWORD limit, outcome *o)
{
    while (size)
    {
        LONGLONG length = -1;
        DWORD head = 0;

        if (of == FRAMING_HEADER)
            head = header(data, size, &length);
        else if (size >= 4)
        {
            head = 4;
            length = data[0] + 256LL * data[1] + 65536LL * data[2] + 16777216LL * data[3];
        }
        o->end = head && length >= 0 && length > limit ? SPLIT_TOO_LONG : SPLIT_WRONG;
        if (!head || length < 0 || length > limit || length > size - head)
            return;
        add(o, data + head, (DWORD)length);
        data += head + length;
        size -= head + (DWORD)length;
    }
    o->end = SPLIT_MORE;
}

static void by_the_rules(framing of, const BYTE *data, DWORD size, DWORD limit, outcome *o)
{
    o->count = 0;
    o->end = SPLIT_MORE;
    if (of == FRAMING_LINES)
        lines(data, size, limit, o);
    else if (of != FRAMING_UNTIL_CLOSED)
        bodies(of, data, size, limit, o);
    else if (size > limit)
        o->end = SPLIT_TOO_LONG;
    else if (size)
        add(o, data, size);
}

/* ---- the splitter ---- */

/* A copy of what has come, whose end is the end of its memory. */
static split_result next(splitter *s, const BYTE *data, DWORD size, frame *f, bool is_end)
{
    BYTE *copy = mem_alloc(size ? size : 1);
    split_result result;

    memcpy(copy, data, size);
    result = is_end ? splitter_end(s, copy, size, f) : splitter_next(s, copy, size, f);
    promise(result != SPLIT_FRAME ||
                (f->whole && f->whole <= size && f->begin <= f->whole && f->size <= f->whole - f->begin),
            "a frame is not within what has come");
    mem_free(copy);
    return result;
}

static void in_pieces(framing of, const BYTE *data, DWORD size, DWORD limit, DWORD piece, outcome *o)
{
    DWORD begin = 0, come = 0;
    splitter s;
    frame f;

    o->count = 0;
    splitter_init(&s, of, limit);
    for (;;)
    {
        bool is_end = come == size;

        o->end = next(&s, data + begin, come - begin, &f, false);
        if (o->end == SPLIT_MORE && is_end)
            o->end = next(&s, data + begin, come - begin, &f, true);
        if (o->end == SPLIT_FRAME)
        {
            add(o, data + begin + f.begin, f.size);
            begin += f.whole;
        }
        else if (o->end != SPLIT_MORE || is_end)
            return;
        else
        {
            promise(come == begin || splitter_room(&s, come - begin) > come - begin, "a frame gets no room to grow");
            promise(splitter_room(&s, come - begin) <= 2 * (come - begin), "a frame gets more room than has come");
            come += piece < size - come ? piece : size - come;
        }
    }
}

static void check_same(const outcome *found, const outcome *due)
{
    promise(found->count == due->count, "there are more or fewer frames than the rules say");
    for (unsigned i = 0; i < found->count; i++)
        promise(found->messages[i] == due->messages[i] && found->sizes[i] == due->sizes[i], "a frame is another");
    promise(found->end == due->end, "the end is judged otherwise than the rules say");
}

/* The stream, as messages of `piece` bytes, is marked and split again. */
static void there_and_back(framing of, const BYTE *data, DWORD size, DWORD piece)
{
    BYTE *marked = mem_alloc(LIMIT_MOST + sizeof(((frame_mark *)0)->head) + 1);
    DWORD message = piece < size ? piece : size;
    frame_mark mark;
    splitter s;
    frame f;

    framing_mark(of, data, message, &mark);
    memcpy(marked, mark.head, mark.head_size);
    memcpy(marked + mark.head_size, data, message);
    if (mark.tail_size)
        marked[mark.head_size + message] = '\n';
    splitter_init(&s, of, 0);
    if (of != FRAMING_LINES && of != FRAMING_UNTIL_CLOSED)
    {
        promise(next(&s, marked, mark.head_size + message, &f, false) == SPLIT_FRAME &&
                    f.whole == mark.head_size + message && f.size == message && f.begin == mark.head_size,
                "what was marked is not what is split");
    }
    else if (of == FRAMING_LINES)
        promise(marked[mark.head_size + message + mark.tail_size - 1] == '\n' && mark.tail_size <= 1 && !mark.head_size,
                "a line that is sent has no end, or a head");
    mem_free(marked);
}

int LLVMFuzzerTestOneInput(const BYTE *data, size_t size)
{
    static const framing framings[] = {FRAMING_LINES, FRAMING_LENGTH, FRAMING_HEADER, FRAMING_UNTIL_CLOSED};
    static outcome due, found;
    framing of;
    DWORD limit, piece, rest;

    if (size < 3)
        return 0;
    of = framings[data[0] % 4];
    limit = 1 + data[1];
    piece = 1 + data[2] % 64;
    rest = (DWORD)size - 3;
    by_the_rules(of, data + 3, rest, limit, &due);
    in_pieces(of, data + 3, rest, limit, piece, &found);
    check_same(&found, &due);
    in_pieces(of, data + 3, rest, limit, rest ? rest : 1, &found);
    check_same(&found, &due);
    there_and_back(of, data + 3, rest, piece);
    return 0;
}

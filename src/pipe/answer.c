#include "pipe/answer.h"

#include "pipe/peek.h"

#define FIRST_BUFFER 65536

void answer_init(answer *a, HANDLE pipe, bool is_remote, framing of, DWORD limit, buffer_source *buffers)
{
    memset(a, 0, sizeof(*a));
    a->pipe = pipe;
    a->is_remote = is_remote;
    a->framing = of;
    a->limit = limit ? limit : MESSAGE_LIMIT;
    a->buffers = buffers;
    if (framing_splits(of))
        splitter_init(&a->splitter, of, limit);
}

void answer_fini(answer *a)
{
    if (a->buffer)
        a->buffers->free(a->buffers, a->buffer);
    a->buffer = NULL;
}

/* ---- room ---- */

static DWORD enlarge(answer *a, DWORD size)
{
    buffer *larger = a->buffers->alloc(a->buffers, size);

    if (!larger)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (a->buffer)
        memcpy(larger->data, a->buffer->data, a->filled);
    answer_fini(a);
    a->buffer = larger;
    return 0;
}

/* Makes room for the rest of a message of which a part was read. */
static DWORD make_room_for_rest(answer *a)
{
    DWORD left, error = peek_message_left(a->pipe, a->is_remote, &left);

    if (error)
        return error;
    if (!left)
    {
        a->filled = 0;
        return 0;
    }
    if (a->filled > a->limit || left > a->limit - a->filled)
        return PIPE_ERROR_MESSAGE_TOO_LONG;
    a->expected = left;
    return enlarge(a, a->filled + left);
}

DWORD answer_make_room(answer *a)
{
    if (!a->buffer)
        return enlarge(a, FIRST_BUFFER);
    if (!framing_splits(a->framing))
        return make_room_for_rest(a);
    return a->filled < a->buffer->capacity ? 0 : enlarge(a, splitter_room(&a->splitter, a->filled));
}

/* ---- a message ---- */

/* Adds the bytes that a read brought. If a part of a message was read before and these bytes are not its rest, the
 * writer has cancelled that message: the part is dropped, and the bytes begin the next message. */
static void add_bytes(answer *a, DWORD error, DWORD bytes)
{
    if (a->filled && (!error || error == ERROR_MORE_DATA) && !peek_is_rest(a->expected, error, bytes))
    {
        memmove(a->buffer->data, a->buffer->data + a->filled, bytes);
        a->filled = 0;
    }
    a->filled += bytes;
}

static DWORD take_message(answer *a, DWORD error, DWORD bytes)
{
    add_bytes(a, error, bytes);
    if (a->framing == FRAMING_CHUNKS && (!error || error == ERROR_MORE_DATA))
        return a->filled ? 0 : ERROR_MORE_DATA; /* what one read brings; an empty write is no chunk */
    if (error)
        return error;
    return a->filled > a->limit ? (DWORD)PIPE_ERROR_MESSAGE_TOO_LONG : 0;
}

/* ---- a frame ---- */

/* Judges the bytes that have come. Returns what answer_take returns. */
static DWORD judge_frame(answer *a, DWORD error, frame *f)
{
    static const frame nothing = {0, 0, 0};
    split_result result;

    if (!error || error == ERROR_MORE_DATA)
        result = splitter_next(&a->splitter, a->buffer->data, a->filled, f);
    else if (peek_is_departure(error))
        result = splitter_end(&a->splitter, a->buffer->data, a->filled, f);
    else
        return error;
    switch (result)
    {
    case SPLIT_FRAME: return 0;
    case SPLIT_TOO_LONG: return PIPE_ERROR_MESSAGE_TOO_LONG;
    case SPLIT_WRONG: return PIPE_ERROR_BAD_FRAME;
    default: break;
    }
    if (!error || error == ERROR_MORE_DATA)
        return ERROR_MORE_DATA;
    *f = nothing;
    return a->framing == FRAMING_UNTIL_CLOSED ? 0 : error;
}

/* The first frame that comes is the answer; what follows it is not wanted. */
static DWORD take_frame(answer *a, DWORD error, DWORD bytes)
{
    frame f;

    a->filled += bytes;
    error = judge_frame(a, error, &f);
    if (error)
        return error;
    if (f.size)
        memmove(a->buffer->data, a->buffer->data + f.begin, f.size);
    a->filled = f.size;
    return 0;
}

DWORD answer_take(answer *a, DWORD error, DWORD bytes)
{
    return framing_splits(a->framing) ? take_frame(a, error, bytes) : take_message(a, error, bytes);
}

#include "pipe/exchange.h"

#include "base/deadline.h"
#include "pipe/dial.h"
#include "pipe/framing.h"
#include "pipe/name.h"
#include "pipe/peek.h"

#define MISSING_MS 500
#define FIRST_BUFFER 65536

/* One exchange under way. */
typedef struct exchanging
{
    const exchange *of;
    deadline until;
    HANDLE event; /* manual-reset event of the request that is under way */
    opened_pipe pipe;
    DWORD expected; /* bytes that are still to come of a message, as the peek said */
} exchanging;

/* ---- opening ---- */

/* Pauses between two tries. Returns 0 or ERROR_CANCELLED. */
static DWORD pause_for(const exchanging *c, DWORD ms)
{
    DWORD error = c->of->wait(c->of->context, c->event, ms); /* no request is under way that could signal the event */

    return error == ERROR_CANCELLED ? error : 0;
}

/* Returns how long a pipe that is busy or missing is still tried, in ms. */
static DWORD patience_left(const exchanging *c, deadline missing, DWORD error)
{
    DWORD left = deadline_left(c->until), of_missing = deadline_left(missing);

    return error == ERROR_PIPE_BUSY || left < of_missing ? left : of_missing;
}

static DWORD open_pipe(exchanging *c)
{
    deadline missing = deadline_in(MISSING_MS);
    DWORD pause = 0, left, error;
    bool may_pass;

    for (;;)
    {
        error = pipe_open(c->of->path, false, &c->pipe, &may_pass);
        if (!error || !may_pass)
            return error;
        left = patience_left(c, missing, error);
        if (!left)
            return dial_timed_out(error);
        pause = dial_pause(error, pause);
        error = pause_for(c, pause < left ? pause : left);
        if (error)
            return error;
    }
}

/* ---- one request ---- */

/* Waits for the end of a request; the call that started it returned `error`. If the wait is given up, the request is
 * cancelled and has ended when this returns; it may even have succeeded. */
static DWORD finish(exchanging *c, OVERLAPPED *overlapped, DWORD error, DWORD *bytes)
{
    DWORD given_up = 0;

    if (error && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
        return error;
    if (error == ERROR_IO_PENDING)
    {
        given_up = c->of->wait(c->of->context, c->event, deadline_left(c->until));
        if (given_up)
            CancelIoEx(c->pipe.handle, overlapped);
    }
    if (GetOverlappedResult(c->pipe.handle, overlapped, bytes, TRUE))
        return 0;
    error = GetLastError();
    return error == ERROR_OPERATION_ABORTED && given_up ? given_up : error;
}

static void begin_request(exchanging *c, OVERLAPPED *overlapped)
{
    memset(overlapped, 0, sizeof(*overlapped));
    overlapped->hEvent = c->event;
}

static DWORD send_message(exchanging *c)
{
    OVERLAPPED overlapped;
    DWORD bytes;
    BOOL ok;

    begin_request(c, &overlapped);
    ok = win32.write_file(c->pipe.handle, c->of->data, c->of->size, NULL, &overlapped);
    return finish(c, &overlapped, ok ? 0 : GetLastError(), &bytes);
}

/* ---- the answer ---- */

static DWORD limit_of(const exchange *of)
{
    return of->limit ? of->limit : MESSAGE_LIMIT;
}

/* Makes `*b` a buffer that has room for the rest of the message and contains the part that was read. If nothing is left
 * of a message that is not whole, its writer has cancelled the message: the part is dropped. */
static DWORD make_room(exchanging *c, buffer **b, DWORD *filled)
{
    const exchange *of = c->of;
    DWORD left = 0, error = *b ? peek_message_left(c->pipe.handle, !pipe_path_is_local(of->path), &left) : 0;
    buffer *larger;

    if (error)
        return error;
    if (!left)
        *filled = 0;
    if (*b && !left)
        return 0;
    if (*filled > limit_of(of) || left > limit_of(of) - *filled)
        return PIPE_ERROR_MESSAGE_TOO_LONG;
    larger = of->buffers->alloc(of->buffers, *filled + (left ? left : FIRST_BUFFER));
    if (!larger)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (*b)
    {
        memcpy(larger->data, (*b)->data, *filled);
        of->buffers->free(of->buffers, *b);
    }
    *b = larger;
    c->expected = left;
    return 0;
}

/* Adds the bytes that a read brought. If a part of a message was read before and these bytes are not its rest, the
 * writer has cancelled that message: the part is dropped, and the bytes begin the next message. */
static void take_bytes(exchanging *c, buffer *b, DWORD *filled, DWORD error, DWORD bytes)
{
    if (*filled && (!error || error == ERROR_MORE_DATA) && !peek_is_rest(c->expected, error, bytes))
    {
        memmove(b->data, b->data + *filled, bytes);
        *filled = 0;
    }
    *filled += bytes;
}

static DWORD receive_bytes(exchanging *c, buffer *b, DWORD filled, DWORD *bytes)
{
    OVERLAPPED overlapped;
    BOOL ok;

    *bytes = 0;
    begin_request(c, &overlapped);
    ok = win32.read_file(c->pipe.handle, b->data + filled, b->capacity - filled, NULL, &overlapped);
    return finish(c, &overlapped, ok ? 0 : GetLastError(), bytes);
}

static DWORD receive_part(exchanging *c, buffer *b, DWORD *filled)
{
    DWORD bytes, error = receive_bytes(c, b, *filled, &bytes);

    take_bytes(c, b, filled, error, bytes);
    return error;
}

static DWORD receive_message(exchanging *c, buffer **answer, DWORD *filled)
{
    DWORD error;

    do
    {
        error = make_room(c, answer, filled);
        if (error)
            return error;
        error = receive_part(c, *answer, filled);
    } while (error == ERROR_MORE_DATA || (!error && c->of->framing == FRAMING_CHUNKS && !*filled));
    if (!error && c->of->framing != FRAMING_CHUNKS && *filled > limit_of(c->of))
        return PIPE_ERROR_MESSAGE_TOO_LONG;
    return error;
}

/* ---- the answer, in a frame ---- */

/* Makes room in `*b` behind the `filled` bytes that have come. */
static DWORD make_room_in_frame(const exchange *of, const splitter *s, buffer **b, DWORD filled)
{
    buffer *larger;

    if (*b && filled < (*b)->capacity)
        return 0;
    larger = of->buffers->alloc(of->buffers, *b ? splitter_room(s, filled) : FIRST_BUFFER);
    if (!larger)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (*b)
    {
        memcpy(larger->data, (*b)->data, filled);
        of->buffers->free(of->buffers, *b);
    }
    *b = larger;
    return 0;
}

/* Judges the `filled` bytes that have come; `error` is the result of the last read. Returns the error that ends the
 * answer, ERROR_MORE_DATA if more must come, or 0 when the frame is whole. UntilClosed has an answer of no bytes. */
static DWORD judge_frame(splitter *s, const buffer *b, DWORD filled, DWORD error, frame *f)
{
    static const frame nothing = {0, 0, 0};
    split_result result;

    if (!error || error == ERROR_MORE_DATA)
        result = splitter_next(s, b->data, filled, f);
    else if (peek_is_departure(error))
        result = splitter_end(s, b->data, filled, f);
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
    return s->framing == FRAMING_UNTIL_CLOSED ? 0 : error;
}

/* Reads the first frame that comes; what follows it is not wanted. */
static DWORD receive_frame(exchanging *c, buffer **answer, DWORD *size)
{
    DWORD filled = 0, bytes, error;
    splitter s;
    frame f;

    splitter_init(&s, c->of->framing, c->of->limit);
    do
    {
        error = make_room_in_frame(c->of, &s, answer, filled);
        if (error)
            return error;
        error = receive_bytes(c, *answer, filled, &bytes);
        filled += bytes;
        error = judge_frame(&s, *answer, filled, error, &f);
    } while (error == ERROR_MORE_DATA);
    if (error)
        return error;
    if (f.size)
        memmove((*answer)->data, (*answer)->data + f.begin, f.size);
    *size = f.size;
    return 0;
}

static DWORD exchange_messages(exchanging *c, buffer **answer, DWORD *bytes)
{
    DWORD error;

    if (c->pipe.read_only)
        return PIPE_ERROR_READ_ONLY;
    if (c->pipe.write_only)
        return PIPE_ERROR_WRITE_ONLY;
    if (c->pipe.byte_mode && c->of->framing == FRAMING_PIPE)
        return PIPE_ERROR_NO_MESSAGES;
    error = send_message(c);
    if (!error && framing_splits(c->of->framing))
        error = receive_frame(c, answer, bytes);
    else if (!error)
        error = receive_message(c, answer, bytes);
    return peek_is_departure(error) ? (DWORD)PIPE_ERROR_NOT_OPEN : error;
}

DWORD exchange_perform(const exchange *of, buffer **answer, DWORD *bytes, HANDLE *pipe)
{
    exchanging c = {.of = of, .until = deadline_in(of->timeout)};
    DWORD error;

    *answer = NULL;
    *bytes = 0;
    *pipe = INVALID_HANDLE_VALUE;
    c.event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!c.event)
        return GetLastError();
    error = open_pipe(&c);
    if (!error)
    {
        *pipe = c.pipe.handle;
        error = exchange_messages(&c, answer, bytes);
    }
    CloseHandle(c.event);
    if (error && *answer)
    {
        of->buffers->free(of->buffers, *answer);
        *answer = NULL;
    }
    return error;
}

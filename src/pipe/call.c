#include "pipe/call.h"

#include "base/deadline.h"
#include "pipe/connection.h"
#include "pipe/dial.h"
#include "pipe/name.h"
#include "pipe/peek.h"
#include "pipe/remote_call.h"

#define MISSING_MS 500
#define FIRST_BUFFER 65536

/* One call under way. */
typedef struct calling
{
    const call *call;
    deadline until;
    HANDLE event; /* manual-reset; of the request that is under way */
    opened_pipe pipe;
    DWORD expected; /* bytes of a message whose first part was read */
} calling;

/* ---- opening ---- */

/* Between two tries. 0, or CANCELLED. */
static DWORD pause_for(const calling *c, DWORD ms)
{
    DWORD error = c->call->wait(c->call->context, c->event, ms); /* nothing signals it now */

    return error == ERROR_CANCELLED ? error : 0;
}

/* How long a pipe that is busy or not there is still tried, in ms. */
static DWORD patience_left(const calling *c, deadline missing, DWORD error)
{
    DWORD left = deadline_left(c->until), of_missing = deadline_left(missing);

    return error == ERROR_PIPE_BUSY || left < of_missing ? left : of_missing;
}

static DWORD open_pipe(calling *c)
{
    deadline missing = deadline_in(MISSING_MS);
    DWORD pause = 0, left, error;
    bool may_pass;

    for (;;)
    {
        error = pipe_open(c->call->path, false, &c->pipe, &may_pass);
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

/* Waits for a request that was started with `error`; where it is given up it has ended all the same, and may even have
 * succeeded. */
static DWORD finish(calling *c, OVERLAPPED *overlapped, DWORD error, DWORD *bytes)
{
    DWORD given_up = 0;

    if (error && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
        return error;
    if (error == ERROR_IO_PENDING)
    {
        given_up = c->call->wait(c->call->context, c->event, deadline_left(c->until));
        if (given_up)
            CancelIoEx(c->pipe.handle, overlapped);
    }
    if (GetOverlappedResult(c->pipe.handle, overlapped, bytes, TRUE))
        return 0;
    error = GetLastError();
    return error == ERROR_OPERATION_ABORTED && given_up ? given_up : error;
}

static void calling_begin(calling *c, OVERLAPPED *overlapped)
{
    memset(overlapped, 0, sizeof(*overlapped));
    overlapped->hEvent = c->event;
}

static DWORD send_message(calling *c)
{
    OVERLAPPED overlapped;
    DWORD bytes;
    BOOL ok;

    calling_begin(c, &overlapped);
    ok = win32.write_file(c->pipe.handle, c->call->data, c->call->size, NULL, &overlapped);
    return finish(c, &overlapped, ok ? 0 : GetLastError(), &bytes);
}

/* ---- the answer ---- */

/* A buffer with room for the rest of the message, and what was read already in it. Where nothing is left of a message
 * that is not whole its writer has cancelled it: the part is dropped. */
static DWORD make_room(calling *c, buffer **b, DWORD *filled)
{
    const call *of = c->call;
    DWORD left = 0, error = *b ? peek_message_left(c->pipe.handle, !pipe_path_is_local(of->path), &left) : 0;
    buffer *larger;

    if (error)
        return error;
    if (!left)
        *filled = 0;
    if (*b && !left)
        return 0;
    if (left > MESSAGE_LIMIT - *filled)
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

/* Bytes have come. Where a part was read before and they are not its rest, its writer has cancelled it, and they begin
 * the next message. */
static void calling_take_bytes(calling *c, buffer *b, DWORD *filled, DWORD error, DWORD bytes)
{
    if (*filled && (!error || error == ERROR_MORE_DATA) && !reading_is_rest(c->expected, error, bytes))
    {
        memmove(b->data, b->data + *filled, bytes);
        *filled = 0;
    }
    *filled += bytes;
}

static DWORD receive_part(calling *c, buffer *b, DWORD *filled)
{
    OVERLAPPED overlapped;
    DWORD bytes = 0, error;
    BOOL ok;

    calling_begin(c, &overlapped);
    ok = win32.read_file(c->pipe.handle, b->data + *filled, b->capacity - *filled, NULL, &overlapped);
    error = finish(c, &overlapped, ok ? 0 : GetLastError(), &bytes);
    calling_take_bytes(c, b, filled, error, bytes);
    return error;
}

static DWORD receive_message(calling *c, buffer **answer, DWORD *filled)
{
    DWORD error;

    do
    {
        error = make_room(c, answer, filled);
        if (error)
            return error;
        error = receive_part(c, *answer, filled);
    } while (error == ERROR_MORE_DATA || (!error && c->pipe.reads_chunks && !*filled));
    return error;
}

static DWORD exchange(calling *c, buffer **answer, DWORD *bytes)
{
    DWORD error;

    if (c->pipe.read_only)
        return PIPE_ERROR_READ_ONLY;
    if (c->pipe.write_only)
        return PIPE_ERROR_WRITE_ONLY;
    error = send_message(c);
    if (!error)
        error = receive_message(c, answer, bytes);
    return closing_is_departure(error) ? (DWORD)PIPE_ERROR_NOT_OPEN : error;
}

DWORD call_perform_here(const call *of, buffer **answer, DWORD *bytes, HANDLE *pipe)
{
    calling c = {.call = of, .until = deadline_in(of->timeout)};
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
        error = exchange(&c, answer, bytes);
    }
    CloseHandle(c.event);
    if (error && *answer)
    {
        of->buffers->free(of->buffers, *answer);
        *answer = NULL;
    }
    return error;
}

DWORD call_perform(const call *of, buffer **answer, DWORD *bytes)
{
    HANDLE pipe;
    DWORD error;

    if (!pipe_path_is_local(of->path))
        return remote_call_perform(of, answer, bytes);
    error = call_perform_here(of, answer, bytes, &pipe);
    if (pipe != INVALID_HANDLE_VALUE)
        win32.close_handle(pipe);
    return error;
}

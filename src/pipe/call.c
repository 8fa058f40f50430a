#include "pipe/call.h"

#include "pipe/connection.h"
#include "pipe/dial.h"
#include "pipe/name.h"

#define MISSING_MS 500
#define FIRST_BUFFER 65536

/* One call under way. */
typedef struct calling
{
    const call *call;
    ULONGLONG until;
    HANDLE event; /* manual-reset; of the request that is under way */
    opened_pipe pipe;
} calling;

static DWORD time_left(const calling *c)
{
    ULONGLONG now = GetTickCount64();

    if (c->call->timeout == INFINITE)
        return INFINITE;
    return now < c->until ? (DWORD)(c->until - now) : 0;
}

/* 0, TIMED_OUT or CANCELLED. */
static DWORD wait_for(const calling *c, HANDLE handle, DWORD ms)
{
    if (c->call->wait(c->call->context, handle, ms))
        return 0;
    return time_left(c) ? ERROR_CANCELLED : (DWORD)PIPE_ERROR_TIMED_OUT;
}

/* ---- opening ---- */

/* What the thread that dials leaves behind; counted, since the caller may not wait for it. */
typedef struct opening
{
    volatile LONG references; /* Interlocked */
    HANDLE done;              /* manual-reset event */
    DWORD error;
    opened_pipe pipe; /* whoever takes it out and leaves no handle owns it */
} opening;

static void opening_release(opening *o)
{
    if (InterlockedDecrement(&o->references))
        return;
    if (o->pipe.handle != INVALID_HANDLE_VALUE)
        CloseHandle(o->pipe.handle);
    if (o->done)
        CloseHandle(o->done);
    mem_free(o);
}

static void opening_done(void *context, DWORD error, opened_pipe *opened)
{
    opening *o = context;

    o->error = error;
    if (!error)
        o->pipe = *opened;
    SetEvent(o->done);
    opening_release(o);
}

static DWORD await_opening(calling *c, opening *o)
{
    DWORD left = time_left(c), error;
    dial_patience patience = {left, left < MISSING_MS ? left : MISSING_MS};
    dial *d;

    InterlockedIncrement(&o->references);
    error = dial_start(c->call->path, patience, opening_done, o, &d);
    if (error)
    {
        InterlockedDecrement(&o->references); /* the caller has one */
        return error;
    }
    /* Of this computer's pipes it knows itself when the time is up, and then also why. */
    error = wait_for(c, o->done, pipe_path_is_local(c->call->path) ? INFINITE : left);
    if (error)
        dial_cancel(d);
    else if (!o->error)
    {
        c->pipe = o->pipe;
        o->pipe.handle = INVALID_HANDLE_VALUE;
    }
    dial_release(d);
    return error ? error : o->error;
}

static DWORD dial_pipe(calling *c)
{
    opening *o = mem_alloc(sizeof(*o));
    DWORD error;

    if (!o)
        return ERROR_NOT_ENOUGH_MEMORY;
    o->references = 1;
    o->pipe.handle = INVALID_HANDLE_VALUE;
    o->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    error = o->done ? await_opening(c, o) : GetLastError();
    opening_release(o);
    return error;
}

/* A pipe of this computer opens at once or not at all; everything else may take a while, on a thread of its own. */
static DWORD open_pipe(calling *c)
{
    DWORD error = ERROR_PIPE_BUSY;

    if (pipe_path_is_local(c->call->path))
        error = pipe_open(c->call->path, &c->pipe);
    return error == ERROR_PIPE_BUSY || error == ERROR_FILE_NOT_FOUND ? dial_pipe(c) : error;
}

/* ---- one request ---- */

/* Waits for a request that was started with `error`; where it is given up it has ended all the same, and may even have succeeded. */
static DWORD finish(calling *c, OVERLAPPED *overlapped, DWORD error, DWORD *bytes)
{
    DWORD given_up = 0;

    if (error && error != ERROR_IO_PENDING && error != ERROR_MORE_DATA)
        return error;
    if (error == ERROR_IO_PENDING)
    {
        given_up = wait_for(c, c->event, time_left(c));
        if (given_up)
            CancelIoEx(c->pipe.handle, overlapped);
    }
    if (GetOverlappedResult(c->pipe.handle, overlapped, bytes, TRUE))
        return 0;
    error = GetLastError();
    return error == ERROR_OPERATION_ABORTED && given_up ? given_up : error;
}

static void begin(calling *c, OVERLAPPED *overlapped)
{
    memset(overlapped, 0, sizeof(*overlapped));
    overlapped->hEvent = c->event;
}

static DWORD send_message(calling *c)
{
    OVERLAPPED overlapped;
    DWORD bytes;
    BOOL ok;

    begin(c, &overlapped);
    ok = win32.write_file(c->pipe.handle, c->call->data, c->call->size, NULL, &overlapped);
    return finish(c, &overlapped, ok ? 0 : GetLastError(), &bytes);
}

/* ---- the answer ---- */

/* A buffer with room for the rest of the message, and what was read already in it. */
static DWORD make_room(calling *c, buffer **b, DWORD filled)
{
    const call *of = c->call;
    DWORD left = 0;
    buffer *larger;

    if (*b && !PeekNamedPipe(c->pipe.handle, NULL, 0, NULL, NULL, &left))
        return GetLastError();
    if (left > MESSAGE_LIMIT - filled)
        return PIPE_ERROR_MESSAGE_TOO_LONG;
    larger = of->buffer_alloc(of->context, filled + (left ? left : FIRST_BUFFER));
    if (!larger)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (*b)
    {
        memcpy(larger->data, (*b)->data, filled);
        of->buffer_free(of->context, *b);
    }
    *b = larger;
    return 0;
}

static DWORD receive_part(calling *c, buffer *b, DWORD *filled)
{
    OVERLAPPED overlapped;
    DWORD bytes = 0, error;
    BOOL ok;

    begin(c, &overlapped);
    ok = win32.read_file(c->pipe.handle, b->data + *filled, b->capacity - *filled, NULL, &overlapped);
    error = finish(c, &overlapped, ok ? 0 : GetLastError(), &bytes);
    *filled += bytes;
    return error;
}

static DWORD receive_message(calling *c, buffer **answer, DWORD *filled)
{
    DWORD error;

    do
    {
        error = make_room(c, answer, *filled);
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

DWORD call_perform(const call *of, buffer **answer, DWORD *bytes)
{
    calling c = {.call = of, .until = GetTickCount64() + of->timeout};
    DWORD error;

    *answer = NULL;
    *bytes = 0;
    c.event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!c.event)
        return GetLastError();
    error = open_pipe(&c);
    if (!error)
    {
        error = exchange(&c, answer, bytes);
        CloseHandle(c.pipe.handle);
    }
    CloseHandle(c.event);
    if (error && *answer)
    {
        of->buffer_free(of->context, *answer);
        *answer = NULL;
    }
    return error;
}

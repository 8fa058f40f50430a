#include "pipe/exchange.h"

#include "base/deadline.h"
#include "pipe/answer.h"
#include "pipe/dial.h"
#include "pipe/name.h"
#include "pipe/peek.h"

#define MISSING_MS 500
#define UNWANTED 4096 /* bytes of a read of what nobody wants */
#define LOOKS_PER_WAIT 64

typedef enum request_state
{
    REQUEST_NONE,
    REQUEST_UNDER_WAY,
    REQUEST_ENDED
} request_state;

/* A read or a write. */
typedef struct request
{
    OVERLAPPED overlapped;
    request_state state;
    DWORD error, bytes; /* of a request that has ended */
} request;

/* One exchange under way. It reads while it writes: a server may write first, and if its pipe has no buffer it reads
 * only after the other end has read. */
typedef struct exchanging
{
    const exchange *of;
    deadline until;
    HANDLE event; /* manual-reset event of both requests */
    opened_pipe pipe;
    request write, read;
    answer answer;
    bool is_answered;   /* the answer is whole, or none is wanted; what comes now is dropped */
    bool reads_nothing; /* nothing can be read any more */
    unsigned looks;
    BYTE unwanted[UNWANTED];
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

/* ---- requests ---- */

static void request_prepare(exchanging *c, request *r)
{
    memset(r, 0, sizeof(*r));
    r->overlapped.hEvent = c->event;
}

/* Returns whether a request has ended, and notes its result. */
static bool request_has_ended(exchanging *c, request *r)
{
    DWORD error;

    if (r->state != REQUEST_UNDER_WAY)
        return r->state == REQUEST_ENDED;
    error = GetOverlappedResult(c->pipe.handle, &r->overlapped, &r->bytes, FALSE) ? 0 : GetLastError();
    if (error == ERROR_IO_INCOMPLETE)
        return false;
    r->state = REQUEST_ENDED;
    r->error = error;
    return true;
}

/* Call it after the function that begins a request; that function gave `error`. */
static void request_begun(exchanging *c, request *r, DWORD error)
{
    r->state = REQUEST_UNDER_WAY;
    if (!error || error == ERROR_IO_PENDING || error == ERROR_MORE_DATA)
    {
        request_has_ended(c, r);
        return;
    }
    r->state = REQUEST_ENDED;
    r->error = error;
}

/* Cancels a request that is under way, and waits until it has ended; it may even have succeeded. A cancelled request
 * ends with the error `given_up`. */
static void request_cancel(exchanging *c, request *r, DWORD given_up)
{
    if (r->state != REQUEST_UNDER_WAY)
        return;
    CancelIoEx(c->pipe.handle, &r->overlapped);
    for (ResetEvent(c->event); !request_has_ended(c, r); ResetEvent(c->event))
        WaitForSingleObject(c->event, INFINITE);
    if (r->error == ERROR_OPERATION_ABORTED)
        r->error = given_up;
}

static void cancel_requests(exchanging *c, DWORD given_up)
{
    request_cancel(c, &c->write, given_up);
    request_cancel(c, &c->read, given_up);
}

/* Returns whether one of the requests that were under way has ended. */
static bool one_has_ended(exchanging *c)
{
    bool writes = c->write.state == REQUEST_UNDER_WAY;

    return request_has_ended(c, &c->read) || (writes && request_has_ended(c, &c->write));
}

/* Waits until one of the requests has ended. If the wait is given up, cancels both. The event says only that one of
 * them may have ended: it is reset before the look, so that an end behind the look sets it again. */
static void await_one(exchanging *c)
{
    DWORD given_up = 0;

    for (ResetEvent(c->event); !given_up && !one_has_ended(c); ResetEvent(c->event))
        given_up = c->of->wait(c->of->context, c->event, deadline_left(c->until));
    if (given_up)
        cancel_requests(c, given_up);
}

/* ---- the exchange ---- */

static void begin_write(exchanging *c)
{
    BOOL ok;

    request_prepare(c, &c->write);
    ok = win32.write_file(c->pipe.handle, c->of->data, c->of->size, NULL, &c->write.overlapped);
    request_begun(c, &c->write, ok ? 0 : GetLastError());
}

static void begin_read_into(exchanging *c, BYTE *to, DWORD room)
{
    BOOL ok;

    request_prepare(c, &c->read);
    ok = win32.read_file(c->pipe.handle, to, room, NULL, &c->read.overlapped);
    request_begun(c, &c->read, ok ? 0 : GetLastError());
}

static DWORD begin_read(exchanging *c)
{
    answer *a = &c->answer;
    DWORD error = c->is_answered ? 0 : answer_make_room(a);

    if (error)
        return error;
    if (c->is_answered)
        begin_read_into(c, c->unwanted, UNWANTED);
    else
        begin_read_into(c, a->buffer->data + a->filled, a->buffer->capacity - a->filled);
    return 0;
}

static DWORD take_read(exchanging *c)
{
    DWORD error = c->read.error;

    c->read.state = REQUEST_NONE;
    request_has_ended(c, &c->write); /* nothing else looks at it while one read after the other ends at once */
    if (!c->is_answered)
    {
        error = answer_take(&c->answer, error, c->read.bytes);
        c->is_answered = !error;
        return error == ERROR_MORE_DATA ? 0 : error;
    }
    c->reads_nothing = error && error != ERROR_MORE_DATA;
    return 0;
}

/* An answer counts only if the server has taken the message. */
static bool is_done(const exchanging *c)
{
    return c->write.state == REQUEST_ENDED && (c->write.error || c->is_answered);
}

/* Reads that end at once wait for nothing. So this looks in between whether the wait is to be given up, and lets a
 * window's thread dispatch its messages, before a server that never stops writing. */
static DWORD look_up(exchanging *c)
{
    DWORD given_up = 0;

    if (++c->looks % LOOKS_PER_WAIT == 0)
    {
        ResetEvent(c->event);
        given_up = c->of->wait(c->of->context, c->event, 1);
    }
    if (!given_up || given_up == PIPE_ERROR_TIMED_OUT)
        given_up = deadline_has_passed(c->until) ? PIPE_ERROR_TIMED_OUT : 0;
    if (!given_up)
        return 0;
    cancel_requests(c, given_up);
    return is_done(c) ? 0 : given_up; /* the pipe may have taken the message at the last moment */
}

static DWORD exchange_messages(exchanging *c)
{
    DWORD error = 0;

    begin_write(c);
    while (!error && !is_done(c))
    {
        if (c->read.state == REQUEST_NONE && !c->reads_nothing)
            error = begin_read(c);
        if (!error && c->read.state != REQUEST_ENDED)
            await_one(c);
        if (!error && c->read.state == REQUEST_ENDED)
        {
            error = take_read(c);
            if (!error && !is_done(c))
                error = look_up(c);
        }
    }
    cancel_requests(c, ERROR_CANCELLED);
    return error ? error : c->write.error;
}

/* Returns the error of an exchange with such a pipe, or 0. */
static DWORD judge_pipe(const exchanging *c)
{
    if (c->pipe.read_only)
        return PIPE_ERROR_READ_ONLY;
    if (c->of->is_one_way)
        return 0;
    if (c->pipe.write_only)
        return PIPE_ERROR_WRITE_ONLY;
    return c->pipe.byte_mode && c->of->framing == FRAMING_PIPE ? (DWORD)PIPE_ERROR_NO_MESSAGES : 0;
}

/* Exchanges the messages over the pipe that was opened. */
static DWORD exchange_over_pipe(exchanging *c, buffer **answer, DWORD *bytes)
{
    const exchange *of = c->of;
    DWORD error = judge_pipe(c);

    if (error)
        return error;
    answer_init(&c->answer, c->pipe.handle, !pipe_path_is_local(of->path), of->framing, of->limit, of->buffers);
    c->is_answered = of->is_one_way;
    c->reads_nothing = c->pipe.write_only;
    error = exchange_messages(c);
    if (!error)
    {
        *answer = c->answer.buffer;
        *bytes = c->answer.filled;
        c->answer.buffer = NULL;
    }
    answer_fini(&c->answer);
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
        error = exchange_over_pipe(&c, answer, bytes);
    }
    CloseHandle(c.event);
    return error;
}

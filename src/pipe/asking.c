/* Asking: connection_ask, one message and its answer on a connection that stays open.
 *
 * The ask lies on the stack of the thread that waits; `c->ask` refers to it until its result is there. The message is
 * one of `c->messages`, so it goes out in its turn, by the one write of the connection. The answer is recognized by
 * time alone. The lock makes an order of all reads and writes, but a read may have completed before a worker takes the
 * lock to say so: when the WriteFile begins, `read_is_stale` notes a read that the system has ended by then,
 * `pipe_stale` what was left in the pipe behind it, and `unsplit_stale` the bytes that wait to be split. What comes of
 * any of these is no answer. (What lies in a pipe of another computer is not asked for: that may take long.) Only the
 * event of the read tells of its end at once: Windows may set the result of a request without an event when a worker
 * takes the packet. */

#include "base/check.h"
#include "base/deadline.h"
#include "pipe/connection.h"
#include "pipe/peek.h"

bool connection_is_asked(connection *c) NO_THREAD_SAFETY_ANALYSIS
{
    return LOAD_ACQUIRE(&c->asked) != 0;
}

/* Ends the ask with its result. The waiting thread goes on when the lock is free. */
static void decide(connection *c, DWORD error) REQUIRES_LOCK(c->lock)
{
    ask *a = c->ask;

    a->error = error;
    c->ask = NULL;
    SetEvent(a->over);
}

/* ---- the message ---- */

static bool is_its_message(connection *c, const message *m) REQUIRES_LOCK(c->lock)
{
    return c->ask && c->ask->message == m;
}

/* Returns how many bytes wait in the pipe; 0 if that cannot be found out at once. */
static DWORD bytes_in_pipe(connection *c) REQUIRES_LOCK(c->lock)
{
    DWORD bytes;

    return c->remote || peek_bytes_left(c->handle, &bytes) ? 0 : bytes;
}

void asking_begin_write(connection *c, const message *m)
{
    if (!is_its_message(c, m))
        return;
    c->ask->begun = true;
    c->read_is_stale = c->stale_was_taken = c->reading && WaitForSingleObject(c->read_ended, 0) == WAIT_OBJECT_0;
    c->unsplit_stale = c->unsplit_end - c->unsplit_begin;
    c->pipe_stale = c->read_is_stale ? bytes_in_pipe(c) : 0;
}

void asking_put_off(connection *c, const message *m)
{
    if (is_its_message(c, m))
        c->ask->begun = false;
}

void asking_message_ends(connection *c, const message *m, DWORD error)
{
    if (!error)
        idle_interrupt(c); /* no event tells of it */
    if (!is_its_message(c, m))
        return;
    c->ask->message = NULL;
    if (error)
        decide(c, error);
}

/* ---- the answer ---- */

/* What lay in the pipe may have been cancelled by its writer since, and then never comes. */
static void forget_cancelled(connection *c) REQUIRES_LOCK(c->lock)
{
    DWORD bytes;

    if (c->pipe_stale && !peek_bytes_left(c->handle, &bytes) && bytes < c->pipe_stale)
        c->pipe_stale = bytes;
}

/* The rest of a stale message is no answer, either; nor is what lay behind it. */
DWORD asking_begin_read(connection *c, DWORD room)
{
    bool is_of_bytes = c->splits || c->reads_chunks;

    forget_cancelled(c);
    c->read_is_stale = (c->read_is_stale && c->read_expected) || c->pipe_stale;
    c->stale_was_taken = false;
    return is_of_bytes && c->pipe_stale && c->pipe_stale < room ? c->pipe_stale : room;
}

/* What is not split yet is all stale if the read was: no read takes what lay in the pipe together with what
 * came later. */
void asking_bytes_came(connection *c, DWORD bytes)
{
    if (!c->stale_was_taken)
        c->pipe_stale -= bytes < c->pipe_stale ? bytes : c->pipe_stale;
    if (!c->splits)
        return;
    if (c->read_is_stale)
        c->unsplit_stale = c->unsplit_end - c->unsplit_begin;
    c->read_is_stale = false;
}

/* A frame whose end came later is an answer, whenever it began. */
void asking_frame_came(connection *c, DWORD bytes)
{
    c->read_is_stale = c->unsplit_stale >= bytes;
    c->unsplit_stale = c->read_is_stale ? c->unsplit_stale - bytes : 0;
}

bool asking_takes_message(connection *c, pipe_event *event, buffer *b)
{
    buffer_source *buffers = c->engine->owner->buffers;
    bool is_answer = c->ask && c->ask->begun && !c->read_is_stale;

    c->read_is_stale = false;
    if (event->cookie)
        return false;  /* a connection_read was served before the ask began */
    idle_interrupt(c); /* no event tells of it */
    if (is_answer)
    {
        c->ask->answer = b;
        c->ask->bytes = event->bytes;
        decide(c, 0);
    }
    else
        buffers->free(buffers, b);
    event->free(event);
    return true;
}

/* ---- the end ---- */

void asking_cut(connection *c)
{
    if (c->ask && (c->reason == CLOSE_CONSUMER || c->reason == CLOSE_STOPPED || c->reason == CLOSE_IDLE))
        decide(c, PIPE_ERROR_NOT_OPEN);
}

void asking_drain(connection *c)
{
    ask *a = c->ask;

    if (!a || c->state == CONNECTION_CLOSING)
        return;
    decide(c, PIPE_ERROR_NOT_OPEN);
    if (a->message && !a->begun)
        writing_take_back(c, a->message);
}

/* Returns whether a server that has left has answered by that: with no bytes. */
static bool is_answered_by_leaving(connection *c) REQUIRES_LOCK(c->lock)
{
    return c->flow.framing == FRAMING_UNTIL_CLOSED && c->ask->begun && !c->ask->message;
}

static DWORD answer_nothing(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;

    c->ask->answer = buffers->alloc(buffers, 0);
    return c->ask->answer ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

void asking_end(connection *c)
{
    if (!c->ask)
        return;
    switch (c->reason)
    {
    case CLOSE_TOO_LONG:
    case CLOSE_BAD_FRAME:
    case CLOSE_CONNECT_FAILED: decide(c, c->last_error); break;
    case CLOSE_OTHER_END: decide(c, is_answered_by_leaving(c) ? answer_nothing(c) : (DWORD)PIPE_ERROR_NOT_OPEN); break;
    default: decide(c, PIPE_ERROR_NOT_OPEN);
    }
}

/* The wait of the ask was given up, with `error`. Returns the result. */
static DWORD give_up(connection *c, ask *a, DWORD error) REQUIRES_LOCK(c->lock)
{
    CHECK(error); /* a wait that ends without that has seen the result */
    if (c->state == CONNECTION_CLOSING)
        error = PIPE_ERROR_NOT_OPEN;
    decide(c, error);
    if (c->state == CONNECTION_CLOSING)
        return error;
    if (!a->begun)
    {
        writing_take_back(c, a->message);
        return error;
    }
    closing_begin(c, CLOSE_TIMED_OUT, 0); /* a server may have read a part of the message, or may answer it later */
    return error == PIPE_ERROR_TIMED_OUT ? (DWORD)PIPE_ERROR_ANSWER_LATE : error;
}

/* ---- connection_ask ---- */

/* Returns why the server's pipe, which is open, cannot answer; 0: it can. */
static DWORD judge_pipe(connection *c) REQUIRES_LOCK(c->lock)
{
    if (c->read_only)
        return PIPE_ERROR_READ_ONLY;
    if (c->write_only)
        return PIPE_ERROR_WRITE_ONLY;
    return c->byte_mode && c->flow.framing == FRAMING_PIPE ? (DWORD)PIPE_ERROR_NO_MESSAGES : 0;
}

static DWORD judge(connection *c, const message *m) REQUIRES_LOCK(c->lock)
{
    DWORD error = writing_judge(c, m);

    if (!error)
        error = judge_pipe(c); /* while the pipe is not open: asking_open judges */
    if (!error && c->ask)
        error = PIPE_ERROR_ASKING;
    return !error && !list_empty(&c->read_requests) ? (DWORD)PIPE_ERROR_READS_WAIT : error;
}

void asking_open(connection *c)
{
    DWORD error = judge_pipe(c);
    ask *a = c->ask;

    if (!error)
        return;
    STORE_RELEASE(&c->asked, 0);
    if (!a)
        return;
    decide(c, error);
    writing_take_back(c, a->message);
}

/* Reads what has come before the message is queued, so that it is not taken for the answer. */
static DWORD begin(connection *c, ask *a, message *m) REQUIRES_LOCK(c->lock)
{
    DWORD error = judge(c, m);

    if (error)
        return error;
    STORE_RELEASE(&c->asked, 1);
    reading_advance(c);
    error = writing_judge(c, m); /* the read may have failed */
    if (error)
        return error;
    a->message = m;
    c->ask = a;
    writing_add(c, m);
    return 0;
}

static DWORD queue_message(connection *c, ask *a, payload *p)
{
    message *m = message_create(c, p, NULL);
    DWORD error;

    if (!m)
        return ERROR_NOT_ENOUGH_MEMORY;
    m->is_asked = true;
    connection_lock(c);
    error = begin(c, a, m);
    connection_unlock(c);
    if (error)
        message_free(&m->event);
    return error;
}

/* Ends the ask after its wait, which returned `waited`. The result may have come at the last moment. */
static DWORD end(connection *c, ask *a, DWORD waited)
{
    DWORD error;

    connection_lock(c);
    if (c->ask == a)
    {
        error = give_up(c, a, waited);
        writing_advance(c);
    }
    else
        error = a->error;
    connection_unlock(c);
    return error;
}

DWORD connection_ask(connection *c, payload *p, DWORD timeout, DWORD (*wait)(void *context, HANDLE handle, DWORD ms),
                     void *context, buffer **answer, DWORD *bytes)
{
    ask a = {.over = CreateEventW(NULL, TRUE, FALSE, NULL)};
    deadline until = deadline_in(timeout);
    DWORD error;

    *answer = NULL;
    *bytes = 0;
    if (!a.over)
        return GetLastError();
    error = queue_message(c, &a, p);
    if (!error)
        error = end(c, &a, wait(context, a.over, deadline_left(until)));
    CloseHandle(a.over);
    *answer = a.answer;
    *bytes = a.bytes;
    return error;
}

/* Peeking, and closing handles: what may block where the pipe is another computer's. There it is done on a thread made
 * for that (base/blocking.h), with no lock held. A peek keeps the handle open: who closes meanwhile leaves that to the
 * peek. Nobody waits for it: a connection ends also while a peek is under way, and its memory stays until that has
 * returned. */

#include "pipe/claim.h"
#include "pipe/connection.h"
#include "pipe/engine.h"

/* Fails once the other end has left and nothing of its lies in the pipe. */
static DWORD peek(HANDLE handle, bool write_only, DWORD *left)
{
    *left = 0;
    if (write_only) /* must not be peeked into */
        return pipe_has_lost_its_server(handle) ? ERROR_BROKEN_PIPE : 0;
    return win32.peek_named_pipe(handle, NULL, 0, NULL, NULL, left) ? 0 : GetLastError();
}

/* The next one, where somebody else asked meanwhile: what the first saw may be older than what he read. */
static void peek_again(connection *c) REQUIRES_LOCK(c->lock)
{
    void (*done)(connection * c, DWORD error, DWORD left) = c->peek_next;
    DWORD error;

    c->peek_next = NULL;
    error = done ? peeking_begin(c, done) : 0;
    if (error)
        done(c, error, 0);
}

static void peek_returned(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, peeked);

    (void)error;
    (void)bytes;
    connection_hold(c);
    connection_lock(c);
    c->peeking = false;
    c->outstanding--;
    if (c->state != CONNECTION_CLOSING)
        c->peek_done(c, c->peek_error, c->peek_left);
    if (c->state != CONNECTION_CLOSING)
        peek_again(c);
    closing_advance(c);
    connection_unlock(c);
    connection_release(c);
}

/* Where the connection still lives its engine does, and with it the workers. */
static void peek_elsewhere(blocking_task *task)
{
    connection *c = CONTAINER_OF(task, connection, elsewhere);
    port *p = c->engine->port;
    HANDLE handle = c->elsewhere_handle;
    DWORD left, error = peek(handle, c->write_only, &left);
    bool closed;

    connection_lock(c);
    closed = c->handle == INVALID_HANDLE_VALUE;
    c->peek_has_handle = false;
    if (c->state == CONNECTION_CLOSING)
        c->peeking = false;
    else
    {
        c->peek_error = error;
        c->peek_left = left;
        c->outstanding++;
        port_expect(p, &c->peeked, peek_returned);
        port_started(p, &c->peeked, ERROR_PIPE_CONNECTED);
    }
    connection_unlock(c);
    if (closed)
        win32.close_handle(handle);
    connection_release(c);
}

DWORD peeking_begin(connection *c, void (*done)(connection *c, DWORD error, DWORD left))
{
    DWORD error, left;

    if (!c->remote)
    {
        error = peek(c->handle, c->write_only, &left);
        done(c, error, left);
        return 0;
    }
    if (c->peeking)
    {
        c->peek_next = done;
        return 0;
    }
    c->peeking = c->peek_has_handle = true;
    c->peek_done = done;
    c->elsewhere_handle = c->handle;
    connection_hold(c); /* the task's */
    error = blocking_run(&c->elsewhere, peek_elsewhere);
    if (error)
    {
        c->peeking = c->peek_has_handle = false;
        connection_release(c); /* never the last: the caller has one */
    }
    return error;
}

static void close_elsewhere(blocking_task *task)
{
    connection *c = CONTAINER_OF(task, connection, elsewhere);

    win32.close_handle(c->elsewhere_handle);
    connection_release(c);
}

void peeking_close_handle(connection *c, HANDLE handle)
{
    if (c->remote)
    {
        c->elsewhere_handle = handle;
        connection_hold(c); /* the task's */
        if (!blocking_run(&c->elsewhere, close_elsewhere))
            return;
        connection_release(c); /* never the last: the caller has one */
    }
    if (c->engine->settings.path)
        claim_close(c->engine, handle);
    else
        win32.close_handle(handle); /* without a thread here, rather than never */
}

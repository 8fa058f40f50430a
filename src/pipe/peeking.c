/* Peeking, and closing handles: calls that may block if the pipe is another computer's. Then they run on a thread that
 * may block (base/blocking.h), with no lock held. A peek keeps the handle open: code that closes the connection
 * meanwhile leaves closing the handle to the peek. No connection waits for a peek. A connection may end while
 * a peek is under way, and the connection's memory stays until the peek has returned. Only a graceful end of the engine
 * waits for a peek, to get the rest of a message that was half read. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/peek.h"

/* Fails when the other end has left and nothing that it wrote is left in the pipe. */
static DWORD peek(HANDLE handle, bool write_only, bool remote, DWORD *left)
{
    *left = 0;
    if (write_only) /* only a readable handle can be peeked into */
        return peek_other_end(handle) ? 0 : ERROR_BROKEN_PIPE;
    return peek_message_left(handle, remote, left);
}

/* Begins the peek that waits. Its caller needs a peek of its own: the first peek may have seen less than that caller
 * has read. */
static void peek_again(connection *c) REQUIRES_LOCK(c->lock)
{
    void (*done)(connection * c, DWORD error, DWORD left) = c->peek_next;

    c->peek_next = NULL;
    if (done)
        peeking_begin(c, done);
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

void peeking_let_port_go(connection *c)
{
    if (c->peek_keeps_port)
        port_let_go(c->engine->port);
    c->peek_keeps_port = false;
}

/* Call it when the system call has returned, or was not made. If the connection still lives, the workers are there,
 * because the peek has kept the port. */
static void peek_ended(connection *c, DWORD error, DWORD left)
{
    port *p = c->engine->port;
    HANDLE handle = c->elsewhere_handle;
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
    peeking_let_port_go(c);
    connection_unlock(c);
    if (closed)
        win32.close_handle(handle);
    connection_release(c);
}

static void peek_elsewhere(blocking_task *task)
{
    connection *c = CONTAINER_OF(task, connection, elsewhere);
    DWORD left = 0, error = ERROR_OPERATION_ABORTED;
    bool wanted;

    lock_acquire(&c->lock);
    wanted = c->state != CONNECTION_CLOSING;
    lock_release(&c->lock);
    if (wanted)
        error = peek(c->elsewhere_handle, c->write_only, true, &left);
    peek_ended(c, error, left);
}

void peeking_start(connection *c)
{
    DWORD error = blocking_run(&c->elsewhere, peek_elsewhere);

    if (error)
        peek_ended(c, error, PEEK_NOT_MADE);
}

void peeking_begin(connection *c, void (*done)(connection *c, DWORD error, DWORD left))
{
    DWORD error, left;

    if (!c->remote)
    {
        error = peek(c->handle, c->write_only, false, &left);
        done(c, error, left);
        return;
    }
    if (c->peeking)
    {
        c->peek_next = done;
        return;
    }
    c->peeking = c->peek_has_handle = c->peek_to_start = c->peek_keeps_port = true;
    c->peek_done = done;
    c->elsewhere_handle = c->handle;
    port_keep(c->engine->port);
    connection_hold(c); /* the task's */
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
        connection_release(c); /* not the last reference: the caller has one */
    }
    if (c->engine->settings.path)
        claim_close(&c->engine->claim, handle);
    else
        win32.close_handle(handle); /* without a thread it is better to close here than never */
}

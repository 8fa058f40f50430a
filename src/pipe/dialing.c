/* Dialing: a connection of our own, from the call to the opened pipe. */

#include "pipe/connection.h"
#include "pipe/engine.h"

static void drop_pipe(connection *c) REQUIRES_LOCK(c->lock)
{
    if (!c->dial_error)
        CloseHandle(c->opened.handle);
}

/* Takes the pipe over. Where that fails it is closed. */
static DWORD adopt(connection *c) REQUIRES_LOCK(c->lock)
{
    const opened_pipe *opened = &c->opened;
    DWORD error = port_bind(c->engine->port, opened->handle);

    if (error)
    {
        CloseHandle(opened->handle);
        return error;
    }
    c->handle = c->handle_value = opened->handle;
    c->reads_chunks = opened->reads_chunks;
    c->read_only = opened->read_only;
    c->write_only = opened->write_only;
    c->process = opened->process;
    return 0;
}

static void connected(connection *c) REQUIRES_LOCK(c->lock)
{
    c->state = CONNECTION_OPEN;
    connection_emit(c, &c->connected_event);
}

/* On a worker: the thread that dialed is about to end, and on some systems a request ends with the thread that issued it. */
static void dial_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, connect);

    (void)error;
    (void)bytes;
    connection_lock(c);
    if (c->state != CONNECTION_DIALING)
        drop_pipe(c); /* closed meanwhile */
    else
    {
        if (!c->dial_error)
            c->dial_error = adopt(c);
        if (c->dial_error)
            closing_fail(c, CLOSE_CONNECT_FAILED, c->dial_error);
        else
            connected(c);
        closing_advance(c);
    }
    connection_unlock(c);

    connection_lock(c); /* not before CONNECTED was handed over */
    reading_advance(c);
    writing_advance(c);
    connection_unlock(c);
    connection_release(c);
}

/* On the thread that dials. While the state is DIALING the engine has not closed this connection yet, so that its workers are there. */
static void dialed(void *context, DWORD error, opened_pipe *opened)
{
    connection *c = context;
    port *p = c->engine->port;

    connection_lock(c);
    c->dial_error = error;
    if (!error)
        c->opened = *opened;
    if (c->state == CONNECTION_DIALING)
    {
        connection_hold(c); /* the operation's */
        port_expect(p, &c->connect, dial_done);
        port_started(p, &c->connect, ERROR_PIPE_CONNECTED);
    }
    else
        drop_pipe(c);
    dial_release(c->dial);
    c->dial = NULL;
    connection_unlock(c);
    connection_release(c);
}

DWORD connection_dial(engine *e, const WCHAR *path, DWORD timeout, const flow_settings *flow, void *user,
                      connection **out)
{
    dial_patience patience = {timeout, timeout};
    connection *c = connection_create(e, INVALID_HANDLE_VALUE, flow);
    DWORD error = 0;

    *out = c;
    if (!c)
        return ERROR_NOT_ENOUGH_MEMORY;
    c->state = CONNECTION_DIALING;
    c->user = user;
    connection_lock(c);
    if (engine_add_connection(e, c))
    {
        c->listed = true;
        connection_hold(c); /* the thread's */
        error = dial_start(path, patience, dialed, c, &c->dial);
        if (error)
        {
            connection_release(c);
            c->state = CONNECTION_CLOSING; /* for a Stop that walks by now */
            c->disconnected = c->handed_over = true;
            connection_leave_engine(c);
        }
    }
    else
        error = PIPE_ERROR_NOT_OPEN;
    connection_unlock(c);
    if (error)
    {
        *out = NULL;
        connection_release(c);
    }
    return error;
}

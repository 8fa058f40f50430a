/* Dialing: a connection that this process opens, from connection_dial to the opened pipe. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/name.h"

/* Makes the pipe the connection's. After a failure the pipe is still the caller's. */
static DWORD adopt(connection *c, const opened_pipe *opened) REQUIRES_LOCK(c->lock)
{
    DWORD error;

    if (!opened->read_only && !opened->write_only && !c->read_ended)
    {
        c->read_ended = CreateEventW(NULL, TRUE, FALSE, NULL);
        if (!c->read_ended)
            return GetLastError();
    }
    error = port_bind(c->engine->port, opened->handle);
    if (error)
        return error;
    c->handle = opened->handle;
    c->byte_mode = opened->byte_mode;
    c->reads_chunks |= opened->byte_mode && c->flow.framing == FRAMING_PIPE;
    c->read_only = opened->read_only;
    c->write_only = opened->write_only;
    c->peer.process = opened->process;
    return 0;
}

void dialing_end(connection *c)
{
    if (c->keeps_port)
        port_let_go(c->engine->port);
    c->keeps_port = false;
}

static void connected(connection *c) REQUIRES_LOCK(c->lock)
{
    c->state = CONNECTION_OPEN;
    c->handle_value = c->handle;
    reading_begin(c, true);
    redialing_open(c);
    idle_begin(c);
    connection_emit(c, &c->connected_event);
    asking_open(c);
    if (c->drains_later)
        closing_begin_drain(c, c->reason);
}

/* A try has ended. Returns whether another one follows. */
static bool end_try(connection *c) REQUIRES_LOCK(c->lock)
{
    if (!c->dial_error)
        connected(c);
    else if (redialing_goes_on(c))
        return true;
    else
        closing_fail(c, CLOSE_CONNECT_FAILED, c->dial_error);
    closing_advance(c);
    return false;
}

/* Runs on a worker, since on some systems a request ends with the thread that issued it, and reads and writes
 * follow. */
static void dial_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, connect);
    bool goes_on;

    (void)error;
    (void)bytes;
    connection_lock(c);
    goes_on = c->state == CONNECTION_DIALING && end_try(c);
    connection_unlock(c);

    connection_lock(c); /* after CONNECTED was handed over */
    reading_advance(c);
    writing_advance(c);
    if (!goes_on)
        dialing_end(c);
    connection_unlock(c);
    connection_release(c);
}

/* Runs on a worker, or on a thread that may block. The workers are there while the state is DIALING. */
static void dialed(dial *d, DWORD error, opened_pipe *opened)
{
    connection *c = CONTAINER_OF(d, connection, dial);
    port *p = c->engine->port;
    DWORD refusal = error ? error : redialing_judge(c, opened->handle);
    bool closed;

    connection_lock(c);
    closed = c->state != CONNECTION_DIALING;
    c->dial_error = refusal || closed ? refusal : adopt(c, opened);
    if (!closed)
    {
        connection_hold(c); /* the operation's */
        port_expect(p, &c->connect, dial_done);
        port_started(p, &c->connect, ERROR_PIPE_CONNECTED);
    }
    closed |= c->dial_error != error;
    connection_unlock(c);
    if (!error && closed)
        win32.close_handle(opened->handle);
    connection_release(c);
}

/* Takes back what connection_dial has begun. No event tells of this connection. */
static void dialing_abandon(connection *c) REQUIRES_LOCK(c->lock)
{
    dialing_end(c);
    c->state = CONNECTION_CLOSING; /* in case an engine_begin_close reaches the connection now */
    c->disconnected = c->handed_over = true;
    connection_leave_engine(c);
}

bool dialing_begin(connection *c)
{
    engine *e = c->engine;

    c->state = CONNECTION_DIALING; /* before engine_begin_close can find the connection */
    if (!engine_add_connection(e, &c->place))
    {
        c->state = CONNECTION_LISTENING; /* a close does nothing */
        return false;
    }
    connection_hold(c); /* the list's */
    c->listed = true;
    /* A graceful end of the engine waits for the dial. The port is still there: engine_begin_close waits for this
     * connection's lock before it takes its own port_keep back. */
    port_keep(e->port);
    c->keeps_port = true;
    return true;
}

DWORD dialing_try(connection *c, const WCHAR *path, DWORD timeout)
{
    DWORD error;

    connection_hold(c); /* the dial's */
    error = dialer_add(&c->engine->dialer, &c->dial, path, timeout, dialed);
    if (error)
        connection_release(c); /* the caller has one */
    return error;
}

DWORD connection_dial(engine *e, const WCHAR *path, DWORD timeout, const flow_settings *flow, void *user,
                      connection **out)
{
    connection *c = connection_create(e, INVALID_HANDLE_VALUE, flow);
    DWORD error = PIPE_ERROR_NOT_OPEN;

    *out = c;
    if (!c)
        return ERROR_NOT_ENOUGH_MEMORY;
    c->remote = !pipe_path_is_local(path);
    c->user = user;
    c->dial.needs_server = flow->needs_server;
    if (flow->reconnect_pause && !redialing_init(c, path))
        error = ERROR_NOT_ENOUGH_MEMORY;
    connection_lock(c);
    if (error == PIPE_ERROR_NOT_OPEN && dialing_begin(c))
    {
        error = dialing_try(c, path, timeout);
        if (error)
            dialing_abandon(c);
    }
    connection_unlock(c);
    if (error)
    {
        *out = NULL;
        connection_release(c);
    }
    return error;
}

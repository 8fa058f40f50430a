/* Closing: any thread may begin it, any number of times. It ends with DISCONNECTED, the last event, when the last
 * operation has returned. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/peek.h"

#define LOOK_MS 1000   /* pause between two looks at a pipe while no read is under way */
#define DRAIN_MS 30000 /* how long a graceful close may last */

bool closing_silences(connection *c, pipe_event_kind kind)
{
    return c->silent && kind != PIPE_CONNECTED && kind != PIPE_DISCONNECTED;
}

static void cancel(connection *c, OVERLAPPED *overlapped) REQUIRES_LOCK(c->lock)
{
    if (c->handle != INVALID_HANDLE_VALUE)
        CancelIoEx(c->handle, overlapped);
}

/* ---- the end ---- */

void closing_begin(connection *c, close_reason reason, DWORD error)
{
    if (c->state == CONNECTION_CLOSING || c->state == CONNECTION_LISTENING)
        return;
    if (c->state != CONNECTION_DRAINING)
        c->reason = reason;
    c->last_error = error;
    c->state = CONNECTION_CLOSING;
    asking_cut(c); /* the thread that asks need not wait until a worker has time */
    if (c->outstanding || c->peeking)
        cancel(c, NULL);
    if (dialer_remove(&c->engine->dialer, &c->dial))
        connection_release(c); /* not the last reference: the caller has one */
    redialing_cancel(c);
    if (port_timer_cancel(c->engine->port, &c->look))
    {
        c->watched = false;
        connection_release(c); /* not the last reference: the caller has one */
    }
    idle_end(c);
    resting_end(c);
    if (port_timer_cancel(c->engine->port, &c->retry))
        port_timer_set(c->engine->port, &c->retry, 0); /* the message ends on a worker, as a cancelled request does */
}

void closing_fail(connection *c, close_reason reason, DWORD error)
{
    if (c->state == CONNECTION_CLOSING || c->state == CONNECTION_LISTENING)
        return;
    c->failed_event.error = error;
    connection_emit(c, &c->failed_event);
    closing_begin(c, reason, error);
    c->reason = reason; /* also of a close that was draining */
}

void closing_advance(connection *c)
{
    if (c->state == CONNECTION_DRAINING && !c->reading && (list_empty(&c->messages) || c->other_left))
        closing_begin(c, c->reason, 0);
    if (c->state != CONNECTION_CLOSING || c->outstanding || c->disconnected)
        return;
    c->disconnected = true;
    asking_end(c);
    redialing_end(c);
    connection_emit(c, &c->disconnected_event);
}

bool closing_accepts(connection *c)
{
    return c->state == CONNECTION_OPEN || (c->state == CONNECTION_DIALING && !c->drains_later);
}

void closing_begin_drain(connection *c, close_reason reason)
{
    asking_drain(c);
    if (c->state == CONNECTION_DIALING && list_empty(&c->messages))
        closing_begin(c, reason, 0); /* nothing is queued that needs the pipe */
    else if (c->state == CONNECTION_DIALING)
    {
        c->drains_later = true;
        c->reason = reason;
    }
    if (c->state != CONNECTION_OPEN)
        return;
    c->state = CONNECTION_DRAINING;
    c->reason = reason;
    /* The code that stops the engine has a limit of its own. */
    c->drain_until = reason == CLOSE_STOPPED ? MAXULONGLONG : GetTickCount64() + DRAIN_MS;
    if (c->reading && !c->read_filled)
        cancel(c, &c->read.overlapped);
    closing_watch(c);
}

void connection_close_for(connection *c, close_manner manner, close_reason reason)
{
    connection_hold(c);
    connection_lock(c);
    if (manner == CLOSE_GRACEFULLY)
        closing_begin_drain(c, reason);
    else
        closing_begin(c, reason, 0);
    c->silent |= manner == CLOSE_AT_ONCE && reason == CLOSE_CONSUMER;
    closing_advance(c);
    connection_unlock(c);
    connection_release(c);
}

void connection_close(connection *c, close_manner manner)
{
    connection_close_for(c, manner, CLOSE_CONSUMER);
}

/* ---- the look ---- */

static bool needs_a_look(connection *c) REQUIRES_LOCK(c->lock)
{
    return (c->state == CONNECTION_OPEN && !c->reading) || c->state == CONNECTION_DRAINING;
}

/* What is not split yet counts as lying in the pipe, except for a graceful end, which reads no more. */
static bool has_unsplit(connection *c) REQUIRES_LOCK(c->lock)
{
    return c->state == CONNECTION_OPEN && c->unsplit_begin != c->unsplit_end;
}

/* The peek fails when the other end has left and nothing that it wrote is left in the pipe. */
static void looked(connection *c, DWORD error, DWORD left) REQUIRES_LOCK(c->lock)
{
    if (!error || left == PEEK_NOT_MADE || !needs_a_look(c))
        return;
    if (peek_is_departure(error) && has_unsplit(c))
        return;
    if (peek_is_departure(error))
        closing_begin(c, CLOSE_OTHER_END, 0);
    else
        closing_fail(c, CLOSE_FAILED, error);
}

static void look_fired(port_timer *timer)
{
    connection *c = CONTAINER_OF(timer, connection, look);

    connection_lock(c);
    c->watched = false;
    if (needs_a_look(c))
    {
        if (c->state == CONNECTION_DRAINING && GetTickCount64() >= c->drain_until)
            closing_begin(c, c->reason, 0);
        else if (!c->peeking)
            peeking_begin(c, looked); /* if there is no thread for the peek, the next look tries again */
        closing_watch(c);
        closing_advance(c);
    }
    connection_unlock(c);
    connection_release(c);
}

void closing_watch(connection *c)
{
    if ((c->state != CONNECTION_OPEN && c->state != CONNECTION_DRAINING) || c->watched)
        return;
    c->watched = true;
    c->look.fired = look_fired;
    port_timer_set(c->engine->port, &c->look, LOOK_MS);
    connection_hold(c);
}

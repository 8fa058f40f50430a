/* Resting: a long read that has waited for a while is cancelled, and a connection at rest waits with less. Nothing is
 * lost by that: a message that comes meanwhile ends the read before the cancellation does. A read is also long that a
 * peek has made room for, and whose message was cancelled by its writer before the read began. */

#include "pipe/connection.h"
#include "pipe/engine.h"

#define REST_MS 10000

static void rest_fired(port_timer *timer);

static void look_later(connection *c) REQUIRES_LOCK(c->lock)
{
    c->has_read = false;
    c->rest.fired = rest_fired;
    connection_hold(c); /* the timer's */
    port_timer_set(c->engine->port, &c->rest, REST_MS);
}

static bool is_long(connection *c) REQUIRES_LOCK(c->lock)
{
    if (c->gait.kind == GAIT_LONG)
        return true;
    return !c->splits && !c->read_filled && c->read_buffer && c->read_buffer->capacity > c->gait.short_size;
}

/* The read is issued again, with less room. */
static void rest(connection *c) REQUIRES_LOCK(c->lock)
{
    if (c->gait.kind == GAIT_LONG)
        gait_rest(&c->gait);
    if (!c->read_filled)
        c->read_expected = 0;
    CancelIoEx(c->handle, &c->read.overlapped);
}

static void rest_fired(port_timer *timer)
{
    connection *c = CONTAINER_OF(timer, connection, rest);

    connection_lock(c);
    c->is_looked_at = c->state == CONNECTION_OPEN && is_long(c) && (c->has_read || !c->reading);
    if (c->is_looked_at)
        look_later(c);
    else if (c->state == CONNECTION_OPEN && is_long(c))
        rest(c);
    connection_unlock(c);
    connection_release(c);
}

void resting_watch(connection *c)
{
    c->has_read = true;
    if (c->is_looked_at || !is_long(c) || c->state != CONNECTION_OPEN)
        return;
    c->is_looked_at = true;
    look_later(c);
}

void resting_end(connection *c)
{
    if (port_timer_cancel(c->engine->port, &c->rest))
        connection_release(c); /* not the last reference: the caller has one */
}

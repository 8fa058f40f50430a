/* The idle timeout: a connection is closed that has done nothing for its time. The time counts from the end of its last
 * event (so from what was received or sent), a part of a message that came, or a request to read. It stands still while
 * events of the connection wait or are handled, and while no read is under way: reading pauses, or nobody asked for a
 * read. A write that does not move counts as idle. A timer looks four times in the idle timeout, so a connection is
 * closed at most a quarter of it late. */

#include "pipe/connection.h"
#include "pipe/engine.h"

static bool stands_still(connection *c) REQUIRES_LOCK(c->lock)
{
    return c->events_alive || (!c->reading && !c->write_only);
}

static void idle_fired(port_timer *timer);

static void look_later(connection *c) REQUIRES_LOCK(c->lock)
{
    DWORD quarter = c->flow.idle_timeout / 4;

    c->idle.fired = idle_fired;
    connection_hold(c); /* the timer's */
    port_timer_set(c->engine->port, &c->idle, quarter ? quarter : 1);
}

static void idle_fired(port_timer *timer)
{
    connection *c = CONTAINER_OF(timer, connection, idle);
    ULONGLONG now = win32.tick_count();

    connection_lock(c);
    if (c->state == CONNECTION_OPEN)
    {
        if (stands_still(c))
            c->idle_since += now - (c->idle_since > c->idle_looked_at ? c->idle_since : c->idle_looked_at);
        c->idle_looked_at = now;
        if (now < c->idle_since + c->flow.idle_timeout)
            look_later(c);
        else
            closing_begin(c, CLOSE_IDLE, 0);
        closing_advance(c);
    }
    connection_unlock(c);
    connection_release(c);
}

void idle_begin(connection *c)
{
    if (!c->flow.idle_timeout)
        return;
    c->idle_since = c->idle_looked_at = win32.tick_count();
    look_later(c);
}

void idle_end(connection *c)
{
    if (port_timer_cancel(c->engine->port, &c->idle))
        connection_release(c); /* not the last reference: the caller has one */
}

void idle_event_ends(connection *c)
{
    connection_lock(c);
    c->events_alive--;
    idle_interrupt(c);
    connection_unlock(c);
}

#include "pipe/connection.h"
#include "pipe/engine.h"

void pipe_event_taken(pipe_event *event)
{
    connection *c = event->connection;

    if (!event->receive_charge && !event->send_charge)
        return;
    connection_lock(c);
    c->receive_held -= event->receive_charge;
    c->send_held -= event->send_charge;
    event->receive_charge = event->send_charge = 0;
    if (c->receive_held <= c->flow.receive_limit / 2)
        c->choked = false;
    reading_advance(c);
    connection_unlock(c);
}

void pipe_event_release(pipe_event *event)
{
    connection *c = event->connection;
    engine *e = event->engine;
    engine_owner *owner = e->owner;

    pipe_event_taken(event);
    if (event->buffer)
        owner->buffers->free(owner->buffers, event->buffer);
    if (event->cookie)
        owner->cookie_free(event->cookie);
    event->buffer = NULL;
    event->cookie = NULL;
    if (c && c->flow.idle_timeout)
        idle_event_ends(c);
    event->free(event);
    if (c)
        connection_release(c);
    else
        engine_release(e);
}

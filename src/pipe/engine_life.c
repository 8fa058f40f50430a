/* The life of an engine: what its port, its listener and its connections do from Start to Stop. */

#include "pipe/engine.h"

#include "pipe/connection.h"
#include "pipe/listener.h"

/* How long to wait for the threads that still use an instance. They need some calls of the system, but a thread stays
 * there that Windows does not let end an impersonation. */
#define CLOSED_PATIENCE_MS 1000

/* ---- the port's calls ---- */

static void worker_begins(void *owner)
{
    engine *e = owner;

    e->owner->calls->worker_begins(e->owner);
}

static void worker_ends(void *owner)
{
    engine *e = owner;

    e->owner->calls->worker_ends(e->owner);
}

static void ready_event_free(pipe_event *event)
{
    (void)event; /* a field of its engine */
}

static void joined(void *owner)
{
    engine *e = owner;

    if (!e->settings.path)
        return;
    e->ready_event.kind = PIPE_READY;
    e->ready_event.engine = engine_hold(e);
    e->ready_event.free = ready_event_free;
    e->owner->calls->event(e->owner, &e->ready_event);
}

static void turn(void *owner)
{
    engine *e = owner;

    e->owner->calls->turn(e->owner);
}

static void ended(void *owner)
{
    engine *e = owner;

    e->owner->calls->ended(e->owner);
    SetEvent(e->ended);
    engine_release(e);
}

static const port_calls engine_port_calls = {
    .worker_begins = worker_begins,
    .worker_ends = worker_ends,
    .joined = joined,
    .turn = turn,
    .ended = ended,
};

/* ---- life ---- */

DWORD engine_open(const engine_settings *settings, engine_owner *owner, engine **out)
{
    DWORD error = engine_create(settings, owner, &engine_port_calls, out);

    if (!error)
        listener_init(*out);
    return error;
}

/* Closes all that the engine has opened. If no worker runs, also delivers the requests that end by it. */
static void engine_abandon(engine *e)
{
    engine_begin_close(e, CLOSE_AT_ONCE);
    port_serve(e->port);
}

DWORD engine_listen(engine *e)
{
    DWORD error = listener_start(e);

    if (error)
        engine_abandon(e);
    return error;
}

DWORD engine_run(engine *e)
{
    DWORD error = port_run(e->port);

    if (error)
        engine_abandon(e);
    return error;
}

/* ---- connections ---- */

/* Moves the walker's place behind the next connection. Returns that connection, held, or NULL at the end. Skips the
 * places of other walkers. */
static connection *walk_on(engine *e, engine_place *walker)
{
    connection *c = NULL;
    list_link *link;

    lock_acquire(&e->lock);
    while (!c && (link = list_next(&e->connections, &walker->link)) != NULL)
    {
        list_remove(&walker->link);
        list_insert_after(link, &walker->link);
        c = CONTAINER_OF(link, engine_place, link)->connection;
    }
    if (c)
        connection_hold(c);
    else
        list_remove(&walker->link);
    lock_release(&e->lock);
    return c;
}

void engine_for_each(engine *e, void (*act)(connection *c, void *context), void *context)
{
    engine_place walker = {{NULL, NULL}, NULL, false};
    connection *c;

    lock_acquire(&e->lock);
    list_insert_after(&e->connections.head, &walker.link);
    lock_release(&e->lock);
    while ((c = walk_on(e, &walker)) != NULL)
    {
        act(c, context);
        connection_release(c);
    }
}

static void close_connection(connection *c, void *manner)
{
    connection_close_for(c, *(const close_manner *)manner, CLOSE_STOPPED);
}

static void close_handle(connection *c, void *none)
{
    (void)none;
    connection_close_handle(c);
}

static void advance(connection *c, void *none)
{
    (void)none;
    connection_advance(c);
}

void engine_begin_close(engine *e, close_manner manner)
{
    bool was_closing;

    lock_acquire(&e->lock);
    was_closing = e->closing;
    e->closing = true;
    lock_release(&e->lock);
    if (!was_closing)
        listener_stop(e);
    engine_for_each(e, close_connection, &manner);
    if (!was_closing)
        port_let_go(e->port);
}

void engine_close_handles(engine *e)
{
    engine_for_each(e, close_handle, NULL);
    claim_await_closed(&e->claim, CLOSED_PATIENCE_MS);
}

void engine_advance(engine *e)
{
    listener_resume(e);
    engine_for_each(e, advance, NULL);
}

/* Connections that are dialed again when they have ended, as the client connections of src/com. */

#include "watch_queue.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "races.h"
#include "watch_engine.h"

#include <stdlib.h>

/* ---- what must be true ---- */

/* All that was accepted was told of, or is counted now. */
static void check_unsent(const endpoint *e, const pipe_event *event)
{
    unsigned unsent = connection_unsent(event->connection);

    if (!e->view.writing && e->view.taken != e->view.ended + unsent)
        fail("%u messages were accepted, %u told of, and %u were not sent", e->view.taken, e->view.ended, unsent);
}

void client_note(endpoint *e, const pipe_event *event, bool in_order)
{
    redialed *c = e->client;

    if (event->kind == PIPE_CONNECTION_ERROR && event->error == PIPE_ERROR_NOT_SENT && in_order)
        check_unsent(e, event);
    if (event->kind != PIPE_CONNECTED)
        return;
    if (e->session == c->closed_while_dialing)
        fail("a session comes that was closed before its pipe was open");
    if (in_order && c->told && e->session != c->told->session + 1)
        fail("session %u comes after session %u", e->session, c->told->session);
    if (in_order && c->told && !c->told->ended)
        fail("CONNECTED of a session comes before the end of the one before");
    c->told = e;
}

bool client_is_dialing(redialed *c)
{
    bool dialing;

    lock_acquire(&c->lock);
    dialing = c->newest && connection_get_status(c->newest->pipe).opening;
    lock_release(&c->lock);
    return dialing;
}

/* ---- sessions ---- */

static object_of_endpoint *make_session(redialed *c)
{
    object_of_endpoint *o = host_make_object(c->run);

    if (!o)
        return NULL;
    o->lane.audience = c->audience;
    o->record->view.dialed = true;
    o->record->client = c;
    InterlockedIncrement(&c->holds);
    host_list_record(c->run->host, o->record);
    return o;
}

/* Nothing comes of it. */
static void discard(object_of_endpoint *o)
{
    if (!o)
        return;
    o->record->view.disconnected = true;
    endpoint_release_lane(&o->lane);
}

static object_of_endpoint *make_spare(redialed *c)
{
    host *h = c->run->host;
    object_of_endpoint *o = make_session(c);

    if (!o)
        return NULL;
    o->pipe = connection_prepare(run_engine(&c->run->run), SIM_PATH, &h->settings.flow, &o->lane);
    o->record->view.connection = o->pipe;
    if (o->pipe)
        return o;
    discard(o);
    return NULL;
}

bool client_may_dial(redialed *c)
{
    object_of_endpoint *made;
    bool has;

    lock_acquire(&c->lock);
    has = c->over || c->spare;
    lock_release(&c->lock);
    if (has)
        return true;
    made = make_spare(c);
    if (!made)
        return false;
    lock_acquire(&c->lock);
    if (!c->over && !c->spare)
    {
        c->spare = made;
        made = NULL;
    }
    lock_release(&c->lock);
    discard(made);
    return true;
}

static void dial_next(redialed *c, object_of_endpoint *ended, object_of_endpoint *next)
{
    queue *q = c->run->run.queue;

    next->record->session = ++c->sessions;
    queue_follow(q, &next->lane, &ended->lane);
    endpoint_hold_lane(&next->lane); /* the engine's */
    if (!connection_dial_again(next->pipe, ended->pipe))
    {
        c->newest = next;
        c->spare = NULL;
        return;
    }
    endpoint_release_lane(&next->lane); /* not the last reference */
    queue_unfollow(q, &next->lane);
}

void client_ended(object_of_endpoint *o)
{
    redialed *c = o->record->client;
    object_of_endpoint *old = NULL, *unused = NULL;

    if (!c)
        return;
    lock_acquire(&c->lock);
    if (!c->over && c->newest == o)
    {
        if (o->record->session > 1 && connection_get_status(o->pipe).reason == CLOSE_CONNECT_FAILED)
            fail("a session that is dialed again gives up");
        if (!c->spare && connection_handle(o->pipe))
            fail("a session that was open ends and there is no next one");
        if (c->spare)
            dial_next(c, o, c->spare);
        c->over |= c->newest == o;
        if (c->newest != o)
            old = o;
    }
    if (c->over)
    {
        unused = c->spare;
        c->spare = NULL;
    }
    lock_release(&c->lock);
    discard(unused);
    if (old)
        endpoint_release_lane(&old->lane);
}

/* ---- what the consumer does ---- */

void client_drop(redialed *c)
{
    host_run *r = c->run;

    if (count_down(&c->holds))
        return;
    mem_free(c->audience);
    c->audience = NULL;
    run_release(&r->run);
}

static redialed *client_create(host_run *r)
{
    redialed *c = calloc(1, sizeof(*c));
    host *h = r->host;

    c->run = r;
    run_hold(&r->run);
    c->holds = 1;
    c->next = h->clients;
    h->clients = c;
    c->audience = mem_alloc(sizeof(*c->audience));
    if (c->audience)
        audience_init(c->audience);
    return c;
}

static bool dial_first(redialed *c, DWORD timeout)
{
    object_of_endpoint *first = c->audience ? make_session(c) : NULL;
    host *h = c->run->host;
    DWORD error;

    if (!first)
        return false;
    first->record->session = c->sessions = 1;
    c->newest = first;
    c->spare = make_spare(c);
    endpoint_hold_lane(&first->lane); /* the engine's */
    error = c->spare ? connection_dial(run_engine(&c->run->run), SIM_PATH, timeout, &h->settings.flow, &first->lane,
                                       &first->pipe)
                     : ERROR_NOT_ENOUGH_MEMORY;
    first->record->view.connection = first->pipe;
    if (!error)
        return true;
    if (!faults_made() && error != PIPE_ERROR_NOT_OPEN)
        fail("connection_dial fails with %u without a fault", error);
    endpoint_release_lane(&first->lane);
    c->newest = NULL;
    discard(first);
    return false;
}

redialed *client_dial(host *h, DWORD timeout)
{
    host_run *r;
    redialed *c = NULL;

    lock_acquire(&h->life);
    r = h->current;
    if (r)
        run_hold(&r->run);
    lock_release(&h->life);
    if (!r)
        return NULL;
    c = client_create(r);
    if (!dial_first(c, timeout))
    {
        client_release(c);
        c = NULL;
    }
    run_release(&r->run);
    return c;
}

void client_set_sink(redialed *c, unsigned which, bool there)
{
    host *h = c->run->host;

    c->sinks[which] = there ? ++h->last_sink : 0;
    lock_acquire(&h->hearing);
    queue_set_has_sinks(c->run->run.queue, c->audience, c->sinks[0] || c->sinks[1]);
    lock_release(&h->hearing);
}

static void note_closed(redialed *c, object_of_endpoint *o)
{
    if (!connection_handle(o->pipe))
        c->closed_while_dialing = o->record->session;
}

void client_close(redialed *c, close_manner manner)
{
    object_of_endpoint *newest;

    lock_acquire(&c->lock);
    c->over = true;
    c->closed |= manner == CLOSE_AT_ONCE;
    newest = c->newest;
    endpoint_hold_lane(&newest->lane);
    lock_release(&c->lock);
    connection_close(newest->pipe, manner);
    if (manner == CLOSE_AT_ONCE)
        note_closed(c, newest);
    endpoint_release_lane(&newest->lane);
}

void client_release(redialed *c)
{
    object_of_endpoint *newest, *spare;

    lock_acquire(&c->lock);
    c->over = c->silenced = true;
    newest = c->newest;
    spare = c->spare;
    c->newest = c->spare = NULL;
    lock_release(&c->lock);
    if (newest)
    {
        queue_silence_lane(c->run->run.queue, &newest->lane);
        connection_close(newest->pipe, CLOSE_AT_ONCE);
        endpoint_release_lane(&newest->lane);
    }
    discard(spare);
    client_drop(c);
}

void clients_free(host *h)
{
    redialed *c;

    while ((c = h->clients) != NULL)
    {
        if (c->holds)
            fail("a client is left at the end");
        h->clients = c->next;
        locks_forget(c, sizeof(*c));
        free(c);
    }
}

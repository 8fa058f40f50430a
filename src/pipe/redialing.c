/* Redialing: a connection that takes the place of one that has ended. It is DIALING until its pipe is open, and makes
 * one try after the other, with pauses between them. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/name.h"
#include "pipe/peek.h"

#define PAUSE_FIRST_MS 100
#define CALM_MS 5000 /* a connection that was open for so long has the pauses begin anew */

/* ---- life ---- */

bool redialing_init(connection *c, const WCHAR *path)
{
    redial *r = mem_alloc(sizeof(*r));

    if (!r)
        return false;
    r->connection = c;
    r->path = pipe_text_copy(path);
    if (!r->path)
    {
        mem_free(r);
        return false;
    }
    connection_event_init(c, &r->other_owner_event, PIPE_CONNECTION_ERROR, connection_keep_event);
    r->other_owner_event.error = PIPE_ERROR_OTHER_OWNER;
    connection_event_init(c, &r->unsent_event, PIPE_CONNECTION_ERROR, connection_keep_event);
    r->unsent_event.error = PIPE_ERROR_NOT_SENT;
    c->redial = r;
    return true;
}

void redialing_fini(redial *r)
{
    if (!r)
        return;
    mem_free(r->path);
    mem_free(r);
}

connection *connection_prepare(engine *e, const WCHAR *path, const flow_settings *flow, void *user)
{
    connection *c = connection_create(e, INVALID_HANDLE_VALUE, flow);

    if (!c)
        return NULL;
    c->remote = !pipe_path_is_local(path);
    c->user = user;
    if (redialing_init(c, path))
        return c;
    connection_release(c);
    return NULL;
}

/* ---- whose pipe it is ---- */

DWORD redialing_judge(connection *c, HANDLE pipe)
{
    redial *r = c->redial;
    pipe_owner owner;
    DWORD error;

    if (!r || c->remote)
        return 0;
    error = security_read_owner(pipe, &owner);
    if (peek_is_departure(error))
        return r->again ? error : 0; /* nobody is there any more; the reads of a first pipe say so */
    if (!r->owner.size)
        r->owner = owner;
    else if (!security_is_same_owner(&r->owner, &owner))
        return PIPE_ERROR_OTHER_OWNER;
    return 0;
}

/* ---- one try after the other ---- */

static void pause_is_over(port_timer *timer);

static void pause_dial(connection *c) REQUIRES_LOCK(c->lock)
{
    redial *r = c->redial;
    DWORD most = c->flow.reconnect_pause;

    r->pause = r->pause ? r->pause * 2 : PAUSE_FIRST_MS;
    if (r->pause > most)
        r->pause = most;
    connection_hold(c);
    r->timer.fired = pause_is_over;
    port_timer_set(c->engine->port, &r->timer, r->pause);
}

static bool may_dial(connection *c)
{
    engine_owner *owner = c->engine->owner;

    return !owner->calls->may_dial || owner->calls->may_dial(owner, c);
}

/* DISCONNECTED must not come while the owner is asked: then what it knows of the connection would go. */
static void pause_is_over(port_timer *timer)
{
    connection *c = CONTAINER_OF(timer, redial, timer)->connection;
    bool dials, may;

    connection_lock(c);
    dials = c->state == CONNECTION_DIALING;
    c->outstanding += dials;
    connection_unlock(c);

    may = dials && may_dial(c);

    connection_lock(c);
    c->outstanding -= dials;
    if (c->state == CONNECTION_DIALING && (!may || dialing_try(c, c->redial->path, 0)))
        pause_dial(c);
    closing_advance(c);
    connection_unlock(c);
    connection_release(c);
}

static void tell_other_owner(connection *c) REQUIRES_LOCK(c->lock)
{
    if (c->dial_error != PIPE_ERROR_OTHER_OWNER || c->redial->other_owner_told)
        return;
    c->redial->other_owner_told = true;
    connection_emit(c, &c->redial->other_owner_event);
}

bool redialing_goes_on(connection *c)
{
    if (!c->redial || !c->redial->again || c->drains_later)
        return false;
    tell_other_owner(c);
    pause_dial(c);
    return true;
}

void redialing_open(connection *c)
{
    if (c->redial)
        c->redial->open_since = win32.tick_count();
}

/* ---- the end ---- */

void redialing_cancel(connection *c)
{
    if (c->redial && port_timer_cancel(c->engine->port, &c->redial->timer))
        connection_release(c); /* not the last reference: the caller has one */
}

void redialing_end(connection *c)
{
    if (c->redial && c->handle_value)
        connection_emit(c, &c->redial->unsent_event);
}

unsigned connection_unsent(connection *c)
{
    unsigned count = 0;

    lock_acquire(&c->lock);
    for (list_link *link = list_first(&c->messages); link; link = list_next(&c->messages, link))
        count += !CONTAINER_OF(link, message, event.link)->is_asked;
    lock_release(&c->lock);
    return count;
}

/* ---- connection_dial_again ---- */

static bool may_follow(connection *ended) REQUIRES_LOCK(ended->lock)
{
    if (!ended->handle_value)
        return false;
    return ended->reason == CLOSE_OTHER_END || ended->reason == CLOSE_FAILED || ended->reason == CLOSE_TIMED_OUT;
}

/* Takes over what outlives a connection. `c` is not known to any other thread yet. False: none may follow `ended`. */
static bool succeed(connection *c, connection *ended, LONG *asked)
{
    redial *r = c->redial, *before = ended->redial;
    bool may;

    lock_acquire(&ended->lock);
    may = may_follow(ended);
    if (may)
    {
        r->owner = before->owner;
        r->pause = win32.tick_count() - before->open_since < CALM_MS ? before->pause : 0;
        *asked = ended->asked;
    }
    lock_release(&ended->lock);
    return may;
}

DWORD connection_dial_again(connection *c, connection *ended)
{
    LONG asked;
    bool begun;

    if (!succeed(c, ended, &asked))
        return PIPE_ERROR_NOT_OPEN;
    c->redial->again = true;
    connection_lock(c);
    STORE_RELEASE(&c->asked, asked);
    begun = dialing_begin(c);
    if (begun)
        pause_dial(c);
    connection_unlock(c);
    return begun ? 0 : PIPE_ERROR_NOT_OPEN;
}

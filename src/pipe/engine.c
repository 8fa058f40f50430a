#include "pipe/engine.h"

#include "base/check.h"
#include "pipe/name.h"
#include "pipe/peek.h"
#include "pipe/peer.h"

/* ---- life ---- */

static void engine_free(engine *e)
{
    CHECK(list_empty(&e->connections) && list_empty(&e->listening) && list_empty(&e->arrived));
    if (e->port)
    {
        /* Timers of the engine may still be set, because the workers ended before the timers were due. */
        port_timer_cancel(e->port, &e->retry);
        port_timer_cancel(e->port, &e->later_turn);
        dialer_fini(&e->dialer);
        port_close(e->port);
    }
    if (e->ended)
        CloseHandle(e->ended);
    security_fini(&e->access);
    mem_free((void *)e->settings.path);
    mem_free((void *)e->settings.access.descriptor);
    mem_free(e);
}

static void later_turn_is_due(port_timer *timer)
{
    (void)timer; /* a turn follows every timer */
}

static void hold_engine(void *what)
{
    engine_hold(what);
}

static void release_engine(void *what)
{
    engine_release(what);
}

static DWORD open_port(engine *e, const port_calls *calls)
{
    const dialer_keeper keeper = {e, hold_engine, release_engine};
    DWORD error;

    e->ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!e->ended)
        return GetLastError();
    error = port_open(e->settings.threads, calls, e, &e->port);
    if (!error)
        dialer_init(&e->dialer, e->port, &keeper);
    return error;
}

/* Makes what the settings point to the engine's own. False: memory is short. */
static bool copy_settings(engine *e)
{
    const WCHAR *path = e->settings.path;
    const SECURITY_DESCRIPTOR *descriptor = e->settings.access.descriptor;

    e->settings.path = path ? pipe_text_copy(path) : NULL;
    e->settings.access.descriptor = descriptor ? security_copy(descriptor) : NULL;
    return (!path || e->settings.path) && (!descriptor || e->settings.access.descriptor);
}

DWORD engine_create(const engine_settings *settings, engine_owner *owner, const port_calls *calls, engine **out)
{
    engine *e = mem_alloc(sizeof(*e));
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    *out = NULL;
    if (!e)
        return error;
    peek_prepare();
    peer_prepare();
    e->references = 2; /* the caller's, and one for the port until `ended` */
    e->owner = owner;
    e->settings = *settings;
    e->later_turn.fired = later_turn_is_due;
    list_init(&e->connections);
    list_init(&e->listening);
    list_init(&e->arrived);
    claim_init(&e->claim, &e->settings, &e->access);
    if (copy_settings(e))
        error = open_port(e, calls);
    if (error)
        engine_free(e);
    else
        *out = e;
    return error;
}

engine *engine_hold(engine *e)
{
    InterlockedIncrement(&e->references);
    return e;
}

void engine_release(engine *e)
{
    if (e && count_down(&e->references) == 0)
        engine_free(e);
}

framing engine_framing(engine *e)
{
    return e->settings.flow.framing;
}

HANDLE engine_ended(engine *e)
{
    return e->ended;
}

/* ---- turns ---- */

void engine_kick(engine *e)
{
    port_kick(e->port);
}

void engine_kick_in(engine *e, DWORD ms)
{
    port_timer_set(e->port, &e->later_turn, ms);
}

void engine_pause(engine *e, bool paused)
{
    InterlockedExchange(&e->paused, paused);
}

/* ---- counters ---- */

traffic engine_traffic(engine *e, LONGLONG *clients)
{
    lock_acquire(&e->lock);
    *clients = e->clients_ever;
    lock_release(&e->lock);
    return traffic_read(&e->carried);
}

/* ---- connections ---- */

void engine_drop_client(engine *e, engine_place *place)
{
    bool fills;

    lock_acquire(&e->lock);
    fills = place->is_client && e->settings.max_connections && !e->closing;
    e->clients -= place->is_client;
    place->is_client = false;
    if (fills)
        port_keep(e->port); /* the owner may be told of a failure, and `ended` comes after that */
    lock_release(&e->lock);
    if (!fills)
        return;
    e->fill(e);
    port_let_go(e->port);
}

bool engine_add_connection(engine *e, engine_place *place)
{
    bool added;

    lock_acquire(&e->lock);
    added = !e->closing;
    if (added)
        list_append(&e->connections, &place->link);
    lock_release(&e->lock);
    return added;
}

void engine_remove_connection(engine *e, engine_place *place)
{
    lock_acquire(&e->lock);
    list_remove(&place->link);
    lock_release(&e->lock);
}

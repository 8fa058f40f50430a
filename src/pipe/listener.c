/* Threading: the engine's lock guards the lists and the counts. An instance is in `listening` from before its
 * ConnectNamedPipe until the completion; the code that takes the instance out gets the list's reference. */

#include "pipe/listener.h"

#include "base/impersonation.h"
#include "pipe/connection.h"

/* How long engine_listen waits for a pipe that is about to disappear. An engine that runs does not wait, but tries
 * again. */
#define CLAIM_PATIENCE_MS 300
#define RETRY_FIRST_MS 100
#define RETRY_LAST_MS 5000

static void connect_done(operation *op, DWORD error, DWORD bytes);

/* ---- one instance ---- */

static DWORD instance_create(engine *e, DWORD patience, connection **out)
{
    HANDLE handle;
    DWORD error = claim_instance(&e->claim, patience, &handle); /* until the instance is listed nobody else knows it */

    *out = NULL;
    if (error)
        return error;
    *out = connection_create(e, handle, &e->settings.flow);
    if (!*out)
    {
        claim_close(&e->claim, handle);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    error = port_bind(e->port, handle);
    if (error)
    {
        connection_release(*out);
        *out = NULL;
    }
    return error;
}

/* Returns whether `error` means that a client came. ERROR_PIPE_CONNECTED: the client came before ConnectNamedPipe.
 * ERROR_NO_DATA: the client has already left again, and what it wrote can be read. */
static bool is_arrival(DWORD error)
{
    return error == 0 || error == ERROR_PIPE_CONNECTED || error == ERROR_NO_DATA;
}

/* Begins to wait for a client. Returns a Win32 code; after a failure connect_done is not called. */
static DWORD instance_arm(connection *c)
{
    port *p = c->engine->port;
    DWORD error;

    connection_lock(c);
    if (c->handle == INVALID_HANDLE_VALUE) /* listener_stop has closed it */
    {
        connection_unlock(c);
        return ERROR_OPERATION_ABORTED;
    }
    port_expect(p, &c->connect, connect_done);
    error = win32.connect_named_pipe(c->handle, &c->connect.overlapped) ? 0 : GetLastError();
    if (error == ERROR_IO_PENDING || is_arrival(error) || !port_ended_at_once(p, &c->connect, error))
    {
        port_started(p, &c->connect, error);
        error = 0;
    }
    connection_unlock(c);
    return error;
}

/* Makes a new instance and lets it wait for a client, unless the engine is closing. */
static DWORD instance_add(engine *e, DWORD patience)
{
    connection *c;
    bool closing;
    DWORD error = instance_create(e, patience, &c);

    if (error)
        return error == PIPE_ERROR_NOT_OPEN ? 0 : error;
    lock_acquire(&e->lock);
    closing = e->closing;
    if (!closing)
        list_append(&e->listening, &connection_hold(c)->place.link);
    lock_release(&e->lock);
    if (!closing)
        error = instance_arm(c);
    if (error)
    {
        lock_acquire(&e->lock);
        list_remove(&c->place.link);
        closing = e->closing;
        lock_release(&e->lock);
        connection_release(c); /* the list's */
        if (closing)
            error = 0; /* listener_stop has closed the handle: no failure */
    }
    connection_release(c);
    return error;
}

/* ---- as many as are wanted ---- */

/* Counts one more instance, if one is missing. In a pause only the last one is replaced, so that the name stays:
 * clients that come would be parked. `is_first`: for the instances that the start makes, all of them also in a
 * pause. */
static bool claim_place(engine *e, bool is_first)
{
    bool missing, paused = !is_first && InterlockedCompareExchange(&e->paused, 0, 0);
    unsigned most = e->settings.max_connections;

    lock_acquire(&e->lock);
    missing = !e->closing && e->listening_count < (paused ? 1 : e->settings.backlog) &&
              (!most || e->listening_count + e->clients < most);
    if (missing)
        e->listening_count++;
    lock_release(&e->lock);
    return missing;
}

/* Counts an instance beyond the limit, if `last` is a client's place and no instance listens or is parked. */
static bool claim_place_beyond_limit(engine *e, const engine_place *last)
{
    bool missing;

    lock_acquire(&e->lock);
    missing =
        last->is_client && !e->closing && e->settings.max_connections && !e->listening_count && list_empty(&e->arrived);
    if (missing)
        e->listening_count++;
    lock_release(&e->lock);
    return missing;
}

static void give_place_back(engine *e)
{
    lock_acquire(&e->lock);
    e->listening_count--;
    lock_release(&e->lock);
}

/* Notes a failure to make an instance. `*ms`: the pause before the next try. `*tell`: the owner is to be told; it is
 * told of the first failure, and once more if another server took the name. False: the engine is closing, so there is
 * no next try and nobody is told. */
static bool note_failure(engine *e, DWORD error, DWORD *ms, bool *tell)
{
    bool closing;

    lock_acquire(&e->lock);
    closing = e->closing;
    *tell = !e->failure_told || (error == PIPE_ERROR_NAME_IN_USE && e->failure_told != error);
    if (*tell)
        e->failure_told = error;
    e->retry_ms = e->retry_ms ? e->retry_ms * 2 : RETRY_FIRST_MS;
    if (e->retry_ms > RETRY_LAST_MS)
        e->retry_ms = RETRY_LAST_MS;
    *ms = e->retry_ms;
    lock_release(&e->lock);
    return !closing;
}

static void note_success(engine *e)
{
    lock_acquire(&e->lock);
    e->failure_told = 0;
    e->retry_ms = 0;
    lock_release(&e->lock);
}

static void failure_event_free(pipe_event *event)
{
    InterlockedExchange(&event->engine->failure_event_used, 0);
}

/* Hands SERVER_ERROR over. The event is a field of the engine, so that the owner can be told of a shortage of memory
 * too. If the event still waits in the owner's queue, it tells of a failure already. */
static void tell_failure(engine *e, DWORD error)
{
    if (InterlockedExchange(&e->failure_event_used, 1))
        return;
    e->failure_event.kind = PIPE_SERVER_ERROR;
    e->failure_event.engine = engine_hold(e);
    e->failure_event.error = error;
    e->failure_event.free = failure_event_free;
    e->owner->calls->event(e->owner, &e->failure_event);
}

static void retry_later(engine *e, DWORD error)
{
    bool tell;
    DWORD ms;

    if (!note_failure(e, error, &ms, &tell))
        return;
    port_timer_set(e->port, &e->retry, ms);
    if (tell)
        tell_failure(e, error);
}

static DWORD make_missing(engine *e)
{
    while (claim_place(e, false))
    {
        DWORD error = instance_add(e, 0);

        if (error)
        {
            give_place_back(e);
            return error;
        }
        note_success(e);
    }
    return 0;
}

/* A run may begin in a pause, while events of an older run still wait. The name is claimed all the same; clients that
 * come are parked. */
static DWORD make_first(engine *e)
{
    DWORD error = security_init(&e->access, &e->settings.access);

    while (!error && claim_place(e, true))
    {
        error = instance_add(e, CLAIM_PATIENCE_MS);
        if (error)
            give_place_back(e);
    }
    return error;
}

/* Calls `make` as the process, so that the pipe belongs to the process. The thread may impersonate: the thread that
 * called engine_listen, or a worker that a handler has left impersonating. */
static DWORD as_process(engine *e, DWORD (*make)(engine *e))
{
    impersonation suspended;
    DWORD resumed, error = impersonation_suspend(&suspended, port_serves_here(e->port));

    if (error)
        return error;
    error = make(e);
    resumed = impersonation_resume(&suspended);
    return error ? error : resumed;
}

DWORD listener_start(engine *e)
{
    return as_process(e, make_first);
}

static DWORD add_one(engine *e)
{
    return instance_add(e, 0);
}

/* At the limit of connections no instance listens, and the handle that is to be closed, whose client is still there,
 * may be the last one that holds the name. Then one instance more listens; a client that comes to it is parked until it
 * has a place. If none can be made, the name is free until the next one claims it, which tells of its failures. */
static void listener_keep_name(engine *e, const engine_place *closing)
{
    if (claim_place_beyond_limit(e, closing) && as_process(e, add_one))
        give_place_back(e);
}

/* ---- clients ---- */

typedef enum place
{
    PLACE_TAKEN_IN,
    PLACE_PARKED,
    PLACE_LOST,
    PLACE_CLOSED /* listener_stop has closed the instance */
} place;

/* Whether a client that has come is parked: in a pause, and beyond the limit. */
static bool must_wait(engine *e) REQUIRES_LOCK(e->lock)
{
    unsigned most = e->settings.max_connections;

    return InterlockedCompareExchange(&e->paused, 0, 0) || (most && e->clients > most);
}

/* Takes the instance out of `listening`. The list's reference is now the caller's, unless the instance is parked. */
static place leave_listening(engine *e, connection *c, bool arrived)
{
    place where;

    lock_acquire(&e->lock);
    where = e->closing ? PLACE_CLOSED : arrived ? PLACE_TAKEN_IN : PLACE_LOST;
    list_remove(&c->place.link);
    e->listening_count--;
    if (where == PLACE_TAKEN_IN)
    {
        c->place.is_client = true;
        e->clients++;
        e->clients_ever++;
    }
    if (where == PLACE_TAKEN_IN && must_wait(e))
    {
        list_append(&e->arrived, &c->place.link);
        where = PLACE_PARKED;
    }
    lock_release(&e->lock);
    return where;
}

/* Waits again for a client, after the thread that issued the wait has ended, on a system that cancels the wait then.
 * Uses the same instance, since a client may have come to it meanwhile. False: `*error` is the result of the wait. */
static bool wait_again(connection *c, DWORD *error)
{
    engine *e = c->engine;
    bool closing;

    lock_acquire(&e->lock);
    closing = e->closing;
    lock_release(&e->lock);
    if (closing)
        return false;
    *error = instance_arm(c);
    return *error == 0;
}

static void connect_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, connect);
    engine *e = c->engine;

    (void)bytes;
    if (error == ERROR_OPERATION_ABORTED && wait_again(c, &error))
        return;
    if (is_arrival(error))
        connection_identify(c, true); /* on this thread: one that ends a pause may be the owner's */
    switch (leave_listening(e, c, is_arrival(error)))
    {
    case PLACE_PARKED: return;
    case PLACE_TAKEN_IN:
        error = as_process(e, make_missing); /* before CONNECTED */
        connection_start(c);
        if (error)
            retry_later(e, error);
        break;
    case PLACE_LOST:
        connection_close_handle(c);
        retry_later(e, error);
        break;
    case PLACE_CLOSED: break;
    }
    connection_release(c);
}

/* Takes the first of the clients that were parked. The list's reference is now the caller's. NULL: there is none, it
 * must wait on, or the engine is closing. */
static connection *take_arrived(engine *e)
{
    list_link *link;

    lock_acquire(&e->lock);
    link = e->closing || must_wait(e) ? NULL : list_take_first(&e->arrived);
    lock_release(&e->lock);
    return link ? CONTAINER_OF(link, engine_place, link)->connection : NULL;
}

/* Makes the missing instances, as the process, and takes in who was parked. After a failure a timer tries again, with
 * growing pauses. The owner is told of the failure with SERVER_ERROR, once until an instance can be made again, and
 * once more if another server took the name. */
static void listener_fill(engine *e)
{
    DWORD error = as_process(e, make_missing);
    connection *c;

    if (error)
        retry_later(e, error);
    while ((c = take_arrived(e)) != NULL)
    {
        connection_start(c);
        connection_release(c);
    }
}

static void retry_fired(port_timer *timer)
{
    listener_fill(CONTAINER_OF(timer, engine, retry));
}

void listener_init(engine *e)
{
    e->retry.fired = retry_fired;
    e->fill = listener_fill;
    e->keep_name = listener_keep_name;
}

/* May run on a thread that is not the port's: port_keep lets `ended` come only after the events that this call hands
 * over. */
void listener_resume(engine *e)
{
    bool closing;

    lock_acquire(&e->lock);
    closing = e->closing;
    if (!closing)
        port_keep(e->port);
    lock_release(&e->lock);
    if (closing)
        return;
    listener_fill(e);
    port_let_go(e->port);
}

/* Closes the handles of the listening instances. The instances stay in the list until their waits have ended. On
 * Windows a cancelled ConnectNamedPipe may not complete; closing the handle completes it. */
static void close_listening(engine *e)
{
    for (;;)
    {
        connection *c = NULL;

        lock_acquire(&e->lock);
        for (list_link *link = list_first(&e->listening); link; link = list_next(&e->listening, link))
        {
            c = CONTAINER_OF(link, engine_place, link)->connection;
            if (!c->given_up)
                break;
            c = NULL;
        }
        if (c)
        {
            c->given_up = true;
            connection_hold(c);
        }
        lock_release(&e->lock);
        if (!c)
            return;
        connection_close_handle(c);
        connection_release(c);
    }
}

static void drop_arrived(engine *e)
{
    list_link *link;

    for (;;)
    {
        lock_acquire(&e->lock);
        link = list_take_first(&e->arrived);
        lock_release(&e->lock);
        if (!link)
            return;
        connection_release(CONTAINER_OF(link, engine_place, link)->connection);
    }
}

void listener_stop(engine *e)
{
    port_timer_cancel(e->port, &e->retry);
    claim_give_up(&e->claim);
    close_listening(e);
    drop_arrived(e);
}

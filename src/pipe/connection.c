#include "pipe/connection.h"

#include "base/check.h"
#include "pipe/engine.h"

/* ---- life ---- */

void connection_keep_event(pipe_event *event)
{
    (void)event;
}

static void free_cookies(connection *c)
{
    engine_owner *owner = c->engine->owner;
    list_link *link;

    while ((link = list_take_first(&c->read_requests)) != NULL)
    {
        read_request *request = CONTAINER_OF(link, read_request, link);

        if (request->cookie)
            owner->cookie_free(request->cookie);
        mem_free(request);
    }
    while ((link = list_take_first(&c->messages)) != NULL)
    {
        message *m = CONTAINER_OF(link, message, event.link);

        if (m->event.cookie)
            owner->cookie_free(m->event.cookie);
        message_free(&m->event);
    }
}

/* Releasing DISCONNECTED frees the cookies of what came to nothing, on the thread that the owner chose for objects of
 * the consumer, and lets another client come: until then what this client sent may wait in memory. Nothing of the owner
 * stays behind, since a call that hangs on another thread may hold the connection longer than the owner lives. */
static void free_disconnected(pipe_event *event)
{
    connection *c = event->connection;
    list_link *link;

    while ((link = list_take_first(&c->silenced)) != NULL)
        pipe_event_release(CONTAINER_OF(link, pipe_event, link));
    free_cookies(c);
    reading_fini(c);
    engine_drop_client(c->engine, &c->place);
}

connection *connection_create(engine *e, HANDLE handle, const flow_settings *flow)
{
    connection *c = mem_alloc(sizeof(*c));

    if (!c)
        return NULL;
    c->references = 1;
    c->engine = engine_hold(e);
    c->place.connection = c;
    c->flow = *flow;
    c->reads_chunks = flow->framing == FRAMING_CHUNKS;
    c->splits = framing_splits(flow->framing);
    splitter_init(&c->splitter, flow->framing, flow->message_limit);
    c->handle = handle;
    c->handle_value = handle == INVALID_HANDLE_VALUE ? NULL : handle;
    list_init(&c->read_requests);
    list_init(&c->messages);
    list_init(&c->outbox);
    list_init(&c->silenced);
    connection_event_init(c, &c->connected_event, PIPE_CONNECTED, connection_keep_event);
    connection_event_init(c, &c->failed_event, PIPE_CONNECTION_ERROR, connection_keep_event);
    connection_event_init(c, &c->disconnected_event, PIPE_DISCONNECTED, free_disconnected);
    return c;
}

connection *connection_hold(connection *c)
{
    InterlockedIncrement(&c->references);
    return c;
}

static void connection_free(connection *c) NO_THREAD_SAFETY_ANALYSIS
{
    engine *e = c->engine;

    CHECK(!c->outstanding && list_empty(&c->outbox) && !c->emitting);
    CHECK(!c->listed && !list_linked(&c->place.link));
    if (c->handle != INVALID_HANDLE_VALUE)
        claim_close(&e->claim, c->handle); /* an instance that no client came to */
    reading_fini(c);
    free_cookies(c);
    peer_fini(&c->peer);
    if (c->read_ended)
        CloseHandle(c->read_ended);
    redialing_fini(c->redial);
    mem_free(c);
    engine_release(e);
}

void connection_release(connection *c)
{
    if (c && count_down(&c->references) == 0)
        connection_free(c);
}

void connection_set_user(connection *c, void *user)
{
    STORE_POINTER_RELEASE(&c->user, user);
}

void *connection_get_user(connection *c)
{
    return LOAD_POINTER_ACQUIRE(&c->user);
}

/* ---- lock and outbox ---- */

void connection_leave_engine(connection *c)
{
    if (!c->listed || !c->handed_over || c->handle != INVALID_HANDLE_VALUE)
        return;
    c->listed = false;
    dialing_end(c);
    engine_remove_connection(c->engine, &c->place);
    connection_release(c);
}

void connection_lock(connection *c) NO_THREAD_SAFETY_ANALYSIS
{
    lock_acquire(&c->lock);
}

/* Unlocks. */
static void hand_outbox_over(connection *c) NO_THREAD_SAFETY_ANALYSIS
{
    engine_owner *owner = c->engine->owner;
    port *p = c->engine->port;
    list_link *link;

    if (c->emitting || list_empty(&c->outbox))
    {
        lock_release(&c->lock);
        return;
    }
    connection_hold(c); /* releasing the last event may release the last other reference */
    port_keep(p);       /* `ended` must not come before the events that this thread hands over */
    c->emitting = true;
    while ((link = list_take_first(&c->outbox)) != NULL)
    {
        pipe_event *event = CONTAINER_OF(link, pipe_event, link);
        bool last = event->kind == PIPE_DISCONNECTED;

        if (closing_silences(c, event->kind))
        {
            list_append(&c->silenced, link);
            continue;
        }
        lock_release(&c->lock);
        if (event->kind == PIPE_MESSAGE && LOAD_ACQUIRE(&c->asked))
            pipe_event_release(event);
        else
            owner->calls->event(owner, event);
        lock_acquire(&c->lock);
        c->handed_over |= last;
    }
    c->emitting = false;
    if (c->handed_over)
        peeking_let_port_go(c);
    connection_leave_engine(c);
    lock_release(&c->lock);
    port_let_go(p);
    connection_release(c);
}

void connection_unlock(connection *c) NO_THREAD_SAFETY_ANALYSIS
{
    bool peeks = c->peek_to_start; /* the peek has a reference */

    c->peek_to_start = false;
    hand_outbox_over(c);
    if (peeks)
        peeking_start(c);
}

void connection_event_init(connection *c, pipe_event *event, pipe_event_kind kind, void (*free)(pipe_event *event))
{
    event->kind = kind;
    event->connection = c;
    event->engine = c->engine;
    event->free = free;
}

void connection_emit(connection *c, pipe_event *event)
{
    CHECK(!c->handed_over); /* nothing comes after DISCONNECTED */
    connection_hold(c);
    c->events_alive++;
    list_append(&c->outbox, &event->link);
}

/* ---- life with a client ---- */

bool connection_start(connection *c)
{
    bool started;

    connection_lock(c);
    started = engine_add_connection(c->engine, &c->place);
    if (started)
    {
        connection_hold(c); /* the list's */
        c->listed = true;
        c->state = CONNECTION_OPEN;
        reading_begin(c, false);
        idle_begin(c);
        connection_emit(c, &c->connected_event);
    }
    connection_unlock(c);
    if (started)
        connection_advance(c); /* after CONNECTED was handed over, so that the owner knows the connection */
    return started;
}

/* While the engine still knows of the instance: see claim_await_closed. If the client has left, the claim keeps the
 * name by this instance. */
static void keep_name(connection *c)
{
    bool has_left;

    lock_acquire(&c->lock);
    has_left = c->reason == CLOSE_OTHER_END;
    lock_release(&c->lock);
    if (!has_left)
        c->engine->keep_name(c->engine, &c->place);
}

void connection_close_handle(connection *c)
{
    HANDLE handle;

    keep_name(c);
    connection_lock(c);
    closing_begin(c, CLOSE_CONSUMER, 0); /* if the owner did not wait for the end: nothing may use the handle now */
    handle = c->handle;
    if (c->peek_has_handle)
    {
        CancelIoEx(c->elsewhere_handle, NULL); /* the peek may have begun after the close cancelled all requests */
        handle = INVALID_HANDLE_VALUE;         /* the peek closes the handle */
    }
    if (c->identifying)
        handle = INVALID_HANDLE_VALUE; /* connection_identify closes the handle */
    c->handle = INVALID_HANDLE_VALUE;
    lock_release(&c->lock);
    if (handle != INVALID_HANDLE_VALUE)
        peeking_close_handle(c, handle); /* before anything is handed over: see claim_await_closed */
    connection_lock(c);
    closing_advance(c);
    connection_leave_engine(c);
    connection_unlock(c);
}

/* Holds no lock while Windows is asked, since a thread that cannot end an impersonation stays there. */
void connection_identify(connection *c, bool wholly)
{
    HANDLE handle;
    bool closed;

    lock_acquire(&c->lock);
    handle = c->handle;
    c->identifying = handle != INVALID_HANDLE_VALUE;
    lock_release(&c->lock);
    if (handle == INVALID_HANDLE_VALUE)
        return;
    if (wholly)
        peer_meet(&c->peer, handle);
    peer_find_user(&c->peer, handle, port_serves_here(c->engine->port));
    lock_acquire(&c->lock);
    c->identifying = false;
    closed = c->handle == INVALID_HANDLE_VALUE;
    lock_release(&c->lock);
    if (closed)
        claim_close(&c->engine->claim, handle);
}

void connection_advance(connection *c)
{
    connection_lock(c);
    reading_advance(c);
    connection_unlock(c);
}

static void report_free(pipe_event *event)
{
    mem_free(event);
}

bool connection_report(connection *c, DWORD error, void *cookie)
{
    pipe_event *event = mem_alloc(sizeof(*event));
    bool reported;

    if (!event)
        return false;
    connection_event_init(c, event, PIPE_CONNECTION_ERROR, report_free);
    event->error = error;
    event->cookie = cookie;
    connection_lock(c);
    reported = !c->disconnected;
    if (reported)
        connection_emit(c, event);
    connection_unlock(c);
    if (!reported)
        mem_free(event);
    return reported;
}

/* ---- counters ---- */

traffic connection_traffic(connection *c)
{
    traffic carried;

    lock_acquire(&c->lock);
    carried = c->carried;
    lock_release(&c->lock);
    return carried;
}

/* ---- status ---- */

HANDLE connection_handle(connection *c)
{
    return c->handle_value;
}

connection_status connection_get_status(connection *c)
{
    connection_status status;

    lock_acquire(&c->lock);
    status.opening = c->state == CONNECTION_DIALING;
    status.open = (c->state == CONNECTION_OPEN || c->state == CONNECTION_DRAINING) && !c->other_left;
    status.message_mode = !c->byte_mode;
    status.reason = c->state == CONNECTION_CLOSING ? c->reason : CLOSE_NONE;
    status.last_error = c->last_error;
    status.process = c->peer.process;
    status.session = c->peer.session;
    status.pending_bytes = c->pending_bytes;
    lock_release(&c->lock);
    return status;
}

framing connection_framing(connection *c)
{
    return c->flow.framing;
}

DWORD connection_get_user_name(connection *c, const WCHAR **out)
{
    return peer_user_name(&c->peer, out);
}

DWORD connection_get_computer_name(connection *c, const WCHAR **out)
{
    return peer_computer_name(&c->peer, out);
}

#include "watch_engine.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "races.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_limits.h"

#include <stdlib.h>

#define GRACE_MS 5000

static watch *watch_of(engine_owner *owner)
{
    return CONTAINER_OF(owner, watch, owner);
}

/* ---- events ---- */

/* No point: other threads of a scenario look at the views. */
static view *view_create(watch *w, connection *c)
{
    view *v = calloc(1, sizeof(*v));

    v->supplies = &w->supplies;
    v->connection = c;
    list_init(&v->alive);
    v->asks = w->asks;
    v->is_stream = w->is_stream;
    v->next = w->views;
    w->views = v;
    return v;
}

static view *view_of_client(watch *w, connection *c)
{
    view *v = view_create(w, connection_hold(c));

    connection_set_user(c, v);
    return v;
}

static void view_end(watch *w, view *v)
{
    view **place = &w->views;

    while (*place != v)
        place = &(*place)->next;
    *place = v->next;
    if (v->connection && v->disconnected)
        limits_end(v);
    connection_release(v->connection);
    free(v);
}

view *watch_dial(watch *w, DWORD timeout)
{
    view *v = view_create(w, NULL);
    connection *c;
    DWORD error;

    v->dialed = true;
    error = connection_dial(w->engine, w->path, timeout, &w->settings.flow, v, &c);
    v->connection = c; /* events may have come before */
    if (!error)
        return v;
    if (!faults_made())
        fail("connection_dial fails with %u without a fault", error);
    view_end(w, v);
    return NULL;
}

static view *check_order(watch *w, pipe_event *event)
{
    view *v = event->connection ? connection_get_user(event->connection) : NULL;

    if (locks_held())
        fail("%s is handed over with a lock held", event_name(event->kind));
    if (w->ended)
        fail("%s comes after `ended`", event_name(event->kind));
    if (event->kind == PIPE_READY && (w->ready || w->workers_begun != w->settings.threads))
        fail("READY comes twice, or before all workers have begun");
    if (event->kind != PIPE_READY && event->kind != PIPE_SERVER_ERROR && !w->ready && w->settings.path)
        fail("%s comes before READY", event_name(event->kind));
    if (!event->connection)
        return NULL;
    if (!v)
        v = view_of_client(w, event->connection);
    v->connection = event->connection; /* a dial's may come before connection_dial returns */
    if (v->inside)
        fail("%s comes while another event of its connection is handled", event_name(event->kind));
    return v;
}

/* What the owner may ask at any time fits what it was told. */
static void check_status(const pipe_event *event)
{
    connection_status status = connection_get_status(event->connection);

    if (event->kind == PIPE_CONNECTED && (status.opening || !connection_handle(event->connection)))
        fail("a connection that is connected is still opening, or has no handle");
    if (event->kind == PIPE_DISCONNECTED && (status.open || status.opening || status.reason == CLOSE_NONE))
        fail("a connection that has ended is open, or has no reason");
}

/* Who asks by connection_read_on hears nothing of ends, and has no such promise. */
static void count_clients(watch *w, const pipe_event *event)
{
    if (event->kind != PIPE_CONNECTED || !w->settings.path)
        return;
    w->here++;
    if (w->settings.max_connections && !w->asks && w->here > w->settings.max_connections)
        fail("client number %u comes; %u may be here", w->here, w->settings.max_connections);
}

static void note(watch *w, view *v, const pipe_event *event)
{
    count_clients(w, event);
    if (v)
        view_note(v, event, w->numbers_skip || faults_made());
    w->connected += event->kind == PIPE_CONNECTED;
    w->messages += event->kind == PIPE_MESSAGE;
    w->disconnected += event->kind == PIPE_DISCONNECTED;
    w->ready |= event->kind == PIPE_READY;
    w->errors += event->kind == PIPE_CONNECTION_ERROR;
    w->server_errors += event->kind == PIPE_SERVER_ERROR;
    if (event->kind == PIPE_CONNECTION_ERROR || event->kind == PIPE_SERVER_ERROR)
        w->last_error = event->error;
    if (event->kind == PIPE_SERVER_ERROR && !faults_made() && !w->loses_name)
        fail("SERVER_ERROR %u comes without a fault", event->error);
}

static void release_now(watch *w, pipe_event *event)
{
    view *v = event->connection ? connection_get_user(event->connection) : NULL;

    if (v)
        v->releasing++;
    w->here -= event->kind == PIPE_DISCONNECTED && w->settings.path; /* its release lets the next one in */
    list_remove(&event->lane_link);
    pipe_event_release(event);
    if (v)
        v->releasing--;
}

static void release(watch *w, pipe_event *event)
{
    if (w->keeps ? event->kind == PIPE_MESSAGE || event->kind == PIPE_SERVER_ERROR : w->holds_events && choose(4) == 0)
    {
        races_release(event);
        list_append(&w->held, &event->link);
    }
    else
        release_now(w, event);
}

bool watch_release_oldest(watch *w)
{
    list_link *link = list_take_first(&w->held);

    if (!link)
        return false;
    races_acquire(
        CONTAINER_OF(link, pipe_event, link)); /* an owner that hands an event to another thread orders the two */
    release_now(w, CONTAINER_OF(link, pipe_event, link));
    return true;
}

static void release_held(watch *w)
{
    while (watch_release_oldest(w))
        continue;
}

/* From the first message on the engine knows who the client is, unless the handle was closed before it could ask. */
static void check_user(view *v, const pipe_event *event)
{
    const WCHAR *user;

    if (event->kind != PIPE_MESSAGE || v->dialed || v->user_is_known ||
        connection_get_user_name(event->connection, &user))
        return;
    if (!user && !faults_made() && connection_get_status(event->connection).reason == CLOSE_NONE)
        fail("a message comes of a client whose user is not known");
    v->user_is_known = user != NULL;
}

static void on_event(engine_owner *owner, pipe_event *event)
{
    watch *w = watch_of(owner);
    view *v = check_order(w, event);
    bool is_last = event->kind == PIPE_DISCONNECTED;

    note(w, v, event);
    if (v)
    {
        v->inside = true;
        list_append(&v->alive, &event->lane_link);
    }
    point(event_name(event->kind), "", 0, event->kind == PIPE_MESSAGE ? event->bytes : event->error);
    check_user(v, event);
    if (event->kind == PIPE_CONNECTED || event->kind == PIPE_DISCONNECTED)
        check_status(event);
    if (w->on_event)
        w->on_event(w, v, event);
    if (event->kind == PIPE_MESSAGE && w->echoes)
        view_write(v, event->buffer->data, event->bytes);
    if (is_last)
        connection_close_handle(event->connection);
    if (w->ended)
        fail("`ended` comes while %s is handled", event_name(event->kind));
    if (v)
        v->inside = false;
    release(w, event);
}

/* ---- workers ---- */

static bool would_wait(engine_owner *owner, connection *c)
{
    (void)c;
    return !watch_of(owner)->keeps && choose(2);
}

static void worker_begins(engine_owner *owner)
{
    watch_of(owner)->workers_begun++;
    thread_is_worker(true);
    point("worker_begins", "", 0, 0);
}

static void worker_ends(engine_owner *owner)
{
    point("worker_ends", "", 0, 0);
    thread_is_worker(false);
    watch_of(owner)->workers_ended++;
}

static void turn(engine_owner *owner)
{
    watch *w = watch_of(owner);

    point("turn", "", 0, 0);
    if (w->on_turn)
        w->on_turn(w);
    if (!w->keeps)
        release_held(w);
}

static void ended(engine_owner *owner)
{
    watch *w = watch_of(owner);

    point("ended", "", 0, 0);
    if (locks_held() || w->ended || w->workers_begun != w->workers_ended)
        fail("`ended` comes with a lock held, twice, or before the last worker has ended");
    for (const view *v = w->views; v; v = v->next)
        if (!v->disconnected || v->inside)
            fail("`ended` comes before the DISCONNECTED of a connection, or while it is handled");
    w->ended = true;
}

/* ---- life ---- */

void watch_begin(watch *w)
{
    static const engine_calls calls = {on_event, would_wait, worker_begins, worker_ends, turn, ended, NULL};

    memset(w, 0, sizeof(*w));
    w->owner.calls = &calls;
    supplies_begin(&w->supplies);
    w->owner.buffers = &w->supplies.buffers;
    w->owner.cookie_free = cookie_free;
    list_init(&w->held);
    w->echoes = true;
    w->holds_events = choose(2);
    w->path = SIM_PATH;
    w->settings.path = SIM_PATH;
    w->settings.threads = 1 + choose(3);
    w->settings.backlog = 1 + choose(2);
    w->settings.flow.buffer_size = 16 << choose(4);
    w->settings.flow.read_continuously = true;
    w->settings.flow.receive_limit = choose(2) ? 600 : 0;
    limits_watch(w);
}

/* With access denied a client has left the name only just then. */
static bool is_held(DWORD error)
{
    return error == PIPE_ERROR_NAME_HELD || error == ERROR_ACCESS_DENIED;
}

static bool started(watch *w, DWORD error, const char *function)
{
    if (!error)
        return true;
    if (!faults_made() && !(w->name_may_be_held && is_held(error)))
        fail("%s fails with %u without a fault", function, error);
    if (w->engine)
        WaitForSingleObject(engine_ended(w->engine), INFINITE);
    return false;
}

bool watch_start(watch *w)
{
    return started(w, engine_open(&w->settings, &w->owner, &w->engine), "engine_open") &&
           (!w->settings.path || started(w, engine_listen(w->engine), "engine_listen")) &&
           started(w, engine_run(w->engine), "engine_run");
}

void watch_stop(watch *w, close_manner manner)
{
    engine_begin_close(w->engine, manner);
    if (WaitForSingleObject(engine_ended(w->engine), GRACE_MS) == WAIT_TIMEOUT)
    {
        engine_begin_close(w->engine, CLOSE_AT_ONCE);
        WaitForSingleObject(engine_ended(w->engine), INFINITE);
    }
    if (!w->ended)
        fail("the event of engine_ended is set before `ended`");
    engine_close_handles(w->engine);
}

/* The engine counts each message and each byte that one of its connections counts, and nothing else. */
static void check_traffic(const watch *w)
{
    LONGLONG clients;
    traffic all = engine_traffic(w->engine, &clients), sum = {0};

    for (const view *v = w->views; v; v = v->next)
    {
        traffic one = connection_traffic(v->connection);

        sum.messages_received += one.messages_received;
        sum.messages_sent += one.messages_sent;
        sum.bytes_received += one.bytes_received;
        sum.bytes_sent += one.bytes_sent;
    }
    if (memcmp(&all, &sum, sizeof(all)) != 0)
        fail("the engine counts %ld and %ld messages, %ld and %ld bytes, its connections %ld and %ld, %ld and %ld",
             all.messages_received, all.messages_sent, all.bytes_received, all.bytes_sent, sum.messages_received,
             sum.messages_sent, sum.bytes_received, sum.bytes_sent);
}

void watch_end(watch *w)
{
    release_held(w);
    if (w->ended)
        check_traffic(w);
    while (w->views)
        view_end(w, w->views);
    engine_release(w->engine);
    limits_leave(w);
    supplies_end(&w->supplies);
    memset(w, 0xdd, sizeof(*w)); /* nobody may need the owner any more */
}

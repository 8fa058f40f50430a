/* Runs, and the objects of connections, which lanes are fields of. */

#include "watch_queue.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "races.h"
#include "scheduler.h"
#include "watch_engine.h"

#include <stdlib.h>

host_run *host_run_of(run *r)
{
    return CONTAINER_OF(r, host_run, run);
}

object_of_endpoint *endpoint_of_lane(lane *l)
{
    return CONTAINER_OF(l, object_of_endpoint, lane);
}

/* ---- objects of connections ---- */

void endpoint_hold_lane(lane *l)
{
    InterlockedIncrement(&endpoint_of_lane(l)->references);
}

/* The object goes with the last of its events: then its end has been told, unless the run was silenced. */
static void check_told(const host *h, const endpoint *e)
{
    if (e->client && e->client->silenced)
        return;
    if (!e->view.disconnected && !h->misses && LOAD_ACQUIRE(&h->users) && !LOAD_ACQUIRE(&e->run->run.state.silenced))
        fail("the object of a connection goes before DISCONNECTED has been told");
    if (!e->closed && !(e->client && e->client->closed) && turn_lacks_report(h, &e->turn, e->run))
        fail("the object of a connection goes before a report of a failed handler has been told");
}

void endpoint_release_lane(lane *l)
{
    object_of_endpoint *o = endpoint_of_lane(l);
    redialed *c = o->record->client;
    host_run *r;

    if (count_down(&o->references))
        return;
    r = o->record->run;
    check_told(r->host, o->record);
    o->record->object = NULL;
    lane_fini(l);
    connection_release(o->pipe);
    mem_free(o);
    if (c)
        client_drop(c);
    run_release(&r->run);
}

/* Makes the object of a connection, with one reference: the engine's, until its last event is queued. Its record is
 * not in the list yet. */
object_of_endpoint *host_make_object(host_run *r)
{
    object_of_endpoint *o = mem_alloc(sizeof(*o));
    endpoint *e;

    if (!o)
        return NULL;
    lane_init(&o->lane, &run_hold(&r->run)->state, &r->host->memory->audience, endpoint_hold_lane,
              endpoint_release_lane);
    o->references = 1;
    e = calloc(1, sizeof(*e));
    e->view.supplies = &r->host->supplies;
    e->run = r;
    e->object = o;
    o->record = e;
    return o;
}

/* No point here: other threads look at the list. */
void host_list_record(host *h, endpoint *e)
{
    races_release(e);
    e->next = h->endpoints;
    h->endpoints = e;
}

static lane *connected(run *of, connection *c)
{
    object_of_endpoint *o = host_make_object(host_run_of(of));

    if (locks_held())
        fail("connected is called with a lock held");
    if (!o)
        return NULL;
    o->pipe = connection_hold(c);
    o->record->view.connection = c;
    o->record->handle = connection_handle(c);
    host_list_record(host_run_of(of)->host, o->record);
    return &o->lane;
}

/* The first events may come before connection_dial returns. */
static endpoint *dial(host_run *r, DWORD timeout)
{
    object_of_endpoint *o = host_make_object(r);
    endpoint *e = o ? o->record : NULL;
    DWORD error;

    if (!o)
        return NULL;
    audience_init(&o->own);
    o->lane.audience = &o->own;
    e->view.dialed = true;
    endpoint_hold_lane(&o->lane); /* the caller's */
    error = connection_dial(run_engine(&r->run), SIM_PATH, timeout, &r->host->settings.flow, &o->lane, &o->pipe);
    e->view.connection = o->pipe;
    host_list_record(r->host, e);
    if (!error)
        return e;
    if (!faults_made() && error != PIPE_ERROR_NOT_OPEN)
        fail("connection_dial fails with %u without a fault", error);
    e->view.disconnected = true; /* nothing will come */
    endpoint_release_lane(&o->lane);
    endpoint_release_lane(&o->lane);
    return NULL;
}

endpoint *host_dial(host *h, DWORD timeout)
{
    host_run *r;
    endpoint *e = NULL;

    lock_acquire(&h->life);
    r = h->current;
    if (r)
        run_hold(&r->run);
    lock_release(&h->life);
    if (r)
        e = dial(r, timeout);
    if (r)
        run_release(&r->run);
    return e;
}

/* No point, as if a lock were held. */
endpoint *host_first_client(host *h)
{
    for (endpoint *e = h->endpoints; e; e = e->next)
        if (e->object && e->object->references)
        {
            e->object->references++;
            races_acquire(e);
            return e;
        }
    return NULL;
}

void endpoint_release(endpoint *e)
{
    endpoint_release_lane(&e->object->lane);
}

void endpoint_close(endpoint *e, close_manner manner)
{
    e->closed |= manner == CLOSE_AT_ONCE;
    connection_close(e->view.connection, manner);
}

/* ---- the run ---- */

static void disconnected(run *of, lane *l)
{
    (void)of;
    if (locks_held())
        fail("disconnected is called with a lock held");
    client_ended(endpoint_of_lane(l));
}

static bool may_dial(run *of, lane *l)
{
    const object_of_endpoint *o = endpoint_of_lane(l);
    bool may;

    (void)of;
    if (locks_held())
        fail("may_dial is called with a lock held");
    may = client_may_dial(o->record->client);
    point("may_dial", "", 0, may);
    if (o->record->view.disconnected && o->record->object != o) /* looks at the object once more: it is still there */
        fail("the object of a connection goes while it is asked for");
    return may;
}

static DWORD worker_begins(run *of)
{
    host_run *r = host_run_of(of);

    point("worker_begins", "", 0, 0);
    r->is_worker[scheduler_current()] = true;
    r->workers_begun++;
    return fault(FAULT_WORKER_BEGINS) ? GetLastError() : 0;
}

static void worker_ends(run *of)
{
    host_run *r = host_run_of(of);

    point("worker_ends", "", 0, 0);
    r->is_worker[scheduler_current()] = false;
    r->workers_ended++;
}

/* Holders of the run are its workers, its objects and events: then nobody is inside any more. */
static void free_run(run *of)
{
    host_run *r = host_run_of(of), **place = &r->host->runs;
    host *h = r->host;

    if (locks_held())
        fail("a run is freed with a lock held");
    if (r->workers_begun != r->workers_ended || r->own.inside)
        fail("a run is freed that a thread is inside of");
    if (turn_lacks_report(h, &r->own, r))
        fail("a run is freed before a report of a failed handler has been told");
    while (*place != r)
        place = &(*place)->next;
    *place = r->next;
    mem_free(r);
    host_release(h);
}

const run_calls host_run_calls = {
    .connected = connected,
    .disconnected = disconnected,
    .may_dial = may_dial,
    .worker_begins = worker_begins,
    .worker_ends = worker_ends,
    .free = free_run,
};

#include "crowd.h"
#include "failure.h"
#include "faults.h"
#include "scheduler.h"
#include "service.h"

#include <stdlib.h>

#define LIMIT \
    131072 /* docs/THREADING.md, Limits: events of one server that wait; beyond, nothing is accepted or read */
#define RUNS_ONE_IN 24

static void free_event(pipe_event *event)
{
    free(event);
}

static void push(host *h, run *r)
{
    pipe_event *event = calloc(1, sizeof(*event));

    event->kind = PIPE_SERVER_ERROR;
    event->error = ERROR_CANCELLED;
    event->engine = engine_hold(run_engine(r));
    event->free = free_event;
    queue_push(h->queue, &r->state.own_lane, event);
}

/* Raises one event, or those of one message. False: there was none. */
static bool raise_some(host *h)
{
    MSG message;

    if (!h->window)
        return queue_raise_one(h->queue, &no_limit) != STEP_NOTHING;
    if (!PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        return false;
    DispatchMessageW(&message);
    return true;
}

/* Raises events until so many are left. */
static void drain(host *h, unsigned left)
{
    while (h->queue->backlog.count > left)
    {
        bool raised;

        scheduler_points_off++;
        raised = raise_some(h);
        scheduler_points_off--;
        if (!raised)
            Sleep(100); /* a wake-up was refused */
    }
}

static void flood(host *h)
{
    scheduler_points_off++;
    for (unsigned i = h->queue->backlog.count; i <= LIMIT; i++)
        push(h, &h->current->run);
    scheduler_points_off--;
}

/* Clients that come while too much waits are neither accepted nor read. When half has been raised, all are served. */
static void serve(host *h)
{
    service threads = {.host = h};
    crowd clients;
    unsigned known = 0;

    h->waits[scheduler_current()]++; /* this thread raises, as from a wait */
    flood(h);
    for (const endpoint *e = h->endpoints; e; e = e->next)
        known++;
    crowd_init(&clients, 1 + choose(2), false);
    crowd_begin(&clients, 1 + (int)choose(2));
    loiter(choose(300));
    for (const endpoint *e = h->endpoints; e; e = e->next)
        if (known-- == 0)
            fail("a client is accepted while more than %d events wait", LIMIT);
    drain(h, LIMIT / 2 + choose(20));
    if (choose(2))
        loiter(choose(200));
    for (int i = 0; i < 20; i++)
        raise_some(h);
    drain(h, 0);
    h->waits[scheduler_current()]--;
    service_run(&threads, clients.over);
    host_stop(h, 0);
    crowd_end(&clients);
}

/* A rare run, for it is long. */
void scenario_paused_at_limit(void)
{
    host server;

    if (choose(RUNS_ONE_IN) != RUNS_ONE_IN - 1)
        return;
    if (host_begin(&server, choose(2) ? QUEUE_WINDOW : QUEUE_WAITERS) && host_start(&server) == 0)
        serve(&server);
    host_end(&server);
}

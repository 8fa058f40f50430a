#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_queue.h"

#define KEPT 1024 /* docs/THREADING.md, Limits: events that wait where nobody is there */
#define RUNS_ONE_IN 32

static void client(void *of)
{
    peer p;

    peer_open(&p, 1, false);
    for (uint32_t i = *(const uint32_t *)of; i > 0 && !p.is_broken; i--)
        peer_write(&p, MESSAGE_HEAD + choose(10));
    peer_close(&p);
}

static bool is_read(void *of)
{
    const endpoint *e = ((const host *)of)->endpoints;

    return e && e->object && e->object->lane.disconnect_waits;
}

/* Without a limit of time, since so many steps take some. */
static void raise_all(host *h)
{
    int me = scheduler_current();

    h->waits[me]++;
    if (h->window)
        host_pump();
    else
        while (queue_raise_one(h->queue, &no_limit) == STEP_RAISED)
            continue;
    h->waits[me]--;
}

/* Of more events than are kept the newest are; CONNECTED and DISCONNECTED are two of them. */
static void check_kept(const host *h, uint32_t sent)
{
    const view *v = &h->endpoints->view;

    if (h->messages != KEPT - 2 || !v->connected || !v->disconnected || v->next_number != sent)
        fail("of %u messages %u are left, the last is number %u", sent, h->messages, v->next_number);
}

/* A rare run, for it is long: nobody is there, and a client writes more than is kept for who comes later. */
void scenario_too_many_events(void)
{
    host server;
    uint32_t count = KEPT + choose(20);

    if (choose(RUNS_ONE_IN) != RUNS_ONE_IN - 1)
        return;
    if (host_begin(&server, choose(2) ? QUEUE_WINDOW : QUEUE_WAITERS))
    {
        host_set_sink(&server, 0, false);
        host_set_sink(&server, 1, false);
        server.misses = true;
        server.echoes = false;
        server.settings.flow.receive_limit = 0;
        if (host_start(&server) == 0)
        {
            thread_wait(thread_begin(client, &count, "client"));
            scheduler_wait(is_read, &server, scheduler_in(60000), "the client's end", 1);
            host_set_sink(&server, 0, true);
            raise_all(&server);
            if (!faults_made())
                check_kept(&server, count);
            host_stop(&server, 0);
        }
    }
    host_end(&server);
}

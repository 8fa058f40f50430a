#include "crowd.h"
#include "failure.h"
#include "faults.h"
#include "threads.h"
#include "watch_queue.h"

#define MESSAGES 3
#define LOOK_MS 50
#define LOOKS_MOST 100
#define TOGGLES_MOST 30

static bool is_over;

/* A sink comes and goes, also while its handler is about to be called. */
static void toggle(void *of)
{
    host *h = of;

    for (uint32_t i = 0; i < TOGGLES_MOST && !is_over; i++)
    {
        loiter(choose(100));
        host_set_sink(h, 0, choose(2));
        if (choose(4) == 0)
            Sleep(10);
    }
    host_drop_user(h);
}

static void take(void *of)
{
    host *h = of;

    while (!is_over)
        if (!host_wait_event(h, choose(4) ? 1000 : choose(40)))
            Sleep(20);
    host_drop_user(h);
}

static bool has_all(const host *h, int clients)
{
    for (const endpoint *e = h->endpoints; e; e = e->next)
        clients -= e->view.connected && e->view.disconnected && e->view.seen == (1u << MESSAGES) - 1;
    return !clients;
}

/* Events go to handlers while a sink is there, and else to a thread in WaitEvent; each goes to one of them. */
void scenario_sinks_come_and_go(void)
{
    host server;
    crowd clients;
    int threads[2];

    is_over = false;
    if (host_begin(&server, choose(2) ? QUEUE_WAITERS : QUEUE_WORKERS))
    {
        server.mixes = true;
        server.echoes = false;
        host_set_sink(&server, 1, false);
        if (host_start(&server) == 0)
        {
            queue_note_waiting(server.queue);
            crowd_init(&clients, MESSAGES, false);
            clients.reads = false;
            clients.numbered = true;
            crowd_begin(&clients, 1 + (int)choose(2));
            for (int i = 0; i < 2; i++)
            {
                host_add_user(&server);
                threads[i] = thread_begin(i ? toggle : take, &server, i ? "toggler" : "taker");
            }
            crowd_end(&clients);
            for (uint32_t i = 0; i < LOOKS_MOST && !has_all(&server, clients.count); i++)
                if (server.window || host_loop(&server, LOOK_MS) == LOOP_FAILED)
                    Sleep(LOOK_MS);
            host_stop(&server, 0);
            is_over = true;
            for (int i = 0; i < 2; i++)
                thread_wait(threads[i]);
            while (host_wait_event(&server, 0))
                continue;
            host_set_sink(&server, 0, true);
            host_settle(&server);
            if (!has_all(&server, clients.count) && !faults_made())
                fail("an event went neither to a handler nor to WaitEvent");
        }
    }
    host_end(&server);
}

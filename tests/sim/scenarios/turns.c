#include "crowd.h"
#include "scenario.h"
#include "threads.h"
#include "watch_queue.h"

#define TURN 16 /* events of one connection in a row */

static uint32_t refusals_left;
static bool is_over;

/* One client after the other: each writes more than one turn of events and leaves. */
static void clients(void *unused)
{
    peer p;

    (void)unused;
    for (DWORD number = 1; number <= 3; number++)
    {
        peer_open(&p, number, false);
        for (uint32_t i = choose(2) * TURN + choose(6); i > 0 && !p.is_broken; i--)
            peer_write(&p, choose(20));
        peer_close(&p);
        loiter(choose(60));
    }
}

/* A sink begins to refuse in a handler: perhaps the end of that connection, for whose Handle another waits. */
static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)event;
    if (e && refusals_left && choose(4) == 0)
    {
        refusals_left--;
        h->refusing = 1 + choose(3);
    }
}

/* Lets the sinks go on. */
static void let_on(void *of)
{
    host *h = of;

    while (refusals_left || h->refusing)
    {
        Sleep(1 + choose(120));
        h->refusing = 0;
        if (is_over)
            refusals_left = 0;
    }
    host_drop_user(h);
}

/* Nobody raises events while clients come and go, so that one gets the Handle that another had; then connections take
 * turns. */
void scenario_turns(void)
{
    host server;
    int thread;

    refusals_left = 0;
    is_over = false;
    if (host_begin(&server, choose(2) ? QUEUE_WINDOW : QUEUE_WAITERS))
    {
        server.on_event = on_event;
        server.stop_ms = SOON_MS;
        server.echoes = false;
        server.settings.flow.receive_limit = 0;
        if (host_start(&server) == 0)
        {
            thread = thread_begin(clients, NULL, "clients");
            thread_wait(thread);
            loiter(choose(60));
            refusals_left = choose(4);
            host_add_user(&server);
            thread = thread_begin(let_on, &server, "debugger");
            if (choose(2))
                host_loop(&server, choose(refusals_left ? 300 : 20));
            host_stop(&server, 0);
            is_over = true;
            thread_wait(thread);
            host_settle(&server);
        }
    }
    host_end(&server);
}

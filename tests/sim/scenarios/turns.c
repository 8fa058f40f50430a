#include "crowd.h"
#include "scenario.h"
#include "threads.h"
#include "watch_queue.h"

#define TURN 16 /* events of one connection in a row */

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

/* Nobody raises events while clients come and go, so that one gets the Handle that another had; then connections take
 * turns. */
void scenario_turns(void)
{
    host server;
    int thread;

    if (host_begin(&server, choose(2) ? QUEUE_WINDOW : QUEUE_WAITERS))
    {
        server.stop_ms = SOON_MS;
        server.echoes = false;
        server.settings.flow.receive_limit = 0;
        if (host_start(&server) == 0)
        {
            thread = thread_begin(clients, NULL, "clients");
            thread_wait(thread);
            loiter(choose(60));
            if (choose(2))
                host_loop(&server, choose(20));
            host_stop(&server, 0);
            host_settle(&server);
        }
    }
    host_end(&server);
}

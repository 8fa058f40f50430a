#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

/* Sends without end. */
static void endless(void *unused)
{
    peer p;

    (void)unused;
    peer_open(&p, 1, true);
    while (!p.is_broken)
        peer_write(&p, choose(3) ? choose(30) : 3000);
    peer_close(&p);
}

static void odd(void *unused)
{
    peer p;

    (void)unused;
    peer_open(&p, 2, true);
    for (uint32_t i = 1 + choose(5); i > 0 && !p.is_broken; i--)
        switch (choose(4))
        {
        case 0: peer_write(&p, 0); break;
        case 1: peer_write(&p, 100000 + choose(100000)); break;
        case 2: peer_write(&p, choose(8)); break;
        case 3: peer_read(&p); break;
        }
    peer_close(&p);
}

/* One client sends without end, another sends nothing, much, and nothing again, and may wait for what never comes. The
 * server ends when it is told to. */
void scenario_bad_clients(void)
{
    watch server;
    int threads[2];

    watch_begin(&server);
    server.echoes = choose(2);
    if (watch_start(&server))
    {
        threads[0] = thread_begin(endless, NULL, "endless");
        threads[1] = thread_begin(odd, NULL, "odd");
        loiter(300 + choose(700));
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        for (int i = 0; i < 2; i++)
            thread_wait(threads[i]);
    }
    watch_end(&server);
}

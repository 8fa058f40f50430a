#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void client(void *number)
{
    peer p;

    peer_open(&p, *(const DWORD *)number, false);
    peer_write(&p, choose(200));
    peer_read(&p);
    peer_close(&p);
}

/* Clients come and write during pauses; after the last pause all are served. */
void scenario_pause(void)
{
    static const DWORD numbers[] = {1, 2};
    int threads[2];
    watch server;

    watch_begin(&server);
    if (watch_start(&server))
    {
        for (uint32_t i = 0; i < 2; i++)
            threads[i] = thread_begin(client, (void *)&numbers[i], "client");
        for (uint32_t i = 1 + choose(3); i > 0; i--)
        {
            loiter(choose(100));
            engine_pause(server.engine, true);
            loiter(choose(100));
            engine_pause(server.engine, false);
            engine_advance(server.engine);
        }
        for (uint32_t i = 0; i < 2; i++)
            thread_wait(threads[i]);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void client(void *number)
{
    peer p;

    peer_open(&p, *(const DWORD *)number, false);
    for (uint32_t i = 1 + choose(2); i > 0; i--)
    {
        peer_write(&p, choose(200));
        peer_read(&p);
    }
    peer_close(&p);
}

/* More clients than instances that listen come at once; each is served. */
void scenario_many_clients(void)
{
    static const DWORD numbers[] = {1, 2, 3, 4};
    int threads[4];
    watch server;
    uint32_t count = 2 + choose(3);

    watch_begin(&server);
    if (watch_start(&server))
    {
        for (uint32_t i = 0; i < count; i++)
            threads[i] = thread_begin(client, (void *)&numbers[i], "client");
        for (uint32_t i = 0; i < count; i++)
            thread_wait(threads[i]);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

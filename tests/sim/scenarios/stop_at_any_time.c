#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void client(void *number)
{
    peer p;

    peer_open(&p, *(const DWORD *)number, true);
    while (!p.is_broken)
    {
        peer_write(&p, choose(100));
        if (choose(3))
            peer_read(&p);
    }
    peer_close(&p);
}

/* The server stops while clients come, write and read; then it starts again. */
void scenario_stop_at_any_time(void)
{
    static const DWORD numbers[] = {1, 2};
    int threads[2];
    watch server;

    for (uint32_t round = 1 + choose(2); round > 0; round--)
    {
        watch_begin(&server);
        if (watch_start(&server))
        {
            for (uint32_t i = 0; i < 2; i++)
                threads[i] = thread_begin(client, (void *)&numbers[i], "client");
            loiter(choose(600));
            watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
            for (uint32_t i = 0; i < 2; i++)
                thread_wait(threads[i]);
        }
        watch_end(&server);
    }
}

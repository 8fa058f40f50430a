#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void client(void *number)
{
    peer p;

    peer_open(&p, *(const DWORD *)number, true);
    peer_write(&p, choose(100));
    peer_read(&p);
    peer_close(&p);
}

/* The server stops during a pause, in which clients have come. */
void scenario_pause_and_stop(void)
{
    static const DWORD numbers[] = {1, 2, 3};
    int threads[3];
    watch server;

    watch_begin(&server);
    if (watch_start(&server))
    {
        engine_pause(server.engine, true);
        for (int i = 0; i < 3; i++)
            threads[i] = thread_begin(client, (void *)&numbers[i], "client");
        loiter(choose(300));
        if (choose(2))
            engine_advance(server.engine); /* although the pause goes on */
        loiter(choose(100));
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        for (int i = 0; i < 3; i++)
            thread_wait(threads[i]);
    }
    watch_end(&server);
}

#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

/* A client writes messages of any length, also empty ones, and reads what comes back. */
void scenario_echo(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (uint32_t i = 2 + choose(3); i > 0; i--)
        {
            peer_write(&client, choose(300));
            peer_read(&client);
        }
        if (choose(2))
            watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        peer_close(&client);
        watch_stop(&server, CLOSE_AT_ONCE);
    }
    watch_end(&server);
}

#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

/* A client leaves while what it wrote is still read, and while answers wait in the pipe. */
void scenario_leaves_early(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (uint32_t i = choose(4); i > 0; i--)
            peer_write(&client, choose(4) ? choose(300) : 30000);
        if (choose(2))
            loiter(choose(100));
        peer_close(&client);
        loiter(choose(100));
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

/* The owner gives large buffers to read into; messages that are as long, and longer, come back whole. */
void scenario_large_buffers(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    server.settings.flow.buffer_size = choose(2) ? 60000 : 2 * 1024 * 1024;
    server.settings.flow.receive_limit = 0;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        client.within = 100;
        for (int i = 0; i < 2; i++)
        {
            peer_write(&client, 59999 + choose(3));
            peer_read(&client);
        }
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

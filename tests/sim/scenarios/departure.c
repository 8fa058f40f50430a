#include "expect.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static bool client_has_left(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

/* A client leaves during a pause, when no read is under way: a look notices within a second. If the client wrote
 * something, that is read first, after the pause. */
void scenario_departure(void)
{
    bool writes = choose(2);
    watch server;
    peer client;

    watch_begin(&server);
    server.echoes = false;
    server.settings.flow.read_continuously = false;
    if (writes)
        server.settings.flow.read_continuously = true;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        expect_within(AT_ONCE_MS, has_client, &server, "CONNECTED");
        if (writes)
        {
            engine_pause(server.engine, true);
            for (int i = 0; i < 3; i++)
                peer_write(&client, 20);
        }
        peer_close(&client);
        engine_pause(server.engine, false);
        if (writes)
            engine_advance(server.engine);
        if (!client.is_broken)
            expect_within(writes ? AT_ONCE_MS : 1000 + AT_ONCE_MS, client_has_left, &server,
                          "DISCONNECTED of a client that has left");
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

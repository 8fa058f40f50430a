#include "expect.h"
#include "messages.h"
#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static bool has_gone(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

static void write_one(watch *server)
{
    BYTE data[100];

    message_fill(data, sizeof(data), 1, 0);
    view_write(server->views, data, sizeof(data));
}

/* A graceful end, of a connection or of all, waits for what is still to be sent and for nothing else: with a client
 * that only waits it is over at once. */
void scenario_graceful_end(void)
{
    bool stops = choose(2);
    watch server;
    peer client;

    watch_begin(&server);
    if (watch_start(&server))
    {
        peer_open(&client, 1, true);
        if (!client.is_broken && expect_within(AT_ONCE_MS, has_client, &server, "CONNECTED"))
        {
            if (choose(2))
                write_one(&server);
            if (stops)
                engine_begin_close(server.engine, CLOSE_GRACEFULLY);
            else
                connection_close(server.views->connection, CLOSE_GRACEFULLY);
            expect_within(AT_ONCE_MS, has_gone, &server, "the end of a graceful close");
        }
        watch_stop(&server, CLOSE_AT_ONCE);
        peer_close(&client);
    }
    watch_end(&server);
}

#include "expect.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

/* Asks for the next message where the last one came, sometimes for more. */
static void ask(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED || event->kind == PIPE_MESSAGE)
        for (uint32_t i = 1 + (choose(4) == 0); i > 0; i--)
            view_read(v);
}

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

/* The owner asks for each message; the client's messages come one by one, each with the cookie of the oldest request.
 * What was asked for in vain is freed at the end. */
void scenario_reads_on_request(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    server.asks = true;
    server.on_event = ask;
    server.settings.flow.read_continuously = false;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        client.within = 100;
        if (expect_within(AT_ONCE_MS, has_client, &server, "CONNECTED") && choose(2))
            engine_pause(server.engine, true); /* does not hold back what was asked for */
        for (uint32_t i = 2 + choose(3); i > 0; i--)
        {
            peer_write(&client, 8 + choose(200));
            peer_read(&client);
        }
        peer_close(&client);
        engine_pause(server.engine, false);
        engine_advance(server.engine);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

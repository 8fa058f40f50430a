#include "expect.h"
#include "scenario.h"
#include "watch_engine.h"

#define DIALS 20

static void close_it(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_CONNECTED)
        connection_close(event->connection, CLOSE_GRACEFULLY);
}

static bool all_ended(void *of)
{
    return ((const watch *)of)->disconnected == DIALS;
}

/* More pipes are dialed at once than one worker opens in a row, and the server has an instance for each. */
void scenario_many_dials(void)
{
    watch server, client;

    watch_begin(&server);
    server.settings.backlog = DIALS;
    watch_begin(&client);
    client.settings.path = NULL;
    client.on_event = close_it;
    if (watch_start(&server))
    {
        if (watch_start(&client))
        {
            for (int i = 0; i < DIALS; i++)
                watch_dial(&client, 60000);
            expect_within(100, all_ended, &client, "the ends of the dials");
            watch_stop(&client, CLOSE_AT_ONCE);
        }
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    watch_end(&server);
}

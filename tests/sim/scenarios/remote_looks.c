#include "expect.h"
#include "scenario.h"
#include "watch_engine.h"

#define MESSAGES 4
#define LOOK_MS 1000 /* src/pipe/closing.c */

static void write_messages(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED)
        view_write_messages(v, MESSAGES, 200, 700);
}

static bool has_come_or_ended(void *of)
{
    const watch *w = of;

    return !list_empty(&w->held) || (w->views && w->views->disconnected);
}

/* Takes a message back when a look at the pipe may be under way, so that the read that goes on then needs a look of its
 * own. */
static void take_messages(watch *client)
{
    for (int i = 0; i < MESSAGES; i++)
    {
        if (!expect_within(600000, has_come_or_ended, client, "a message from another computer"))
            return;
        Sleep(choose(4) ? LOOK_MS + choose(100) : choose(3 * LOOK_MS));
        watch_release_oldest(client);
    }
}

/* An engine reads a message of another computer's pipe only when the last one was taken, and looks in between whether
 * the server is still there. Both ask the other computer, one after the other. */
void scenario_remote_looks(void)
{
    watch server, client;

    watch_begin(&server);
    server.settings.access.allow_remote = true;
    server.echoes = false;
    server.on_event = write_messages;
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.receive_limit = 1;
    client.path = L"\\\\far\\pipe\\sim";
    client.echoes = false;
    client.keeps = true;
    if (watch_start(&server))
    {
        if (watch_start(&client))
        {
            if (watch_dial(&client, 20000))
                take_messages(&client);
            client.keeps = false;
            watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        }
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    watch_end(&server);
}

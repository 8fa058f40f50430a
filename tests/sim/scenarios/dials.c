#include "expect.h"
#include "failure.h"
#include "messages.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

#define MESSAGES 2

static bool writes_early; /* before CONNECTED, or inside it */

static void on_client_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED && !writes_early)
        view_write_messages(v, MESSAGES, MESSAGE_HEAD, 200);
    if (event->kind == PIPE_MESSAGE && v->next_number == MESSAGES)
        connection_close(event->connection, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
}

static bool all_ended(void *of)
{
    for (const view *v = ((const watch *)of)->views; v; v = v->next)
        if (!v->disconnected)
            return false;
    return true;
}

static void dial_some(watch *client)
{
    for (uint32_t i = 1 + choose(3); i > 0; i--)
    {
        view *v = watch_dial(client, choose(3) ? 60000 : choose(200));

        if (v && writes_early)
            view_write_messages(v, MESSAGES, MESSAGE_HEAD, 200);
    }
    if (choose(3) == 0)
        return; /* stopped while it dials */
    if (!scheduler_wait(all_ended, client, scheduler_in(600000), "the ends of the dials", 0) && time_is_judged())
        fail("a connection that was dialed does not end");
}

static void run_client(void *unused)
{
    watch client;

    (void)unused;
    watch_begin(&client);
    writes_early = choose(2);
    client.settings.path = NULL;
    client.echoes = false;
    client.on_event = on_client_event;
    if (watch_start(&client))
    {
        dial_some(&client);
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
}

/* An engine dials a server several times, maybe before the server has started: each connection gets its answers, or an
 * error, and ends. */
void scenario_dials(void)
{
    int thread = thread_begin(run_client, NULL, "client");
    watch server;

    loiter(choose(300));
    watch_begin(&server);
    if (watch_start(&server))
    {
        thread_wait(thread);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
    thread_wait(thread);
}

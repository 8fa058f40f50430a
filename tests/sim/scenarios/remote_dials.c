#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "network.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

#define PATH L"\\\\far\\pipe\\sim"
#define MESSAGES 3

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED)
        view_write_messages(v, MESSAGES, MESSAGE_HEAD, 700);
    if (event->kind == PIPE_MESSAGE && (v->next_number == MESSAGES || choose(12) == 0))
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
    for (uint32_t i = 1 + choose(2); i > 0; i--)
        watch_dial(client, choose(3) ? 20000 : choose(2) ? choose(3000) : 0);
    if (choose(3) == 0)
    {
        loiter(choose(400));
        network_silence(true); /* a Stop does not wait for it */
        return;
    }
    if (!client->settings.flow.read_continuously)
    {
        Sleep(choose(6000)); /* nothing is read, so nothing ends */
        return;
    }
    expect_within(600000, all_ended, client, "the ends of the dials");
}

static void run_client(void *unused)
{
    watch client;

    (void)unused;
    watch_begin(&client);
    client.settings.path = NULL;
    client.path = PATH;
    client.echoes = false;
    client.on_event = on_event;
    if (choose(3) == 0)
        client.settings.flow.read_continuously = false; /* looks are peeks over the network, too */
    if (watch_start(&client))
    {
        uint64_t begun;

        dial_some(&client);
        begun = scheduler_now();
        engine_begin_close(client.engine, CLOSE_AT_ONCE);
        WaitForSingleObject(engine_ended(client.engine), INFINITE);
        expect_took(begun, 0, 20, "a Stop at once"); /* 20: until the result of a request is there (src/pipe/port.c) */
        watch_stop(&client, CLOSE_AT_ONCE);
    }
    watch_end(&client);
    network_silence(false);
}

/* An engine dials a server on another computer, which may take its time or say nothing at all. Messages come whole; an
 * end at once waits for no answer; what hangs hangs on threads that nobody waits for. */
void scenario_remote_dials(void)
{
    watch server;
    int thread;

    watch_begin(&server);
    server.settings.access.allow_remote = true;
    if (watch_start(&server))
    {
        thread = thread_begin(run_client, NULL, "client");
        thread_wait(thread);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

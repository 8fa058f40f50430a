#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void do_something(view *v)
{
    BYTE data[30] = {0};
    payload *p;

    switch (choose(6))
    {
    case 0: connection_report(v->connection, ERROR_CANCELLED, NULL); break;
    case 1: connection_close(v->connection, CLOSE_GRACEFULLY); break;
    case 2: connection_close(v->connection, CLOSE_AT_ONCE); break;
    case 3: view_read(v); break;
    case 4: view_write(v, data, choose(8)); break;
    case 5: /* without a cookie */
        p = payload_create(data, choose(8));
        if (!p)
            break;
        connection_write(v->connection, p, NULL);
        connection_read(v->connection, NULL);
        payload_release(p);
        break;
    }
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED && choose(2))
        do_something(v);
}

static void dial_late(watch *client)
{
    connection *c;
    DWORD error;

    engine_begin_close(client->engine, CLOSE_AT_ONCE);
    error = connection_dial(client->engine, SIM_PATH, 1000, &client->settings.flow, NULL, &c);
    if ((error != PIPE_ERROR_NOT_OPEN || c) && !faults_made())
        fail("a dial of an engine that closes gives %u", error);
}

static void run_client(void *unused)
{
    watch client;

    (void)unused;
    watch_begin(&client);
    client.settings.path = NULL;
    client.echoes = false;
    client.asks = true;
    client.on_event = on_event;
    if (watch_start(&client))
    {
        client.path = L"\\\\.\\pipe\\missing";
        watch_dial(&client, choose(2) ? INFINITE : 5000);
        client.path = SIM_PATH;
        watch_dial(&client, choose(2) ? INFINITE : 5000);
        for (uint32_t i = choose(6); i > 0; i--)
        {
            loiter(choose(40));
            if (client.views)
                do_something(client.views);
        }
        if (choose(2))
            dial_late(&client);
        watch_stop(&client, CLOSE_AT_ONCE);
    }
    watch_end(&client);
}

/* The owner writes, reads, reports and closes while its pipe is still being dialed, and while another waits for a
 * server that never comes. */
void scenario_early_closes(void)
{
    watch server;
    int thread;

    watch_begin(&server);
    server.settings.flow.receive_limit = 0;
    if (watch_start(&server))
    {
        thread = thread_begin(run_client, NULL, "client");
        thread_wait(thread);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

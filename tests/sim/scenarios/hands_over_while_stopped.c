#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

/* Calls of the owner that may hand events over on its own thread. */
static void consumer(void *of)
{
    watch *server = of;
    view *v = server->views;
    BYTE data[20] = {0};

    for (uint32_t i = 1 + choose(3); i > 0; i--)
        switch (choose(6))
        {
        case 0: connection_report(v->connection, ERROR_CANCELLED, NULL); break;
        case 1: connection_close(v->connection, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY); break;
        case 2: view_write(v, data, choose(20) % 8); break;
        case 3: engine_begin_close(server->engine, CLOSE_AT_ONCE); break;
        case 4: engine_advance(server->engine); break;
        case 5:
            engine_begin_close(server->engine, CLOSE_GRACEFULLY);
            engine_close_handles(server->engine); /* forces the end */
            break;
        }
}

static bool has_client(void *of)
{
    return ((const watch *)of)->views != NULL;
}

/* A thread that is no worker hands events over, while another stops the server. No event may come after `ended`. */
void scenario_hands_over_while_stopped(void)
{
    watch server;
    peer client;
    int thread;

    watch_begin(&server);
    if (watch_start(&server))
    {
        peer_open(&client, 1, true);
        if (!client.is_broken && scheduler_wait(has_client, &server, scheduler_in(60000), "the client", 1))
        {
            thread = thread_begin(consumer, &server, "consumer");
            loiter(choose(60));
            watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
            thread_wait(thread);
        }
        peer_close(&client);
        watch_stop(&server, CLOSE_AT_ONCE);
    }
    watch_end(&server);
}

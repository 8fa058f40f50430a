#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static bool has_message(void *of)
{
    return ((const watch *)of)->messages != 0;
}

static bool has_gone(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

static void check_reason(view *v)
{
    if (connection_get_status(v->connection).reason != CLOSE_IDLE && time_is_judged())
        fail("an idle connection ends for another reason");
}

/* The message may still be handed over, and a SERVER_ERROR may be held before it. */
static void release_message(watch *server)
{
    while (!list_empty(&server->views->alive))
        if (!watch_release_oldest(server))
            Sleep(1);
}

/* Time does not count while an event is handled: the owner keeps the client's message for longer than the timeout. */
static void keep_message(watch *server, peer *client, uint32_t timeout)
{
    peer_write(client, 20);
    if (!expect_within(AT_ONCE_MS, has_message, server, "a message"))
        return;
    Sleep(3 * timeout);
    if (server->disconnected && time_is_judged())
        fail("a connection whose event is handled is taken for idle");
    release_message(server);
}

/* The time begins anew at any moment between two looks. */
static void write_between_looks(watch *server, peer *client, uint32_t timeout)
{
    Sleep(choose(timeout));
    peer_write(client, 20);
    if (expect_within(AT_ONCE_MS, has_message, server, "a message"))
        release_message(server);
}

/* A client does nothing: after the idle timeout, and at most a quarter of it later, its connection is closed. */
void scenario_idle_client(void)
{
    uint32_t timeout = choose(4) ? 100 + choose(5000) : 1 + choose(3);
    watch server;
    peer client;

    watch_begin(&server);
    server.keeps = true;
    server.echoes = false;
    server.settings.flow.receive_limit = 0;
    server.settings.flow.idle_timeout = timeout;
    server.settings.max_connections = choose(3);
    if (watch_start(&server))
    {
        peer_open(&client, 1, true);
        if (!client.is_broken && expect_within(AT_ONCE_MS, has_client, &server, "CONNECTED"))
        {
            uint64_t begun;

            if (timeout >= 100)
                switch (choose(4))
                {
                case 0: keep_message(&server, &client, timeout); break;
                case 1:
                case 2: write_between_looks(&server, &client, timeout); break;
                default: break;
                }
            begun = scheduler_now();
            if (expect_within(timeout + timeout / 4 + AT_ONCE_MS, has_gone, &server, "the end of an idle connection"))
                check_reason(server.views);
            if (timeout >= 100)
                expect_took(begun, timeout - AT_ONCE_MS, timeout + timeout / 4 + AT_ONCE_MS, "an idle connection");
        }
        peer_close(&client);
        server.keeps = false;
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

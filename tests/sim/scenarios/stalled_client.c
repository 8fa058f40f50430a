#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

#define DRAIN_MS 30000 /* the longest graceful close: src/pipe/closing.c */
#define LOOK_MS 1000

static void write_much(watch *w, view *v, pipe_event *event)
{
    static BYTE data[70000]; /* more than the pipe takes */

    (void)w;
    if (event->kind == PIPE_CONNECTED)
        for (int i = 0; i < 2; i++)
            view_write(v, data, sizeof(data));
}

static bool has_written(void *of)
{
    const view *v = ((const watch *)of)->views;

    return v && (v->accepted == 2 || v->disconnected);
}

static bool client_has_gone(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

static void close_gracefully(watch *server)
{
    uint64_t begun = scheduler_now();

    connection_close(server->views->connection, CLOSE_GRACEFULLY);
    if (expect_within(DRAIN_MS + LOOK_MS, client_has_gone, server, "the end of a graceful close") && !faults_made())
        expect_took(begun, DRAIN_MS, DRAIN_MS + LOOK_MS, "a graceful close that has something to send");
}

/* A client never reads. A graceful close lasts half a minute, a graceful Stop until its owner has had enough. */
void scenario_stalled_client(void)
{
    bool closes = choose(2);
    watch server;
    peer client;

    watch_begin(&server);
    server.on_event = write_much;
    if (watch_start(&server))
    {
        peer_open(&client, 1, true);
        if (!client.is_broken && expect_within(AT_ONCE_MS, has_written, &server, "CONNECTED") && closes)
            close_gracefully(&server);
        watch_stop(&server, CLOSE_GRACEFULLY);
        peer_close(&client);
    }
    watch_end(&server);
}

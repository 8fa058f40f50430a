/* Scenarios that are so small that every schedule can be tried: an engine with one worker, one client, and at most one
 * thread of the consumer's beside them. */

#include "exhaustive.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

static bool is_ready(void *of)
{
    return ((const watch *)of)->ready;
}

static bool is_connected(void *of)
{
    const view *v = ((const watch *)of)->views;

    return v && v->connected;
}

/* Starts a server with one worker, and a client that is connected: nothing of this is tried in all ways. */
static void begin(watch *server, peer *client)
{
    watch_begin(server);
    server->settings.threads = 1;
    server->settings.backlog = 1;
    server->holds_events = false;
    watch_start(server);
    scheduler_wait(is_ready, server, scheduler_in(1000), "READY", 0);
    peer_open(client, 1, true);
    scheduler_wait(is_connected, server, scheduler_in(1000), "the client", 1);
}

static void end(watch *server, peer *client)
{
    exhaustive_here(false);
    peer_close(client);
    watch_stop(server, CLOSE_AT_ONCE);
    watch_end(server);
}

static void stop(void *server)
{
    watch_stop(server, CLOSE_AT_ONCE);
}

/* The echo of one client against Stop: two threads. */
static void scenario_tiny_echo(void)
{
    watch server;
    peer client;

    begin(&server, &client);
    exhaustive_here(true);
    peer_write(&client, 20);
    stop(&server);
    peer_read(&client);
    end(&server, &client);
}

/* The same with three. */
static void scenario_tiny_stop(void)
{
    watch server;
    peer client;
    int thread;

    begin(&server, &client);
    exhaustive_here(true);
    thread = thread_begin(stop, &server, "consumer");
    peer_write(&client, 20);
    peer_read(&client);
    thread_wait(thread);
    end(&server, &client);
}

static void close_connection(void *server)
{
    connection_close(((watch *)server)->views->connection, CLOSE_AT_ONCE);
}

/* The consumer closes a connection while a read of it ends. */
static void scenario_tiny_close(void)
{
    watch server;
    peer client;

    begin(&server, &client);
    server.echoes = false;
    exhaustive_here(true);
    peer_write(&client, 20);
    close_connection(&server);
    end(&server, &client);
}

/* The consumer sends while the client leaves, so that DISCONNECTED comes. */
static void scenario_tiny_send(void)
{
    static const BYTE data[12] = {0};
    watch server;
    peer client;

    begin(&server, &client);
    exhaustive_here(true);
    CloseHandle(client.handle);
    client.handle = INVALID_HANDLE_VALUE;
    view_write(server.views, data, sizeof(data));
    view_write(server.views, data, sizeof(data));
    end(&server, &client);
}

/* The consumer reports an error, which hands an event over on its own thread, while another stops the server. */
static void scenario_tiny_report(void)
{
    watch server;
    peer client;
    int thread;

    begin(&server, &client);
    exhaustive_here(true);
    thread = thread_begin(stop, &server, "consumer");
    connection_report(server.views->connection, ERROR_CANCELLED, NULL);
    thread_wait(thread);
    end(&server, &client);
}

const scenario tiny_scenarios[] = {
    {"tiny_echo", scenario_tiny_echo, 200}, {"tiny_close", scenario_tiny_close, 200},
    {"tiny_send", scenario_tiny_send, 200}, {"tiny_report", scenario_tiny_report, 200},
    {"tiny_stop", scenario_tiny_stop, 200}, {NULL, NULL, 0},
};

#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"
#include "ways.h"

/* A foreign server has the name: the engine does not start, and says why. */
static void start_in_vain(foreign *owner)
{
    watch server;
    DWORD error;

    watch_begin(&server);
    error = engine_open(&server.settings, &server.owner, &server.engine);
    if (!error)
    {
        error = engine_listen(server.engine);
        WaitForSingleObject(engine_ended(server.engine), INFINITE);
    }
    if (error != PIPE_ERROR_NAME_IN_USE && !faults_made())
        fail("a name that another server has gives %u", error);
    watch_end(&server);
    foreign_close(owner);
}

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static bool owner_was_told(void *of)
{
    const watch *w = of;

    return w->server_errors && w->last_error == PIPE_ERROR_NAME_IN_USE;
}

/* No further instance can be made, and the owner closes the connection whose client is still there: so the name is
 * free. */
static void lose_name(watch *server, peer *client)
{
    faults_shortage(FAULT_CREATE_PIPE, ERROR_NO_SYSTEM_RESOURCES);
    peer_open(client, 1, true);
    if (!client->is_broken && expect_within(AT_ONCE_MS, has_client, server, "CONNECTED"))
        connection_close(server->views->connection, CLOSE_AT_ONCE);
}

static bool client_has_gone(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

static bool name_is_free(foreign *h)
{
    bool got = false;

    for (int i = 0; i < 50 && !got; i++, Sleep(10))
        got = foreign_open(h, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE,
                           PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1);
    return got;
}

static void be_served(void)
{
    peer client;

    peer_open(&client, 2, false);
    peer_write(&client, 20);
    peer_read(&client);
    peer_close(&client);
}

/* Another server takes the name of a server that has lost it; when that one has gone, the first has its name again. */
static void lose_and_regain(void)
{
    watch server;
    peer client;
    foreign other;

    watch_begin(&server);
    server.loses_name = true;
    server.keeps = choose(2); /* while the owner has not released the first SERVER_ERROR, it is told nothing new */
    server.settings.backlog = 1;
    if (watch_start(&server))
    {
        lose_name(&server, &client);
        if (expect_within(1000, client_has_gone, &server, "DISCONNECTED"))
        {
            peer_close(&client);
            if (name_is_free(&other))
            {
                faults_shortage(FAULT_CREATE_PIPE, 0);
                if (server.keeps)
                    Sleep(5001);
                else
                    expect_within(5001, owner_was_told, &server, "SERVER_ERROR with NAME_IN_USE");
                if (server.keeps && server.server_errors > 1)
                    fail("SERVER_ERROR comes a second time while the first is not released");
                foreign_close(&other);
            }
        }
        else
            peer_close(&client);
        faults_shortage(FAULT_CREATE_PIPE, 0);
        be_served();
        server.keeps = false;
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

/* The name belongs to somebody else, at the start or for a while later. */
void scenario_foreign_owner(void)
{
    foreign owner;

    ways_keep_names();
    if (!choose(2))
    {
        lose_and_regain();
        return;
    }
    if (!foreign_open(&owner, PIPE_ACCESS_DUPLEX, choose(2) ? PIPE_TYPE_MESSAGE : PIPE_TYPE_BYTE, 1 + choose(2)))
        fail("the host is refused");
    start_in_vain(&owner);
}

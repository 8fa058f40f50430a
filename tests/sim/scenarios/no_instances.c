#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

#define RETRY_LAST_MS 5000 /* the longest pause between two tries: src/pipe/listener.c */

/* An instance that could not be made whole was open for a moment; a client that got it is refused, and tries again. */
static void talk(peer *client)
{
    uint64_t begun = scheduler_now();
    bool again;

    peer_open(client, 2, true);
    peer_write(client, 50);
    peer_read(client);
    again = client->is_broken;
    if (again)
    {
        peer_close(client);
        peer_open(client, 2, false);
        peer_write(client, 50);
        peer_read(client);
    }
    expect_took(begun, 0, RETRY_LAST_MS + 250, "an instance after the shortage");
}

static bool owner_was_told(void *of)
{
    return ((const watch *)of)->server_errors != 0;
}

/* No instance can be made for a while, and the owner is told once. The clients that come meanwhile wait, and are served
 * when instances can be made again: within the longest pause between two tries, 5 s. */
void scenario_no_instances(void)
{
    static const fault_place places[] = {FAULT_CREATE_PIPE, FAULT_BIND, FAULT_CONNECT, FAULT_HEAP_ALLOC};
    fault_place place = places[choose(4)];
    peer first, second;
    watch server;

    watch_begin(&server);
    server.loses_name = true; /* SERVER_ERROR comes */
    server.settings.backlog = 1;
    if (watch_start(&server))
    {
        DWORD code = place == FAULT_HEAP_ALLOC ? ERROR_NOT_ENOUGH_MEMORY : ERROR_NO_SYSTEM_RESOURCES;

        faults_shortage(place, code);
        peer_open(&first, 1, true);
        expect_within(AT_ONCE_MS, owner_was_told, &server, "SERVER_ERROR");
        if (server.last_error != code && !faults_made())
            fail("an instance that cannot be made for %u is told with %u", code, server.last_error);
        Sleep(choose(30000));
        faults_shortage(place, 0);
        talk(&second);
        if (server.server_errors > 1 && !faults_made())
            fail("the owner is told %u times that no instance can be made", server.server_errors);
        peer_close(&first);
        peer_close(&second);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static unsigned here, most_here, thrown_out;

static void client(void *number)
{
    peer p;

    peer_open(&p, *(const DWORD *)number, true);
    if (++here > most_here)
        most_here = here;
    peer_write(&p, 8 + choose(100));
    peer_read(&p);
    loiter(choose(100));
    here--;
    peer_close(&p);
}

static void throw_some_out(watch *w, view *v, pipe_event *event)
{
    (void)w, (void)v;
    if (event->kind != PIPE_MESSAGE || choose(4))
        return;
    thrown_out++;
    connection_close(event->connection, CLOSE_AT_ONCE);
}

/* The server takes two clients at a time, of four that come: the others wait, and are served when one has left, or was
 * thrown out, and its end was released: the watch counts. */
void scenario_few_connections(void)
{
    static const DWORD numbers[] = {1, 2, 3, 4};
    traffic carried;
    LONGLONG clients;
    int threads[4];
    watch server;

    here = most_here = thrown_out = 0;
    watch_begin(&server);
    server.settings.max_connections = 2;
    if (choose(2))
        server.on_event = throw_some_out;
    if (watch_start(&server))
    {
        for (int i = 0; i < 4; i++)
            threads[i] = thread_begin(client, (void *)&numbers[i], "client");
        for (int i = 0; i < 4; i++)
            thread_wait(threads[i]);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        if (!faults_made() && !thrown_out && most_here > 2)
            fail("%u clients are served at a time, of 2 at most", most_here);
        carried = engine_traffic(server.engine, &clients);
        if (!faults_made() &&
            (clients != 4 || carried.messages_received != 4 || carried.messages_sent != 4 - (LONGLONG)thrown_out))
            fail("%d clients and %d messages are counted, of 4", (int)clients, (int)carried.messages_received);
    }
    watch_end(&server);
}

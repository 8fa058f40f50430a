#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void late_client(void *unused)
{
    peer p;

    (void)unused;
    peer_open(&p, 2, false);
    peer_write(&p, choose(200));
    peer_read(&p);
    peer_close(&p);
}

static void second_server(void)
{
    watch server;
    int thread;

    watch_begin(&server);
    if (watch_start(&server))
    {
        thread = thread_begin(late_client, NULL, "client");
        thread_wait(thread);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

/* The client of a server that has stopped still holds its end of the pipe, and so the name. The next server takes the
 * name over, and serves its own clients. */
void scenario_orphans(void)
{
    watch server;
    peer orphan = {.handle = INVALID_HANDLE_VALUE};
    bool starts;

    watch_begin(&server);
    starts = watch_start(&server);
    if (starts)
    {
        peer_open(&orphan, 1, true);
        peer_write(&orphan, choose(200));
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
    if (!starts)
        return;
    second_server();
    peer_close(&orphan);
}

#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

/* A client of the first run, which keeps its end while the server stops and starts again, and reads what there is. */
static void old_client(void *unused)
{
    peer p;

    (void)unused;
    peer_open(&p, 1, true);
    peer_write(&p, choose(100));
    loiter(choose(600));
    while (!p.is_broken)
        peer_read(&p);
    loiter(choose(200));
    peer_close(&p);
}

static void new_client(void)
{
    peer p;

    peer_open(&p, 2, false);
    for (uint32_t i = 1 + choose(2); i > 0; i--)
    {
        peer_write(&p, choose(100));
        peer_read(&p);
    }
    peer_close(&p);
}

/* The server stops and starts again at once, while a client of the first run is still there. */
void scenario_starts_again(void)
{
    watch server;
    bool has_old;
    int old = -1;

    watch_begin(&server);
    has_old = watch_start(&server);
    if (has_old)
    {
        old = thread_begin(old_client, NULL, "old client");
        loiter(choose(300));
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
    watch_begin(&server);
    if (watch_start(&server))
    {
        new_client();
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
    if (has_old)
        thread_wait(old);
}

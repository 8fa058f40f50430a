#include "crowd.h"
#include "service.h"
#include "threads.h"

/* For a while nobody is there, by the seed after somebody was: events wait, the oldest are dropped where they are too
 * many, and clients need not wait. The server may be stopped, and started by another way, before somebody comes. */
void scenario_nobody_listens(void)
{
    host server;
    service threads;
    crowd clients;
    bool hears_first = choose(2);

    if (host_begin(&server, some_way()))
    {
        server.stop_ms = SOON_MS;
        for (unsigned i = 0; i < SINKS_MOST; i++)
            host_set_sink(&server, i, hears_first && i == 0);
        server.misses = server.settings.flow.receive_limit != 0;
        if (host_start(&server) == 0)
        {
            crowd_init(&clients, choose(10), false);
            clients.reads = false;
            clients.large = true;
            crowd_begin(&clients, 1 + (int)choose(2));
            loiter(choose(600));
            if (hears_first)
                host_set_sink(&server, 0, false); /* reading may have stopped at the limit */
            else if (choose(2))
                host_set_sink(&server, 0, true);
            service_begin(&threads, &server);
            service_run(&threads, clients.over);
            if (choose(2))
                host_stop(&server, 0);
            if (server.window)
                server.way = choose(2) ? QUEUE_WINDOW : QUEUE_WORKERS;
            host_start(&server);
            host_set_sink(&server, 1, true);
            host_stop(&server, 0);
            service_end(&threads);
            host_settle(&server);
            crowd_end(&clients);
        }
    }
    host_end(&server);
}

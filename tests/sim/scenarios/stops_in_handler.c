#include "crowd.h"
#include "service.h"

static uint32_t events_left; /* until the handler stops the server */

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)e;
    (void)event;
    if (events_left-- != 0)
        return;
    host_stop(h, choose(2) * 1000);
    if (choose(2))
        host_start(h);
}

/* A handler stops the server, by each way; by the seed it starts it again. */
void scenario_stops_in_handler(void)
{
    host server;
    service threads;
    crowd clients;

    events_left = choose(12);
    if (host_begin(&server, some_way()))
    {
        server.on_event = on_event;
        if (host_start(&server) == 0)
        {
            service_begin(&threads, &server);
            crowd_init(&clients, 1 + choose(3), true);
            crowd_begin(&clients, 1 + (int)choose(2));
            service_run(&threads, clients.over);
            host_stop(&server, 0);
            service_end(&threads);
            host_stop(&server, 0); /* if the handler has started it again */
            host_settle(&server);
            crowd_end(&clients);
        }
    }
    host_end(&server);
}

#include "crowd.h"
#include "service.h"

static uint32_t events_left;

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)e;
    (void)event;
    if (events_left-- == 0)
        host_stop(h, choose(2) * 1000);
}

/* Workers have their handlers called on the window's thread and wait there, as for a proxy. That thread stops the
 * server, by the seed inside a handler, where a stop waits for no worker. */
void scenario_handlers_at_home(void)
{
    host server;
    service threads;
    crowd clients;

    events_left = choose(20);
    if (host_begin(&server, QUEUE_WORKERS))
    {
        server.at_home = server.pumps = true;
        server.on_event = on_event;
        if (host_start(&server) == 0)
        {
            service_begin(&threads, &server);
            crowd_init(&clients, 1 + choose(3), true);
            crowd_begin(&clients, 1 + (int)choose(2));
            loop_wait_handle(clients.over, true, INFINITE);
            host_stop(&server, choose(2) * 1000);
            crowd_end(&clients);
            host_settle(&server);
        }
    }
    host_end(&server);
}

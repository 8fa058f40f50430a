#include "crowd.h"
#include "service.h"

static uint32_t events_left, restarts_left;

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)e;
    (void)event;
    if (!restarts_left || events_left-- != 0)
        return;
    restarts_left--;
    events_left = choose(4);
    host_stop(h, 0);
    host_start(h);
}

/* A handler on a worker stops the server and starts it again at once, while other workers of the old run may be making
 * instances and meeting clients: the name is free. */
void scenario_starts_in_handler(void)
{
    host server;
    service threads;
    crowd clients;

    events_left = choose(4);
    restarts_left = 1 + choose(2);
    if (host_begin(&server, QUEUE_WORKERS))
    {
        server.settings.threads = 2 + choose(3);
        server.settings.backlog = 1 + choose(4);
        server.on_event = on_event;
        if (host_start(&server) == 0)
        {
            service_begin(&threads, &server);
            crowd_init(&clients, 2, true);
            crowd_begin(&clients, 3 + (int)choose(3));
            service_run(&threads, clients.over);
            host_stop(&server, 0);
            service_end(&threads);
            host_stop(&server, 0); /* if a handler has started it again */
            host_settle(&server);
            crowd_end(&clients);
        }
    }
    host_end(&server);
}

/* The last reference goes while clients come, and another server takes the name at once. */
void scenario_replaced(void)
{
    host first, second;
    crowd clients;

    if (host_begin(&first, some_way()) && host_start(&first) == 0)
    {
        crowd_init(&clients, 2, true);
        crowd_begin(&clients, 3 + (int)choose(3));
        loiter(choose(400));
        host_drop_user(&first);
        if (host_begin(&second, some_way()) && host_start(&second) == 0)
        {
            service threads;

            service_begin(&threads, &second);
            service_run(&threads, clients.over);
            host_stop(&second, 0);
            service_end(&threads);
            host_settle(&second);
        }
        crowd_end(&clients);
        host_end(&second);
    }
    host_end(&first);
}

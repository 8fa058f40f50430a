#include "crowd.h"
#include "service.h"

static void serve(queue_way way)
{
    host server;
    service threads;
    crowd clients;

    if (host_begin(&server, way) && host_start(&server) == 0)
    {
        server.stop_ms = SOON_MS;
        service_begin(&threads, &server);
        crowd_init(&clients, 1 + choose(3), false);
        clients.answer_ms = SOON_MS;
        crowd_begin(&clients, 1 + (int)choose(2));
        service_run(&threads, clients.over);
        host_stop(&server, choose(2) * 1000);
        service_end(&threads);
        host_settle(&server);
        crowd_end(&clients);
    }
    host_end(&server);
}

/* Clients write and read what comes back; handlers are called on the window's thread. */
void scenario_echo_by_window(void)
{
    serve(QUEUE_WINDOW);
}

/* The same with handlers on threads that wait for events, one at a time. */
void scenario_echo_by_waiters(void)
{
    serve(QUEUE_WAITERS);
}

/* The same with handlers on workers. */
void scenario_echo_by_workers(void)
{
    serve(QUEUE_WORKERS);
}

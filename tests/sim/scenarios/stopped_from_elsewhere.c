#include "crowd.h"
#include "service.h"
#include "threads.h"

static void stop(void *of)
{
    host *h = of;

    for (uint32_t i = 1 + choose(2); i > 0; i--)
    {
        loiter(choose(600));
        host_stop(h, choose(2) * 1000);
        if (choose(3) == 2)
            host_start(h);
    }
    host_stop(h, 0);
    host_drop_user(h);
}

/* A thread that raises no events stops the server at any time, more than once, and starts it again. */
void scenario_stopped_from_elsewhere(void)
{
    host server;
    service threads;
    crowd clients;
    int stopper;

    if (host_begin(&server, some_way()) && host_start(&server) == 0)
    {
        service_begin(&threads, &server);
        crowd_init(&clients, 3, true);
        crowd_begin(&clients, 1 + (int)choose(2));
        host_add_user(&server);
        stopper = thread_begin(stop, &server, "stopper");
        service_run(&threads, clients.over);
        if (choose(2))
            host_stop(&server, 0);
        thread_wait(stopper);
        service_end(&threads);
        host_settle(&server);
        crowd_end(&clients);
    }
    host_end(&server);
}

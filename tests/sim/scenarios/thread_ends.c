#include "crowd.h"
#include "service.h"
#include "threads.h"

/* The thread that created the server raises events for a while, and ends without a stop. */
static void creator(void *of)
{
    host *h = of;

    if (!host_begin(h, QUEUE_WINDOW))
        return;
    if (host_start(h) == 0 && choose(2))
        host_loop(h, choose(1000));
    loiter(choose(200));
}

/* The window's thread ends with events queued, and while more come: nobody will raise them, so the run is silenced, and
 * the server can still be stopped and released from another thread. */
void scenario_thread_ends(void)
{
    host server;
    crowd clients;
    int thread = thread_begin(creator, &server, "creator");

    crowd_init(&clients, 3, true);
    clients.reads = choose(2);
    crowd_begin(&clients, 1 + (int)choose(2));
    thread_wait(thread);
    loiter(choose(300));
    if (!host_is_gone(&server) && choose(2))
        host_stop(&server, choose(2) * 100);
    host_end(&server);
    crowd_end(&clients);
}

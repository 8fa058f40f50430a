#include "crowd.h"
#include "message_queue.h"
#include "service.h"
#include "threads.h"

#define REFUSED_MOST 5

/* The system refuses to post wake-ups to the window, at times: they come 100 ms later. */
static void refuse_posts(void *unused)
{
    (void)unused;
    for (uint32_t i = 1 + choose(3); i > 0; i--)
    {
        loiter(choose(300));
        message_queues_refuse(1 + (int)choose(REFUSED_MOST));
    }
}

void scenario_posts_refused(void)
{
    host server;
    service threads;
    crowd clients;
    int thread;

    if (host_begin(&server, QUEUE_WINDOW) && host_start(&server) == 0)
    {
        server.stop_ms = SOON_MS;
        service_begin(&threads, &server);
        crowd_init(&clients, 1 + choose(3), false);
        clients.answer_ms = 3 * REFUSED_MOST * 100 + SOON_MS;
        thread = thread_begin(refuse_posts, NULL, "refuser");
        crowd_begin(&clients, 1 + (int)choose(2));
        service_run(&threads, clients.over);
        host_stop(&server, choose(2) * 1000);
        thread_wait(thread);
        crowd_end(&clients);
        host_settle(&server);
    }
    host_end(&server);
}

#include "crowd.h"
#include "threads.h"
#include "watch_queue.h"

#define HANDLER_MOST 30 /* ms that a handler takes at most */

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)h;
    (void)e;
    (void)event;
    if (choose(2))
        Sleep(choose(HANDLER_MOST));
}

static void stays(void *of)
{
    host *h = of;

    while (host_is_running(h))
        if (host_loop(h, 60000) == LOOP_FAILED)
            Sleep(1000);
    host_drop_user(h);
}

/* Two threads are inside loops, and one raises events until its time is up, which is soon; the other goes on in time.
 * Handlers take long, so that events wait when the first leaves. */
void scenario_raiser_leaves(void)
{
    host server;
    crowd clients;
    int thread;

    if (host_begin(&server, QUEUE_WAITERS))
    {
        server.on_event = on_event;
        if (host_start(&server) == 0)
        {
            crowd_init(&clients, 1 + choose(3), false);
            clients.answer_ms = 40 * HANDLER_MOST;
            crowd_begin(&clients, 2);
            host_add_user(&server);
            thread = thread_begin(stays, &server, "stays");
            host_loop(&server, choose(4 * HANDLER_MOST));
            WaitForSingleObject(clients.over, INFINITE);
            host_stop(&server, 0);
            thread_wait(thread);
            crowd_end(&clients);
            host_settle(&server);
        }
    }
    host_end(&server);
}

#include "crowd.h"
#include "service.h"
#include "threads.h"

#define REFUSALS_MOST 3
#define REFUSED_MOST 200 /* ms that sinks refuse at most */

static uint32_t failures_left, events_left;

/* Several sinks may fail in one event. */
static void on_event(host *h, endpoint *e, pipe_event *event)
{
    for (uint32_t i = choose(3); i > 0 && failures_left; i--, failures_left--)
        host_report(h, e, event);
    if (events_left-- == 0)
        host_stop(h, choose(2) * 1000);
}

/* Sinks refuse events at times, so that a report waits again while the next one is made. By the seed, stops the server
 * while handlers run on other threads. */
static void refuse(void *of)
{
    host *h = of;

    for (uint32_t i = choose(REFUSALS_MOST + 1); i > 0; i--)
    {
        loiter(choose(400));
        h->refusing = 1 + choose(3);
        Sleep(1 + choose(REFUSED_MOST));
        h->refusing = 0;
    }
    if (choose(4) == 0)
        host_stop(h, 0);
    host_drop_user(h);
}

/* Handlers fail, also those of READY and of the last event of a run that has ended. The server tells of it by
 * SERVER_ERROR, in the order of its own lane: each failure by a report of its own, or by one that waited. */
void scenario_handlers_fail(void)
{
    host server;
    service threads;
    crowd clients;
    int refuser;

    failures_left = 1 + choose(20);
    events_left = choose(3) ? INFINITE : choose(20);
    if (host_begin(&server, some_way()))
    {
        server.at_home = server.window && choose(3) == 0;
        server.pumps = server.at_home;
        server.on_event = on_event;
        if (host_start(&server) == 0)
        {
            service_begin(&threads, &server);
            crowd_init(&clients, 1 + choose(4), true);
            crowd_begin(&clients, 1 + (int)choose(2));
            host_add_user(&server);
            refuser = thread_begin(refuse, &server, "refuser");
            if (server.at_home)
                loop_wait_handle(clients.over, true, INFINITE);
            else
                service_run(&threads, clients.over);
            host_stop(&server, choose(2) * 1000);
            thread_wait(refuser);
            service_end(&threads);
            host_settle(&server);
            crowd_end(&clients);
        }
    }
    host_end(&server);
}

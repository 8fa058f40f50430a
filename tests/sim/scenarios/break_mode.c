#include "crowd.h"
#include "service.h"
#include "threads.h"

#define BREAK_MOST 400 /* ms that a break lasts at most */

/* Somebody stops the handlers' code in a debugger, looks, and lets it run on. */
static void debugger(void *of)
{
    host *h = of;

    for (uint32_t i = 1 + choose(3); i > 0; i--)
    {
        loiter(choose(400));
        h->refusing = 1 + choose(3);
        Sleep(1 + choose(BREAK_MOST));
        h->refusing = 0;
        Sleep(choose(2) * 100);
    }
    host_drop_user(h);
}

/* Handlers refuse events for a while; then they get them, in order, once, and in time. */
void scenario_break_mode(void)
{
    host server;
    service threads;
    crowd clients;
    int thread;

    if (host_begin(&server, some_way()) && host_start(&server) == 0)
    {
        service_begin(&threads, &server);
        crowd_init(&clients, 1 + choose(3), false);
        clients.answer_ms = 3 * (BREAK_MOST + 100) + 50 + SOON_MS;
        crowd_begin(&clients, 1 + (int)choose(2));
        host_add_user(&server);
        thread = thread_begin(debugger, &server, "debugger");
        service_run(&threads, clients.over);
        if (choose(2))
            thread_wait(thread);
        host_stop(&server, choose(2) * 1000);
        if (choose(2) && host_start(&server) == 0) /* whose threads get what the run before has left */
        {
            host_loop(&server, choose(300));
            host_stop(&server, 0);
        }
        thread_wait(thread);
        service_end(&threads);
        host_settle(&server);
        crowd_end(&clients);
    }
    host_end(&server);
}

#include "crowd.h"
#include "service.h"
#include "scheduler.h"
#include "threads.h"

static bool is_released;
static uint32_t pranks_left;

static bool is_worker_handler(host *h)
{
    return queue_is_in_worker_handler(h->queue);
}

/* A wait inside a handler raises further events on the same thread; on a worker it is forbidden. */
static void nest(host *h)
{
    if (is_worker_handler(h))
        return;
    if (h->window && choose(2))
        host_pump();
    else if (!h->window || h->window_thread == scheduler_current())
        host_loop(h, choose(30));
}

static void use_client(host *h)
{
    endpoint *e = host_first_client(h);
    BYTE data[7] = {0};

    if (!e)
        return;
    switch (choose(4))
    {
    case 0: view_write(&e->view, data, choose(7)); break;
    case 1: endpoint_close(e, CLOSE_GRACEFULLY); break;
    case 2: endpoint_close(e, CLOSE_AT_ONCE); break;
    case 3: connection_report(e->view.connection, ERROR_CANCELLED, NULL); break;
    }
    endpoint_release(e);
}

/* What a consumer may do inside any event, on any thread. */
static void prank(host *h)
{
    if (is_released)
        return;
    switch (choose(10))
    {
    case 0:
    case 1: use_client(h); break;
    case 2:
    case 3: nest(h); break;
    case 4: host_stop(h, choose(2) * 500); break;
    case 5: host_start(h); break;
    case 6: host_set_sink(h, choose(SINKS_MOST), choose(4) != 0); break;
    case 7: queue_leave(h->queue, true); break;
    case 8: h->refusing = choose(4); break;
    case 9:
        is_released = choose(4) == 3;
        if (is_released)
            host_drop_user(h);
        break;
    }
}

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)e;
    (void)event;
    if (pranks_left && choose(3) == 2)
    {
        pranks_left--;
        prank(h);
    }
}

static void prankster(void *of)
{
    host *h = of;

    for (uint32_t i = choose(3); i > 0; i--)
    {
        loiter(choose(300));
        if (!is_released && !h->window)
            use_client(h);
        else if (choose(2))
            host_stop(h, 0);
    }
    Sleep(choose(400));
    h->refusing = 0;
    host_drop_user(h);
}

/* A handler calls anything, inside any event, on any thread. */
void scenario_mischief(void)
{
    host server;
    service threads;
    crowd clients;
    int other;

    is_released = false;
    pranks_left = 1 + choose(6);
    if (host_begin(&server, some_way()))
    {
        server.on_event = on_event;
        server.misses = true;   /* sinks go */
        host_add_user(&server); /* the handlers' */
        if (host_start(&server) == 0)
        {
            host_add_user(&server);
            service_begin(&threads, &server);
            crowd_init(&clients, 3, true);
            clients.may_starve = true;
            crowd_begin(&clients, 1 + (int)choose(2));
            other = thread_begin(prankster, &server, "prankster");
            service_run(&threads, clients.over);
            host_stop(&server, 0);
            thread_wait(other);
            server.refusing = 0;
            service_end(&threads);
            host_stop(&server, 0);
            crowd_end(&clients);
        }
        if (!is_released) /* a handler of a worker may still be running */
        {
            is_released = true;
            host_drop_user(&server);
        }
    }
    host_end(&server);
}

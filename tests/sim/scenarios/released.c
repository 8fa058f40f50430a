#include "crowd.h"
#include "service.h"
#include "threads.h"

static bool is_released;
static uint32_t events_left;

static void release(host *h)
{
    if (is_released)
        return;
    is_released = true;
    host_drop_user(h);
}

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)e;
    (void)event;
    if (events_left-- == 0)
        release(h);
}

/* The thread that raises events has no reference of its own: it is inside a wait when the handler releases the last. */
static void raise_until(host *h, HANDLE until)
{
    while (!is_released && !(WaitForSingleObject(until, 0) == WAIT_OBJECT_0))
        if (host_loop(h, 60000) == LOOP_FAILED)
            break;
}

/* The last reference goes inside a handler. */
void scenario_released_in_handler(void)
{
    host server;
    crowd clients;

    is_released = false;
    events_left = choose(10);
    if (host_begin(&server, some_way()))
    {
        server.on_event = on_event;
        if (host_start(&server) == 0)
        {
            crowd_init(&clients, 3, true);
            crowd_begin(&clients, 1 + (int)choose(2));
            if (server.way == QUEUE_WAITERS)
                raise_until(&server, clients.over);
            else
                loop_wait_handle(clients.over, server.way == QUEUE_WINDOW, INFINITE);
            release(&server);
            crowd_end(&clients);
        }
    }
    host_end(&server);
}

/* ---- on another thread ---- */

static void releaser(void *of)
{
    loiter(choose(800));
    host_drop_user(of);
}

/* Keeps a connection, and uses it when the server has gone. */
static void keeper(void *of)
{
    endpoint *e;
    BYTE data[4] = {0};

    loiter(choose(600));
    e = host_first_client(of);
    host_drop_user(of);
    if (!e)
        return;
    loiter(choose(400));
    view_write(&e->view, data, choose(4));
    endpoint_close(e, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    loiter(choose(200));
    endpoint_release(e);
}

/* The last reference goes on any thread; a connection is kept for longer. */
void scenario_released_elsewhere(void)
{
    host server;
    crowd clients;
    int threads[2];

    if (host_begin(&server, some_way()) && host_start(&server) == 0)
    {
        crowd_init(&clients, 3, true);
        crowd_begin(&clients, 1 + (int)choose(2));
        host_add_user(&server);
        threads[0] = thread_begin(keeper, &server, "keeper");
        host_add_user(&server);
        threads[1] = thread_begin(releaser, &server, "releaser");
        if (server.way == QUEUE_WAITERS)
            host_loop(&server, choose(2000));
        host_drop_user(&server);
        loop_wait_handle(clients.over, server.way == QUEUE_WINDOW, INFINITE);
        for (int i = 0; i < 2; i++)
            thread_wait(threads[i]);
        crowd_end(&clients);
    }
    host_end(&server);
}

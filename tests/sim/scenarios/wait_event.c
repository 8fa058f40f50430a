#include "crowd.h"
#include "failure.h"
#include "faults.h"
#include "watch_queue.h"
#include "threads.h"

static void take_events(host *h)
{
    while (host_wait_event(h, choose(4) ? 20000 : choose(50)) || host_is_running(h))
        if (faults_made())
            Sleep(1000); /* the wait may fail at once */
}

static void taker(void *of)
{
    take_events(of);
    host_drop_user(of);
}

static void looper(void *of)
{
    host *h = of;

    host_loop(h, INFINITE);
    host_drop_user(h);
}

/* Stops when the clients have gone. */
typedef struct stop
{
    host *host;
    const crowd *clients;
} stop;

static void stopper(void *of)
{
    const stop *s = of;
    host *h = s->host;

    for (int i = 0; i < s->clients->count; i++)
        thread_wait(s->clients->members[i].thread);
    loiter(choose(100));
    host_stop(h, choose(2) * 500);
    host_drop_user(h);
}

static int begin_user(host *h, void (*run)(void *of), void *of, const char *name)
{
    host_add_user(h);
    return thread_begin(run, of, name);
}

/* Nobody but WaitEvent is there, on the host's thread or on several threads; each event is taken once. Without a window
 * another thread is inside a loop until a leave, which ends no WaitEvent. */
void scenario_wait_event(void)
{
    host server;
    crowd clients;
    stop last = {&server, &clients};
    int threads[4], count = 0;

    if (host_begin(&server, some_way()))
    {
        host_set_sink(&server, 0, false);
        host_set_sink(&server, 1, false);
        server.takes = true;
        if (host_start(&server) == 0)
        {
            bool several = server.way != QUEUE_WINDOW && choose(2);

            server.mixes = several;
            queue_note_waiting(server.queue); /* or old events may be dropped before the first wait */
            crowd_init(&clients, 1 + choose(3), false);
            clients.answer_ms = SOON_MS;
            crowd_begin(&clients, 1 + (int)choose(2));
            threads[count] = begin_user(&server, stopper, &last, "stopper");
            count++;
            if (several)
            {
                threads[count] = begin_user(&server, taker, &server, "taker");
                count++;
            }
            if (!server.window)
            {
                threads[count] = begin_user(&server, looper, &server, "looper");
                count++;
                loiter(choose(200));
                queue_leave(server.queue, true);
            }
            take_events(&server);
            for (int i = 0; i < count; i++)
                thread_wait(threads[i]);
            take_events(&server);
            crowd_end(&clients);
        }
    }
    host_end(&server);
}

#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "scenario.h"
#include "scheduler.h"
#include "service.h"
#include "threads.h"
#include "watch_engine.h"

#define DIALS_MOST 3
#define MESSAGES 2
#define PATIENCE_MS 60000

static HANDLE all_ended;
static LONG dialed;
static bool fails; /* handlers fail at times, and are reported as CONNECTION_ERROR */

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    if (fails && choose(2))
        host_report(h, e, event);
    if (event->kind == PIPE_CONNECTED && !e->view.accepted) /* not again for a second sink */
        view_write_messages(&e->view, MESSAGES, MESSAGE_HEAD, 200);
    if (event->kind == PIPE_MESSAGE && e->view.next_number == MESSAGES)
        endpoint_close(e, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
}

/* Each connection has a sink of its own, set right behind the dial or later: nothing is missed. One more sink may come
 * and go. */
static void dial_one(host *manager)
{
    endpoint *e = host_dial(manager, choose(3) ? PATIENCE_MS : choose(300));

    if (!e)
        return;
    loiter(choose(3) ? 0 : choose(300));
    endpoint_set_sink(e, 0, true);
    if (choose(3) == 0)
    {
        endpoint_set_sink(e, 1, true);
        loiter(choose(200));
        endpoint_set_sink(e, 1, false);
    }
    endpoint_release(e);
}

static void dial_some(void *of)
{
    host *manager = of;

    for (LONG i = 0; i < dialed; i++)
        dial_one(manager);
    SetEvent(all_ended);
    host_drop_user(manager);
}

static void run_manager(void *unused)
{
    host manager;
    service threads;
    int dialer;

    (void)unused;
    if (host_begin(&manager, some_way()))
    {
        manager.settings.path = NULL;
        manager.echoes = false;
        manager.on_event = on_event;
        if (host_start(&manager) == 0)
        {
            faults_spare();
            all_ended = CreateEventW(NULL, TRUE, FALSE, NULL);
            faults_spare_no_more();
            service_begin(&threads, &manager);
            host_add_user(&manager);
            dialer = thread_begin(dial_some, &manager, "dialer");
            service_run(&threads, all_ended);
            thread_wait(dialer);
            for (uint32_t i = choose(40); i > 0; i--)
                host_loop(&manager, 20);
            host_stop(&manager, choose(2) * 1000);
            service_end(&threads);
            host_settle(&manager);
            CloseHandle(all_ended);
        }
    }
    host_end(&manager);
}

/* A client manager dials a server; the events of each connection go to sinks of its own, in the way of the manager,
 * also those that came before its first sink. */
void scenario_dials_with_sinks(void)
{
    int thread;
    watch server;

    dialed = 1 + (LONG)choose(DIALS_MOST);
    fails = choose(2);
    thread = thread_begin(run_manager, NULL, "manager");
    watch_begin(&server);
    if (watch_start(&server))
    {
        thread_wait(thread);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
    thread_wait(thread);
}

#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "pipe/engine.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

static uint32_t events_left;
static bool starts;

/* Waits for no other thread than those that make, close or identify an instance; above all not for itself. */
static void end(engine *e)
{
    uint64_t begun = scheduler_now();

    engine_begin_close(e, CLOSE_AT_ONCE);
    engine_close_handles(e);
    if (scheduler_has_hurried())
        return;
    if (scheduler_now() - begun >= 1000)
        fail("an end waits in vain for an instance to be closed");
    if (e->claim.instances)
        fail("an instance is open after the end");
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)v;
    if (event->kind == PIPE_SERVER_ERROR ? choose(2) : events_left-- == 0)
        end(w->engine);
}

static void start(void *server)
{
    starts = watch_start(server);
}

static void client(void *number)
{
    peer p;

    peer_open(&p, *(const DWORD *)number, true);
    peer_write(&p, choose(100));
    peer_read(&p);
    peer_close(&p);
}

static void pause_for_a_while(watch *server)
{
    engine_pause(server->engine, true);
    loiter(choose(300));
    engine_pause(server->engine, false);
    engine_advance(server->engine);
}

/* The owner ends the engine inside any of its events, on whichever thread that comes: then no instance of the pipe is
 * open any more, also if clients just come, or instances cannot be made. */
void scenario_ends_in_callback(void)
{
    static const fault_place places[] = {FAULT_CREATE_PIPE, FAULT_CONNECT};
    static const DWORD numbers[] = {1, 2, 3};
    fault_place place = places[choose(2)];
    int threads[3];
    watch server;

    events_left = choose(12);
    watch_begin(&server);
    server.loses_name = true; /* SERVER_ERROR comes */
    server.on_event = on_event;
    server.settings.threads = 1 + choose(3);
    server.settings.backlog = 1 + choose(3);
    thread_wait(thread_begin(start, &server, "starter"));
    if (starts)
    {
        for (int i = 0; i < 3; i++)
            threads[i] = thread_begin(client, (void *)&numbers[i], "client");
        loiter(choose(200));
        if (choose(2))
            faults_shortage(place, ERROR_NO_SYSTEM_RESOURCES);
        else
            pause_for_a_while(&server);
        loiter(choose(300));
        faults_shortage(place, 0);
        watch_stop(&server, CLOSE_AT_ONCE);
        for (int i = 0; i < 3; i++)
            thread_wait(threads[i]);
    }
    watch_end(&server);
}

static void ender(void *server)
{
    end(((watch *)server)->engine);
}

/* Two threads end the engine at once, also while its last instance serves nobody and only keeps the name. */
void scenario_ended_by_two(void)
{
    static const DWORD number = 1;
    int threads[3];
    watch server;

    watch_begin(&server);
    server.loses_name = true; /* SERVER_ERROR comes */
    server.settings.threads = 1 + choose(2);
    server.settings.backlog = 1;
    thread_wait(thread_begin(start, &server, "starter"));
    if (starts)
    {
        faults_shortage(FAULT_CREATE_PIPE, ERROR_NO_SYSTEM_RESOURCES);
        threads[0] = thread_begin(client, (void *)&number, "client");
        loiter(choose(200));
        threads[1] = thread_begin(ender, &server, "ender");
        threads[2] = thread_begin(ender, &server, "ender");
        for (int i = 1; i < 3; i++)
            thread_wait(threads[i]);
        watch_stop(&server, CLOSE_AT_ONCE);
        thread_wait(threads[0]);
        faults_shortage(FAULT_CREATE_PIPE, 0);
    }
    watch_end(&server);
}

#include "crowd.h"
#include "failure.h"
#include "faults.h"
#include "service.h"
#include "scheduler.h"
#include "threads.h"

static uint32_t events_left; /* until a handler calls Leave */
static LONGLONG left_at;     /* sequence of the newest event then; 0: no handler has called it first */
static bool other_left;      /* a Leave that comes later moves nothing */

static void on_event(host *h, endpoint *e, pipe_event *event)
{
    (void)e;
    (void)event;
    if (events_left-- != 0)
        return;
    left_at = other_left ? 0 : h->queue->backlog.sequence;
    queue_leave(h->queue, true);
}

/* May come ahead of the loop, which then returns at once. */
static void leaver(void *of)
{
    host *h = of;

    loiter(choose(400));
    if (choose(2))
        Sleep(choose(100));
    other_left = true;
    queue_leave(h->queue, true);
    host_drop_user(h);
}

/* What was queued before the handler called Leave has been raised. */
static void check_left(const host *h)
{
    backlog_limit limit = {left_at, no_limit.run};
    bool waits;

    lock_acquire(&h->queue->lock);
    waits = backlog_has(&h->queue->backlog, h->way, NULL, &limit);
    lock_release(&h->queue->lock);
    if (waits)
        fail("a loop ends by a leave, and an event that was queued before it waits");
}

static void check_limit(uint64_t begun, DWORD ms, loop_end end)
{
    uint64_t took = scheduler_now() - begun;

    if (faults_made() || scheduler_has_hurried())
        return;
    if (end == LOOP_TIMEOUT && (took < ms || took > ms + SOON_MS))
        fail("a loop of %u ms lasts %u ms", ms, (unsigned)took);
}

/* A thread is inside loops with a limit of time, until a handler or another thread calls Leave. */
void scenario_loops(void)
{
    host server;
    crowd clients;
    int thread;

    left_at = 0;
    other_left = false;
    events_left = choose(20);
    if (host_begin(&server, choose(2) ? QUEUE_WINDOW : QUEUE_WAITERS) && host_start(&server) == 0)
    {
        loop_end end = LOOP_TIMEOUT;

        server.on_event = on_event;
        server.stop_ms = SOON_MS;
        crowd_init(&clients, 1 + choose(3), true);
        crowd_begin(&clients, 1 + (int)choose(2));
        host_add_user(&server);
        thread = thread_begin(leaver, &server, "leaver");
        for (uint32_t i = 0; i < 3 && end == LOOP_TIMEOUT; i++)
        {
            DWORD ms = choose(60);
            uint64_t begun = scheduler_now();

            end = host_loop(&server, ms);
            check_limit(begun, ms, end);
        }
        if (end == LOOP_TIMEOUT)
            end = host_loop(&server, INFINITE);
        if (end == LOOP_LEFT)
            check_left(&server);
        thread_wait(thread);
        host_stop(&server, 0);
        crowd_end(&clients);
        host_settle(&server);
    }
    host_end(&server);
}

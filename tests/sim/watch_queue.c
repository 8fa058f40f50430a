/* The life of a host, and its waits. */

#include "watch_queue.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "message_queue.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

#include <stdlib.h>

#define GONE_MS 600000
#define SETTLE_MS 2000
#define LOOK_MS 10

/* ---- the memory ---- */

bool host_hold(host *h)
{
    return count_up(&h->holds);
}

static void free_memory(host *h)
{
    queue_release(h->queue); /* and with it the window */
    CloseHandle(h->not_stopping);
    free(h->memory);
    h->queue = NULL;
    h->memory = NULL; /* last: the scenario's thread may go on */
}

/* The memory goes on the window's thread, so that no task of the queue runs meanwhile; or, if that thread has ended, on
 * any. */
static void end_task(task *t)
{
    host *h = CONTAINER_OF(t, host_memory, end)->host;

    if (locks_held())
        fail("the end of the host comes with a lock held");
    if (h->window && scheduler_current() != h->window_thread && !scheduler_has_ended(h->window_thread))
        fail("the end of the host comes on another thread than the window's");
    free_memory(h);
}

void host_release(host *h)
{
    if (count_down(&h->holds) == 0)
        thread_window_run(h->window, &h->memory->end);
}

bool host_is_gone(const host *h)
{
    return !h->memory;
}

/* ---- begin ---- */

static void draw_settings(host *h)
{
    h->settings.path = SIM_PATH;
    h->settings.threads = 1 + choose(3);
    h->settings.backlog = 1 + choose(2);
    h->settings.flow.buffer_size = 16 << choose(4);
    h->settings.flow.read_continuously = true;
    h->settings.flow.receive_limit = choose(2) ? 600 : 0;
    h->echoes = true;
}

static void make_memory(host *h)
{
    host_memory *m = calloc(1, sizeof(*m));

    m->host = h;
    m->owner.calls = &host_queue_calls;
    m->end.run = m->end.abandon = end_task;
    audience_init(&m->audience);
    h->memory = m;
}

queue_way some_way(void)
{
    return (queue_way)choose(3);
}

bool host_begin(host *h, queue_way way)
{
    faults_of_windows();
    memset(h, 0, sizeof(*h));
    h->way = way;
    h->window_thread = scheduler_current();
    supplies_begin(&h->supplies);
    draw_settings(h);
    make_memory(h);
    h->holds = h->users = h->references = 1;
    h->window = way == QUEUE_WAITERS ? NULL : thread_window_get();
    h->not_stopping = CreateEventW(NULL, TRUE, TRUE, NULL);
    if ((way == QUEUE_WAITERS || h->window) && h->not_stopping)
        h->queue = queue_create(&h->memory->owner, h->window);
    if (h->queue)
    {
        host_set_sink(h, 0, true);
        host_set_sink(h, 1, choose(3) == 2);
        return true;
    }
    if (!faults_made())
        fail("a host cannot be made, without a fault");
    if (h->window)
        thread_window_release(h->window);
    if (h->not_stopping)
        CloseHandle(h->not_stopping);
    free(h->memory);
    h->memory = NULL;
    h->users = h->references = 0;
    return false;
}

/* ---- end ---- */

static bool is_gone_or_has_input(void *of)
{
    return host_is_gone(of) || message_queue_has_input(((const host *)of)->window_thread);
}

/* Waits until the last worker, and the last task for this thread, have let the memory go. */
static void await_end(host *h)
{
    uint64_t until = scheduler_in(GONE_MS);
    int me = scheduler_current();

    while (!host_is_gone(h))
    {
        uint64_t timer = message_queue_next_timer(me);

        thread_window_reap();
        if (me == h->window_thread)
            host_pump();
        scheduler_wait(is_gone_or_has_input, h, timer < until ? timer : until, "the end of a host", 0);
        if (scheduler_now() >= until && !host_is_gone(h))
            fail("a host is not freed: %d holds are left", h->holds);
    }
}

static void free_records(host *h)
{
    endpoint *e;

    while ((e = h->endpoints) != NULL)
    {
        if (e->object || e->turn.inside)
            fail("the object of a connection is left at the end");
        h->endpoints = e->next;
        free(e);
    }
}

void host_end(host *h)
{
    if (h->references)
        host_drop_user(h);
    await_end(h);
    if (h->runs || h->progress_out || h->raising)
        fail("a run, or what a refused event had kept, is left at the end");
    free_records(h);
    clients_free(h);
    supplies_end(&h->supplies);
    locks_forget(h, sizeof(*h));
}

/* ---- what is left after a stop ---- */

/* Of those that somebody receives. */
static const endpoint *first_untold(host *h)
{
    for (endpoint *e = h->endpoints; e; e = e->next)
        if ((host_sinks_of(h, e)[0] || host_sinks_of(h, e)[1]) && e->object && !e->view.disconnected &&
            !LOAD_ACQUIRE(&e->run->run.state.silenced))
            return e;
    return NULL;
}

static bool lacks_report(const host *h)
{
    for (const host_run *r = h->runs; r; r = r->next)
        if (turn_lacks_report(h, &r->own, r))
            return true;
    return false;
}

void host_settle(host *h)
{
    uint64_t until = scheduler_in(SETTLE_MS);

    if (h->misses)
        return;
    while ((first_untold(h) || lacks_report(h)) && scheduler_now() < until)
    {
        if (h->window)
            host_pump();
        if (h->window || host_loop(h, LOOK_MS) == LOOP_FAILED)
            Sleep(LOOK_MS);
    }
    if (first_untold(h) && !faults_made())
        fail("the end of a connection is never told");
    if (lacks_report(h) && !faults_made())
        fail("a report of a failed handler is never told");
}

/* ---- waits ---- */

loop_end host_loop(host *h, DWORD ms)
{
    int me = scheduler_current();
    loop_end end;

    host_hold(h);
    h->waits[me]++;
    end = loop_enter(h->queue, h->window != NULL, ms);
    h->waits[me]--;
    host_release(h);
    if (end == LOOP_FAILED && !faults_made())
        fail("a loop fails without a fault");
    return end;
}

static bool is_running(void *of)
{
    return host_is_running(of);
}

bool host_wait_event(host *h, DWORD ms)
{
    int me = scheduler_current();
    pipe_event *event;

    host_hold(h);
    queue_note_waiting(h->queue);
    h->waits[me]++;
    event = loop_wait_event(h->queue, h->window != NULL, ms, is_running, h);
    h->waits[me]--;
    if (event)
    {
        host_handle_taken(h, event);
        queue_end_event(h->queue, event);
    }
    host_release(h);
    return event != NULL;
}

void host_pump(void)
{
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
    {
        TranslateMessage(&message);
        DispatchMessageW(&message);
    }
}

/* By the seed a wait of the window's thread dispatches messages or not: COM dispatches some. */
bool host_await(host *h, HANDLE handle, DWORD ms)
{
    bool pumps = h->window && scheduler_current() == h->window_thread && (h->pumps || choose(2));

    return loop_wait_handle(handle, pumps, ms) == 0;
}

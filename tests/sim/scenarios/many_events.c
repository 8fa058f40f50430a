#include "base/lock.h"
#include "expect.h"
#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

#define MESSAGES 200
#define MOST 40 /* events that the owner lets wait */

static lock owners; /* guards `waiting`, and orders the pauses and their ends */
static unsigned waiting, seen;

/* The owner pauses the engine when many events wait, as deliver does: under the lock that the end of a pause needs. */
static void count(watch *w, view *v, pipe_event *event)
{
    (void)v;
    if (event->kind != PIPE_MESSAGE)
        return;
    seen++;
    lock_acquire(&owners);
    if (++waiting == MOST)
        engine_pause(w->engine, true);
    lock_release(&owners);
}

/* Returns whether the engine goes on. */
static bool take_one(watch *w)
{
    bool goes_on;

    lock_acquire(&owners);
    goes_on = --waiting == MOST / 2;
    if (goes_on)
        engine_pause(w->engine, false);
    lock_release(&owners);
    return goes_on;
}

static bool has_work_or_rests(void *of)
{
    const watch *w = of;

    return !list_empty(&w->held) || seen == MESSAGES || (w->views && w->views->disconnected);
}

static void consume(void *of)
{
    watch *w = of;

    while (expect_within(600000, has_work_or_rests, w, "the next message") && watch_release_oldest(w))
        if (take_one(w))
            engine_advance(w->engine);
}

/* A client sends hundreds of messages faster than the owner takes them. The engine pauses and goes on, and all come in
 * their order. */
void scenario_many_events(void)
{
    watch server;
    peer client;
    int thread;

    memset(&owners, 0, sizeof(owners));
    waiting = seen = 0;
    watch_begin(&server);
    server.keeps = true;
    server.echoes = false;
    server.on_event = count;
    server.settings.flow.receive_limit = 0;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        thread = thread_begin(consume, &server, "consumer");
        for (int i = 0; i < MESSAGES; i++)
            peer_write(&client, 8 + choose(8));
        peer_close(&client);
        thread_wait(thread);
        server.keeps = false;
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

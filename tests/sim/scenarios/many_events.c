#include "expect.h"
#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

#define MESSAGES 200
#define MOST 40 /* events that the owner lets wait */

static unsigned waiting, seen;

/* The owner pauses the engine when many events wait, as deliver does. */
static void count(watch *w, view *v, pipe_event *event)
{
    (void)v;
    if (event->kind != PIPE_MESSAGE)
        return;
    seen++;
    if (++waiting == MOST)
        engine_pause(w->engine, true);
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
        if (--waiting == MOST / 2)
        {
            engine_pause(w->engine, false);
            engine_advance(w->engine);
        }
}

/* A client sends hundreds of messages faster than the owner takes them. The engine pauses and goes on, and all come in
 * their order. */
void scenario_many_events(void)
{
    watch server;
    peer client;
    int thread;

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

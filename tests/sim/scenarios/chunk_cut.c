#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

#define BUFFER 5000 /* bytes; longer than the read that waits at first */

static DWORD came;      /* bytes of the chunks that were handed over */
static bool stays_open; /* the client, after its last write */
static bool may_go;

static void run_client(void *of)
{
    peer *client = of;

    peer_open(client, 1, true);
    for (uint32_t i = 1 + choose(3); i > 0; i--)
    {
        if (choose(2))
            peer_write(client, READ_SHORT + choose(3000));
        loiter(choose(100));
        peer_write_and_cancel(client, 70000 + choose(1000)); /* more than the pipe holds */
    }
    if (stays_open)
        scheduler_wait(is_set, &may_go, scheduler_in(600000), "the server to have looked", 0);
    peer_close(client);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_MESSAGE)
        came += event->bytes;
}

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

static void judge(view *v)
{
    LONGLONG read;

    if (stays_open)
        Sleep(3000);
    else if (!expect_within(3000, has_ended, v, "the end of a client that has left"))
        return;
    read = connection_traffic(v->connection).bytes_received;
    if (read != came && time_is_judged())
        fail("%u bytes were handed over, and %u were read", came, (unsigned)read);
}

/* A server reads chunks, and a client cancels writes at any moment, and leaves or stays. What was read of a chunk is
 * handed over. */
void scenario_chunk_cut(void)
{
    watch server;
    peer client;
    int thread;

    came = 0;
    may_go = false;
    stays_open = choose(2);
    watch_begin(&server);
    server.settings.flow.buffer_size = BUFFER;
    server.settings.flow.framing = FRAMING_CHUNKS;
    server.settings.flow.receive_limit = 0;
    server.holds_events = false;
    server.echoes = false;
    server.is_stream = true;
    server.on_event = on_event;
    if (watch_start(&server))
    {
        thread = thread_begin(run_client, &client, "client");
        if (choose(4) == 0)
            loiter(choose(400));
        else if (expect_within(60000, has_client, &server, "a client"))
            judge(server.views);
        may_go = true;
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        thread_wait(thread);
    }
    watch_end(&server);
}

/* ---- whole messages ---- */

static DWORD sizes[8];
static unsigned next_chunk;

static void on_chunk(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind != PIPE_MESSAGE)
        return;
    if (event->bytes != sizes[next_chunk] && !faults_made())
        fail("a chunk has %u bytes, and its message %u", event->bytes, sizes[next_chunk]);
    next_chunk += next_chunk < ARRAYSIZE(sizes) - 1; /* after a fault a chunk may come in parts */
}

static bool has_lost_its_client(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

/* On a pipe of messages a chunk ends with its message, also where the message just fills the read. */
void scenario_chunk_ends(void)
{
    watch server;
    peer client;

    next_chunk = 0;
    watch_begin(&server);
    server.settings.flow.buffer_size = BUFFER;
    server.settings.flow.framing = FRAMING_CHUNKS;
    server.settings.flow.receive_limit = 0;
    server.echoes = false;
    server.is_stream = true;
    server.on_event = on_chunk;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (unsigned i = 0; i < ARRAYSIZE(sizes); i++)
            sizes[i] = choose(2) ? READ_SHORT : 1 + choose(BUFFER);
        for (unsigned i = 0; i < ARRAYSIZE(sizes); i++)
            peer_write(&client, sizes[i]);
        peer_close(&client);
        if (!client.is_broken)
            expect_within(600000, has_lost_its_client, &server, "the end of a client that has left");
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

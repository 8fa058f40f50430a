#include "failure.h"
#include "faults.h"
#include "network.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

#define PATH L"\\\\far\\pipe\\sim"
#define LONG 3000 /* bytes; longer than the read that waits at first */
#define BUFFER 5000

static BYTE question[LONG];
static bool greets;

static void greet(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED && greets)
        view_write(v, "greeting", 8);
}

static void ask_once(watch *client, view *v)
{
    DWORD size = choose(2) ? LONG : 1 + choose(100), bytes;
    payload *p = payload_create(question, size);
    buffer *answer;

    if (!p)
        return;
    connection_ask(v->connection, p, choose(4) ? 120000 : choose(100), wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (!answer)
        return;
    if (bytes > LONG && client->settings.flow.framing == FRAMING_PIPE)
        fail("an ask gets an answer of %u bytes that nobody has written", bytes);
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void run_client(void *unused)
{
    watch client;

    (void)unused;
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.buffer_size = BUFFER;
    client.settings.flow.framing = choose(2) ? FRAMING_CHUNKS : FRAMING_PIPE;
    client.path = PATH;
    client.echoes = false;
    client.is_stream = true;
    if (watch_start(&client))
    {
        /* A time that is up before the engine begins the first try is no reason to make none. */
        view *v = watch_dial(&client, choose(2) ? 60000 : 1 + choose(4));

        for (uint32_t i = 1 + choose(3); v && i > 0; i--)
            ask_once(&client, v);
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
}

/* A server of another computer, which may greet its clients, is asked: the peeks between two reads, and those of a
 * chunk, may take long. */
void scenario_remote_asks(void)
{
    watch server;
    int thread;

    greets = choose(2);
    watch_begin(&server);
    server.settings.access.allow_remote = true;
    server.settings.flow.receive_limit = 0;
    server.is_stream = true;
    server.on_event = greet;
    if (watch_start(&server))
    {
        thread = thread_begin(run_client, NULL, "client");
        thread_wait(thread);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

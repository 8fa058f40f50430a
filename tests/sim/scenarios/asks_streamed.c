#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"
#include "ways.h"

#define LINES 40 /* of 8 bytes each: more than the client's read takes */

static bool is_wanted, has_streamed;

static void stream(foreign *h)
{
    BYTE data[8 * LINES];

    for (DWORD i = 0; i < sizeof(data); i++)
        data[i] = i % 8 == 7 ? '\n' : 'x';
    foreign_write(h, data, sizeof(data), 60000);
}

static void run_host(void *of)
{
    BYTE data[200];
    foreign *h = of;
    DWORD bytes;

    if (foreign_await(h, 60000))
    {
        scheduler_wait(is_set, &is_wanted, scheduler_in(600000), "a client that reads", 0);
        stream(h);
        has_streamed = true;
        if (!foreign_read(h, data, sizeof(data), &bytes, 60000))
            foreign_write(h, "answer\n", 7, 60000);
        foreign_read(h, data, sizeof(data), &bytes, 60000);
    }
    foreign_close(h);
}

static void ask_behind_stream(watch *client, view *v)
{
    payload *p = payload_create_frame(client->settings.flow.framing, "question", 8);
    buffer *answer;
    DWORD bytes, error;

    if (!p)
        return;
    loiter(50); /* the read is under way by then */
    is_wanted = true;
    scheduler_wait(is_set, &has_streamed, scheduler_in(60000), "the stream", 0);
    error = connection_ask(v->connection, p, 30000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error && !faults_made())
        fail("an ask behind a stream ends with %u", error);
    if (!answer)
        return;
    if (!faults_made() && (!bytes || answer->data[0] != 'a'))
        fail("the answer is a part of the stream that had come before the ask");
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void run_client(watch *client, foreign *h)
{
    int thread = thread_begin(run_host, h, "host");
    view *v = watch_dial(client, 60000);

    if (v && expect_within(60000, is_connected, v, "CONNECTED"))
        ask_behind_stream(client, v);
    is_wanted = true;
    watch_stop(client, CLOSE_AT_ONCE);
    thread_wait(thread);
}

/* A server in byte mode writes unasked, more than a read takes, just before an ask begins; its answer stands right
 * behind that. The answer comes, and nothing of what was there before. */
void scenario_asks_streamed(void)
{
    watch client;
    foreign h;

    is_wanted = has_streamed = false;
    ways.completes_late = false; /* a write has ended: then so has the read */
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1))
        fail("the host is refused");
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.framing = choose(2) ? FRAMING_LINES : FRAMING_CHUNKS;
    client.echoes = false;
    client.is_stream = true;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    foreign_close(&h);
}

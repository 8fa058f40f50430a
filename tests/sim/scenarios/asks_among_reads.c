#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static view *asked;

static void run_host(void *of)
{
    BYTE data[20];
    foreign *h = of;
    DWORD bytes;

    if (foreign_await(h, 60000))
    {
        for (uint32_t i = choose(3); i > 0; i--)
        {
            loiter(choose(100));
            foreign_write(h, "unasked", 7, 60000);
        }
        while (!foreign_read(h, data, sizeof(data), &bytes, 60000))
            foreign_write(h, "answer", 6, 60000);
    }
    foreign_close(h);
}

static void run_asker(void *of)
{
    watch *client = of;
    payload *p = payload_create("question", 8);
    buffer *answer;
    DWORD bytes, error;

    if (!p)
        return;
    loiter(choose(200));
    error = connection_ask(asked->connection, p, 60000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error && error != PIPE_ERROR_READS_WAIT && time_is_judged())
        fail("an ask fails with %u", error);
    if (!answer)
        return;
    if (memcmp(answer->data, bytes == 6 ? "answer" : "unasked", bytes) != 0)
        fail("an ask gets %u bytes that nobody has written", bytes);
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_MESSAGE && !event->cookie)
        fail("a message comes that nobody has asked for");
}

static void read_some(void)
{
    for (uint32_t i = choose(4); i > 0; i--)
    {
        DWORD error = view_read(asked);

        if (error && error != PIPE_ERROR_IS_ASKED && time_is_judged())
            fail("connection_read fails with %u", error);
        loiter(choose(100));
    }
}

static void run_client(watch *client, foreign *h)
{
    int thread = thread_begin(run_host, h, "host");

    asked = watch_dial(client, 60000);
    if (asked && expect_within(60000, is_connected, asked, "CONNECTED"))
    {
        int asker = thread_begin(run_asker, client, "asker");

        read_some();
        thread_wait(asker);
    }
    watch_stop(client, CLOSE_AT_ONCE);
    thread_wait(thread);
}

/* One thread asks a connection, another reads from it: the ask is refused while requests wait, and they are from the
 * first ask on. */
void scenario_asks_among_reads(void)
{
    watch client;
    foreign h;

    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.read_continuously = false;
    client.asks = true;
    client.echoes = false;
    client.is_stream = true;
    client.on_event = on_event;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    foreign_close(&h);
}

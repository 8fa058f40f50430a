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

#define LONGEST 4000 /* bytes, and fewer; the client's buffer is longer */

static DWORD sent, came;
static bool is_wanted;

static void run_host(void *of)
{
    static BYTE data[LONGEST];
    foreign *h = of;

    if (foreign_await(h, 60000))
    {
        for (uint32_t i = 1 + choose(4); i > 0; i--)
        {
            DWORD size = 1 + choose(LONGEST - 1);

            scheduler_wait(is_set, &is_wanted, scheduler_in(600000), "a client that reads", 0);
            Sleep(100); /* the client reads again by then */
            if (!foreign_write(h, data, size, 60000))
                sent += size;
        }
        DisconnectNamedPipe(h->handle);
    }
    foreign_close(h);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_MESSAGE)
        came += event->bytes;
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

/* A server that does not wait until its messages are read disconnects its client right behind the last. A read of the
 * client waited for it, and has it. */
void scenario_thrown_out_after(void)
{
    bool of_bytes = choose(2);
    watch client;
    foreign h;
    int thread;
    view *v;

    sent = came = 0;
    is_wanted = false;
    ways.completes_late = false;
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, of_bytes ? PIPE_TYPE_BYTE : PIPE_TYPE_MESSAGE, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    watch_begin(&client);
    client.settings.path = NULL;
    client.is_stream = true;
    client.settings.flow.buffer_size = 5000;
    client.settings.flow.receive_limit = 0;
    client.holds_events = false;
    client.echoes = false;
    client.on_event = on_event;
    if (watch_start(&client))
    {
        v = watch_dial(&client, 60000);
        if (v && expect_within(60000, is_connected, v, "CONNECTED"))
        {
            Sleep(100);
            is_wanted = true;
            expect_within(60000, has_ended, v, "the end of a client that was disconnected");
            if (came != sent && time_is_judged())
                fail("%u bytes of %u came", came, sent);
        }
        is_wanted = true;
        watch_stop(&client, CLOSE_AT_ONCE);
    }
    is_wanted = true;
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

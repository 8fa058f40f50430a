#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/connection.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

static DWORD came;      /* bytes of the chunks that were handed over */
static bool stays_open; /* the server, after the cancelled write */
static bool may_go;

static bool is_set(void *flag)
{
    return *(bool *)flag;
}

static void run_host(void *of)
{
    static BYTE data[9000];
    foreign *h = of;

    if (foreign_await(h, 60000))
    {
        loiter(choose(200));
        foreign_write(h, data, sizeof(data), choose(2)); /* then it is cancelled */
    }
    if (stays_open)
        scheduler_wait(is_set, &may_go, scheduler_in(600000), "the client to have looked", 0);
    foreign_close(h);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_MESSAGE)
        came += event->bytes;
}

static bool is_connected(void *of)
{
    return ((const view *)of)->connected;
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

/* Takes no lock: threads do not run while the simulation asks. */
static bool has_all(void *of)
{
    return ((const view *)of)->connection->carried.bytes_received == came;
}

static void judge(view *v)
{
    if (stays_open)
    {
        loiter(200);
        expect_within(3000, has_all, v, "the bytes that were read");
        return;
    }
    if (expect_within(3000, has_ended, v, "the end of a pipe whose server has left") && !has_all(v) && !faults_made())
        fail("%u bytes were handed over, and %u were read", came, (unsigned)v->connection->carried.bytes_received);
}

/* A foreign server's write of a long chunk is cancelled at any moment, and it leaves or stays. What was read of the
 * chunk is handed over. */
void scenario_chunk_cut(void)
{
    watch client;
    foreign h;
    int thread;
    view *v;

    came = 0;
    may_go = false;
    stays_open = choose(2);
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    watch_begin(&client);
    client.settings.path = NULL;
    client.is_stream = true;
    client.settings.flow.buffer_size = 5000;
    client.settings.flow.read_continuously = true;
    client.echoes = false;
    client.on_event = on_event;
    if (watch_start(&client))
    {
        v = watch_dial(&client, 60000);
        if (v && expect_within(60000, is_connected, v, "CONNECTED"))
            judge(v);
        may_go = true;
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    may_go = true;
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

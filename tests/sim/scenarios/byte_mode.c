#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

#define LONGEST 9000

static DWORD sent, came; /* bytes of the stream from the server */
static DWORD longest;    /* bytes of what the server writes at once */

static void fill(BYTE *data, DWORD size, DWORD from)
{
    for (DWORD i = 0; i < size; i++)
        data[i] = (BYTE)((from + i) * 7);
}

static void run_host(void *of)
{
    static BYTE data[LONGEST];
    foreign *h = of;
    DWORD bytes, got = 0;

    if (!foreign_await(h, 60000))
        return;
    for (uint32_t i = 1 + choose(4); i > 0; i--)
    {
        DWORD size = choose(4) ? choose(longest) : 0;

        if (longest > READ_SHORT && choose(2))
            size = READ_SHORT; /* a short read is full, and nothing is left */

        fill(data, size, sent);
        if (foreign_write(h, data, size, 60000))
            break;
        sent += size;
        loiter(choose(30));
    }
    while (got < 300 && !foreign_read(h, data, sizeof(data), &bytes, 60000)) /* what the client writes */
        got += bytes;
    foreign_close(h);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    static BYTE expected[4 * LONGEST];
    BYTE data[150] = {0};

    (void)w;
    if (event->kind == PIPE_CONNECTED)
        for (int i = 0; i < 2; i++)
            view_write(v, data, sizeof(data));
    if (event->kind != PIPE_MESSAGE)
        return;
    fill(expected, event->bytes, came);
    if (!event->bytes || memcmp(expected, event->buffer->data, event->bytes) != 0)
        fail("a chunk of %u bytes is not what comes after %u bytes of the stream", event->bytes, came);
    if (connection_get_status(event->connection).message_mode)
        fail("a connection to a server in byte mode says that it reads messages");
    came += event->bytes;
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

static void stream(DWORD buffer_size, bool is_stopped_early)
{
    watch client;
    foreign h;
    int thread;
    view *v;

    sent = came = 0;
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    watch_begin(&client);
    client.settings.path = NULL;
    client.is_stream = true;
    if (buffer_size)
        client.settings.flow.buffer_size = buffer_size;
    client.echoes = false;
    client.on_event = on_event;
    if (watch_start(&client))
    {
        v = watch_dial(&client, 60000);
        if (v && is_stopped_early)
            loiter(choose(60));
        else if (v && expect_within(2500, has_ended, v, "the end of a pipe whose server has left") && came != sent &&
                 !faults_made())
            fail("%u of %u bytes came", came, sent);
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

/* A foreign server writes a stream, also in empty pieces. The chunks that come are the stream, and none is empty. */
void scenario_byte_mode(void)
{
    longest = 400;
    stream(0, false);
}

/* The same in pieces that are longer than the read that waits, and than the longest read. */
void scenario_long_chunks(void)
{
    longest = LONGEST;
    stream(5000, choose(2));
}

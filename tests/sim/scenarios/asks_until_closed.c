#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static BYTE data[300];
static DWORD size;        /* bytes of the answer */
static bool leaves_early; /* without reading the question */

static void answer(foreign *h)
{
    BYTE question[20];
    DWORD bytes, piece;

    if (leaves_early || foreign_read(h, question, sizeof(question), &bytes, 60000))
        return;
    for (DWORD at = 0; at < size; at += piece)
    {
        piece = 1 + choose(size - at);
        if (foreign_write(h, data + at, piece, 60000))
            return;
    }
}

static void run_host(void *of)
{
    foreign *h = of;

    if (foreign_await(h, 60000))
    {
        loiter(choose(100));
        answer(h);
    }
    foreign_close(h);
}

static void ask(watch *client, view *v)
{
    payload *p = payload_create("question", 8);
    buffer *got;
    DWORD bytes, error;

    if (!p)
        return;
    error = connection_ask(v->connection, p, 60000, wait_for, NULL, &got, &bytes);
    payload_release(p);
    if (error && time_is_judged() && !(leaves_early && error == PIPE_ERROR_NOT_OPEN))
        fail("an ask fails with %u whose server answers by leaving", error);
    if (!got)
        return;
    if (bytes != (leaves_early ? 0 : size) || memcmp(got->data, data, bytes) != 0)
        fail("an ask gets %u bytes, where %u were written", bytes, size);
    client->owner.buffers->free(client->owner.buffers, got);
}

static void run_client(watch *client, foreign *h)
{
    int thread = thread_begin(run_host, h, "host");
    view *v = watch_dial(client, 60000);

    if (v)
        ask(client, v);
    watch_stop(client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    thread_wait(thread);
}

/* All that a server writes until it leaves is the answer, also if that is nothing. */
void scenario_asks_until_closed(void)
{
    DWORD type = choose(2) ? PIPE_TYPE_BYTE : PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;
    watch client;
    foreign h;

    memset(data, 'a', sizeof(data));
    size = choose(3) ? choose(sizeof(data)) : 0;
    leaves_early = choose(4) == 0;
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, type, 1))
        fail("the host is refused");
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.framing = FRAMING_UNTIL_CLOSED;
    client.echoes = false;
    client.is_stream = true;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    foreign_close(&h);
}

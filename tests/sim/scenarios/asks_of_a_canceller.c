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

#define MUCH 10000 /* bytes; more than the pipe takes while nobody reads */
#define SOON_MS 20 /* until all threads wait, where time passes only then */

static BYTE much[MUCH];
static bool is_wanted, is_written;

/* The first read of the client may have a part of the message by then. */
static void write_and_cancel(foreign *h)
{
    OVERLAPPED overlapped = {.hEvent = h->event};
    DWORD bytes;
    BOOL ok;

    ResetEvent(h->event);
    ok = WriteFile(h->handle, much, MUCH, NULL, &overlapped);
    is_written = true;
    if (!ok && GetLastError() != ERROR_IO_PENDING)
        return;
    loiter(choose(200));
    CancelIoEx(h->handle, &overlapped);
    GetOverlappedResult(h->handle, &overlapped, &bytes, TRUE);
}

static void run_host(void *of)
{
    BYTE data[20];
    foreign *h = of;
    DWORD bytes;

    if (foreign_await(h, 60000))
    {
        scheduler_wait(is_set, &is_wanted, scheduler_in(600000), "a client that reads", 0);
        write_and_cancel(h);
        Sleep(SOON_MS); /* what is written before the client's peek is taken for the rest */
        if (!foreign_read(h, data, sizeof(data), &bytes, 60000))
            foreign_write(h, "answer", 6, 60000);
        foreign_read(h, data, sizeof(data), &bytes, 60000);
    }
    foreign_close(h);
}

static void ask(watch *client, view *v)
{
    payload *p = payload_create("question", 8);
    buffer *answer;
    DWORD bytes, error;

    if (!p)
        return;
    loiter(50); /* the read is under way by then */
    is_wanted = true;
    scheduler_wait(is_set, &is_written, scheduler_in(60000), "the message", 0);
    error = connection_ask(v->connection, p, 60000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error && time_is_judged())
        fail("an ask behind a message that was cancelled fails with %u", error);
    if (!answer)
        return;
    if ((bytes != 6 || memcmp(answer->data, "answer", 6) != 0) && time_is_judged())
        fail("an ask gets an answer of %u bytes, which is a part of what was cancelled", bytes);
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void run_client(watch *client, foreign *h)
{
    int thread = thread_begin(run_host, h, "host");
    view *v = watch_dial(client, 60000);

    if (v && expect_within(60000, is_connected, v, "CONNECTED"))
        ask(client, v);
    is_wanted = true;
    watch_stop(client, CLOSE_AT_ONCE);
    thread_wait(thread);
}

/* A server cancels a message of which the client has read a part when it asks: the next message is the answer. */
void scenario_asks_of_a_canceller(void)
{
    watch client;
    foreign h;

    is_wanted = is_written = false;
    ways.completes_late = false; /* a read has ended when the write has begun */
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    watch_begin(&client);
    client.settings.path = NULL;
    client.echoes = false;
    client.is_stream = true;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    foreign_close(&h);
}

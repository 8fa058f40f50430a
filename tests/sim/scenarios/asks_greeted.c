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

static bool is_wanted, has_greeted, begins_long;

static void run_host(void *of)
{
    BYTE data[200] = {0}; /* longer than the client's buffer */
    foreign *h = of;
    DWORD bytes;

    if (foreign_await(h, 60000))
    {
        if (begins_long)
            foreign_write(h, data, sizeof(data), 60000);
        scheduler_wait(is_set, &is_wanted, scheduler_in(600000), "a client that reads", 0);
        foreign_write(h, "greeting", 8, 60000); /* ends the client's read */
        has_greeted = true;
        if (!foreign_read(h, data, sizeof(data), &bytes, 60000))
            foreign_write(h, "answer", 6, 60000);
        foreign_read(h, data, sizeof(data), &bytes, 60000);
    }
    foreign_close(h);
}

static void ask_after_greeting(watch *client, view *v)
{
    payload *p = payload_create("question", 8);
    buffer *answer;
    DWORD bytes;

    if (!p)
        return;
    loiter(50); /* the read is under way by then */
    is_wanted = true;
    scheduler_wait(is_set, &has_greeted, scheduler_in(60000), "the greeting", 0);
    connection_ask(v->connection, p, 60000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (!answer)
        return;
    if (bytes == 8 && memcmp(answer->data, "greeting", 8) == 0 && !(begins_long && faults_made()))
        fail("the answer is a message whose read had ended before the ask");
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void run_client(watch *client, foreign *h)
{
    int thread = thread_begin(run_host, h, "host");
    view *v = watch_dial(client, 60000);

    if (v && expect_within(60000, is_connected, v, "CONNECTED"))
        ask_after_greeting(client, v);
    is_wanted = true;
    watch_stop(client, CLOSE_AT_ONCE);
    thread_wait(thread);
}

/* A server writes unasked, and the client's read has ended, when an ask begins; no worker may have taken its packet
 * yet. What came before an ask is no answer. */
void scenario_asks_greeted(void)
{
    watch client;
    foreign h;

    is_wanted = has_greeted = false;
    /* Then the read that the greeting ends has no room for it; or no read has come to it yet, and a peek, which may
     * fail, must tell of it. */
    begins_long = choose(2);
    ways.completes_late = false; /* a write has ended: then so has the read */
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

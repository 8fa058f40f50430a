#include "expect.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

#define LONG 200 /* bytes; more than the client's buffer */

static BYTE data[LONG + 1000];

static DWORD some_size(void)
{
    switch (choose(3))
    {
    case 0: return 0;
    case 1: return choose(20);
    default: return LONG + choose(1000);
    }
}

/* Whoever reads nothing of a message before it knows how long it is may know that, and find nothing of it. */
static void run_host(void *of)
{
    foreign *h = of;

    if (!foreign_await(h, 60000))
        return;
    foreign_write(h, data, LONG, 60000);
    for (uint32_t i = 1 + choose(6); i > 0; i--)
        foreign_write(h, data, some_size(), 60000);
    loiter(choose(3) * 20);
    faults_spare();
    DisconnectNamedPipe(h->handle);
    faults_spare_no_more();
    foreign_close(h);
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

/* A foreign server writes messages that are longer than the client's buffer, short or empty, and throws its client out
 * at once: what was not read is lost, also of a message that a read has told of. */
void scenario_host_disconnects_behind(void)
{
    watch client;
    foreign h;
    int thread;
    view *v;

    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        return;
    thread = thread_begin(run_host, &h, "host");
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.receive_limit = 0;
    client.is_stream = true;
    client.echoes = false;
    if (watch_start(&client))
    {
        v = watch_dial(&client, 60000);
        if (v)
            expect_within(2000 + AT_ONCE_MS, has_ended, v, "the end of a pipe whose server has thrown its client out");
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

#include "expect.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static void run_host(void *of)
{
    foreign *h = of;

    if (!foreign_await(h, 60000))
        return;
    loiter(choose(60));
    faults_spare();
    DisconnectNamedPipe(h->handle); /* what is in the pipe is lost, and each call of the client says so */
    faults_spare_no_more();
    loiter(choose(60));
    foreign_close(h);
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

/* A foreign server throws its client out at any moment, also while the client still asks what kind of pipe it has. */
void scenario_host_disconnects(void)
{
    static const DWORD modes[] = {PIPE_ACCESS_DUPLEX, PIPE_ACCESS_INBOUND, PIPE_ACCESS_OUTBOUND};
    BYTE data[20] = {0};
    watch client;
    foreign h;
    int thread;
    view *v;

    if (!foreign_open(&h, modes[choose(3)], choose(2) ? PIPE_TYPE_BYTE : PIPE_TYPE_MESSAGE, 1))
        return;
    thread = thread_begin(run_host, &h, "host");
    watch_begin(&client);
    client.settings.path = NULL;
    client.is_stream = true;
    client.echoes = false;
    if (watch_start(&client))
    {
        v = watch_dial(&client, 60000);
        if (v && choose(2))
            view_write(v, data, sizeof(data));
        if (v)
            expect_within(2000 + AT_ONCE_MS, has_ended, v, "the end of a pipe whose server has thrown its client out");
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "messages.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static bool client_reads; /* the pipe's direction */

static void run_host(void *of)
{
    BYTE data[100];
    foreign *h = of;
    DWORD bytes;

    if (!foreign_await(h, 60000))
        return;
    for (DWORD number = 0; number < 2; number++)
    {
        message_fill(data, 50, 1, number);
        if (client_reads ? foreign_write(h, data, 50, 60000) : foreign_read(h, data, sizeof(data), &bytes, 60000))
            break;
    }
    foreign_close(h);
}

static void use_pipe(view *v)
{
    BYTE data[50];
    DWORD error;

    for (DWORD number = 0; number < 2; number++)
    {
        message_fill(data, sizeof(data), 1, number);
        error = view_write(v, data, sizeof(data));
        if (error != (client_reads ? (DWORD)PIPE_ERROR_READ_ONLY : 0) && !faults_made() && v->connected)
            fail("a write into a pipe of one direction gives %u", error);
    }
    error = view_read(v);
    if (error != (client_reads ? 0 : (DWORD)PIPE_ERROR_WRITE_ONLY) && !faults_made())
        fail("a request to read from a pipe of one direction gives %u", error);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED)
        use_pipe(v);
    if (event->kind == PIPE_CONNECTION_ERROR && !faults_made() && event->error != PIPE_ERROR_READ_ONLY)
        fail("CONNECTION_ERROR %u comes without a fault", event->error);
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

static void dial_host(watch *client)
{
    BYTE data[20] = {0};
    view *v = watch_dial(client, 60000);

    if (!v)
        return;
    if (choose(2))
        view_write(v, data, sizeof(data)); /* before the direction is known: fails with READ_ONLY then */
    expect_within(2500, has_ended, v, "the end of a pipe whose server has left"); /* two looks */
    if (client_reads && !client->messages && !faults_made())
        fail("nothing came from a pipe that a client may only read");
}

/* A foreign server's pipe lets its clients only read, or only write. */
void scenario_one_way(void)
{
    watch client;
    foreign h;
    int thread;

    client_reads = choose(2);
    if (!foreign_open(&h, client_reads ? PIPE_ACCESS_OUTBOUND : PIPE_ACCESS_INBOUND,
                      PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.receive_limit = 0;
    client.echoes = false;
    client.asks = true;
    client.on_event = on_event;
    if (watch_start(&client))
    {
        dial_host(&client);
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

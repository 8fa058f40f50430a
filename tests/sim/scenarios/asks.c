#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static view *asked;    /* the connection */
static bool may_close; /* somebody closes it, or ends an engine, while it is asked */
static bool may_be_late;
static DWORD next_number;

/* Returns whether an ask may end like this in a run without a fault. */
static bool may_fail(DWORD error)
{
    switch (error)
    {
    case PIPE_ERROR_ASKING: return true; /* the other thread's is under way */
    case PIPE_ERROR_NOT_OPEN: return may_close || may_be_late;
    case ERROR_FILE_NOT_FOUND: return may_close; /* the dial's, since the server is stopped */
    case PIPE_ERROR_TIMED_OUT:
    case PIPE_ERROR_ANSWER_LATE: return may_be_late;
    default: return false;
    }
}

static void ask_once(watch *client)
{
    BYTE data[300];
    DWORD size = MESSAGE_HEAD + choose(sizeof(data) - MESSAGE_HEAD), bytes, error;
    DWORD timeout = may_be_late && choose(2) ? choose(40) : 600000;
    uint64_t begun;
    payload *p;
    buffer *answer;

    message_fill(data, size, 1, next_number++);
    p = payload_create_frame(client->settings.flow.framing, data, size);
    if (!p)
        return;
    begun = scheduler_now();
    error = connection_ask(asked->connection, p, timeout, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error && !may_fail(error) && time_is_judged())
        fail("an ask fails with %u without a fault", error);
    if (error == PIPE_ERROR_NOT_OPEN && time_is_judged())
        expect_took(begun, 0, 5000, "an ask whose connection ends");
    if (!error != (answer != NULL))
        fail("an ask has an error and an answer, or none of both");
    if (!answer)
        return;
    if (bytes != size || memcmp(answer->data, data, bytes) != 0)
        fail("an ask gets an answer that is not its own");
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void run_asker(void *client)
{
    for (uint32_t i = 1 + choose(3); i > 0; i--)
        ask_once(client);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_MESSAGE || event->kind == PIPE_SENT)
        fail("%s is handed over of a connection that is only asked", event_name(event->kind));
}

static void end_it(watch *client, watch *server)
{
    close_manner manner = choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY;

    switch (choose(3))
    {
    case 0: connection_close(asked->connection, manner); break;
    case 1: watch_stop(client, manner); break;
    default: watch_stop(server, CLOSE_AT_ONCE);
    }
}

/* Another thread may close meanwhile, or stop an engine. */
static void ask_some(watch *client, watch *server)
{
    int threads[2];
    int count = 1 + (choose(3) == 0);

    for (int i = 0; i < count; i++)
        threads[i] = thread_begin(run_asker, client, "asker");
    if (may_close)
    {
        loiter(choose(400));
        end_it(client, server);
    }
    for (int i = 0; i < count; i++)
        thread_wait(threads[i]);
}

static void run_client(watch *client, watch *server)
{
    client->settings.path = NULL;
    client->echoes = false;
    client->on_event = on_event;
    client->settings.flow.read_continuously = choose(2);
    may_close = choose(3) == 0;
    may_be_late = choose(3) == 0;
    next_number = 0;
    if (!watch_start(client))
        return;
    asked = watch_dial(client, 60000);
    if (asked)
        ask_some(client, server);
    watch_stop(client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
}

/* One or two threads ask a server on one connection that stays open, from its dial on, and get each the answer of its
 * own question, or none; the connection is closed, or one of the engines stopped, at any time. */
void scenario_asks(void)
{
    framing of = choose(2) ? FRAMING_LENGTH : FRAMING_PIPE;
    watch server, client;

    watch_begin(&server);
    server.is_stream = true; /* the numbers come in no order, and some not at all */
    server.settings.flow.framing = of;
    watch_begin(&client);
    client.settings.flow.framing = of;
    if (watch_start(&server))
    {
        run_client(&client, &server);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    watch_end(&server);
}

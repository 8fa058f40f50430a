#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

#define IDLE_MS 400
#define SOON_MS 20 /* until all threads wait, where time passes only then */

static enum
{
    ANSWERED_EARLY, /* before the server has read the question */
    CLOSED,         /* gracefully, while the WriteFile of the question is under way */
    IDLE,           /* the server has read the question, and says nothing until the connection has been idle */
    WRITTEN_TO,     /* another message is written when the pipe opens, for which the ask has waited */
    KINDS
} kind;

static view *asked;
static bool goes_on; /* the connection was closed, and the server reads */

static bool may_go_on(void *unused)
{
    (void)unused;
    return goes_on;
}

/* ---- the server ---- */

static DWORD read_question(foreign *h)
{
    BYTE data[20];
    DWORD bytes, error = foreign_read(h, data, sizeof(data), &bytes, 60000);

    if (!error && bytes == 5 && kind == WRITTEN_TO) /* if the ask failed, or began late */
        error = foreign_read(h, data, sizeof(data), &bytes, 60000);
    if (!error && (bytes != 8 || memcmp(data, "question", 8) != 0))
        fail("a message of %u bytes comes where a question was written", bytes);
    return error;
}

static void answer_early(foreign *h)
{
    Sleep(SOON_MS); /* the WriteFile of the first question is under way by then */
    foreign_write(h, "answer", 6, 60000);
    Sleep(SOON_MS); /* the second question waits behind the first */
    if (!read_question(h) && !read_question(h))
        foreign_write(h, "answer", 6, 60000);
}

static void serve(foreign *h)
{
    BYTE data[20];
    DWORD bytes;

    switch (kind)
    {
    case ANSWERED_EARLY: answer_early(h); break;
    case CLOSED:
        scheduler_wait(may_go_on, NULL, scheduler_in(600000), "the close", 0);
        if (read_question(h) && time_is_judged())
            fail("a question whose WriteFile has begun does not come");
        break;
    case IDLE: read_question(h); break;
    default:
        if (!read_question(h))
            foreign_write(h, "answer", 6, 60000);
    }
    while (!foreign_read(h, data, sizeof(data), &bytes, 60000)) /* until the client has left */
        continue;
}

static void run_host(void *of)
{
    foreign *h = of;

    if (foreign_await(h, 60000))
        serve(h);
    foreign_close(h);
}

/* ---- the client ---- */

static DWORD error_due(void)
{
    return kind == CLOSED || kind == IDLE ? PIPE_ERROR_NOT_OPEN : 0;
}

static void ask_once(watch *client)
{
    payload *p = payload_create("question", 8);
    uint64_t begun = scheduler_now();
    buffer *answer;
    DWORD bytes, error;

    if (!p)
        return;
    error = connection_ask(asked->connection, p, 60000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error != error_due() && time_is_judged())
        fail("an ask gives %u, which should be %u", error, error_due());
    if (error && kind == IDLE)
        expect_took(begun, IDLE_MS - SOON_MS, IDLE_MS + IDLE_MS / 4 + SOON_MS, "an ask of an idle connection");
    if (!answer)
        return;
    if (bytes != 6 || memcmp(answer->data, "answer", 6) != 0)
        fail("an ask gets an answer of %u bytes that is none", bytes);
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void run_asker(void *client)
{
    ask_once(client);
    if (kind == ANSWERED_EARLY)
        ask_once(client);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind == PIPE_CONNECTED && kind == WRITTEN_TO)
        view_write(v, "hello", 5);
}

static void open_host(foreign *h)
{
    if (!foreign_open_without_buffers(h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

static void meddle(foreign *h, int *host)
{
    Sleep(SOON_MS); /* the WriteFile of the question is under way, or the ask waits for the pipe */
    if (kind == CLOSED)
        connection_close(asked->connection, CLOSE_GRACEFULLY);
    goes_on = true;
    if (kind != WRITTEN_TO)
        return;
    open_host(h);
    *host = thread_begin(run_host, h, "host");
}

static void run_client(watch *client, foreign *h)
{
    int host = -1;

    if (kind != WRITTEN_TO)
        host = thread_begin(run_host, h, "host");
    asked = watch_dial(client, 60000);
    if (asked)
    {
        int asker = thread_begin(run_asker, client, "asker");

        meddle(h, &host);
        thread_wait(asker);
        if (kind == CLOSED)
            expect_within(2000, has_ended, asked, "the end of a connection whose question was read");
    }
    goes_on = true;
    watch_stop(client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    if (host >= 0)
        thread_wait(host);
}

/* A server that holds nothing of what it has not read: its answer comes while the question's WriteFile is under way,
 * and the next question waits behind that. Or the connection ends or is written to meanwhile. */
void scenario_asks_early(void)
{
    watch client;
    foreign h = {.handle = INVALID_HANDLE_VALUE};

    kind = choose(KINDS);
    goes_on = false;
    if (kind != WRITTEN_TO)
        open_host(&h);
    watch_begin(&client);
    client.settings.path = NULL;
    client.echoes = false;
    client.on_event = on_event;
    client.settings.flow.idle_timeout = kind == IDLE ? IDLE_MS : 0;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    foreign_close(&h);
}

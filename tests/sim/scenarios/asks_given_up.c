#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

#define TIME_MS 700
#define MUCH 150000 /* bytes; more than the pipe takes while nobody reads */
#define PART 4096

static enum
{
    NOT_ANSWERED,    /* the server has read the question */
    NOT_READ,        /* its WriteFile is under way */
    PART_READ,       /* the same, and the server has read a part */
    WAITS_IN_QUEUE,  /* behind another message that nobody reads */
    NO_SERVER,       /* the pipe is not open yet */
    CALLER_GIVES_UP, /* before the time is up, after the server has read */
    KINDS
} kind;

static bool goes_on; /* the first ask has ended, and the server reads */
static BYTE much[MUCH];

static DWORD wait_or_give_up(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    if (kind == CALLER_GIVES_UP && ms > TIME_MS)
        return WaitForSingleObject(handle, TIME_MS) == WAIT_OBJECT_0 ? 0 : ERROR_CANCELLED;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

static bool may_go_on(void *unused)
{
    (void)unused;
    return goes_on;
}

/* What is read after the first ask was given up is the other message, if there is one, and the second question. */
static void serve(foreign *h)
{
    static BYTE data[MUCH];
    DWORD bytes, error;

    if (kind == NOT_ANSWERED || kind == CALLER_GIVES_UP)
        foreign_read(h, data, MUCH, &bytes, 60000);
    if (kind == PART_READ)
        foreign_read(h, data, PART, &bytes, 60000);
    scheduler_wait(may_go_on, NULL, scheduler_in(600000), "the end of the first ask", 0);
    if (kind == WAITS_IN_QUEUE && !foreign_read(h, data, MUCH, &bytes, 60000) && bytes != MUCH && time_is_judged())
        fail("a message of %u bytes comes where one of %d was written", bytes, MUCH);
    error = foreign_read(h, data, MUCH, &bytes, 60000);
    if (!error && (bytes != 4 || memcmp(data, "next", 4) != 0) && time_is_judged())
        fail("a message of %u bytes comes that was taken back", bytes);
    if (!error)
        foreign_write(h, "answer", 6, 60000);
    foreign_read(h, data, MUCH, &bytes, 60000); /* until the client has left */
}

static void run_host(void *of)
{
    foreign *h = of;

    if (foreign_await(h, 60000))
        serve(h);
    foreign_close(h);
}

static DWORD ask(watch *client, view *v, const void *data, DWORD size, DWORD timeout)
{
    payload *p = payload_create(data, size);
    buffer *answer;
    DWORD bytes, error;

    if (!p)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = connection_ask(v->connection, p, timeout, wait_or_give_up, NULL, &answer, &bytes);
    payload_release(p);
    if (!answer)
        return error;
    if (bytes != 6 || memcmp(answer->data, "answer", 6) != 0)
        fail("an ask gets an answer of %u bytes that is none", bytes);
    client->owner.buffers->free(client->owner.buffers, answer);
    return error;
}

static bool ends(void)
{
    return kind != WAITS_IN_QUEUE && kind != NO_SERVER;
}

static DWORD error_due(void)
{
    if (kind == CALLER_GIVES_UP)
        return ERROR_CANCELLED;
    return ends() ? PIPE_ERROR_ANSWER_LATE : PIPE_ERROR_TIMED_OUT;
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

static void ask_in_vain(watch *client, view *v)
{
    bool is_much = kind == NOT_READ || kind == PART_READ;
    uint64_t begun;
    DWORD error;

    if (kind != NO_SERVER)
        expect_within(60000, is_connected, v, "CONNECTED");
    if (kind == WAITS_IN_QUEUE)
        view_write(v, much, MUCH);
    begun = scheduler_now();
    error = ask(client, v, much, is_much ? MUCH : 8, kind == CALLER_GIVES_UP ? INFINITE : TIME_MS);
    if (!time_is_judged())
        return;
    if (error != error_due())
        fail("an ask gives %u, which should be %u", error, error_due());
    expect_took(begun, TIME_MS, TIME_MS, "an ask");
}

static void run_client(watch *client, foreign *h)
{
    int thread = -1;
    view *v = watch_dial(client, INFINITE);

    if (v && kind != NO_SERVER)
        thread = thread_begin(run_host, h, "host");
    if (v)
        ask_in_vain(client, v);
    goes_on = true;
    if (v && kind == NO_SERVER)
    {
        if (!foreign_open(h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
            fail("the host is refused");
        thread = thread_begin(run_host, h, "host");
    }
    if (v && ends() && expect_within(AT_ONCE_MS, has_ended, v, "the end of a connection that was given up") &&
        time_is_judged() && connection_get_status(v->connection).reason != CLOSE_TIMED_OUT)
        fail("a connection that was given up ends for another reason");
    if (v && !ends())
    {
        DWORD error = ask(client, v, "next", 4, 60000);

        if (error && time_is_judged())
            fail("the second ask fails with %u", error);
    }
    watch_stop(client, CLOSE_AT_ONCE);
    if (thread >= 0)
        thread_wait(thread);
}

/* An ask is given up: before its WriteFile was begun the question is taken back, and the next one is answered; later
 * the connection ends, since the server may have read a part of the question. */
void scenario_asks_given_up(void)
{
    watch client;
    foreign h;

    kind = choose(KINDS);
    goes_on = false;
    if (kind != NO_SERVER && !foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    watch_begin(&client);
    client.settings.path = NULL;
    client.echoes = false;
    client.settings.flow.framing = choose(2) ? FRAMING_CHUNKS : FRAMING_PIPE;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    if (kind != NO_SERVER)
        foreign_close(&h);
}

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

#define ASKS_MOST 3

static framing of;
static bool is_wanted, has_greeted, is_open; /* is_open: the last greeting is not whole before it was asked */
static bool is_full;                         /* the greeting fills the read that waits at first, which is short */
static BYTE greeting[3000];                  /* as it is written */
static DWORD size, written;                  /* bytes; `written` before the first question comes */
static uint32_t asks;

/* ---- what is written ---- */

/* Puts a message into a frame. Returns the bytes, 60 at most more than the message has. */
static DWORD put(BYTE *to, const void *data, DWORD bytes)
{
    payload *p;
    DWORD whole;

    faults_spare();
    p = payload_create_frame(of, data, bytes);
    faults_spare_no_more();
    whole = payload_size(p);
    memcpy(to, payload_data(p), whole);
    payload_release(p);
    return whole;
}

static void draw_greeting(void)
{
    static BYTE data[READ_SHORT];
    DWORD last = 0;

    memset(data, 'g', sizeof(data));
    size = is_full ? put(greeting, data, READ_SHORT) : 0;
    for (uint32_t i = is_full ? 0 : 1 + choose(4); i > 0; i--)
    {
        last = size;
        size += put(greeting + size, data, 8 + choose(192));
    }
    is_open = of != FRAMING_CHUNKS && choose(4) == 0;
    written = is_open ? last + 1 + choose(size - last - 1) : size;
}

/* Writes these bytes in pieces. */
static void write_pieces(foreign *h, const BYTE *data, DWORD bytes)
{
    DWORD piece;

    for (DWORD at = 0; at < bytes; at += piece)
    {
        piece = choose(2) ? bytes - at : 1 + choose(bytes - at);
        if (foreign_write(h, data + at, piece, 60000))
            return;
    }
}

/* ---- the server ---- */

static void serve(foreign *h)
{
    BYTE data[200], answer[100];
    DWORD bytes, whole = put(answer, "answer", 6);

    for (uint32_t i = 0; i < asks && !foreign_read(h, data, sizeof(data), &bytes, 60000); i++)
    {
        if (is_open && i == 0)
            write_pieces(h, greeting + written, size - written);
        else if (of == FRAMING_CHUNKS)
            foreign_write(h, answer, whole, 60000);
        else
            write_pieces(h, answer, whole);
    }
    foreign_read(h, data, sizeof(data), &bytes, 60000);
}

static void run_host(void *host)
{
    foreign *h = host;

    if (foreign_await(h, 60000))
    {
        scheduler_wait(is_set, &is_wanted, scheduler_in(600000), "a client that reads", 0);
        write_pieces(h, greeting, written); /* the first ends the client's read */
        has_greeted = true;
        serve(h);
    }
    foreign_close(h);
}

/* ---- the client ---- */

static void check(const buffer *answer, DWORD bytes, bool is_first)
{
    bool is_answer = bytes == 6 && memcmp(answer->data, "answer", 6) == 0;

    if (is_first && is_open ? is_answer : !is_answer)
        fail("an ask gets %u bytes that were written for another", bytes);
}

static bool ask(watch *client, view *v, bool is_first)
{
    payload *p = payload_create_frame(of, "question", 8);
    buffer *answer;
    DWORD bytes, error;

    if (!p)
        return false;
    error = connection_ask(v->connection, p, 60000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error && time_is_judged())
        fail("an ask fails with %u", error);
    if (!answer)
        return false;
    if (!faults_made()) /* where a peek fails, what lies in the pipe is not known */
        check(answer, bytes, is_first);
    client->owner.buffers->free(client->owner.buffers, answer);
    return true;
}

static void ask_after_greeting(watch *client, view *v)
{
    loiter(50); /* the read is under way by then */
    is_wanted = true;
    scheduler_wait(is_set, &has_greeted, scheduler_in(60000), "the greeting", 0);
    for (uint32_t i = 0; i < asks && ask(client, v, i == 0); i++)
        continue;
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

/* A server writes frames or chunks unasked, in any pieces; then it is asked. What has come before a question is no
 * answer, and the answer is one although it may be read together with what lay in the pipe. */
void scenario_asks_in_frames(void)
{
    static const framing framings[] = {FRAMING_LINES, FRAMING_LENGTH, FRAMING_HEADER, FRAMING_CHUNKS};
    DWORD type = choose(2) ? PIPE_TYPE_BYTE : PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;
    watch client;
    foreign h;

    of = framings[choose(4)];
    is_full = of == FRAMING_CHUNKS && choose(3) == 0;
    is_wanted = has_greeted = false;
    draw_greeting();
    asks = 1 + choose(ASKS_MOST);
    ways.completes_late = false; /* a write has ended: then so has the read */
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, type, 1))
        fail("the host is refused");
    watch_begin(&client);
    client.settings.path = NULL;
    client.settings.flow.framing = of;
    if (is_full)
        client.settings.flow.buffer_size = 2 * READ_SHORT;
    client.echoes = false;
    client.is_stream = true;
    if (watch_start(&client))
        run_client(&client, &h);
    watch_end(&client);
    foreign_close(&h);
}

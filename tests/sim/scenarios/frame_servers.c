#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "frames.h"
#include "pipe/call.h"
#include "scenario.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static frame_stream stream;
static bool is_byte_mode;
static DWORD asked; /* bytes of a question that the server awaits */

/* Writes the stream in any pieces, then leaves; a caller may have left before. */
static void run_host(void *of)
{
    BYTE data[400];
    foreign *h = of;
    DWORD bytes, got = 0, at = 0;

    if (!foreign_await(h, 60000))
        return;
    while (got < asked && !foreign_read(h, data, sizeof(data), &bytes, 60000))
        got += bytes;
    while (at < stream.size)
    {
        DWORD piece = frames_piece(&stream, at);

        if (foreign_write(h, stream.data + at, piece, 60000))
            break;
        at += piece;
        loiter(choose(30));
    }
    foreign_close(h);
}

static int begin(foreign *h)
{
    DWORD type = PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;

    is_byte_mode = choose(2);
    if (!foreign_open(h, PIPE_ACCESS_DUPLEX, is_byte_mode ? PIPE_TYPE_BYTE : type, 1))
        fail("the host is refused");
    return thread_begin(run_host, h, "host");
}

/* ---- a connection ---- */

static void on_event(watch *w, view *v, pipe_event *event)
{
    static BYTE expected[sizeof(stream.data)];
    unsigned number = w->messages - 1;

    (void)v;
    if (event->kind == PIPE_CONNECTED && connection_get_status(event->connection).message_mode == is_byte_mode)
        fail("a connection has the wrong mode");
    if (event->kind != PIPE_MESSAGE)
        return;
    if (number >= stream.count || event->bytes != stream.sizes[number])
        fail("message %u of %u has %u bytes", number, stream.count, event->bytes);
    frames_message(&stream, number, expected);
    if (event->bytes && memcmp(expected, event->buffer->data, event->bytes) != 0)
        fail("message %u is not what was sent", number);
}

static bool has_ended(void *of)
{
    return ((const view *)of)->disconnected;
}

/* A foreign server writes a stream of frames, whatever the mode of its pipe, and leaves. */
void scenario_frames_of_a_server(void)
{
    watch client;
    foreign h;
    int thread;
    view *v;

    frames_draw(&stream);
    asked = 0;
    thread = begin(&h);
    watch_begin(&client);
    client.settings.path = NULL;
    client.is_stream = true;
    client.echoes = false;
    client.on_event = on_event;
    client.settings.flow.framing = stream.framing;
    client.settings.flow.message_limit = stream.limit;
    if (watch_start(&client))
    {
        v = watch_dial(&client, 60000);
        if (v && expect_within(2500, has_ended, v, "the end of a pipe whose server has left") && time_is_judged() &&
            (client.messages != stream.count || client.last_error != stream.end))
            fail("%u of %u messages came, and error %u instead of %u", client.messages, stream.count, client.last_error,
                 stream.end);
        watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    thread_wait(thread);
    foreign_close(&h);
}

/* ---- a call ---- */

/* The first frame is the answer. A server that leaves without one has sent none; with UntilClosed its answer is
 * empty. */
static DWORD error_due(void)
{
    if (stream.count || (stream.framing == FRAMING_UNTIL_CLOSED && !stream.end))
        return 0;
    return stream.end ? stream.end : (DWORD)PIPE_ERROR_NOT_OPEN;
}

static void check_answer(DWORD error, const buffer *answer, DWORD bytes)
{
    static BYTE expected[sizeof(stream.data)];

    if (error != error_due() && time_is_judged())
        fail("a call gives %u, which should be %u", error, error_due());
    if (error)
        return;
    if (bytes != (stream.count ? stream.sizes[0] : 0))
        fail("an answer of %u bytes was not written", bytes);
    frames_message(&stream, 0, expected);
    if (bytes && memcmp(answer->data, expected, bytes) != 0)
        fail("an answer is not what was written");
}

/* A foreign server answers a call by a stream of frames, and leaves. */
void scenario_frames_answer_calls(void)
{
    exchange of = {.path = SIM_PATH, .data = "question", .size = 8, .timeout = 60000, .wait = wait_for};
    buffer *answer;
    DWORD bytes, error;
    watch buffers;
    foreign h;
    int thread;

    frames_draw(&stream);
    asked = of.size;
    watch_begin(&buffers);
    thread = begin(&h);
    of.buffers = &buffers.supplies.buffers;
    of.framing = stream.framing;
    of.limit = stream.limit;
    error = call_perform(&of, &answer, &bytes);
    check_answer(error, answer, bytes);
    if (answer)
        of.buffers->free(of.buffers, answer);
    thread_wait(thread);
    foreign_close(&h);
    watch_end(&buffers);
}

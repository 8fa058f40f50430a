#include "frames.h"
#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

static frame_stream stream;
static const char greeting[] = "a line with its end\n";
static bool greets; /* the server writes the greeting first, which needs no end more */

/* What comes is the next message of the stream, whole. */
static void check_message(const watch *w, const pipe_event *event)
{
    static BYTE expected[sizeof(stream.data)];
    unsigned number = w->messages - 1;

    if (number >= stream.count)
        fail("%u messages come of a stream that has %u", w->messages, stream.count);
    if (event->bytes != stream.sizes[number])
        fail("message %u has %u bytes of %u", number, event->bytes, stream.sizes[number]);
    frames_message(&stream, number, expected);
    if (event->bytes && memcmp(expected, event->buffer->data, event->bytes) != 0)
        fail("message %u is not what was sent", number);
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    if (event->kind == PIPE_MESSAGE)
        check_message(w, event);
    if (event->kind == PIPE_CONNECTED && greets)
        view_write(v, greeting, sizeof(greeting) - 1);
    if (w->asks && (event->kind == PIPE_CONNECTED || event->kind == PIPE_MESSAGE))
        for (uint32_t i = 1 + (choose(4) == 0); i > 0; i--)
            view_read(v);
}

static void write_stream(watch *server, peer *client)
{
    DWORD at = 0;

    while (at < stream.size)
    {
        DWORD piece = frames_piece(&stream, at);

        peer_write_bytes(client, stream.data + at, piece);
        at += piece;
        if (choose(8) == 0)
            engine_pause(server->engine, true);
        loiter(choose(40));
        engine_pause(server->engine, false);
        engine_advance(server->engine);
    }
}

/* An end that is an error may come before the last answers were sent. */
static void read_echo(peer *client)
{
    static BYTE expected[sizeof(greeting) + sizeof(stream.data)], echo[sizeof(expected)];
    DWORD size = greets ? sizeof(greeting) - 1 : 0;

    if (stream.framing == FRAMING_UNTIL_CLOSED || stream.ends_at_once)
        return;
    memcpy(expected, greeting, size);
    size += frames_echo(&stream, expected + size);
    peer_read_bytes(client, echo, size);
    if (!client->is_broken && memcmp(expected, echo, size) != 0)
        fail("the messages come back otherwise than they were sent");
}

static bool has_gone(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

static void check_end(const watch *server)
{
    connection_status status = connection_get_status(server->views->connection);
    close_reason reason = stream.end == PIPE_ERROR_BAD_FRAME ? CLOSE_BAD_FRAME
                          : stream.end                       ? CLOSE_TOO_LONG
                                                             : CLOSE_OTHER_END;

    if (server->messages != stream.count)
        fail("%u of %u messages came before the end", server->messages, stream.count);
    if (status.reason != reason || status.last_error != stream.end || server->last_error != stream.end)
        fail("a connection ends with reason %u and error %u, told with %u, where %u and %u were due", status.reason,
             status.last_error, server->last_error, reason, stream.end);
}

static void leave(watch *server, peer *client)
{
    peer_close(client);
    if (expect_within(2500, has_gone, server, "the end of a client that has left") && time_is_judged())
        check_end(server);
}

/* A client writes a stream of frames in any pieces, and leaves, perhaps within a frame; or the server stops within one.
 * Each message comes once, whole and in order, also if reading pauses, or if each is asked for; the end is judged by
 * what is left. */
void scenario_frames(void)
{
    watch server;
    peer client;

    frames_draw(&stream);
    greets = stream.framing == FRAMING_LINES && choose(2);
    watch_begin(&server);
    server.is_stream = true;
    server.on_event = on_event;
    server.settings.flow.framing = stream.framing;
    server.settings.flow.message_limit = stream.limit;
    server.settings.flow.receive_limit = choose(2) ? 400 : 0;
    if (stream.many && choose(2))
    {
        server.settings.flow.buffer_size = sizeof(stream.data); /* for all of it */
        server.settings.flow.receive_limit = 0;
    }
    server.asks = choose(3) == 0;
    server.settings.flow.read_continuously = !server.asks;
    if (watch_start(&server))
    {
        bool stops_early = choose(4) == 0;

        peer_open(&client, 1, stream.end != 0);
        write_stream(&server, &client);
        if (!stops_early)
        {
            read_echo(&client);
            leave(&server, &client);
        }
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        if (stops_early)
            peer_close(&client);
    }
    watch_end(&server);
}

static void check_line(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind == PIPE_MESSAGE && (event->bytes != 4 || memcmp(event->buffer->data, "line", 4) != 0))
        fail("a line of 4 bytes comes as %u bytes, or other ones", event->bytes);
}

/* The owner keeps what comes until the receive limit is reached. Then whole frames wait, unsplit, and nothing more is
 * split or read; the client leaves, and they still come, one after the other, as there is room. */
void scenario_frames_wait(void)
{
    enum
    {
        COUNT = 12,
        CHARGE = 256 + 4 /* of a message of four bytes: src/pipe/reading.c */
    };
    watch server;
    peer client;

    memset(&stream, 0, sizeof(stream));
    stream.framing = FRAMING_LINES;
    watch_begin(&server);
    server.is_stream = server.keeps = true;
    server.echoes = false;
    server.on_event = check_line;
    server.settings.flow.framing = stream.framing;
    server.settings.flow.buffer_size = 16 << choose(4);
    server.settings.flow.receive_limit = 3 * CHARGE + CHARGE / 2;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (int i = 0; i < COUNT; i++)
            memcpy(stream.data + i * 5, "line\n", 5);
        peer_write_bytes(&client, stream.data, COUNT * 5);
        loiter(choose(400));
        if (server.messages > 4)
            fail("%u messages are split beyond the receive limit", server.messages);
        if (choose(2))
            peer_close(&client);
        else
            client.may_break = true;
        if (choose(2))
            Sleep(2500); /* the look at a pipe whose client has left */
        while (server.messages < COUNT && !server.disconnected && !faults_made())
            if (!watch_release_oldest(&server))
                Sleep(1);
        if (server.messages < COUNT && !faults_made())
            fail("%u of %u lines come before the end", server.messages, COUNT);
        server.keeps = false;
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        if (client.may_break)
            peer_close(&client);
    }
    watch_end(&server);
}

static DWORD received;

static void check_chunk(watch *w, view *v, pipe_event *event)
{
    (void)w;
    (void)v;
    if (event->kind != PIPE_MESSAGE)
        return;
    if (!event->bytes || event->bytes > stream.size - received)
        fail("a chunk has %u bytes, of %u that are left", event->bytes, stream.size - received);
    if (memcmp(event->buffer->data, stream.data + received, event->bytes) != 0)
        fail("a chunk has other bytes than were sent");
    received += event->bytes;
}

/* A client writes messages of any length, also empty ones; they come as chunks, without a byte more or less. */
void scenario_chunks(void)
{
    watch server;
    peer client;

    memset(&stream, 0, sizeof(stream));
    stream.size = choose(800);
    for (DWORD i = 0; i < stream.size; i++)
        stream.data[i] = (BYTE)choose(256);
    received = 0;
    watch_begin(&server);
    server.is_stream = true;
    server.echoes = false;
    server.on_event = check_chunk;
    server.settings.flow.framing = FRAMING_CHUNKS;
    server.settings.flow.receive_limit = choose(2) ? 400 : 0;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        write_stream(&server, &client);
        peer_close(&client);
        if (choose(4) && expect_within(2500, has_gone, &server, "the end of a client that has left") &&
            time_is_judged() && received != stream.size)
            fail("%u of %u bytes came before the end", received, stream.size);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

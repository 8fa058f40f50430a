#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

#define CHARGE 256 /* that a message counts beside its bytes: src/pipe/writing.c */
#define LIMIT 2000

static enum
{
    TO_THE_LAST_BYTE,
    ONE_BYTE_TOO_MANY,
    ONE_THAT_IS_TOO_LONG,
    KINDS
} kind;

static void write_bytes(view *v, DWORD size, DWORD expected)
{
    BYTE data[LIMIT + 100];
    DWORD error;

    message_fill(data, size, 1, 0);
    error = view_write(v, data, size);
    if (error != expected && !faults_made())
        fail("a write of %u bytes gives %u, which should be %u", size, error, expected);
}

/* In the handler of CONNECTED no SENT can be taken back, so the limit is exact. */
static void fill(watch *w, view *v, pipe_event *event)
{
    (void)w;
    if (event->kind != PIPE_CONNECTED)
        return;
    switch (kind)
    {
    case TO_THE_LAST_BYTE:
        write_bytes(v, LIMIT - 2 * CHARGE - 7, 0);
        write_bytes(v, 7, 0);
        break;
    case ONE_BYTE_TOO_MANY:
        write_bytes(v, LIMIT - 2 * CHARGE, 0);
        write_bytes(v, 1, PIPE_ERROR_SEND_QUEUE_FULL);
        write_bytes(v, 0, 0);
        break;
    default: write_bytes(v, LIMIT + 100, 0); break; /* one message is always let in */
    }
    write_bytes(v, 0, PIPE_ERROR_SEND_QUEUE_FULL);
}

/* Every write that was accepted is told of, and the event released, so that it counts no more. */
static bool is_told(void *of)
{
    static const DWORD writes[KINDS] = {2, 3, 1}; /* those of `fill` up to the last that is accepted */
    const view *v = ((const watch *)of)->views;

    return !v || v->disconnected || (v->told == writes[kind] && list_empty(&v->alive));
}

/* The server writes up to its send limit, to the byte. What the system has taken makes room again. */
void scenario_send_limit(void)
{
    watch server;
    peer client;

    kind = choose(KINDS);
    watch_begin(&server);
    server.on_event = fill;
    server.numbers_skip = true; /* the client's first message is not its number 0 */
    server.holds_events = false;
    server.settings.flow.send_limit = LIMIT;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        peer_read(&client);
        if (kind != ONE_THAT_IS_TOO_LONG)
            peer_read(&client);
        expect_within(AT_ONCE_MS, is_told, &server, "the end of each write");
        client.sent = client.received;
        peer_write(&client, LIMIT - CHARGE); /* comes back */
        peer_read(&client);
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

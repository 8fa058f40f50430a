#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "peers.h"
#include "pipe/call.h"
#include "scenario.h"
#include "waits.h"
#include "watch_engine.h"

static DWORD limit;

static bool has_gone(void *of)
{
    return ((const watch *)of)->disconnected != 0;
}

/* The server takes the question, which comes back; the caller takes no more than `most` bytes. */
static void call(watch *server, DWORD size, DWORD most)
{
    static BYTE data[200000];
    exchange of = {.path = SIM_PATH, .data = data, .size = size, .timeout = 60000, .wait = wait_for, .limit = most};
    buffer *answer;
    DWORD bytes, error;

    of.buffers = &server->supplies.buffers;
    message_fill(data, size, 2, 0);
    error = call_perform(&of, &answer, &bytes);
    if (error != (size > most ? (DWORD)PIPE_ERROR_MESSAGE_TOO_LONG : 0) && time_is_judged())
        fail("a call whose answer has %u bytes, of %u at most, gives %u", size, most, error);
    if (!error)
        of.buffers->free(of.buffers, answer);
}

static void check_end(const watch *server)
{
    const view *v = server->views;

    if (!time_is_judged())
        return;
    if (server->last_error != PIPE_ERROR_MESSAGE_TOO_LONG)
        fail("a message that is too long is told with %u", server->last_error);
    if (connection_get_status(v->connection).reason != CLOSE_TOO_LONG)
        fail("a message that is too long ends its connection for another reason");
}

/* A message may be as long as the limit, and not a byte longer: for a server, and for the answer of a call. */
void scenario_message_limit(void)
{
    static const DWORD sizes[] = {30, 300, 150000};
    watch server;
    peer client;

    limit = sizes[choose(3)];
    watch_begin(&server);
    server.settings.flow.receive_limit = 0;
    server.settings.flow.message_limit = limit;
    if (watch_start(&server))
    {
        if (choose(2))
            call(&server, limit - choose(3), choose(2) ? limit - 1 : limit / 3);
        else
        {
            peer_open(&client, 1, true);
            peer_write(&client, limit);
            peer_read_all(&client, limit);
            peer_write(&client, limit + 1 + choose(2) * choose(500)); /* also more than one read takes */
            if (!client.is_broken && expect_within(100, has_gone, &server, "the end of a connection"))
                check_end(&server);
            peer_close(&client);
        }
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

#define REST_MS 10000 /* as in src/pipe/resting.c */
#define BUFFER 5000   /* bytes; longer than the read that waits at first */

static bool holds_little(void *of)
{
    return ((const watch *)of)->supplies.bytes_out <= READ_SHORT;
}

/* A client sends some short messages in a row, then some long ones, and so on: so often that the server reads each kind
 * in its own way. Where the client is silent for long, the server holds little. */
void scenario_gaits(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    server.settings.flow.buffer_size = BUFFER;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (uint32_t i = 1 + choose(4); i > 0; i--)
        {
            bool are_long = choose(2);

            for (uint32_t j = 1 + choose(20); j > 0; j--)
            {
                peer_write(&client, are_long ? READ_SHORT - 8 + choose(BUFFER - READ_SHORT) : choose(READ_SHORT + 12));
                peer_read(&client);
            }
            if (choose(3) == 0 && !client.is_broken)
            {
                expect_within(20000, holds_little, &server, "a short read for a client that is silent");
                Sleep(REST_MS + 1000); /* somebody may still look whether a read has waited for long */
            }
        }
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

/* After the first message that was longer than the server's buffer, messages are cancelled at any moment, and others
 * follow at once. None is glued to another. (Of two in a row that are cancelled, each between two calls of the server,
 * one may be glued: see reading.c.) */
void scenario_cancelled_messages(void)
{
    watch server;
    peer client;

    faults_draw(false); /* where the probe or a peek fails, reads are as those before the first long message */
    watch_begin(&server);
    server.settings.flow.buffer_size = BUFFER;
    server.echoes = false;
    server.holds_events = false;
    server.numbers_skip = true;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        peer_write(&client, BUFFER + 1 + choose(100));
        peer_await_reader(&client);
        for (uint32_t i = 1 + choose(6); i > 0; i--)
        {
            peer_write_and_cancel(&client, 70000 + choose(1000));
            peer_write(&client, choose(2) ? choose(100) : BUFFER + choose(70000));
            peer_await_reader(&client);
        }
        peer_write_and_cancel(&client, 70000 + choose(1000));
        Sleep(30000);
        if (server.supplies.bytes_out > 3 * BUFFER && !client.is_broken && time_is_judged())
            fail("%u bytes are held for a client that is silent", (unsigned)server.supplies.bytes_out);
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

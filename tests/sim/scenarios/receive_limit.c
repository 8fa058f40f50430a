#include "expect.h"
#include "failure.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

#define BUFFER 64
#define CHARGE (256 + BUFFER) /* of one message that fits into the buffer: src/pipe/reading.c */

static unsigned wanted;

static bool have_come(void *of)
{
    return ((const watch *)of)->messages >= wanted;
}

static void expect_messages(watch *server, unsigned count)
{
    wanted = count;
    expect_within(AT_ONCE_MS, have_come, server, "a message that there is room for");
}

/* The owner keeps what comes until the limit of two messages is reached: then nothing more is read. At exactly half the
 * limit reading goes on. */
void scenario_receive_limit(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    server.keeps = true;
    server.echoes = false;
    server.settings.flow.buffer_size = BUFFER;
    server.settings.flow.receive_limit = 2 * CHARGE;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (int i = 0; i < 5; i++)
            peer_write(&client, 8 + choose(BUFFER - 8));
        expect_messages(&server, 2);
        loiter(choose(200));
        if (server.messages > 2)
            fail("a message is read beyond the receive limit");
        for (unsigned i = 3; i <= 5; i++)
        {
            watch_release_oldest(&server);
            expect_messages(&server, i);
        }
        peer_close(&client);
        server.keeps = false;
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

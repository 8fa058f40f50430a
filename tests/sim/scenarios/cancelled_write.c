#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

/* A client cancels messages that are longer than the pipe's buffer, at any moment of their reading; a short message
 * follows each. The part of a cancelled message is never handed over. The client waits in between until the server
 * reads again: a message that comes between the server's read and its peek cannot be told from the rest (see
 * reading.c). */
void scenario_cancelled_write(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    server.echoes = false;
    server.numbers_skip = true;
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (uint32_t i = 1 + choose(3); i > 0; i--)
        {
            peer_write_and_cancel(&client, 140000 + choose(1000));
            peer_await_reader(&client);
            peer_write(&client, 8 + choose(30));
        }
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

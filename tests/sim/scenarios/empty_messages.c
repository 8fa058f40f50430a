#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "watch_engine.h"

/* Messages without a byte, alone, in a row and between others, come and go as messages do. */
void scenario_empty_messages(void)
{
    unsigned count = 1 + choose(5);
    watch server;
    peer client;

    watch_begin(&server);
    if (watch_start(&server))
    {
        peer_open(&client, 1, false);
        for (unsigned i = 0; i < count; i++)
            peer_write(&client, choose(2) ? 0 : choose(100));
        for (unsigned i = 0; i < count; i++)
            peer_read(&client);
        if (server.messages != count && !faults_made())
            fail("%u messages come of %u", server.messages, count);
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

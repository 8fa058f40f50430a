#include "expect.h"
#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

static bool starts;

static void start(void *server)
{
    starts = watch_start(server);
}

static bool has_client(void *of)
{
    return ((const watch *)of)->connected != 0;
}

static void write_one(void *of)
{
    static BYTE data[70000]; /* more than the pipe takes at once */
    view *v = ((watch *)of)->views;

    view_write(v, data, sizeof(data));
    connection_read_on(v->connection);
}

/* The thread that started the server ends, and so does one that wrote and began a read: on some systems their requests
 * end with them. The server waits again for clients, reads and writes again. */
void scenario_starter_leaves(void)
{
    watch server;
    peer client;

    watch_begin(&server);
    server.asks = true;
    thread_wait(thread_begin(start, &server, "starter"));
    if (starts)
    {
        loiter(choose(200));
        peer_open(&client, 1, false);
        if (!client.is_broken && expect_within(5 * AT_ONCE_MS, has_client, &server, "CONNECTED"))
        {
            thread_wait(thread_begin(write_one, &server, "writer"));
            client.within = 1000;
            peer_read_all(&client, 70000);
            peer_write(&client, 100);
            peer_read(&client);
        }
        peer_close(&client);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

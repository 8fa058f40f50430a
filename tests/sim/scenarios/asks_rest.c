#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

#define BUFFER 5000
#define REST_MS 10000 /* src/pipe/resting.c */

static DWORD wait_for(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

static DWORD size_of(bool is_long)
{
    return MESSAGE_HEAD + (is_long ? 2040 + choose(BUFFER - 2200) : choose(2000)) + (choose(20) ? 0 : BUFFER);
}

static void ask_once(watch *client, view *v, DWORD number, bool is_long)
{
    static BYTE data[3 * BUFFER];
    DWORD size = size_of(is_long), bytes, error;
    buffer *answer;
    payload *p;

    message_fill(data, size, 1, number);
    p = payload_create_frame(client->settings.flow.framing, data, size);
    if (!p)
        return;
    error = connection_ask(v->connection, p, 600000, wait_for, NULL, &answer, &bytes);
    payload_release(p);
    if (error && !faults_made())
        fail("an ask fails with %u without a fault", error);
    if (!answer)
        return;
    if (bytes != size || memcmp(answer->data, data, bytes) != 0)
        fail("an ask gets an answer that is not its own");
    client->owner.buffers->free(client->owner.buffers, answer);
}

static void ask_some(watch *client, view *v)
{
    bool is_long = true;
    DWORD number = 0;

    for (uint32_t i = 1 + choose(10); i > 0; i--)
    {
        for (uint32_t j = 1 + choose(5); j > 0; j--)
            ask_once(client, v, number++, is_long);
        if (choose(3) == 0)
            is_long = !is_long;
        if (choose(2))
            Sleep((1 + choose(2)) * REST_MS - choose(2));
        loiter(choose(100));
    }
}

/* A connection is asked again just when its long read was cancelled because of the silence before. The answer comes. */
void scenario_asks_rest(void)
{
    framing of = choose(2) ? FRAMING_LENGTH : FRAMING_PIPE;
    watch server, client;
    view *v;

    watch_begin(&server);
    server.is_stream = true;
    server.settings.flow.framing = of;
    server.settings.flow.buffer_size = BUFFER;
    watch_begin(&client);
    client.settings.flow.framing = of;
    client.settings.flow.buffer_size = BUFFER;
    client.settings.path = NULL;
    client.echoes = false;
    client.settings.flow.read_continuously = choose(2);
    if (watch_start(&server))
    {
        if (watch_start(&client))
        {
            v = watch_dial(&client, 60000);
            if (v)
                ask_some(&client, v);
            watch_stop(&client, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        }
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&client);
    watch_end(&server);
}

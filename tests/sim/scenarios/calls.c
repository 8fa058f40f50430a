#include "expect.h"
#include "failure.h"
#include "messages.h"
#include "pipe/call.h"
#include "pipe/exchange.h"
#include "scenario.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static void call_once(watch *buffers, DWORD sender)
{
    BYTE data[300];
    exchange of = {.path = SIM_PATH, .data = data, .timeout = choose(2) ? 60000 : 500, .wait = wait_for};
    buffer *answer;
    DWORD bytes, error;

    of.size = MESSAGE_HEAD + choose(sizeof(data) - MESSAGE_HEAD);
    of.buffers = &buffers->supplies.buffers;
    message_fill(data, of.size, sender, 0);
    error = call_perform(&of, &answer, &bytes);
    if (error && time_is_judged())
        fail("a call fails with %u without a fault", error);
    if (error)
        return;
    if (bytes != of.size || memcmp(answer->data, data, bytes) != 0)
        fail("a call gets an answer that is not its own");
    of.buffers->free(of.buffers, answer);
}

typedef struct caller
{
    watch *buffers;
    DWORD number;
} caller;

static void run_caller(void *of)
{
    const caller *c = of;

    for (uint32_t i = 1 + choose(2); i > 0; i--)
        call_once(c->buffers, c->number);
}

/* Two threads call a server that answers each message with the same. */
void scenario_calls(void)
{
    watch server;
    caller callers[2] = {{&server, 1}, {&server, 2}};
    int threads[2];

    watch_begin(&server);
    if (watch_start(&server))
    {
        for (int i = 0; i < 2; i++)
            threads[i] = thread_begin(run_caller, &callers[i], "caller");
        for (int i = 0; i < 2; i++)
            thread_wait(threads[i]);
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

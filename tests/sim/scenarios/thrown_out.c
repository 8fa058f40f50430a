#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/call.h"
#include "scenario.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

static void run_host(void *of)
{
    foreign *h = of;

    if (foreign_await(h, 60000) && choose(2))
        DisconnectNamedPipe(h->handle);
    foreign_close(h);
}

/* A server of messages throws its client out at once, perhaps before the client has asked what pipe it is: the call
 * fails since nobody answers, and not for want of a framing. */
void scenario_thrown_out(void)
{
    exchange of = {.path = SIM_PATH, .data = "question", .size = 8, .timeout = 2000, .wait = wait_for};
    watch buffers;
    foreign h;
    int thread;
    buffer *answer;
    DWORD bytes;

    watch_begin(&buffers);
    of.buffers = &buffers.supplies.buffers;
    if (!foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    if (call_perform(&of, &answer, &bytes) == PIPE_ERROR_NO_MESSAGES)
        fail("a call of a server that has left asks for a framing");
    if (answer)
        fail("a server that has left has answered");
    thread_wait(thread);
    foreign_close(&h);
    watch_end(&buffers);
}

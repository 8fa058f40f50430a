#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "messages.h"
#include "network.h"
#include "pipe/call.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

#define MARGIN_MS 50 /* as in src/pipe/remote_call.c */

#define PATH L"\\\\far\\pipe\\sim"

static bool gives_up, may_be_endless;

static DWORD wait_for(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    if (gives_up && ms > 20)
        return WaitForSingleObject(handle, 20) == WAIT_OBJECT_0 ? 0 : ERROR_CANCELLED;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

static DWORD some_time(void)
{
    switch (choose(5))
    {
    case 0: return may_be_endless ? INFINITE : 120000;
    case 1:
    case 2: return choose(400);
    default: return 120000;
    }
}

/* Returns how long a call may last. */
static uint32_t time_of(DWORD timeout)
{
    uint32_t most = timeout == INFINITE ? 10 * SILENT_MS : timeout + MARGIN_MS;

    return gives_up && most > 20 ? 20 : most;
}

static void call_once(watch *buffers, DWORD sender)
{
    BYTE data[500];
    exchange of = {.path = PATH, .data = data, .timeout = some_time(), .wait = wait_for};
    uint64_t begun = scheduler_now();
    buffer *answer;
    DWORD bytes, error;

    of.size = MESSAGE_HEAD + choose(sizeof(data) - MESSAGE_HEAD);
    of.buffers = &buffers->supplies.buffers;
    of.is_one_way = choose(4) == 0;
    message_fill(data, of.size, sender, 0);
    error = call_perform(&of, &answer, &bytes);
    expect_took(begun, 0, time_of(of.timeout), "a call");
    if (error || of.is_one_way)
    {
        if (answer)
            fail("a call that failed or wants no answer has one");
        return;
    }
    if (bytes != of.size || memcmp(answer->data, data, bytes) != 0)
        fail("a call gets an answer that is not its own");
    of.buffers->free(of.buffers, answer);
}

/* Calls a server on another computer, which may take its time or say nothing at all: each call ends in its time. */
void scenario_remote_calls(void)
{
    watch server;

    may_be_endless = choose(4) == 0;
    if (may_be_endless)
        faults_draw(false); /* a server that cannot write never answers */
    watch_begin(&server);
    server.settings.access.allow_remote = choose(4) != 0; /* else it refuses them */
    if (watch_start(&server))
    {
        for (DWORD i = 1; i <= 2; i++)
        {
            gives_up = choose(3) == 0;
            network_silence(choose(4) == 0);
            call_once(&server, i);
            network_silence(false);
        }
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/call.h"
#include "scenario.h"
#include "scheduler.h"
#include "threads.h"
#include "watch_engine.h"

#define TIME_MS 700
#define MISSING_MS 500 /* how long a call tries a pipe that is missing: src/pipe/exchange.c */

static enum
{
    SERVER_IS_MISSING,
    SERVER_IS_BUSY,
    SERVER_IS_SILENT,
    SERVER_LEAVES,
    CALLER_GIVES_UP,
    KINDS
} kind;

static DWORD wait_for(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    if (kind == CALLER_GIVES_UP && ms > 300)
        return WaitForSingleObject(handle, 300) == WAIT_OBJECT_0 ? 0 : ERROR_CANCELLED;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

static void run_host(void *of)
{
    BYTE data[100];
    foreign *h = of;
    DWORD bytes;

    if (!foreign_await(h, 5000))
        return;
    foreign_read(h, data, sizeof(data), &bytes, 5000);
    if (kind == SERVER_IS_SILENT || kind == CALLER_GIVES_UP)
        foreign_read(h, data, sizeof(data), &bytes, 5000); /* until the caller has left */
    foreign_close(h);
}

static const struct outcome
{
    DWORD error, least, most; /* ms */
} outcomes[KINDS] = {
    [SERVER_IS_MISSING] = {ERROR_FILE_NOT_FOUND, MISSING_MS, MISSING_MS},
    [SERVER_IS_BUSY] = {PIPE_ERROR_BUSY, TIME_MS, TIME_MS},
    [SERVER_IS_SILENT] = {PIPE_ERROR_TIMED_OUT, TIME_MS, TIME_MS},
    [SERVER_LEAVES] = {PIPE_ERROR_NOT_OPEN, 0, 0},
    [CALLER_GIVES_UP] = {ERROR_CANCELLED, 300, 300},
};

static void call(watch *buffers)
{
    exchange of = {.path = SIM_PATH, .data = "question", .size = 8, .timeout = TIME_MS, .wait = wait_for};
    uint64_t begun = scheduler_now();
    buffer *answer;
    DWORD bytes, error;

    of.buffers = &buffers->supplies.buffers;
    error = call_perform(&of, &answer, &bytes);
    if (!time_is_judged())
        return;
    if (error != outcomes[kind].error)
        fail("a call gives %u, which should be %u", error, outcomes[kind].error);
    expect_took(begun, outcomes[kind].least, outcomes[kind].most, "a call");
}

/* A call comes to nothing: the code says why, after the time that was given. */
void scenario_call_times_out(void)
{
    watch buffers;
    foreign h;
    HANDLE other = NULL;
    int thread = -1;

    kind = choose(KINDS);
    watch_begin(&buffers);
    if (kind != SERVER_IS_MISSING &&
        !foreign_open(&h, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1))
        fail("the host is refused");
    if (kind == SERVER_IS_BUSY)
    {
        faults_spare();
        other = CreateFileW(SIM_PATH, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        faults_spare_no_more();
    }
    else if (kind != SERVER_IS_MISSING)
        thread = thread_begin(run_host, &h, "host");
    call(&buffers);
    if (thread >= 0)
        thread_wait(thread);
    if (other)
        CloseHandle(other);
    if (kind != SERVER_IS_MISSING)
        foreign_close(&h);
    watch_end(&buffers);
}

#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/call.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"

#define FIRST_BUFFER 65536 /* src/pipe/exchange.c */
#define LONG_ANSWER 150000 /* more than the first buffer and more than the pipe */

static enum
{
    ANSWER_IS_LONG,
    ANSWER_IS_CANCELLED,
    ANSWER_IS_A_STREAM,
    ANSWER_HAS_NO_FRAMING,
    SERVER_DISCONNECTS,
    CALLER_READS,
    CALLER_WRITES,
    KINDS
} kind;

#define WAITS_MOST 500 /* then the caller gives up */

static unsigned waits;

static DWORD wait_for(void *context, HANDLE handle, DWORD ms)
{
    (void)context;
    if (++waits > WAITS_MOST)
        return ERROR_CANCELLED;
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0 ? 0 : (DWORD)PIPE_ERROR_TIMED_OUT;
}

static BYTE answer_data[LONG_ANSWER];

/* What the caller has not read by then is lost. */
static void throw_out_while_writing(foreign *h)
{
    OVERLAPPED overlapped = {.hEvent = h->event};
    DWORD bytes;

    ResetEvent(h->event);
    if (!WriteFile(h->handle, answer_data, LONG_ANSWER, NULL, &overlapped) && GetLastError() != ERROR_IO_PENDING)
        return; /* the caller has given up */
    loiter(choose(40));
    DisconnectNamedPipe(h->handle);
    WaitForSingleObject(h->event, INFINITE);
    GetOverlappedResult(h->handle, &overlapped, &bytes, TRUE);
}

static void give_answer(foreign *h)
{
    switch (kind)
    {
    case ANSWER_IS_CANCELLED:
        foreign_write(h, answer_data, LONG_ANSWER, choose(2)); /* a part is read, then nothing is left of it */
        foreign_write(h, answer_data, 5000, 60000);
        break;
    case ANSWER_IS_A_STREAM:
        foreign_write(h, answer_data, 0, 60000); /* no chunk */
        foreign_write(h, answer_data, 3000, 60000);
        break;
    case SERVER_DISCONNECTS: throw_out_while_writing(h); break;
    default: foreign_write(h, answer_data, LONG_ANSWER, 60000); break;
    }
}

static void run_host(void *of)
{
    BYTE data[100];
    foreign *h = of;
    DWORD bytes;

    if (!foreign_await(h, 5000))
        return;
    if (kind != CALLER_READS && !foreign_read(h, data, sizeof(data), &bytes, 60000) && kind != CALLER_WRITES)
        give_answer(h);
    foreign_read(h, data, sizeof(data), &bytes, 60000); /* until the caller has left */
    foreign_close(h);
}

static void check_answer(DWORD error, const buffer *answer, DWORD bytes)
{
    static const DWORD errors[KINDS] = {[ANSWER_HAS_NO_FRAMING] = PIPE_ERROR_NO_MESSAGES,
                                        [SERVER_DISCONNECTS] = PIPE_ERROR_NOT_OPEN,
                                        [CALLER_READS] = PIPE_ERROR_READ_ONLY,
                                        [CALLER_WRITES] = PIPE_ERROR_WRITE_ONLY};

    if (error != errors[kind] && time_is_judged() && !(kind == SERVER_DISCONNECTS && !error))
        fail("a call gives %u, which should be %u", error, errors[kind]);
    if (error)
        return;
    if (kind == ANSWER_IS_CANCELLED && bytes == FIRST_BUFFER + 5000)
        return; /* the two cannot be told apart if the second was there before the peek: src/pipe/reading.c */
    if (kind == ANSWER_IS_A_STREAM ? !bytes : bytes != LONG_ANSWER && (kind == ANSWER_IS_LONG || bytes != 5000))
        fail("an answer of %u bytes was not written", bytes);
    if (memcmp(answer->data, answer_data, bytes) != 0)
        fail("an answer is not what was written");
}

static void call(watch *buffers)
{
    exchange of = {.path = SIM_PATH, .data = "question", .size = 8, .timeout = 60000, .wait = wait_for};
    buffer *answer;
    DWORD bytes, error;

    of.buffers = &buffers->supplies.buffers;
    of.framing = kind == ANSWER_IS_A_STREAM ? FRAMING_CHUNKS : FRAMING_PIPE;
    if (choose(2))
        of.timeout = INFINITE; /* the host leaves some time */
    error = call_perform(&of, &answer, &bytes);
    check_answer(error, answer, bytes);
    if (answer)
        of.buffers->free(of.buffers, answer);
}

/* A foreign server answers a call with much, takes an answer back half-way, answers with a stream that the caller takes
 * as chunks or as messages, throws the caller out, or does not let the caller write or read. */
void scenario_call_answers(void)
{
    DWORD mode, type;
    watch buffers;
    foreign h;
    int thread;

    kind = choose(KINDS);
    waits = 0;
    for (DWORD i = 0; i < LONG_ANSWER; i++)
        answer_data[i] = (BYTE)(i * 7 + i / 256);
    mode = kind == CALLER_READS    ? PIPE_ACCESS_OUTBOUND
           : kind == CALLER_WRITES ? PIPE_ACCESS_INBOUND
                                   : PIPE_ACCESS_DUPLEX;
    watch_begin(&buffers);
    type = kind == ANSWER_IS_A_STREAM || kind == ANSWER_HAS_NO_FRAMING ? PIPE_TYPE_BYTE
                                                                       : PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;
    if (!foreign_open(&h, mode, type, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    call(&buffers);
    thread_wait(thread);
    foreign_close(&h);
    watch_end(&buffers);
}

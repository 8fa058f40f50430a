#include "expect.h"
#include "failure.h"
#include "faults.h"
#include "foreign.h"
#include "pipe/call.h"
#include "scenario.h"
#include "threads.h"
#include "waits.h"
#include "watch_engine.h"

#define QUESTION "question\n"
#define LONGEST 5000 /* more than one read of what nobody wants */

static DWORD greetings; /* messages that the server writes before it reads */
static bool leaves_unasked, is_byte_mode, was_asked;
static BYTE greeting[LONGEST]; /* a line */

static void run_host(void *of)
{
    BYTE data[100];
    foreign *h = of;
    DWORD bytes;

    if (!foreign_await(h, 60000))
        return;
    for (DWORD i = 0; i < greetings; i++)
        if (foreign_write(h, greeting, choose(2) ? LONGEST : 0, 60000))
            break;
    foreign_write(h, greeting, LONGEST, 60000);
    loiter(choose(20));
    if (!leaves_unasked && !foreign_read(h, data, sizeof(data), &bytes, 60000))
    {
        was_asked = bytes == sizeof(QUESTION) - 1 && memcmp(data, QUESTION, bytes) == 0;
        foreign_write(h, greeting, LONGEST, 60000); /* one way nobody reads it */
    }
    foreign_close(h);
}

static void check_answer(const exchange *of, DWORD error, const buffer *answer, DWORD bytes)
{
    DWORD line = of->framing == FRAMING_LINES ? LONGEST - 1 : LONGEST;

    if (error != (leaves_unasked ? (DWORD)PIPE_ERROR_NOT_OPEN : 0) && time_is_judged())
        fail("a call of a server that writes first gives %u", error);
    if (error || of->is_one_way)
        return;
    if (bytes != line && (of->framing != FRAMING_PIPE || bytes))
        fail("an answer of %u bytes was not written", bytes);
    if (memcmp(answer->data, greeting, bytes) != 0)
        fail("an answer is not what was written");
}

static void call(watch *buffers)
{
    exchange of = {.path = SIM_PATH, .data = QUESTION, .size = sizeof(QUESTION) - 1, .wait = wait_for};
    buffer *answer;
    DWORD bytes, error;

    of.timeout = choose(2) ? 60000 : INFINITE;
    of.framing = is_byte_mode || choose(2) ? FRAMING_LINES : FRAMING_PIPE;
    of.is_one_way = choose(2);
    of.buffers = &buffers->supplies.buffers;
    error = call_perform(&of, &answer, &bytes);
    check_answer(&of, error, answer, bytes);
    if (answer)
        of.buffers->free(of.buffers, answer);
    if (error && !leaves_unasked)
        was_asked = true; /* by a fault: nobody knows */
}

/* A foreign server whose pipe holds nothing writes first, then reads the question, unless it leaves: the call gets the
 * first line or message, and the server gets the question. */
void scenario_writes_first(void)
{
    DWORD type;
    watch buffers;
    foreign h;
    int thread;

    greetings = choose(3);
    leaves_unasked = choose(4) == 0;
    is_byte_mode = choose(2);
    was_asked = false;
    for (DWORD i = 0; i < LONGEST; i++)
        greeting[i] = i == LONGEST - 1 ? '\n' : (BYTE)('a' + i % 26);
    type = is_byte_mode ? PIPE_TYPE_BYTE : PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE;
    watch_begin(&buffers);
    if (!foreign_open_without_buffers(&h, PIPE_ACCESS_DUPLEX, type, 1))
        fail("the host is refused");
    thread = thread_begin(run_host, &h, "host");
    call(&buffers);
    thread_wait(thread);
    if (!was_asked && !leaves_unasked && !faults_made())
        fail("the server does not get the question");
    foreign_close(&h);
    watch_end(&buffers);
}

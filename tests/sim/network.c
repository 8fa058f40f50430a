#include "network.h"

#include "failure.h"
#include "faults.h"
#include "locks.h"
#include "pipe.h"
#include "scheduler.h"
#include "threads.h"
#include "ways.h"

#include <stdlib.h>

#define PART 96 /* bytes; guess: a read that is longer than the transport allows comes back in parts */

static uint32_t state; /* a generator of its own, so that other draws stay as they are */
static bool is_silent;

void network_begin(void)
{
    state = ways.network;
    is_silent = false;
}

static uint32_t draw(uint32_t n)
{
    state = state * 1664525u + 1013904223u; /* Knuth, Lewis */
    return (uint32_t)(((uint64_t)state * n) >> 32);
}

void network_silence(bool silent)
{
    is_silent = silent;
}

static uint32_t delay(void)
{
    switch (draw(8))
    {
    case 0: return 0;
    case 6: return draw(3000);
    case 7: return ways.network_hangs && draw(4) == 0 ? SILENT_MS : draw(500);
    default: return draw(50);
    }
}

/* ---- calls that block ---- */

/* After a fault the product may have found no thread for the call. */
static void check_thread(const char *function)
{
    if (locks_held())
        fail("%s for a pipe of another computer is called with a lock held", function);
    if (!thread_may_block() && !faults_made())
        fail("%s for a pipe of another computer blocks a thread that has other work", function);
}

typedef struct answer
{
    uint64_t due;
    bool hangs;
} answer;

static bool has_come(void *of)
{
    const answer *a = of;

    return !is_silent && !a->hangs && scheduler_now() >= a->due;
}

/* Waits for the answer. Returns false if none came. */
static bool await_answer(answer *a)
{
    bool came;

    while (!(came = has_come(a)) && scheduler_now() < a->due)
        came = scheduler_wait(has_come, a, a->due, "another computer", 0);
    return came || scheduler_wait(has_come, a, a->due + SILENT_MS, "another computer", 0);
}

static answer answer_of_a_call(void)
{
    uint32_t ms = delay();
    answer a = {scheduler_in(ms), ms == SILENT_MS};

    return a;
}

DWORD network_call(const char *function)
{
    answer a = answer_of_a_call();

    check_thread(function);
    return await_answer(&a) ? 0 : ERROR_SEM_TIMEOUT;
}

/* ---- peeking ---- */

/* A peek that is under way. The request may be cancelled before the answer comes. */
typedef struct control
{
    request *request; /* NULL: it has ended */
    file *file;
    ULONG *out;
    answer answer;
} control;

static DWORD peek(const file *f, ULONG *out)
{
    DWORD waiting, left, error = pipe_peek(f, &waiting, &left);

    if (error)
        return error;
    out[0] = f->pipe->state;
    out[1] = waiting;
    out[2] = MAXDWORD; /* the number of messages is not kept for the other end (ReactOS, fsctrl.c) */
    out[3] = left;
    return waiting ? ERROR_MORE_DATA : 0; /* there are bytes, and no room for them */
}

static void answer_comes(void *of)
{
    control *c = of;
    bool came = await_answer(&c->answer);

    if (c->request)
    {
        request_end(c->request, came ? peek(c->file, c->out) : ERROR_SEM_TIMEOUT, 16);
        requests_tell();
    }
    free(c);
}

static void cancel_peek(request *r)
{
    ((control *)r->place)->request = NULL;
    request_end(r, ERROR_OPERATION_ABORTED, 0);
}

BOOL network_peek(file *f, void *out, DWORD size, OVERLAPPED *overlapped)
{
    control *c;

    check_thread("DeviceIoControl");
    if (size != 16)
        fail("FSCTL_PIPE_PEEK with room for data; the stand-in does not know this case");
    if (draw(4) == 0)
        return request_ended_at_once(f, "DeviceIoControl", overlapped, peek(f, out), 16);
    c = malloc(sizeof(*c));
    *c = (control){request_begin(f, "DeviceIoControl", overlapped, out, size), f, out, answer_of_a_call()};
    c->request->place = c;
    c->request->cancel = cancel_peek;
    scheduler_start(answer_comes, c, "network", false);
    SetLastError(ERROR_IO_PENDING);
    return FALSE;
}

DWORD network_part(DWORD size)
{
    return ways.network_parts && size > PART ? PART : size;
}

#include "pipe/remote_call.h"

#include "base/blocking.h"
#include "base/check.h"
#include "pipe/name.h"
#include "pipe/payload.h"

#define MARGIN_MS 50 /* so that the other thread, whose time begins later, says itself why it is up */

/* What the two threads share. It is reference-counted, since the caller may give up before the other thread ends. */
typedef struct remote_call
{
    volatile LONG references; /* Interlocked */
    blocking_task task;
    exchange of;     /* with its own copy of the path */
    payload *data;   /* a copy of the data */
    HANDLE given_up; /* manual-reset event: the caller has given up */
    HANDLE done;     /* manual-reset event: the fields below are set */
    DWORD error, bytes;
    buffer *answer;
} remote_call;

/* The other thread does not use the caller's buffers, since it may outlive the caller. */
static buffer *plain_alloc(buffer_source *s, DWORD size)
{
    buffer *b = mem_alloc(sizeof(*b) + size);

    (void)s;
    if (!b)
        return NULL;
    b->data = (BYTE *)(b + 1);
    b->capacity = size;
    return b;
}

static void plain_free(buffer_source *s, buffer *b)
{
    (void)s;
    mem_free(b);
}

static buffer_source plain_buffers = {plain_alloc, plain_free};

static DWORD wait_unless_given_up(void *context, HANDLE handle, DWORD ms)
{
    remote_call *r = context;
    HANDLE handles[2];

    handles[0] = r->given_up;
    handles[1] = handle;
    switch (WaitForMultipleObjects(2, handles, FALSE, ms))
    {
    case WAIT_OBJECT_0 + 1: return 0;
    case WAIT_TIMEOUT: return PIPE_ERROR_TIMED_OUT;
    default: return ERROR_CANCELLED;
    }
}

static void remote_call_release(remote_call *r)
{
    if (count_down(&r->references))
        return;
    if (r->given_up)
        CloseHandle(r->given_up);
    if (r->done)
        CloseHandle(r->done);
    mem_free(r->answer);
    mem_free((void *)r->of.path);
    payload_release(r->data);
    mem_free(r);
}

/* NULL without memory or events. */
static remote_call *remote_call_create(const exchange *of)
{
    remote_call *r = mem_alloc(sizeof(*r));

    if (!r)
        return NULL;
    r->references = 1;
    r->of = *of;
    r->of.path = pipe_text_copy(of->path);
    r->data = payload_create(of->data, of->size);
    r->of.wait = wait_unless_given_up;
    r->of.buffers = &plain_buffers;
    r->of.context = r;
    r->given_up = CreateEventW(NULL, TRUE, FALSE, NULL);
    r->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (r->of.path && r->data && r->given_up && r->done)
    {
        r->of.data = r->data->data;
        return r;
    }
    remote_call_release(r);
    return NULL;
}

static void remote_call_run(blocking_task *task)
{
    remote_call *r = CONTAINER_OF(task, remote_call, task);
    HANDLE pipe;

    r->error = exchange_perform(&r->of, &r->answer, &r->bytes, &pipe);
    SetEvent(r->done); /* the caller does not wait for the close */
    remote_call_release(r);
    if (pipe != INVALID_HANDLE_VALUE)
        win32.close_handle(pipe);
}

/* Copies the answer into a buffer of the caller. */
static DWORD hand_answer_over(const exchange *of, const remote_call *r, buffer **answer, DWORD *bytes)
{
    if (r->error || of->is_one_way)
        return r->error;
    *answer = of->buffers->alloc(of->buffers, r->bytes);
    if (!*answer)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy((*answer)->data, r->answer->data, r->bytes);
    *bytes = r->bytes;
    return 0;
}

static DWORD await(const exchange *of, remote_call *r, buffer **answer, DWORD *bytes)
{
    DWORD patience = of->timeout < INFINITE - MARGIN_MS ? of->timeout + MARGIN_MS : INFINITE;
    DWORD error = of->wait(of->context, r->done, patience);

    if (!error)
        return hand_answer_over(of, r, answer, bytes);
    SetEvent(r->given_up);
    return error;
}

DWORD remote_call_perform(const exchange *of, buffer **answer, DWORD *bytes)
{
    remote_call *r = remote_call_create(of);
    DWORD error;

    *answer = NULL;
    *bytes = 0;
    if (!r)
        return ERROR_NOT_ENOUGH_MEMORY;
    InterlockedIncrement(&r->references); /* the task's */
    error = blocking_run(&r->task, remote_call_run);
    if (error)
        count_down(&r->references); /* the caller has one */
    else
        error = await(of, r, answer, bytes);
    remote_call_release(r);
    return error;
}

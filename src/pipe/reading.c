/* Reading: one ReadFile at a time. A message that is longer than the buffer grows it to what PeekNamedPipe says is
 * left; the next read is issued before the event of the last is handed over.
 *
 * A writer may cancel what it has begun to write (CancelIoEx, or its thread's end): the rest of a message that was
 * half read never comes then, and what comes instead is another message. The part is dropped where this can be seen:
 * nothing is left, or what comes is not as long as what was left. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/peek.h"

#define EVENT_CHARGE 256 /* bytes that a waiting event counts beside its buffer, so that empty messages have a weight */

static void read_done(operation *op, DWORD error, DWORD bytes);

static void message_event_free(pipe_event *event)
{
    mem_free(event);
}

/* ---- starting ---- */

/* At the limit reading pauses; one message is always let in, and an asked-for one too. */
static bool wants_to_read(connection *c) REQUIRES_LOCK(c->lock)
{
    if (c->write_only)
        return false;
    if (c->state != CONNECTION_OPEN && !(c->state == CONNECTION_DRAINING && c->read_filled))
        return false;
    if (c->read_filled || !list_empty(&c->read_requests))
        return true;
    return c->flow.read_continuously && !c->choked && !InterlockedCompareExchange(&c->engine->paused, 0, 0);
}

static bool prepare_read(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;

    if (!c->read_event)
    {
        c->read_event = mem_alloc(sizeof(*c->read_event));
        if (!c->read_event)
            return false;
        connection_event_init(c, c->read_event, PIPE_MESSAGE, message_event_free);
    }
    if (!c->read_buffer)
        c->read_buffer = buffers->alloc(buffers, c->flow.buffer_size);
    return c->read_buffer != NULL;
}

static void start_read(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer *b = c->read_buffer;
    DWORD error;

    port_expect(c->engine->port, &c->read, read_done);
    c->reading = true;
    c->outstanding++;
    error =
        win32.read_file(c->handle, b->data + c->read_filled, b->capacity - c->read_filled, NULL, &c->read.overlapped)
            ? 0
            : GetLastError();
    port_started(c->engine->port, &c->read, error);
}

void reading_advance(connection *c)
{
    if (c->reading || (c->state != CONNECTION_OPEN && c->state != CONNECTION_DRAINING))
        return;
    if (!wants_to_read(c))
        closing_watch(c);
    else if (prepare_read(c))
        start_read(c);
    else
    {
        closing_fail(c, CLOSE_FAILED, ERROR_NOT_ENOUGH_MEMORY);
        closing_advance(c);
    }
}

void connection_read_on(connection *c)
{
    connection_lock(c);
    c->choked = false;
    reading_advance(c);
    connection_unlock(c);
}

LONGLONG connection_receive_limit(connection *c)
{
    return c->flow.receive_limit;
}

DWORD connection_read(connection *c, void *cookie)
{
    read_request *request = mem_alloc(sizeof(*request));
    DWORD error = 0;

    if (!request)
        return ERROR_NOT_ENOUGH_MEMORY;
    request->cookie = cookie;
    connection_lock(c);
    if (c->write_only)
        error = PIPE_ERROR_WRITE_ONLY;
    else if (closing_accepts(c))
    {
        list_append(&c->read_requests, &request->link);
        reading_advance(c);
    }
    else
        error = PIPE_ERROR_NOT_OPEN;
    connection_unlock(c);
    if (error)
        mem_free(request);
    return error;
}

/* ---- completing ---- */

/* The buffer is full and `left` bytes of the message are still to come. */
static DWORD grow(connection *c, DWORD left) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;
    buffer *larger;

    c->read_expected = left;
    if (!left)
    {
        c->read_filled = 0; /* its writer has cancelled it */
        return 0;
    }
    if (left > MESSAGE_LIMIT - c->read_filled)
        return PIPE_ERROR_MESSAGE_TOO_LONG;
    larger = buffers->alloc(buffers, c->read_filled + left);
    if (!larger)
        return ERROR_NOT_ENOUGH_MEMORY;
    memcpy(larger->data, c->read_buffer->data, c->read_filled);
    buffers->free(buffers, c->read_buffer);
    c->read_buffer = larger;
    return 0;
}

/* The cookie of the oldest request; it is served now. */
static void *take_request(connection *c) REQUIRES_LOCK(c->lock)
{
    list_link *link = list_take_first(&c->read_requests);
    read_request *request;
    void *cookie;

    if (!link)
        return NULL;
    request = CONTAINER_OF(link, read_request, link);
    cookie = request->cookie;
    mem_free(request);
    return cookie;
}

/* The buffer that the message waits in: where it fills less than a quarter of this one, one of its own size. */
static buffer *settle_message(connection *c, buffer *b, DWORD bytes)
{
    engine_owner *owner = c->engine->owner;
    buffer *own;

    if (bytes >= b->capacity / 4 || !owner->calls->would_wait(owner, c))
        return b;
    own = owner->buffers->alloc(owner->buffers, bytes);
    if (!own)
        return b;
    if (bytes)
        memcpy(own->data, b->data, bytes);
    owner->buffers->free(owner->buffers, b);
    return own;
}

/* Locked on entry and on return, but not between: `reading` stays true, so that no other read begins. */
static void complete_message(connection *c) REQUIRES_LOCK(c->lock)
{
    pipe_event *event = c->read_event;
    buffer *b = c->read_buffer;

    event->bytes = c->read_filled;
    event->cookie = take_request(c);
    c->read_event = NULL;
    c->read_buffer = NULL;
    c->read_filled = 0;
    lock_release(&c->lock);
    b = settle_message(c, b, event->bytes);
    lock_acquire(&c->lock);
    event->buffer = b;
    event->receive_charge = (LONGLONG)b->capacity + EVENT_CHARGE;
    c->receive_held += event->receive_charge;
    if (c->flow.receive_limit && c->receive_held >= c->flow.receive_limit)
        c->choked = true;
    connection_emit(c, event);
}

/* Bytes have come. Where a part was read before and they are not its rest, its writer has cancelled it, and they begin
 * the next message. */
static void add_bytes(connection *c, DWORD error, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    if (c->read_filled && !peek_is_rest(c->read_expected, error, bytes))
    {
        memmove(c->read_buffer->data, c->read_buffer->data + c->read_filled, bytes);
        c->read_filled = 0;
    }
    c->read_filled += bytes;
}

/* Returns what ends the reading, or 0. */
static DWORD take_bytes(connection *c, DWORD error, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    switch (error)
    {
    case 0:
        if (c->reads_chunks && !bytes)
            return 0; /* nothing was written: a chunk has bytes */
        add_bytes(c, 0, bytes);
        complete_message(c);
        return 0;
    case ERROR_OPERATION_ABORTED: return 0; /* by a close; or the thread that had issued it ended: it is issued again */
    default: return error;
    }
}

static void end_reading(connection *c, DWORD error) REQUIRES_LOCK(c->lock)
{
    if (error == PIPE_ERROR_MESSAGE_TOO_LONG)
        closing_fail(c, CLOSE_TOO_LONG, error);
    else if (peek_is_departure(error))
        closing_begin(c, CLOSE_OTHER_END, 0);
    else
        closing_fail(c, CLOSE_FAILED, error);
}

static void end_read(connection *c, DWORD error) REQUIRES_LOCK(c->lock)
{
    c->reading = false;
    if (error && c->state != CONNECTION_CLOSING)
        end_reading(c, error);
    reading_advance(c);
    closing_advance(c);
}

static void peeked(connection *c, DWORD error, DWORD left) REQUIRES_LOCK(c->lock)
{
    end_read(c, error ? error : grow(c, left));
}

/* The message goes on. Closing does not wait for the peek: nothing is told of a part. */
static void take_part(connection *c, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    add_bytes(c, ERROR_MORE_DATA, bytes);
    c->outstanding--;
    if (c->state == CONNECTION_CLOSING)
        end_read(c, ERROR_OPERATION_ABORTED);
    else
        peeking_begin(c, peeked);
}

static void read_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, read);

    connection_hold(c);
    connection_lock(c);
    if (error == ERROR_MORE_DATA)
        take_part(c, bytes);
    else
    {
        error = take_bytes(c, error, bytes);
        c->outstanding--;
        end_read(c, error);
    }
    connection_unlock(c);
    connection_release(c);
}

/* Its engine's owner may be gone where nothing of his is left: a call that was stuck elsewhere held the connection. */
void reading_fini(connection *c) NO_THREAD_SAFETY_ANALYSIS
{
    if (c->read_buffer)
    {
        buffer_source *buffers = c->engine->owner->buffers;

        buffers->free(buffers, c->read_buffer);
    }
    mem_free(c->read_event);
    c->read_buffer = NULL;
    c->read_event = NULL;
}

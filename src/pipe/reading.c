/* Reading: one ReadFile at a time, of a size that the connection's gait tells. If a message is longer than the buffer,
 * the buffer grows to what PeekNamedPipe says is left. A read of no bytes is such a case: all is left. The next read
 * is issued before the event of the last message is handed over.
 *
 * A writer may cancel a write that has begun (with CancelIoEx, or by the end of its thread). Then the rest of a
 * message that was half read never comes; another message comes instead. The part is dropped if this can be seen: if
 * nothing is left, or if the next bytes are not as many as were left. It cannot be seen if another message takes the
 * place before the peek. So a client of this server that had a message longer than the buffer is read in no parts any
 * more: a read of no bytes takes nothing, and the message that the peek has seen is taken whole, or another that took
 * its place. (Unless that one is longer and is cancelled too, before the next peek.)
 *
 * If frames are split from what is read, splitting.c ends the reads. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/peek.h"
#include "pipe/probe.h"

#define EVENT_CHARGE 256 /* bytes that each waiting event counts beside its buffer, so that empty messages count */

static void read_done(operation *op, DWORD error, DWORD bytes);

static void message_event_free(pipe_event *event)
{
    mem_free(event);
}

/* ---- starting ---- */

bool reading_is_wanted(connection *c)
{
    if (c->write_only)
        return false;
    if (c->state != CONNECTION_OPEN && !(c->state == CONNECTION_DRAINING && c->read_filled))
        return false;
    if (c->read_filled || !list_empty(&c->read_requests) || c->asked)
        return true;
    return c->flow.read_continuously && !c->choked && !InterlockedCompareExchange(&c->engine->paused, 0, 0);
}

/* A server may disconnect its client right behind its last message, without waiting until that is read. What lies in
 * the pipe is lost then; what a waiting read has room for is not. So the client's end waits with whole reads. */
void reading_begin(connection *c, bool is_dialed)
{
    bool of_messages = !c->splits && !c->reads_chunks;

    if (is_dialed)
        gait_init_whole(&c->gait, c->flow.buffer_size);
    else
        gait_init(&c->gait, c->flow.buffer_size, of_messages && probe_empty_read() != EMPTY_READ_UNKNOWN);
}

/* Returns whether the read buffer is one that the next read can use: it has a part of a message or room for one that is
 * there, or it is of the gait. */
static bool buffer_fits(connection *c) REQUIRES_LOCK(c->lock)
{
    return c->read_buffer && (c->read_expected || c->read_buffer->capacity == c->gait.room);
}

static bool prepare_read(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;

    if (c->splits)
        return splitting_make_room(c);
    if (!c->read_event)
    {
        c->read_event = mem_alloc(sizeof(*c->read_event));
        if (!c->read_event)
            return false;
        connection_event_init(c, c->read_event, PIPE_MESSAGE, message_event_free);
    }
    if (buffer_fits(c))
        return true;
    if (c->read_buffer)
        buffers->free(buffers, c->read_buffer);
    c->read_buffer = buffers->alloc(buffers, c->gait.room);
    return c->read_buffer != NULL;
}

static void start_read(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer *b = c->read_buffer;
    DWORD at = c->splits ? c->unsplit_end : c->read_filled, room, error;

    port_expect(c->engine->port, &c->read, c->splits ? splitting_read_done : read_done);
    c->read.overlapped.hEvent = c->read_ended;
    c->reading = true;
    room = asking_begin_read(c, b->capacity - at);
    c->outstanding++;
    error = win32.read_file(c->handle, b->data + at, room, NULL, &c->read.overlapped) ? 0 : GetLastError();
    c->read_pends = error == ERROR_IO_PENDING;
    if (c->read_pends)
        resting_watch(c);
    if (c->read_pends && c->reads_chunks && c->read_filled)
        CancelIoEx(c->handle, &c->read.overlapped); /* what was read of a chunk does not wait for what may never come */
    port_started(c->engine->port, &c->read, error);
}

void reading_advance(connection *c)
{
    if (c->reading || (c->state != CONNECTION_OPEN && c->state != CONNECTION_DRAINING))
        return;
    if (!reading_is_wanted(c))
        closing_watch(c);
    else if (c->split_later)
        splitting_go_on(c);
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
    bool over;

    connection_lock(c);
    c->choked = false;
    over = c->disconnected;
    reading_advance(c);
    connection_unlock(c);
    if (over)
        engine_drop_client(c->engine, &c->place);
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
    else if (c->asked && closing_accepts(c))
        error = PIPE_ERROR_IS_ASKED;
    else if (closing_accepts(c))
    {
        list_append(&c->read_requests, &request->link);
        idle_interrupt(c);
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

static DWORD message_limit(const connection *c)
{
    return c->flow.message_limit ? c->flow.message_limit : MESSAGE_LIMIT;
}

/* Makes room for `left` more bytes than were read. False: memory is short. */
static bool grow(connection *c, DWORD left) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;
    buffer *larger = buffers->alloc(buffers, c->read_filled + left);

    if (!larger)
        return false;
    if (c->read_filled)
        memcpy(larger->data, c->read_buffer->data, c->read_filled);
    buffers->free(buffers, c->read_buffer);
    c->read_buffer = larger;
    c->read_expected = left;
    return true;
}

void *reading_take_request(connection *c)
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

/* Returns the buffer in which the message waits: a buffer of the message's own size, if the message fills less than a
 * quarter of `b` and has to wait. */
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

void reading_emit(connection *c, pipe_event *event, buffer *b)
{
    if (c->asked && asking_takes_message(c, event, b))
        return;
    event->buffer = b;
    event->receive_charge = (LONGLONG)b->capacity + EVENT_CHARGE;
    c->receive_held += event->receive_charge;
    if (c->flow.receive_limit && c->receive_held >= c->flow.receive_limit)
        c->choked = true;
    connection_emit(c, event);
}

/* Emits the event of a whole message. Releases the lock and takes it again in between; `reading` stays true meanwhile,
 * so that no other read begins. */
static void complete_message(connection *c) REQUIRES_LOCK(c->lock)
{
    pipe_event *event = c->read_event;
    buffer *b = c->read_buffer;

    event->bytes = c->read_filled;
    event->cookie = reading_take_request(c);
    c->read_event = NULL;
    c->read_buffer = NULL;
    c->read_filled = c->read_expected = 0;
    gait_took(&c->gait, event->bytes, false);
    lock_release(&c->lock);
    b = settle_message(c, b, event->bytes);
    lock_acquire(&c->lock);
    reading_emit(c, event, b);
}

/* Adds the bytes that a read brought. If a part of a message was read before and these bytes are not its rest, the
 * writer has cancelled that message: the part is dropped, and the bytes begin the next message. */
static void add_bytes(connection *c, DWORD error, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    if (c->read_filled && !c->reads_chunks && !peek_is_rest(c->read_expected, error, bytes))
    {
        memmove(c->read_buffer->data, c->read_buffer->data + c->read_filled, bytes);
        c->read_filled = c->read_expected = 0;
        c->read_is_stale = false; /* that was the part */
    }
    c->read_filled += bytes;
    asking_bytes_came(c, bytes);
}

void reading_count(connection *c, DWORD messages, DWORD bytes)
{
    traffic *all = &c->engine->carried;

    c->carried.messages_received += messages;
    c->carried.bytes_received += bytes;
    traffic_add(&all->messages_received, messages);
    traffic_add(&all->bytes_received, bytes);
}

/* The rest of a chunk does not come, since its writer has cancelled it: what was read of it is all. */
static void complete_part_of_chunk(connection *c) REQUIRES_LOCK(c->lock)
{
    if (!c->reads_chunks || !c->read_filled || c->state == CONNECTION_CLOSING)
        return;
    reading_count(c, 1, 0);
    complete_message(c);
}

/* Handles the result of a read. Returns the error that ends the reading, or 0. */
static DWORD take_bytes(connection *c, DWORD error, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    switch (error)
    {
    case 0:
        if (c->reads_chunks && !bytes)
            return 0; /* an empty write is no chunk: a chunk has bytes */
        add_bytes(c, 0, bytes);
        if (!c->reads_chunks && c->read_filled > message_limit(c))
        {
            reading_count(c, 0, bytes);
            return PIPE_ERROR_MESSAGE_TOO_LONG;
        }
        reading_count(c, 1, bytes);
        complete_message(c);
        return 0;
    /* A close cancelled the read; or the thread that issued it ended, and the read is issued again. */
    case ERROR_OPERATION_ABORTED: complete_part_of_chunk(c); return 0;
    default: complete_part_of_chunk(c); return error;
    }
}

static void end_reading(connection *c, DWORD error) REQUIRES_LOCK(c->lock)
{
    if (error == PIPE_ERROR_MESSAGE_TOO_LONG)
        closing_fail(c, CLOSE_TOO_LONG, error);
    else if (error == PIPE_ERROR_BAD_FRAME)
        closing_fail(c, CLOSE_BAD_FRAME, error);
    else if (peek_is_departure(error))
        closing_begin(c, CLOSE_OTHER_END, 0);
    else
        closing_fail(c, CLOSE_FAILED, error);
}

void reading_end(connection *c, DWORD error)
{
    c->reading = false;
    if (error && c->state != CONNECTION_CLOSING)
        end_reading(c, error);
    reading_advance(c);
    closing_advance(c);
}

/* Returns whether a read of no bytes passed by an empty message, which it does not take at once. A message that was
 * cancelled before the peek looks the same; not twice. */
static bool passes_empty_message(connection *c, DWORD left) REQUIRES_LOCK(c->lock)
{
    bool was_passed = c->was_passed;

    c->was_passed = !left && !c->read_filled && !c->read_pends && probe_empty_read() == EMPTY_READ_PASSES;
    return was_passed && c->was_passed;
}

/* Returns whether a read with room must tell what is in the pipe: nothing of it was taken, and the peek does not help.
 */
static bool needs_room(connection *c, DWORD error, DWORD left) REQUIRES_LOCK(c->lock)
{
    return error ? !c->read_filled && !peek_is_departure(error) : passes_empty_message(c, left);
}

/* A peek says that `left` bytes of the message are left. Returns the error that ends the reading, or 0. */
static DWORD expect_rest(connection *c, DWORD left) REQUIRES_LOCK(c->lock)
{
    if (!left)
    {
        c->read_filled = c->read_expected = 0; /* the writer has cancelled the message */
        return 0;
    }
    if (c->read_filled > message_limit(c) || left > message_limit(c) - c->read_filled)
        return PIPE_ERROR_MESSAGE_TOO_LONG;
    return grow(c, left) ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

static void peeked_at_message(connection *c, DWORD error, DWORD left) REQUIRES_LOCK(c->lock)
{
    if (needs_room(c, error, left))
        error = grow(c, c->flow.buffer_size) ? 0 : ERROR_NOT_ENOUGH_MEMORY;
    else if (!error)
        error = expect_rest(c, left);
    reading_end(c, error);
}

/* More of a chunk is read at once, or it is handed over as it is. */
static void peeked_at_chunk(connection *c, DWORD error, DWORD left) REQUIRES_LOCK(c->lock)
{
    DWORD room = c->flow.buffer_size - c->read_filled;

    if (error || !left || !grow(c, left < room ? left : room))
    {
        c->outstanding++; /* the lock is released in between: the connection must not end before this event */
        reading_count(c, 1, 0);
        complete_message(c);
        c->outstanding--;
    }
    reading_end(c, 0);
}

/* A read has ended that brought a part of what is there. Closing does not wait for the peek, since a part of a message
 * is never handed over. */
static void take_part(connection *c, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    add_bytes(c, ERROR_MORE_DATA, bytes);
    reading_count(c, 0, bytes);
    idle_interrupt(c);
    c->outstanding--;
    if (c->state == CONNECTION_CLOSING)
        reading_end(c, ERROR_OPERATION_ABORTED);
    else
        peeking_begin(c, c->reads_chunks ? peeked_at_chunk : peeked_at_message);
}

/* Returns whether a read was short, and there is more of the chunk: a long read would have brought it, too. The reads
 * of a pipe of bytes are never short, since this process opened it; on a pipe of messages a chunk ends with its
 * message. */
static bool is_short_of_a_chunk(connection *c, DWORD error, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    return error == ERROR_MORE_DATA && c->state != CONNECTION_CLOSING && bytes == c->read_buffer->capacity &&
           bytes < c->flow.buffer_size;
}

/* Returns whether more of a message is there than was read. A read of no bytes that waited and then succeeded has taken
 * an empty message; but one that succeeds at once may have looked at nothing. */
static bool is_part_of_a_message(connection *c, DWORD error) REQUIRES_LOCK(c->lock)
{
    if (error == ERROR_MORE_DATA)
        return true;
    return !error && !c->read_buffer->capacity && !c->read_pends && probe_empty_read() == EMPTY_READ_PASSES;
}

static void read_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, read);

    connection_hold(c);
    if ((!error || error == ERROR_MORE_DATA) && LOAD_ACQUIRE(&c->peer.user_state) == PEER_USER_AFTER_READ)
        connection_identify(c, false);
    connection_lock(c);
    if (c->reads_chunks ? is_short_of_a_chunk(c, error, bytes) : is_part_of_a_message(c, error))
        take_part(c, bytes);
    else
    {
        error = take_bytes(c, error == ERROR_MORE_DATA ? 0 : error, bytes);
        c->outstanding--;
        reading_end(c, error);
    }
    connection_unlock(c);
    connection_release(c);
}

/* If nothing of the owner is left here, the owner may be gone: a call that hung on another thread held the
 * connection. */
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

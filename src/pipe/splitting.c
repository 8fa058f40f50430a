/* Splitting: what is read becomes frames, for the framings that framing.h splits.
 *
 * A read adds its bytes to the read buffer; a worker takes one frame after the other out of it. It stops where reading
 * would pause, and goes on, by an operation of its own, when reading would. Nothing is read while a whole frame is
 * left. `reading` is true while frames are taken, so that nothing else changes the read buffer, also while the lock is
 * released.
 *
 * A frame that nothing follows takes the read buffer with it, and so does one that is long for its buffer; what follows
 * moves into a fresh one. Other frames are copied. A byte is moved to the front at most once, and copied while its
 * buffer grows: the time is linear in what comes, however it comes. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/peek.h"

#define FRAMES_AT_ONCE 64 /* then it is other connections' turn */

static void message_event_free(pipe_event *event)
{
    mem_free(event);
}

/* ---- the read buffer ---- */

/* Moves what is not split yet to the front. */
static void compact(connection *c) REQUIRES_LOCK(c->lock)
{
    DWORD size = c->unsplit_end - c->unsplit_begin;

    if (size && c->unsplit_begin)
        memmove(c->read_buffer->data, c->read_buffer->data + c->unsplit_begin, size);
    c->unsplit_begin = 0;
    c->unsplit_end = size;
}

/* All is split: a buffer that had to grow, or is not of the gait, is not kept. */
static void end_buffer(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;

    c->unsplit_begin = c->unsplit_end = 0;
    if (!c->read_buffer || c->read_buffer->capacity == c->gait.room)
        return;
    buffers->free(buffers, c->read_buffer);
    c->read_buffer = NULL;
}

/* Gives the bytes that are not split yet a larger buffer, or the first one. False: memory is short. */
static bool enlarge(connection *c) REQUIRES_LOCK(c->lock)
{
    buffer_source *buffers = c->engine->owner->buffers;
    buffer *b = c->read_buffer, *larger;
    DWORD room = b ? splitter_room(&c->splitter, c->unsplit_end) : 0;

    larger = buffers->alloc(buffers, room < c->gait.room ? c->gait.room : room);
    if (!larger)
        return false;
    if (b)
    {
        memcpy(larger->data, b->data, c->unsplit_end);
        buffers->free(buffers, b);
    }
    c->read_buffer = larger;
    return true;
}

bool splitting_make_room(connection *c)
{
    compact(c);
    if (!c->unsplit_end)
        end_buffer(c);
    return (c->read_buffer && c->unsplit_end < c->read_buffer->capacity) || enlarge(c);
}

/* ---- one frame ---- */

/* Copies the message of a frame into a buffer of its own size. NULL: memory is short. */
static buffer *copy_out(buffer_source *buffers, const BYTE *message, DWORD size)
{
    buffer *b = buffers->alloc(buffers, size);

    if (b && size)
        memcpy(b->data, message, size);
    return b;
}

/* Returns whether the frame takes the read buffer with it: it is long for the buffer, or it neither has to wait nor is
 * anything behind it. */
static bool takes_buffer(connection *c, DWORD capacity, DWORD size, DWORD behind, bool is_first)
{
    engine_owner *owner = c->engine->owner;

    if (size >= capacity / 4 && size > behind)
        return true;
    return !behind && is_first && !owner->calls->would_wait(owner, c);
}

/* Gives the frame at `at` of the read buffer a buffer: `*own`, whose message begins in front. *rest is what is then the
 * read buffer, of the `usual` size or larger, with the `behind` bytes behind the frame in front; or the same as before.
 * False: memory is short. */
static bool move_out(connection *c, buffer *b, DWORD at, const frame *f, DWORD behind, DWORD usual, bool is_first,
                     buffer **own, buffer **rest)
{
    buffer_source *buffers = c->engine->owner->buffers;

    *rest = b;
    if (!takes_buffer(c, b->capacity, f->size, behind, is_first))
    {
        *own = copy_out(buffers, b->data + at + f->begin, f->size);
        return *own != NULL;
    }
    *own = b;
    *rest = NULL;
    if (behind)
    {
        *rest = buffers->alloc(buffers, behind < usual ? usual : behind);
        if (!*rest)
            return false;
        memcpy((*rest)->data, b->data + at + f->whole, behind);
    }
    if (f->size && at + f->begin)
        memmove(b->data, b->data + at + f->begin, f->size);
    return true;
}

/* Emits the event of the first frame that is not split yet. Releases the lock and takes it again in between. Returns 0
 * or ERROR_NOT_ENOUGH_MEMORY. */
static DWORD emit_frame(connection *c, const frame *f, bool is_first) REQUIRES_LOCK(c->lock)
{
    buffer *b = c->read_buffer, *own, *rest;
    DWORD at = c->unsplit_begin, behind = c->unsplit_end - at - f->whole, usual = c->gait.room;
    pipe_event *event;
    bool moved;

    lock_release(&c->lock);
    event = mem_alloc(sizeof(*event));
    moved = event && move_out(c, b, at, f, behind, usual, is_first, &own, &rest);
    lock_acquire(&c->lock);
    if (!moved)
    {
        mem_free(event);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    c->read_buffer = rest;
    c->unsplit_begin = rest == b ? at + f->whole : 0;
    c->unsplit_end = c->unsplit_begin + behind;
    connection_event_init(c, event, PIPE_MESSAGE, message_event_free);
    event->bytes = f->size;
    event->cookie = reading_take_request(c);
    reading_count(c, 1, 0);
    asking_frame_came(c, f->whole);
    reading_emit(c, event, own);
    return 0;
}

/* ---- all frames ---- */

static DWORD error_of_split(split_result result)
{
    switch (result)
    {
    case SPLIT_TOO_LONG: return PIPE_ERROR_MESSAGE_TOO_LONG;
    case SPLIT_WRONG: return PIPE_ERROR_BAD_FRAME;
    default: return 0;
    }
}

/* Emits the frames that are whole, as long as reading does not pause. Returns the error that ends the reading, or 0. */
static DWORD split(connection *c) REQUIRES_LOCK(c->lock)
{
    unsigned count = 0;
    frame f;

    c->split_later = false;
    while (c->unsplit_begin != c->unsplit_end)
    {
        split_result result;
        DWORD error;

        c->split_later = !reading_is_wanted(c) || count == FRAMES_AT_ONCE;
        if (c->split_later)
            return 0;
        result =
            splitter_next(&c->splitter, c->read_buffer->data + c->unsplit_begin, c->unsplit_end - c->unsplit_begin, &f);
        if (result != SPLIT_FRAME)
            return error_of_split(result);
        error = emit_frame(c, &f, count++ == 0);
        if (error)
            return error;
    }
    end_buffer(c);
    return 0;
}

/* The other end has left, and `error` says so; all whole frames are split. What is left may still be a message. */
static DWORD split_last(connection *c, DWORD error) REQUIRES_LOCK(c->lock)
{
    DWORD size = c->unsplit_end - c->unsplit_begin, judged;
    split_result result;
    frame f;

    if (!size)
        return error;
    result = splitter_end(&c->splitter, c->read_buffer->data + c->unsplit_begin, size, &f);
    judged = result == SPLIT_FRAME ? emit_frame(c, &f, true) : error_of_split(result);
    return judged ? judged : error;
}

static void split_due(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, read);

    (void)error;
    (void)bytes;
    connection_hold(c);
    connection_lock(c);
    error = split(c);
    c->outstanding--;
    reading_end(c, error);
    connection_unlock(c);
    connection_release(c);
}

void splitting_go_on(connection *c)
{
    port *p = c->engine->port;

    port_expect(p, &c->read, split_due);
    c->reading = true;
    c->outstanding++;
    port_started(p, &c->read, ERROR_PIPE_CONNECTED); /* as if a request had ended at once */
}

/* A close cancelled the read, or the thread that issued it ended: then it is issued again. An end by us is no end of a
 * frame. */
static DWORD take_bytes(connection *c, DWORD error, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    if (error == ERROR_OPERATION_ABORTED)
        return 0;
    if (error)
        return peek_is_departure(error) && c->state == CONNECTION_OPEN ? split_last(c, error) : error;
    c->unsplit_end += bytes;
    gait_took(&c->gait, bytes, c->unsplit_end == c->read_buffer->capacity);
    asking_bytes_came(c, bytes);
    reading_count(c, 0, bytes);
    if (bytes)
        idle_interrupt(c);
    return split(c);
}

/* A part of a message of the pipe is as good as a whole one: frames know nothing of messages. */
void splitting_read_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, read);

    if (error == ERROR_MORE_DATA)
        error = 0;
    connection_hold(c);
    if (!error && LOAD_ACQUIRE(&c->peer.user_state) == PEER_USER_AFTER_READ)
        connection_identify(c, false);
    connection_lock(c);
    error = take_bytes(c, error, bytes);
    c->outstanding--;
    reading_end(c, error);
    connection_unlock(c);
    connection_release(c);
}

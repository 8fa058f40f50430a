/* Writing: one WriteFile at a time, one for each message, in the order of the calls. The structure of a message becomes
 * the event that reports it, so that nothing has to be allocated after the pipe has taken the message. */

#include "pipe/connection.h"
#include "pipe/engine.h"
#include "pipe/peek.h"

#define MESSAGE_CHARGE 256 /* bytes that each message counts beside its payload */

/* The kernel copies unread bytes of a pipe into its own memory. If it has no memory for a message, the message is tried
 * again, unless it is longer than RETRIED_SIZE bytes. */
#define RETRIED_SIZE (1024 * 1024)
#define RETRY_FIRST_MS 10
#define RETRY_LAST_MS 1000
#define RETRY_FOR_MS 30000 /* since the first refusal */

static void write_done(operation *op, DWORD error, DWORD bytes);

void message_free(pipe_event *event)
{
    message *m = CONTAINER_OF(event, message, event);

    payload_release(m->payload);
    mem_free(m);
}

message *message_create(connection *c, payload *p, void *cookie)
{
    message *m = mem_alloc(sizeof(*m));

    if (!m)
        return NULL;
    connection_event_init(c, &m->event, PIPE_SENT, message_free);
    m->event.cookie = cookie;
    m->event.bytes = p->size;
    m->event.send_charge = (LONGLONG)p->size + MESSAGE_CHARGE;
    m->payload = payload_hold(p);
    return m;
}

/* Returns whether the send limit lets the message in. If nothing is queued, one message is always accepted, however
 * long. */
static bool has_room(connection *c, const message *m) REQUIRES_LOCK(c->lock)
{
    LONGLONG limit = c->flow.send_limit;

    return !limit || !c->send_held || c->send_held + m->event.send_charge <= limit;
}

DWORD writing_judge(connection *c, const message *m)
{
    if (!closing_accepts(c) || c->other_left)
        return PIPE_ERROR_NOT_OPEN;
    if (c->read_only)
        return PIPE_ERROR_READ_ONLY;
    return has_room(c, m) ? 0 : (DWORD)PIPE_ERROR_SEND_QUEUE_FULL;
}

void writing_add(connection *c, message *m)
{
    c->send_held += m->event.send_charge;
    c->pending_bytes += m->payload->size;
    list_append(&c->messages, &m->event.link);
    writing_advance(c);
}

DWORD connection_write(connection *c, payload *p, void *cookie)
{
    message *m = message_create(c, p, cookie);
    DWORD error;

    if (!m)
        return ERROR_NOT_ENOUGH_MEMORY;
    connection_lock(c);
    error = writing_judge(c, m);
    if (!error)
        writing_add(c, m);
    connection_unlock(c);
    if (error)
        message_free(&m->event);
    return error;
}

/* Returns whether Windows had no memory for the message, or for one more request. */
static bool is_shortage(DWORD error)
{
    switch (error)
    {
    case ERROR_INVALID_USER_BUFFER: /* too many requests are outstanding, says the page of WriteFile */
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_NOT_ENOUGH_QUOTA:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_WORKING_SET_QUOTA:
    case ERROR_COMMITMENT_LIMIT: return true;
    default: return false;
    }
}

/* Counts a message that the pipe has taken. */
static void count(connection *c, DWORD bytes) REQUIRES_LOCK(c->lock)
{
    traffic *all = &c->engine->carried;

    c->carried.messages_sent++;
    c->carried.bytes_sent += bytes;
    traffic_add(&all->messages_sent, 1);
    traffic_add(&all->bytes_sent, bytes);
}

/* Takes a message out of the queue. */
static void remove_message(connection *c, message *m) REQUIRES_LOCK(c->lock)
{
    if (list_first(&c->messages) == &m->event.link)
        c->retry_ms = 0;
    c->pending_bytes -= m->payload->size;
    list_remove(&m->event.link);
    payload_release(m->payload);
    m->payload = NULL;
}

/* Takes a message out of the queue whose event is not handed over, and frees it. */
static void drop_message(connection *c, message *m) REQUIRES_LOCK(c->lock)
{
    remove_message(c, m);
    c->send_held -= m->event.send_charge;
    message_free(&m->event);
}

/* Takes the first message out of the queue and emits its event: SENT, or CONNECTION_ERROR with `error`. */
static void leave_queue(connection *c, message *m, DWORD error) REQUIRES_LOCK(c->lock)
{
    if (!error)
        count(c, m->payload->size);
    if (m->is_asked)
    {
        asking_message_ends(c, m, error);
        drop_message(c, m);
        return;
    }
    remove_message(c, m);
    if (error)
    {
        m->event.kind = PIPE_CONNECTION_ERROR;
        m->event.error = error;
    }
    connection_emit(c, &m->event);
}

static void retry_fired(port_timer *timer)
{
    connection *c = CONTAINER_OF(timer, connection, retry);
    port *p = c->engine->port;

    connection_lock(c);
    c->writing = false;
    c->outstanding--;
    writing_advance(c);
    connection_unlock(c);
    port_let_go(p);
    connection_release(c);
}

/* Lets the first message be tried again after a pause. False: the message is too long for that, or was tried long
 * enough. */
static bool put_off(connection *c, const message *m) REQUIRES_LOCK(c->lock)
{
    ULONGLONG now = GetTickCount64();

    if (m->payload->size > RETRIED_SIZE || (c->retry_ms && now - c->refused_at >= RETRY_FOR_MS))
        return false;
    if (!c->retry_ms)
        c->refused_at = now;
    c->retry_ms = c->retry_ms ? c->retry_ms * 2 : RETRY_FIRST_MS;
    if (c->retry_ms > RETRY_LAST_MS)
        c->retry_ms = RETRY_LAST_MS;
    if (m->is_asked)
        asking_put_off(c, m);
    c->writing = true;
    c->outstanding++;
    connection_hold(c);
    port_keep(c->engine->port);
    c->retry.fired = retry_fired;
    port_timer_set(c->engine->port, &c->retry, c->retry_ms);
    return true;
}

static void write_ended(connection *c, message *m, DWORD error) REQUIRES_LOCK(c->lock)
{
    if (is_shortage(error) && c->state != CONNECTION_CLOSING && put_off(c, m))
        return;
    if (error == 0 || is_shortage(error) || error == PIPE_ERROR_READ_ONLY) /* not known before the pipe was open */
        leave_queue(c, m, error);
    else if (error == ERROR_OPERATION_ABORTED)
        return; /* a close cancelled the write; or the issuing thread ended, and the write is issued again */
    else if (peek_is_departure(error))
    {
        /* What the other end wrote before it left is still to be read: the reading side ends the connection. */
        c->other_left = true;
        closing_watch(c);
    }
    else
        closing_fail(c, CLOSE_FAILED, error);
}

static bool start_write(connection *c, message *m, DWORD *error) REQUIRES_LOCK(c->lock)
{
    port *p = c->engine->port;

    if (c->read_only)
    {
        *error = PIPE_ERROR_READ_ONLY;
        return true;
    }
    if (m->is_asked)
        asking_begin_write(c, m);
    port_expect(p, &c->write, write_done);
    *error = win32.write_file(c->handle, m->payload->data, m->payload->size, NULL, &c->write.overlapped)
                 ? 0
                 : GetLastError();
    return port_ended_at_once(p, &c->write, *error);
}

void writing_advance(connection *c)
{
    while (!c->writing && !c->other_left && (c->state == CONNECTION_OPEN || c->state == CONNECTION_DRAINING) &&
           !list_empty(&c->messages))
    {
        message *m = CONTAINER_OF(list_first(&c->messages), message, event.link);
        DWORD error;

        if (m->is_unwanted)
        {
            drop_message(c, m);
            continue;
        }
        if (start_write(c, m, &error))
        {
            write_ended(c, m, error);
            continue;
        }
        c->writing = true;
        c->outstanding++;
    }
    closing_advance(c);
}

static void write_done(operation *op, DWORD error, DWORD bytes)
{
    connection *c = CONTAINER_OF(op, connection, write);

    (void)bytes; /* a message goes whole */
    connection_hold(c);
    connection_lock(c);
    c->writing = false;
    c->outstanding--;
    write_ended(c, CONTAINER_OF(list_first(&c->messages), message, event.link), error);
    writing_advance(c);
    connection_unlock(c);
    connection_release(c);
}

void writing_take_back(connection *c, message *m)
{
    bool is_first = list_first(&c->messages) == &m->event.link;

    if (!c->writing || !is_first)
        drop_message(c, m);
    else if (port_timer_cancel(c->engine->port, &c->retry))
    {
        port_timer_set(c->engine->port, &c->retry, 0); /* for the next message */
        drop_message(c, m);
    }
    else
        m->is_unwanted = true; /* the timer has fired, and waits for the lock */
}

#include "view.h"

#include "failure.h"
#include "messages.h"
#include "scenario.h"

DWORD view_write(view *v, const void *data, DWORD size)
{
    payload *p = payload_create_frame(connection_framing(v->connection), data, size);
    cookie *c;
    DWORD error;

    if (!p)
        return ERROR_NOT_ENOUGH_MEMORY;
    c = cookie_create(v->supplies, v->accepted++);
    v->writes_at_once |= v->writing++ > 0;
    error = connection_write(v->connection, p, c);
    v->writing--;
    v->taken += !error;
    payload_release(p);
    if (error)
        cookie_take_back(c);
    return error;
}

void view_write_messages(view *v, DWORD count, DWORD least, DWORD below)
{
    BYTE data[1000];

    for (DWORD number = 0; number < count; number++)
    {
        DWORD size = least + choose(below - least);

        message_fill(data, size, 1, number);
        view_write(v, data, size);
    }
}

DWORD view_read(view *v)
{
    cookie *c = cookie_create(v->supplies, v->asked++);
    DWORD error;

    c->reads = true;
    v->reads_cross |= v->reading++ > 0;
    error = connection_read(v->connection, c);
    v->reading--;
    if (error)
        cookie_take_back(c);
    return error;
}

const char *event_name(pipe_event_kind kind)
{
    static const char *const names[] = {"READY",        "CONNECTED",   "MESSAGE", "SENT", "CONNECTION_ERROR",
                                        "DISCONNECTED", "SERVER_ERROR"};

    return names[kind];
}

static void note_message(view *v, const pipe_event *event, bool may_miss)
{
    const cookie *c = event->cookie;
    DWORD sender, number;

    if (c && (!c->reads || (c->number < v->answered && !v->reads_cross)))
        fail("a message comes with the cookie of a write, or of a request that was answered");
    if (c)
        v->answered = c->number + 1;
    if (v->is_stream || !message_read(event->buffer->data, event->bytes, &sender, &number))
        return;
    if (v->knows_sender && v->sender != sender)
        fail("a connection brings messages of senders %u and %u", v->sender, sender);
    if (may_miss ? number < v->next_number : number != v->next_number)
        fail("message %u of sender %u comes where %u is due", number, sender, v->next_number);
    v->knows_sender = true;
    v->sender = sender;
    v->next_number = number + 1;
}

/* A write that was refused took a number too, so numbers may be missing. */
static void note_told(view *v, const pipe_event *event)
{
    const cookie *c = event->cookie;

    if (c && c->reads)
        fail("the cookie of a request to read comes with the end of a write");
    v->ended += c && !c->reports;
    if (!c || c->reports || v->writes_at_once)
        return;
    if (c->number < v->told)
        fail("message %u is told of after message %u", c->number, v->told - 1);
    v->told = c->number + 1;
}

static void check_order(const view *v, const pipe_event *event)
{
    bool tells_dial = v->dialed && (event->kind == PIPE_CONNECTION_ERROR || event->kind == PIPE_DISCONNECTED);

    if (event->kind == PIPE_CONNECTED && v->connected)
        fail("CONNECTED comes twice");
    if (event->kind != PIPE_CONNECTED && !v->connected && !tells_dial)
        fail("%s comes before CONNECTED", event_name(event->kind));
    if (v->disconnected)
        fail("%s comes after DISCONNECTED", event_name(event->kind));
}

void view_note(view *v, const pipe_event *event, bool may_miss)
{
    check_order(v, event);
    switch (event->kind)
    {
    case PIPE_CONNECTED: v->connected = true; break;
    case PIPE_MESSAGE: note_message(v, event, may_miss); break;
    case PIPE_SENT:
    case PIPE_CONNECTION_ERROR: note_told(v, event); break;
    case PIPE_DISCONNECTED: v->disconnected = true; break;
    case PIPE_READY:
    case PIPE_SERVER_ERROR: break;
    }
}

static void note_once(view *v, const pipe_event *event)
{
    DWORD sender, number;

    if (!message_read(event->buffer->data, event->bytes, &sender, &number))
        return;
    if (number >= 64)
        fail("a connection has too many messages to look at them without an order");
    if (v->seen & (uint64_t)1 << number)
        fail("message %u of sender %u comes twice", number, sender);
    v->seen |= (uint64_t)1 << number;
}

void view_note_unordered(view *v, const pipe_event *event)
{
    if ((event->kind == PIPE_CONNECTED && v->connected) || (event->kind == PIPE_DISCONNECTED && v->disconnected))
        fail("%s comes twice", event_name(event->kind));
    v->connected |= event->kind == PIPE_CONNECTED;
    v->disconnected |= event->kind == PIPE_DISCONNECTED;
    if (event->kind == PIPE_MESSAGE)
        note_once(v, event);
}

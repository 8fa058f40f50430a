#include "watch_limits.h"

#include "failure.h"
#include "locks.h"
#include "pipe/connection.h"

static watch *watches;

/* What lives of one connection. */
typedef struct sums
{
    LONGLONG receive, send, pending;
    LONGLONG largest_receive;
    unsigned sends;
} sums;

static void add_event(sums *s, const pipe_event *event)
{
    s->receive += event->receive_charge;
    s->send += event->send_charge;
    s->sends += event->send_charge != 0;
    if (event->receive_charge > s->largest_receive)
        s->largest_receive = event->receive_charge;
}

static void add_list(sums *s, const list *events)
{
    for (list_link *link = list_first(events); link; link = list_next(events, link))
        add_event(s, CONTAINER_OF(link, pipe_event, link));
}

static sums sum_up(const view *v)
{
    const connection *c = v->connection;
    sums s = {0};

    for (list_link *link = list_first(&v->alive); link; link = list_next(&v->alive, link))
        add_event(&s, CONTAINER_OF(link, pipe_event, lane_link));
    add_list(&s, &c->outbox);
    add_list(&s, &c->silenced);
    add_list(&s, &c->messages);
    for (list_link *link = list_first(&c->messages); link; link = list_next(&c->messages, link))
        s.pending += CONTAINER_OF(link, message, event.link)->payload->size;
    return s;
}

/* One message is always let in, so that the newest may reach beyond a limit. */
static void check_limits(const view *v, const sums *s)
{
    const flow_settings *flow = &v->connection->flow;

    if (flow->send_limit && s->send > flow->send_limit && s->sends > 1)
        fail("a connection has accepted %lld bytes to send; its limit is %lld", (long long)s->send,
             (long long)flow->send_limit);
    if (flow->receive_limit && flow->read_continuously && !v->asks &&
        s->receive - s->largest_receive >= flow->receive_limit)
        fail("a connection has read %lld bytes; its limit is %lld", (long long)s->receive,
             (long long)flow->receive_limit);
}

static void check(const view *v)
{
    const connection *c = v->connection;
    sums s;

    if (v->disconnected || v->releasing || (c->emitting && !v->inside))
        return; /* an event is on its way, in no list */
    s = sum_up(v);
    if (c->receive_held != s.receive)
        fail("a connection counts %lld received bytes, and %lld live", (long long)c->receive_held,
             (long long)s.receive);
    if (c->send_held != s.send)
        fail("a connection counts %lld bytes to send, and %lld live", (long long)c->send_held, (long long)s.send);
    if (c->pending_bytes != s.pending)
        fail("a connection has %lld pending bytes, and %lld wait", (long long)c->pending_bytes, (long long)s.pending);
    check_limits(v, &s);
}

static void on_release(const SRWLOCK *lock)
{
    for (const watch *w = watches; w; w = w->next)
        for (const view *v = w->views; v; v = v->next)
            if (v->connection && lock == &v->connection->lock.srw)
                check(v);
}

void limits_begin(void)
{
    watches = NULL;
    locks_on_release = on_release;
}

void limits_watch(watch *w)
{
    w->next = watches;
    watches = w;
}

void limits_leave(watch *w)
{
    watch **place = &watches;

    while (*place != w)
        place = &(*place)->next;
    *place = w->next;
}

void limits_end(const view *v)
{
    const connection *c = v->connection;

    if (c->receive_held || c->send_held < 0)
        fail("at the end a connection counts %lld received bytes and %lld to send", (long long)c->receive_held,
             (long long)c->send_held);
}

#include "pipe/survey.h"

#include "pipe/connection.h"

static bool is_unasked(connection *c) REQUIRES_LOCK(c->lock)
{
    return !c->flow.read_continuously && !c->reading && !LOAD_ACQUIRE(&c->asked) && list_empty(&c->read_requests);
}

static void count_open(connection *c, engine_survey *s) REQUIRES_LOCK(c->lock)
{
    s->open++;
    s->choked += c->choked;
    s->unasked += is_unasked(c);
    s->unsplit += c->splits && c->carried.bytes_received > 0 && !c->carried.messages_received;
}

static void survey_connection(connection *c, void *survey)
{
    engine_survey *s = survey;
    LONGLONG pending;

    lock_acquire(&c->lock);
    if (c->state == CONNECTION_DIALING)
        s->opening++;
    else if (c->state == CONNECTION_OPEN)
        count_open(c, s);
    else if (!c->disconnected)
        s->ending++;
    pending = c->pending_bytes;
    lock_release(&c->lock);
    s->pending_bytes += pending;
    s->blocked += pending > 0;
}

void engine_survey_take(engine *e, engine_survey *out)
{
    engine_survey none = {0};

    *out = none;
    engine_for_each(e, survey_connection, out);
    out->paused = InterlockedCompareExchange(&e->paused, 0, 0) != 0;
    out->threads = e->settings.threads;
    out->most = e->settings.max_connections;
    lock_acquire(&e->lock);
    out->listening = e->listening_count;
    for (list_link *link = list_first(&e->arrived); link; link = list_next(&e->arrived, link))
        out->parked++;
    out->clients = e->clients;
    out->listen_error = e->failure_told;
    lock_release(&e->lock);
}

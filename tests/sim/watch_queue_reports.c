/* What a host reports of handlers that failed, as src/com/failure_report.c does. */

#include "watch_queue.h"

#include "failure.h"
#include "faults.h"

#define WAITING_MOST 2 /* one more only if a report that was refused waits again */

static unsigned count_waiting(host *h, const lane *l)
{
    unsigned count = 0;

    lock_acquire(&h->queue->lock);
    for (list_link *link = list_first(&l->events); link; link = list_next(&l->events, link))
        count += CONTAINER_OF(link, pipe_event, lane_link)->error == PIPE_ERROR_HANDLER_FAILED;
    lock_release(&h->queue->lock);
    return count;
}

static bool report(pipe_event *event, bool by_connection, cookie *c)
{
    if (by_connection)
        return connection_report(event->connection, PIPE_ERROR_HANDLER_FAILED, c);
    return run_report(event->lane, PIPE_ERROR_HANDLER_FAILED, c);
}

void host_report(host *h, endpoint *e, pipe_event *event)
{
    bool by_connection = e && e->view.dialed;
    host_run *r = host_run_of(CONTAINER_OF(event->lane->run, run, state));
    turn *t = by_connection ? &e->turn : &r->own;
    cookie *c;
    DWORD number;

    if (event->kind == (by_connection ? PIPE_CONNECTION_ERROR : PIPE_SERVER_ERROR))
        return; /* the failure of a report is not reported */
    if (by_connection && event->kind == PIPE_DISCONNECTED)
        return; /* nothing follows it */
    c = cookie_create(&h->supplies, ++h->reports);
    c->reports = true;
    number = c->number;
    if (report(event, by_connection, c))
    {
        if (number > t->report_told && number > t->report_due) /* another thread may have raised it at once */
            t->report_due = number;
    }
    else
    {
        if (!faults_made() && !by_connection)
            fail("a failure is not reported, without a fault");
        cookie_take_back(c);
    }
    if (count_waiting(h, by_connection ? event->lane : &r->run.state.own_lane) > WAITING_MOST)
        fail("more reports of one lane wait than one, and one that was refused");
}

void turn_note_report(const host *h, turn *t, const pipe_event *event)
{
    const cookie *c = event->cookie;

    if (!c || !c->reports)
        return;
    if (event->error != PIPE_ERROR_HANDLER_FAILED)
        fail("%s has error %u, but the cookie of a report", event_name(event->kind), event->error);
    t->report_told = h->reports; /* each report that was made until now has come, or has been told by this one */
    t->report_due = 0;
}

bool turn_lacks_report(const host *h, const turn *t, const host_run *r)
{
    return t->report_due && !h->misses && LOAD_ACQUIRE(&h->users) && !LOAD_ACQUIRE(&r->run.state.silenced);
}

#include "crowd.h"
#include "failure.h"
#include "pipe/survey.h"
#include "scheduler.h"
#include "service.h"
#include "threads.h"

enum
{
    LOOKS = 6
};

/* Returns the present run, held, or NULL. */
static run *present_run(host *h)
{
    host_run *r;

    lock_acquire(&h->life);
    r = h->current;
    if (r)
        run_hold(&r->run);
    lock_release(&h->life);
    return r ? &r->run : NULL;
}

static void look_at_engine(run *r)
{
    engine_survey s;

    engine_survey_take(run_engine(r), &s);
    if (s.choked > s.open || s.unasked > s.open || s.unsplit > s.open)
        fail("a survey counts more connections that stand still than are open");
    if (s.pending_bytes < 0 || (s.pending_bytes > 0) != (s.blocked > 0))
        fail("a survey counts %lld bytes to be sent on %u connections", (long long)s.pending_bytes, s.blocked);
}

static void look_at_queue(host *h)
{
    queue_survey s;

    queue_survey_take(h->queue, &s);
    if (s.without_sinks > s.waiting)
        fail("a survey counts more events without a sink than wait");
    if (!s.handlers != !s.thread)
        fail("a survey counts %u handlers on thread %u", s.handlers, (unsigned)s.thread);
}

static void look(void *of)
{
    host *h = of;

    for (unsigned i = 0; i < LOOKS; i++)
    {
        run *r = present_run(h);

        look_at_queue(h);
        if (r)
            look_at_engine(r);
        run_release(r);
        loiter(choose(200));
    }
    host_drop_user(h);
}

/* A thread looks at engine and queue at any time, as Diagnose does, while clients come and go and the server stops. */
void scenario_looks(void)
{
    host server;
    service threads;
    crowd clients;
    int looker;

    if (host_begin(&server, some_way()) && host_start(&server) == 0)
    {
        service_begin(&threads, &server);
        crowd_init(&clients, 1 + choose(3), true);
        crowd_begin(&clients, 1 + (int)choose(2));
        host_add_user(&server);
        looker = thread_begin(look, &server, "looker");
        service_run(&threads, clients.over);
        host_stop(&server, choose(2) * 1000);
        thread_wait(looker);
        service_end(&threads);
        host_settle(&server);
        crowd_end(&clients);
    }
    host_end(&server);
}

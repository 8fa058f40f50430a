#include "failure.h"
#include "faults.h"
#include "peers.h"
#include "scenario.h"
#include "threads.h"
#include "watch_engine.h"
#include "ways.h"

typedef struct contender
{
    watch server;
    DWORD error;
} contender;

static void contend(void *of)
{
    contender *c = of;

    c->error = engine_open(&c->server.settings, &c->server.owner, &c->server.engine);
    if (!c->error)
        c->error = engine_listen(c->server.engine);
    if (!c->error)
        c->error = engine_run(c->server.engine);
    if (c->error && c->server.engine)
        WaitForSingleObject(engine_ended(c->server.engine), INFINITE);
}

/* Whoever has lost says that the name is in use. */
static void judge(const contender *contenders)
{
    int winners = !contenders[0].error + !contenders[1].error;

    if (winners == 2 || (winners == 0 && !faults_made()))
        fail("%d of two servers of the same name have started", winners);
    for (int i = 0; i < 2; i++)
        if (contenders[i].error && contenders[i].error != PIPE_ERROR_NAME_IN_USE && !faults_made())
            fail("a server whose name another has got ends with %u", contenders[i].error);
}

/* Makes a client that holds the name of a server that has gone. */
static bool leave_orphan(peer *orphan)
{
    watch server;
    bool starts;

    watch_begin(&server);
    starts = watch_start(&server);
    if (starts)
    {
        peer_open(orphan, 1, true);
        watch_stop(&server, CLOSE_AT_ONCE);
    }
    watch_end(&server);
    return starts;
}

/* Two servers of one name start at the same time, on a free name or one that an orphan holds: one of them has it. */
void scenario_two_servers(void)
{
    contender contenders[2];
    int threads[2];
    peer orphan;
    bool has_orphan;

    ways_keep_names();
    has_orphan = choose(2) && leave_orphan(&orphan);
    for (int i = 0; i < 2; i++)
    {
        watch_begin(&contenders[i].server);
        contenders[i].server.settings.backlog = 1;
        threads[i] = thread_begin(contend, &contenders[i], "contender");
    }
    for (int i = 0; i < 2; i++)
        thread_wait(threads[i]);
    judge(contenders);
    for (int i = 0; i < 2; i++)
    {
        if (!contenders[i].error)
            watch_stop(&contenders[i].server, CLOSE_AT_ONCE);
        watch_end(&contenders[i].server);
    }
    if (has_orphan)
        peer_close(&orphan);
}

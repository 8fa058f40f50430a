#include "expect.h"
#include "scenario.h"
#include "scheduler.h"
#include "watch_engine.h"

static uint64_t turned_at;
static bool kicks_in_turns;

static void on_turn(watch *w)
{
    turned_at = scheduler_now();
    if (kicks_in_turns && choose(2))
        engine_kick(w->engine); /* one turn more */
}

static void on_event(watch *w, view *v, pipe_event *event)
{
    (void)v;
    (void)event;
    engine_kick(w->engine); /* costs nothing: a turn follows anyway */
}

static bool is_ready(void *of)
{
    return ((const watch *)of)->ready;
}

static bool has_turned(void *since)
{
    return turned_at >= *(const uint64_t *)since;
}

/* A kick wakes a worker, which may turn at once for that; the turn that was asked for is one that comes when it is
 * due. */
static void expect_turn(engine *e, uint32_t first, uint32_t then)
{
    uint32_t ms = then ? then : first;
    uint64_t due = scheduler_now() + ms;

    engine_kick_in(e, first);
    if (then)
        engine_kick_in(e, then); /* moves it */
    expect_within(ms, has_turned, &due, "a turn that was asked for");
}

/* The owner asks for turns, now and later; each comes when it is due, though all workers wait for the port. */
void scenario_kicks(void)
{
    uint64_t next;
    watch server;

    turned_at = 0;
    watch_begin(&server);
    server.on_turn = on_turn;
    server.on_event = on_event;
    kicks_in_turns = choose(2);
    if (watch_start(&server))
    {
        expect_within(AT_ONCE_MS, is_ready, &server, "READY");
        Sleep(50); /* the turns that follow READY are over */
        next = scheduler_now();
        engine_kick(server.engine);
        expect_within(AT_ONCE_MS, has_turned, &next, "a turn after engine_kick");
        expect_turn(server.engine, 1 + choose(5000), 0);
        expect_turn(server.engine, 1 + choose(5000), 1 + choose(5000));
        engine_kick_in(server.engine, 1000); /* is not due when the workers end */
        watch_stop(&server, choose(2) ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
    }
    watch_end(&server);
}

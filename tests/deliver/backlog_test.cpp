#include "support/deliver/backlog_fixture.h"

namespace
{

using testing::ElementsAre;

/* ---- turns ---- */

TEST_F(Backlog, TakesTheEventsOfALaneInTheirOrder)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    push_many(l, "a", 3);

    EXPECT_THAT(rest(), ElementsAre("a1", "a2", "a3"));
}

TEST_F(Backlog, AfterSixteenEventsOfALaneItIsTheNextOnesTurn)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane floods(r), quiet(r);
    push_many(floods, "a", 100);
    push(quiet, "quiet");

    namelist all = rest();

    EXPECT_EQ(all[15], "a16");
    EXPECT_EQ(all[16], "quiet");
    EXPECT_EQ(all[17], "a17");
}

TEST_F(Backlog, ATurnIsOverTwoMillisecondsAfterItsFirstEventBegan)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane slow(r), next(r);
    push_many(slow, "a", 4);
    push(next, "next");

    EXPECT_EQ(take(), "a1");
    now += 2000;
    EXPECT_EQ(take(), "a2");
    now += 1;
    EXPECT_EQ(take(), "next");
    EXPECT_EQ(take(), "a3");
}

TEST_F(Backlog, ALaneThatIsAloneBeginsItsNextTurnAtOnce)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    push_many(l, "a", 40);

    EXPECT_EQ(rest().size(), 40u);
}

TEST_F(Backlog, HoweverManyLanesFloodAllHaveATurnBeforeAnyHasAnother)
{
    test_run r(&b, QUEUE_WINDOW);
    std::vector<std::unique_ptr<test_lane>> lanes;
    for (int i = 0; i < 10; i++)
    {
        lanes.push_back(std::make_unique<test_lane>(r));
        push_many(*lanes.back(), std::string(1, static_cast<char>('a' + i)), 100);
    }

    std::string first_turns;
    for (int i = 0; i < 160; i++)
        first_turns += take()[0];

    for (int i = 0; i < 10; i++)
        EXPECT_EQ(first_turns.substr(static_cast<size_t>(i) * 16, 16), std::string(16, static_cast<char>('a' + i)));
}

TEST_F(Backlog, ALaneThatWasEmptyComesBehindThoseThatWait)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r), second(r);
    push(first, "a1");
    push(second, "b1");
    EXPECT_EQ(take(), "a1");

    push(first, "a2");

    EXPECT_THAT(rest(), ElementsAre("b1", "a2"));
}

TEST_F(Backlog, WaitEventTakesInTurnsToo)
{
    test_run r(&b, QUEUE_WINDOW);
    r.heard_by.has_sinks = false;
    test_lane floods(r), quiet(r);
    push_many(floods, "a", 100);
    push(quiet, "quiet");

    for (int i = 1; i <= 16; i++)
        EXPECT_EQ(take_unheard(), "a" + std::to_string(i));
    EXPECT_EQ(take_unheard(), "quiet");
}

TEST_F(Backlog, WhatIsHeardIsNotGivenToTheConsumerAndTheOtherWayRound)
{
    test_run r(&b, QUEUE_WINDOW);
    audience nobody;
    audience_init(&nobody);
    test_lane heard(r), without_sinks(r, &nobody);
    push(heard, "heard");
    push(without_sinks, "unheard");

    EXPECT_TRUE(backlog_has_without_sinks(&b));
    EXPECT_EQ(take_unheard(), "unheard");
    EXPECT_EQ(take_unheard(), "-");
    EXPECT_FALSE(backlog_has_without_sinks(&b));
    EXPECT_THAT(rest(), ElementsAre("heard"));
}

TEST_F(Backlog, ASinkThatComesGetsWhatWaits)
{
    test_run r(&b, QUEUE_WINDOW);
    r.heard_by.has_sinks = false;
    test_lane l(r);
    push(l, "early");
    EXPECT_EQ(take(), "-");

    backlog_set_has_sinks(&b, &r.heard_by, true);

    EXPECT_EQ(take_unheard(), "-");
    EXPECT_EQ(take(), "early");
}

/* ---- runs ---- */

TEST_F(Backlog, NothingIsTakenOfARunThatIsNotOpen)
{
    test_run r(&b, QUEUE_WINDOW);
    r.open = false;
    test_lane l(r);
    push(l, "early");
    EXPECT_EQ(take(), "-");

    r.open = true;
    backlog_settle_run(&b, &r);

    EXPECT_EQ(take(), "early");
}

TEST_F(Backlog, LanesOfAnOlderRunComeFirst)
{
    test_run old(&b, QUEUE_WINDOW), fresh(&b, QUEUE_WINDOW);
    test_lane of_old(old), of_fresh(fresh);
    push(of_fresh, "fresh");
    push(of_old, "old");

    EXPECT_THAT(rest(), ElementsAre("old", "fresh"));
}

TEST_F(Backlog, ReadyComesBeforeAllElseOfItsRun)
{
    test_run r(&b, QUEUE_WINDOW);
    r.ready_delivered = false;
    test_lane l(r);
    push(l, "message");
    EXPECT_EQ(take(), "-");

    push(r.own_lane, PIPE_READY, "ready");

    EXPECT_THAT(rest(), ElementsAre("ready", "message"));
}

TEST_F(Backlog, WhereReadyWasDroppedTheRestIsTaken)
{
    test_run r(&b, QUEUE_WINDOW);
    r.ready_delivered = false;
    test_lane l(r);
    push(r.own_lane, PIPE_READY, "ready");
    push_many(l, "a", 1024);
    EXPECT_THAT(drop_unheard(l), ElementsAre("ready"));

    EXPECT_EQ(take(), "a1");
}

TEST_F(Backlog, ErrorsOfTheServerTakeTurnsWithTheConnections)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    for (int i = 0; i < 100; i++)
        push(r.own_lane, PIPE_SERVER_ERROR, "error");
    push(l, "message");

    EXPECT_EQ(rest()[16], "message");
}

/* ---- Leave and Stop ---- */

TEST_F(Backlog, AfterALeaveEachLaneIsTakenUpToThere)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r), second(r);
    push(first, "a1");
    push(second, "b1");
    const backlog_limit leave = {b.sequence, no_limit.run};
    push(first, "a2");
    push(second, "b2");

    EXPECT_TRUE(backlog_has(&b, QUEUE_WINDOW, nullptr, &leave));
    EXPECT_THAT(rest(leave), ElementsAre("a1", "b1"));
    EXPECT_FALSE(backlog_has(&b, QUEUE_WINDOW, nullptr, &leave));
    EXPECT_THAT(rest(), testing::UnorderedElementsAre("a2", "b2"));
}

TEST_F(Backlog, WhatCameAfterALeaveDoesNotHideWhatCameBefore)
{
    test_run r(&b, QUEUE_WINDOW);
    std::vector<std::unique_ptr<test_lane>> later;
    test_lane l(r);
    push_many(l, "a", 20);
    const backlog_limit leave = {b.sequence, no_limit.run};
    for (int i = 0; i < 5; i++)
    {
        later.push_back(std::make_unique<test_lane>(r));
        push(*later.back(), "later");
    }

    EXPECT_EQ(rest(leave).size(), 20u);
    EXPECT_EQ(rest().size(), 5u);
}

TEST_F(Backlog, AStopTakesOfItsRunAndOlderOnesWhatComesMeanwhileTooAndNothingOfANewerOne)
{
    test_run older(&b, QUEUE_WINDOW), stopped(&b, QUEUE_WINDOW), newer(&b, QUEUE_WINDOW);
    test_lane of_older(older), of_stopped(stopped), of_newer(newer);
    const backlog_limit stop = {no_limit.sequence, stopped.number};
    push(of_newer, "newer");
    push(of_stopped, "stopped");
    push(of_older, "older");

    EXPECT_EQ(take(QUEUE_WINDOW, stop), "older");
    push(of_stopped, "meanwhile");
    EXPECT_THAT(rest(stop), ElementsAre("stopped", "meanwhile"));
    EXPECT_THAT(rest(), ElementsAre("newer"));
}

/* ---- workers ---- */

TEST_F(Backlog, NothingElseOfALaneBeginsWhileAWorkerIsInItsHandler)
{
    test_run r(&b, QUEUE_WORKERS);
    test_lane busy(r), free(r);
    push_many(busy, "a", 2);
    push(free, "b1");

    pipe_event *first = begin(r), *second = begin(r);

    EXPECT_EQ(end(second), "b1");
    EXPECT_EQ(begin(r), nullptr);
    EXPECT_EQ(end(first), "a1");
    EXPECT_EQ(end(begin(r)), "a2");
}

TEST_F(Backlog, ALaneThatAWorkerGivesBackGoesOnUntilItsTurnIsOver)
{
    test_run r(&b, QUEUE_WORKERS);
    test_lane floods(r), quiet(r);
    push_many(floods, "a", 100);
    push(quiet, "quiet");

    for (int i = 1; i <= 16; i++)
        EXPECT_EQ(end(begin(r)), "a" + std::to_string(i));
    EXPECT_EQ(end(begin(r)), "quiet");
}

TEST_F(Backlog, ASlowHandlersLaneGoesBehindTheOthers)
{
    test_run r(&b, QUEUE_WORKERS);
    test_lane slow(r), quiet(r);
    push_many(slow, "a", 2);
    push(quiet, "quiet");

    pipe_event *first = begin(r);
    now += 5000;
    end(first);

    EXPECT_EQ(end(begin(r)), "quiet");
    EXPECT_EQ(end(begin(r)), "a2");
}

TEST_F(Backlog, WorkersBeginNothingElseBeforeReadysHandlersHaveReturned)
{
    test_run r(&b, QUEUE_WORKERS);
    r.ready_delivered = false;
    test_lane l(r);
    push(r.own_lane, PIPE_READY, "ready");
    push(l, "message");

    pipe_event *ready = begin(r);
    EXPECT_EQ(begin(r), nullptr);
    end(ready);

    EXPECT_EQ(end(begin(r)), "message");
}

TEST_F(Backlog, WorkersTakeAnotherRunsLanesOnlyWhereThatHasEnded)
{
    test_run old(&b, QUEUE_WORKERS), fresh(&b, QUEUE_WORKERS);
    test_lane of_old(old), of_fresh(fresh);
    push(of_old, "old");
    push(of_fresh, "fresh");

    EXPECT_EQ(end(begin(old)), "old");
    EXPECT_EQ(begin(old), nullptr) << "a left-over worker";
    push(of_old, "left");
    EXPECT_EQ(end(begin(fresh)), "fresh");
    EXPECT_EQ(begin(fresh), nullptr);
    old.ended = true;
    EXPECT_EQ(end(begin(fresh)), "left");
}

/* ---- what workers have left ---- */

TEST_F(Backlog, WhatWorkersLeftGoesTheWayOfTheNextRunAndInOrderOfAge)
{
    test_run old(&b, QUEUE_WORKERS);
    test_lane of_old(old, one);
    push(of_old, PIPE_CONNECTED, "connected");
    push(of_old, PIPE_DISCONNECTED, "disconnected");
    test_run fresh(&b, QUEUE_WINDOW);
    test_lane of_fresh(fresh, one);
    push(of_fresh, PIPE_CONNECTED, "fresh");
    EXPECT_EQ(take(), "-") << "there is a worker yet, and the handle is the old lane's";

    backlog_end_run(&b, &old, QUEUE_WINDOW);

    EXPECT_TRUE(backlog_has(&b, QUEUE_WINDOW, nullptr, &no_limit));
    EXPECT_EQ(begin(old), nullptr);
    EXPECT_THAT(rest(), ElementsAre("connected", "disconnected", "fresh"));
}

TEST_F(Backlog, WhatWorkersLeftGoesTheWayOfThreadsThatWaitWhereThatIsTheQueues)
{
    test_run old(&b, QUEUE_WORKERS);
    test_lane l(old);
    push_many(l, "a", 2);

    backlog_end_run(&b, &old, QUEUE_WAITERS);

    EXPECT_EQ(take(), "-");
    EXPECT_EQ(take(QUEUE_WAITERS), "a1");
    test_run fresh(&b, QUEUE_WORKERS);
    EXPECT_EQ(take(QUEUE_WAITERS), "-");
    EXPECT_EQ(end(begin(fresh)), "a2");
}

TEST_F(Backlog, WhatWorkersLeftGoesTheWayOfTheNextRunAlsoWhereThatIsOfThreadsThatWait)
{
    test_run old(&b, QUEUE_WORKERS), fresh(&b, QUEUE_WAITERS);
    test_lane l(old);
    push(l, "left");

    backlog_end_run(&b, &old, QUEUE_WINDOW);

    EXPECT_EQ(take(), "-");
    EXPECT_EQ(take(QUEUE_WAITERS), "left");
}

TEST_F(Backlog, TheEndOfAnOlderRunTakesNothingFromTheWorkersOfTheNewest)
{
    test_run old(&b, QUEUE_WORKERS), fresh(&b, QUEUE_WORKERS);
    test_lane l(old);
    push(l, "left");

    backlog_end_run(&b, &old, QUEUE_WINDOW);

    EXPECT_EQ(take(), "-");
    EXPECT_EQ(end(begin(fresh)), "left");
}

TEST_F(Backlog, WhatIsGivenBackWakesTheWindowWhereThatRaisesTheRestNow)
{
    test_run old(&b, QUEUE_WORKERS), fresh(&b, QUEUE_WORKERS);
    test_lane l(old);
    push_many(l, "a", 2);
    backlog_end_run(&b, &old, QUEUE_WINDOW);
    pipe_event *by_worker = begin(fresh);
    test_run newest(&b, QUEUE_WINDOW);
    EXPECT_EQ(take(), "-") << "the lane is busy";
    b.moved = false;

    EXPECT_EQ(end(by_worker), "a1");

    EXPECT_TRUE(b.moved);
    EXPECT_EQ(take(), "a2");
}

TEST_F(Backlog, WorkersTakeNothingOfALaneWhoseHandlerRunsOnTheWindowsThread)
{
    test_run old(&b, QUEUE_WORKERS);
    test_lane l(old);
    push_many(l, "a", 2);
    backlog_end_run(&b, &old, QUEUE_WINDOW);
    EXPECT_EQ(take(), "a1");
    l.depth = 1; /* in its handler */
    test_run fresh(&b, QUEUE_WORKERS);
    EXPECT_EQ(begin(fresh), nullptr);
    b.moved = false;

    l.depth = 0;
    backlog_settle_lane(&b, &l);

    EXPECT_TRUE(b.moved);
    EXPECT_EQ(end(begin(fresh)), "a2");
}

/* ---- the consumer's ---- */

TEST_F(Backlog, HasWhatIsTheConsumersAlsoWhereNoneOfItMayBeTakenYet)
{
    test_run r(&b, QUEUE_WINDOW);
    r.open = r.heard_by.has_sinks = false;
    test_lane l(r);
    EXPECT_FALSE(backlog_has_without_sinks(&b));

    push(l, "early");

    EXPECT_TRUE(backlog_has_without_sinks(&b));
    EXPECT_EQ(take_unheard(), "-");
}

TEST_F(Backlog, WhereTheSinksHaveGoneWhatWaitsIsTheConsumers)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    push(l, "left");

    backlog_set_has_sinks(&b, &r.heard_by, false);

    EXPECT_EQ(b.without_sinks, 1u);
    EXPECT_EQ(take(), "-");
    EXPECT_EQ(take_unheard(), "left");
}

} // namespace

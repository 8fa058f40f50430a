#include "support/deliver/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace
{

using testing::ElementsAre;
using names = std::vector<std::string>;

class Backlog : public testing::Test
{
  protected:
    Backlog()
    {
        backlog_init(&b);
        list_init(&dropped);
        test_event::living = 0;
    }

    void TearDown() override
    {
        EXPECT_EQ(test_event::living, 0);
        EXPECT_EQ(b.count, 0u);
    }

    void push(lane &l, pipe_event_kind kind, const std::string &name, LONGLONG charge = 0)
    {
        pipe_event *event = make_event(kind, name);

        event->lane = &l;
        event->receive_charge = charge;
        backlog_append(&b, event);
    }
    void push(lane &l, const std::string &name)
    {
        push(l, PIPE_MESSAGE, name);
    }
    /* name1, name2, ... */
    void push_many(lane &l, const std::string &name, int many)
    {
        for (int i = 1; i <= many; i++)
            push(l, name + std::to_string(i));
    }

    std::string take(queue_way way = QUEUE_WINDOW, const backlog_limit &limit = no_limit)
    {
        return name_and_free(backlog_take(&b, way, nullptr, &limit, now));
    }
    std::string take_unheard()
    {
        return name_and_free(backlog_take_without_sinks(&b, now));
    }
    /* The event that a worker of `r` takes; it is this test's, its lane busy. */
    pipe_event *begin(const run_state &r)
    {
        return backlog_take(&b, QUEUE_WORKERS, &r, &no_limit, now);
    }
    std::string end(pipe_event *event)
    {
        backlog_give_back(&b, event->lane, event->kind, now);
        return name_and_free(event);
    }
    /* Names of what is left, in the order in which it is taken. */
    names rest(const backlog_limit &limit = no_limit)
    {
        names all;

        for (std::string name = take(QUEUE_WINDOW, limit); name != "-"; name = take(QUEUE_WINDOW, limit))
            all.push_back(name);
        return all;
    }
    names drop_unheard(lane &l)
    {
        backlog_drop_without_sinks(&b, &l, &dropped);
        return names_and_free(&dropped);
    }

    backlog b;
    list dropped;
    LONGLONG now = 1000000;
};

const HANDLE one = reinterpret_cast<HANDLE>(0x64), other = reinterpret_cast<HANDLE>(0x68);

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

    names all = rest();

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

/* ---- handles that are used again ---- */

TEST_F(Backlog, ALaneWhoseHandleAnEarlierOneHadWaitsForItsDisconnected)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r, one), later(r, one), stranger(r, other);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push_many(earlier, "a", 17);
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");
    push(stranger, PIPE_CONNECTED, "connected 3");

    names all = rest();

    EXPECT_EQ(all[16], "connected 3");
    EXPECT_EQ(all[all.size() - 2], "disconnected 1");
    EXPECT_EQ(all[all.size() - 1], "connected 2");
}

TEST_F(Backlog, ALaneGoesOnWhereTheDisconnectedOfAnEarlierOneWithItsHandleIsDropped)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r, one), later(r, one);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");

    backlog_clear_lane(&b, &earlier, &dropped);

    EXPECT_EQ(names_and_free(&dropped).size(), 2u);
    EXPECT_TRUE(b.moved) << "the queue wakes whoever is to raise it";
    EXPECT_THAT(rest(), ElementsAre("connected 2"));
}

TEST_F(Backlog, WorkersBeginALaneOnlyOnceTheDisconnectedHandlersOfItsHandleHaveReturned)
{
    test_run r(&b, QUEUE_WORKERS);
    test_lane earlier(r, one), later(r, one);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");
    end(begin(r));

    pipe_event *disconnected = begin(r);
    EXPECT_EQ(begin(r), nullptr);
    EXPECT_EQ(end(disconnected), "disconnected 1");

    EXPECT_EQ(end(begin(r)), "connected 2");
}

TEST_F(Backlog, ThreeLanesOfOneHandleBeginOneAfterTheOther)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r, one), second(r, one), third(r, one);
    push(first, PIPE_CONNECTED, "connected 1");
    push(second, PIPE_CONNECTED, "connected 2");
    push(third, PIPE_CONNECTED, "connected 3");
    push(third, PIPE_DISCONNECTED, "disconnected 3");
    push(second, PIPE_DISCONNECTED, "disconnected 2");
    push(first, PIPE_DISCONNECTED, "disconnected 1");

    EXPECT_THAT(rest(), ElementsAre("connected 1", "disconnected 1", "connected 2", "disconnected 2", "connected 3",
                                    "disconnected 3"));
}

TEST_F(Backlog, ALaneThatIsDroppedBetweenTwoOfItsHandleLeavesThemInTheirOrder)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r, one), second(r, one), third(r, one);
    push(first, PIPE_CONNECTED, "connected 1");
    push(second, PIPE_CONNECTED, "connected 2");
    push(third, PIPE_CONNECTED, "connected 3");
    backlog_clear_lane(&b, &second, &dropped);
    EXPECT_EQ(names_and_free(&dropped).size(), 1u);
    EXPECT_THAT(rest(), ElementsAre("connected 1"));

    push(first, PIPE_DISCONNECTED, "disconnected 1");

    EXPECT_THAT(rest(), ElementsAre("disconnected 1", "connected 3"));
}

TEST_F(Backlog, AHandlerThatHangsInASilencedRunHoldsUpNobodyOfItsHandle)
{
    test_run old(&b, QUEUE_WORKERS), fresh(&b, QUEUE_WORKERS);
    test_lane earlier(old, one), later(fresh, one);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push(later, PIPE_CONNECTED, "connected 2");
    pipe_event *hangs = begin(old);
    EXPECT_EQ(begin(fresh), nullptr);

    backlog_clear_run(&b, &old, &dropped);

    EXPECT_EQ(end(begin(fresh)), "connected 2");
    end(hangs);
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

/* ---- what is refused ---- */

TEST_F(Backlog, WhatIsPutBackIsFirstOfItsLaneAndTheLaneFirstOfAll)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r), another(r);
    push_many(l, "a", 2);
    push(another, "b1");

    pipe_event *refused = backlog_take(&b, QUEUE_WINDOW, nullptr, &no_limit, now);
    backlog_put_back(&b, refused, true);

    EXPECT_EQ(b.count, 3u);
    EXPECT_THAT(rest(), ElementsAre("a1", "a2", "b1"));
}

TEST_F(Backlog, ADisconnectedThatNobodyHeardAndIsPutBackWasNotTold)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r, one);
    push(l, PIPE_CONNECTED, "connected");
    push(l, PIPE_DISCONNECTED, "disconnected");
    EXPECT_EQ(take(), "connected");

    pipe_event *refused = backlog_take(&b, QUEUE_WINDOW, nullptr, &no_limit, now);
    EXPECT_TRUE(l.end_delivered);
    backlog_put_back(&b, refused, true);

    EXPECT_FALSE(l.end_delivered);
    EXPECT_EQ(take(), "disconnected");
    EXPECT_TRUE(l.end_delivered);
}

TEST_F(Backlog, WhereTheDisconnectedIsPutBackAllThatHaveItsHandleWaitForItAgain)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r, one), second(r, one), third(r, one), stranger(r, other);
    push(stranger, PIPE_CONNECTED, "connected 4");
    push(first, PIPE_CONNECTED, "connected 1");
    push(first, PIPE_DISCONNECTED, "disconnected 1");
    push(second, PIPE_CONNECTED, "connected 2");
    push(second, PIPE_DISCONNECTED, "disconnected 2");
    push(third, PIPE_CONNECTED, "connected 3");
    EXPECT_EQ(take(), "connected 4");
    EXPECT_EQ(take(), "connected 1");

    pipe_event *refused = backlog_take(&b, QUEUE_WINDOW, nullptr, &no_limit, now);
    backlog_put_back(&b, refused, true);

    EXPECT_EQ(second.before, &first);
    EXPECT_EQ(third.before, &second);
    EXPECT_EQ(second.place, nullptr);
    EXPECT_THAT(rest(), ElementsAre("disconnected 1", "connected 2", "disconnected 2", "connected 3"));
}

TEST_F(Backlog, WhereReadyIsPutBackTheRestOfItsRunWaitsForItAgain)
{
    test_run r(&b, QUEUE_WAITERS);
    r.ready_delivered = false;
    test_lane l(r);
    push(l, "message");
    push(r.own_lane, PIPE_READY, "ready");

    backlog_put_back(&b, backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now), true);
    backlog_hold_back(&b, &r.own_lane, QUEUE_WAITERS, 50);

    EXPECT_EQ(take(QUEUE_WAITERS), "-");
    backlog_retry(&b, 50);
    EXPECT_EQ(take(QUEUE_WAITERS), "ready");
    EXPECT_EQ(take(QUEUE_WAITERS), "message");
}

/* Takes the next event for threads that wait, which is refused. */
class RefusedBacklog : public Backlog
{
  protected:
    void refuse(LONGLONG until = 50)
    {
        pipe_event *event = backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now);

        backlog_put_back(&b, event, true);
        backlog_hold_back(&b, event->lane, QUEUE_WAITERS, until);
    }
    std::string take()
    {
        return Backlog::take(QUEUE_WAITERS);
    }
};

TEST_F(RefusedBacklog, WhatIsHeldBackIsNotTakenBeforeItsTimeAndOthersGoOn)
{
    test_run old(&b, QUEUE_WAITERS), fresh(&b, QUEUE_WAITERS);
    test_lane l(old), another(fresh);
    push_many(l, "a", 2);
    push(another, "b1");

    refuse(50);

    EXPECT_EQ(backlog_retry(&b, 49), 50);
    EXPECT_EQ(take(), "b1");
    EXPECT_EQ(take(), "-");
    push(another, "b2");
    EXPECT_EQ(backlog_retry(&b, 50), BACKLOG_NEVER);
    EXPECT_TRUE(b.moved) << "the queue wakes whoever is to raise it";
    EXPECT_EQ(take(), "a1");
    EXPECT_EQ(take(), "a2");
    EXPECT_EQ(take(), "b2");
}

TEST_F(RefusedBacklog, OfTwoTheFirstToBeTriedAgainIsTold)
{
    test_run r(&b, QUEUE_WAITERS);
    test_lane l(r), another(r);
    push(l, "a1");
    push(another, "b1");

    refuse(50);
    refuse(60);

    EXPECT_EQ(backlog_retry(&b, 0), 50);
    EXPECT_EQ(backlog_retry(&b, 55), 60);
    EXPECT_EQ(take(), "a1");
    EXPECT_EQ(take(), "-");
    EXPECT_EQ(backlog_retry(&b, 60), BACKLOG_NEVER);
    EXPECT_EQ(take(), "b1");
}

TEST_F(RefusedBacklog, WhereAnEventIsRefusedInsideAHandlerThatRefusesTooItsLaneIsHeldBackOnce)
{
    test_run r(&b, QUEUE_WAITERS);
    test_lane l(r), another(r);
    push_many(l, "a", 2);
    push(another, "b1");
    pipe_event *outer = backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now);
    refuse(50);

    backlog_put_back(&b, outer, true);
    backlog_hold_back(&b, &l, QUEUE_WAITERS, 60);

    ASSERT_EQ(b.held.head.next, b.held.head.previous);
    ASSERT_EQ(b.held.head.next->next, &b.held.head) << "the list would have no end";
    EXPECT_EQ(backlog_retry(&b, 50), 60);
    EXPECT_EQ(backlog_retry(&b, 60), BACKLOG_NEVER);
    EXPECT_EQ(take(), "a1");
    EXPECT_EQ(take(), "a2");
    EXPECT_EQ(take(), "b1");
}

TEST_F(RefusedBacklog, TheConsumerTakesWhatASinkThatHasGoneRefused)
{
    test_run r(&b, QUEUE_WAITERS);
    test_lane l(r);
    push_many(l, "a", 2);
    refuse();

    backlog_set_has_sinks(&b, &r.heard_by, false);

    EXPECT_EQ(take_unheard(), "a1");
    EXPECT_EQ(backlog_retry(&b, 0), BACKLOG_NEVER);
    backlog_set_has_sinks(&b, &r.heard_by, true);
    EXPECT_EQ(take(), "a2");
}

TEST_F(RefusedBacklog, WhatIsDroppedIsNotTriedAgain)
{
    test_run r(&b, QUEUE_WAITERS);
    {
        test_lane l(r);
        push(l, "a1");
        refuse();
    }

    EXPECT_EQ(backlog_retry(&b, 50), BACKLOG_NEVER);
}

TEST_F(RefusedBacklog, WhereOthersAreToRaiseItByNowTheyTryAtOnce)
{
    test_run old(&b, QUEUE_WORKERS);
    test_lane l(old);
    push(l, "a1");
    backlog_end_run(&b, &old, QUEUE_WAITERS);
    pipe_event *event = backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now);
    test_run fresh(&b, QUEUE_WORKERS);
    b.moved = false;

    backlog_put_back(&b, event, true);
    backlog_hold_back(&b, &l, QUEUE_WAITERS, 50);

    EXPECT_TRUE(b.moved);
    EXPECT_EQ(end(begin(fresh)), "a1");
}

TEST_F(RefusedBacklog, WhereARunBeginsOrEndsItIsTriedAgainByWhoeverIsToRaiseItThen)
{
    test_run old(&b, QUEUE_WORKERS);
    test_lane l(old);
    push(l, "a1");
    backlog_end_run(&b, &old, QUEUE_WAITERS);
    refuse();

    test_run fresh(&b, QUEUE_WORKERS);
    pipe_event *event = begin(fresh);
    ASSERT_NE(event, nullptr);
    backlog_put_back(&b, event, true);
    backlog_hold_back(&b, &l, QUEUE_WORKERS, 50);
    EXPECT_EQ(begin(fresh), nullptr);
    backlog_end_run(&b, &fresh, QUEUE_WAITERS);

    EXPECT_EQ(take(), "a1");
}

TEST_F(Backlog, WhatIsRefusedOnTheWindowsThreadIsNotHeldBackBeyondThat)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    push(l, "a1");

    backlog_put_back(&b, backlog_take(&b, QUEUE_WINDOW, nullptr, &no_limit, now), true);
    backlog_hold_back(&b, &l, QUEUE_WINDOW, 50);

    EXPECT_EQ(take(), "a1");
}

TEST_F(Backlog, WhatAWorkerHoldsBackOfALivingRunWaitsForTheWorkersOfTheNext)
{
    test_run old(&b, QUEUE_WORKERS), fresh(&b, QUEUE_WORKERS);
    test_lane l(old);
    push_many(l, "a", 2);

    backlog_put_back(&b, begin(old), true);
    backlog_hold_back(&b, &l, QUEUE_WORKERS, 50);
    EXPECT_EQ(backlog_retry(&b, 50), BACKLOG_NEVER);
    EXPECT_EQ(begin(old), nullptr);
    backlog_end_run(&b, &old, QUEUE_WINDOW);

    EXPECT_EQ(end(begin(fresh)), "a1");
    EXPECT_EQ(end(begin(fresh)), "a2");
}

/* ---- nobody there ---- */

TEST_F(Backlog, WhereNobodyIsThereTheOldestBeyond1024OfAnAudienceGo)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r), second(r);
    push(first, PIPE_CONNECTED, "connected 1");
    push_many(first, "a", 1000);
    push_many(second, "b", 26);

    EXPECT_THAT(drop_unheard(second), ElementsAre("a1", "a2"));
    EXPECT_EQ(b.count, 1025u);
}

TEST_F(Backlog, AConnectedIsDroppedOnlyWithItsDisconnected)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r), second(r);
    push(first, PIPE_CONNECTED, "connected 1");
    push(first, PIPE_DISCONNECTED, "disconnected 1");
    push_many(second, "b", 1023);

    EXPECT_THAT(drop_unheard(second), ElementsAre("connected 1", "disconnected 1"));
}

TEST_F(Backlog, WhereNobodyIsThereTheOldestBeyondTheReceiveLimitOfAConnectionGo)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r), another(r);
    l.receive_limit = another.receive_limit = 1000;
    push(another, PIPE_MESSAGE, "another", 900);
    push(l, PIPE_CONNECTED, "connected");
    push(l, PIPE_MESSAGE, "a1", 400);
    push(l, PIPE_MESSAGE, "a2", 400);
    EXPECT_TRUE(drop_unheard(l).empty());

    push(l, PIPE_MESSAGE, "a3", 300);

    EXPECT_THAT(drop_unheard(l), ElementsAre("a1"));
    EXPECT_EQ(l.charge, 700);
}

TEST_F(Backlog, OneMessageLongerThanTheReceiveLimitIsKept)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    l.receive_limit = 1000;
    push(l, PIPE_CONNECTED, "connected");
    push(l, PIPE_MESSAGE, "a1", 300);
    push(l, PIPE_MESSAGE, "long", 5000);

    EXPECT_THAT(drop_unheard(l), ElementsAre("a1"));
    EXPECT_THAT(rest(), ElementsAre("connected", "long"));
}

TEST_F(Backlog, WithoutAReceiveLimitBytesDoNotCount)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    push(l, PIPE_MESSAGE, "a1", 1 << 30);
    push(l, PIPE_MESSAGE, "a2", 1 << 30);

    EXPECT_TRUE(drop_unheard(l).empty());
}

} // namespace

#include "support/deliver/backlog_fixture.h"

namespace
{

using testing::ElementsAre;

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

} // namespace

#include "support/deliver/backlog_fixture.h"
#include "support/deliver/queue_fixture.h"

namespace
{

using testing::ElementsAre;

/* ---- the backlog ---- */

TEST_F(Backlog, ALaneThatFollowsWaitsForTheDisconnectedOfTheEarlierOne)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r), later(r), stranger(r);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push_many(earlier, "a", 17);
    backlog_follow(&later, &earlier);
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");
    push(stranger, PIPE_CONNECTED, "connected 3");

    namelist all = rest();

    EXPECT_EQ(all[16], "connected 3");
    EXPECT_EQ(all[all.size() - 2], "disconnected 1");
    EXPECT_EQ(all[all.size() - 1], "connected 2");
    backlog_part(&b, &earlier);
}

TEST_F(Backlog, WithoutSinksTooALaneThatFollowsWaits)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r), later(r);
    backlog_set_has_sinks(&b, &r.heard_by, false);
    backlog_follow(&later, &earlier);
    push(later, PIPE_CONNECTED, "connected 2");
    EXPECT_EQ(take_unheard(), "-");

    push(earlier, PIPE_DISCONNECTED, "disconnected 1");

    EXPECT_EQ(take_unheard(), "disconnected 1");
    EXPECT_EQ(take_unheard(), "connected 2");
    backlog_part(&b, &earlier);
}

TEST_F(Backlog, WorkersBeginALaneThatFollowsOnceTheHandlersOfDisconnectedHaveReturned)
{
    test_run r(&b, QUEUE_WORKERS);
    test_lane earlier(r), later(r);
    backlog_follow(&later, &earlier);
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");

    pipe_event *disconnected = begin(r);
    EXPECT_EQ(begin(r), nullptr);
    EXPECT_EQ(end(disconnected), "disconnected 1");

    EXPECT_EQ(end(begin(r)), "connected 2");
    backlog_part(&b, &earlier);
}

TEST_F(Backlog, WhereTheDisconnectedIsPutBackTheLaneThatFollowsWaitsAgain)
{
    test_run r(&b, QUEUE_WAITERS);
    test_lane earlier(r), later(r);
    backlog_follow(&later, &earlier);
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");

    pipe_event *refused = backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now);
    EXPECT_NE(later.place, nullptr) << "a nested event may follow";
    backlog_put_back(&b, refused, true);
    backlog_hold_back(&b, &earlier, QUEUE_WAITERS, 50);

    EXPECT_EQ(take(QUEUE_WAITERS), "-");
    backlog_retry(&b, 50);
    EXPECT_EQ(take(QUEUE_WAITERS), "disconnected 1");
    EXPECT_EQ(take(QUEUE_WAITERS), "connected 2");
    backlog_part(&b, &earlier);
}

/* The handler may give it back, to be told again. */
TEST_F(Backlog, WhileAnotherThreadHasTheDisconnectedAndTheSinksHaveGoneTheLaneThatFollowsWaits)
{
    test_run r(&b, QUEUE_WAITERS);
    test_lane earlier(r), later(r);
    backlog_follow(&later, &earlier);
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");

    pipe_event *taken = backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now);
    earlier.depth = 1;
    earlier.thread = GetCurrentThreadId() + 1;
    backlog_set_has_sinks(&b, &r.heard_by, false);
    EXPECT_EQ(take_unheard(), "-");
    earlier.depth = 0;
    backlog_put_back(&b, taken, true);

    EXPECT_EQ(take_unheard(), "disconnected 1");
    EXPECT_EQ(take_unheard(), "connected 2");
    backlog_part(&b, &earlier);
}

TEST_F(Backlog, ALaneThatFollowsGoesOnWhereTheEarlierOneIsDropped)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r), later(r);
    backlog_follow(&later, &earlier);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push(later, PIPE_CONNECTED, "connected 2");

    backlog_clear_lane(&b, &earlier, &dropped);

    EXPECT_EQ(names_and_free(&dropped).size(), 1u);
    EXPECT_TRUE(b.moved) << "the queue wakes whoever is to raise it";
    EXPECT_THAT(rest(), ElementsAre("connected 2"));
    backlog_part(&b, &earlier);
}

TEST_F(Backlog, OfThreeLanesThatFollowEachOtherTheLastWaitsForTheFirstWhereTheOneBetweenHasGone)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane first(r), second(r), third(r);
    backlog_follow(&second, &first);
    backlog_follow(&third, &second);
    push(third, PIPE_CONNECTED, "connected 3");

    backlog_part(&b, &second);
    EXPECT_EQ(take(), "-");
    push(first, PIPE_DISCONNECTED, "disconnected 1");

    EXPECT_THAT(rest(), ElementsAre("disconnected 1", "connected 3"));
    backlog_part(&b, &first);
}

TEST_F(Backlog, ALaneThatFollowsAndHasTheHandleOfAnotherWaitsForBoth)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r), stranger(r, one), later(r, one);
    push(stranger, PIPE_CONNECTED, "connected of a stranger");
    backlog_follow(&later, &earlier);
    push(later, PIPE_CONNECTED, "connected 2");
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    EXPECT_THAT(rest(), ElementsAre("connected of a stranger", "disconnected 1"));

    push(stranger, PIPE_DISCONNECTED, "disconnected of a stranger");

    EXPECT_THAT(rest(), ElementsAre("disconnected of a stranger", "connected 2"));
    backlog_part(&b, &earlier);
}

/* ---- the queue ---- */

TEST_F(Queue, WhereDisconnectedHasEndedNoLaneFollowsItAnyMore)
{
    run *r = start(QUEUE_WAITERS);
    own_lane earlier(r, &heard_by), later(r, &heard_by);
    note_names();
    queue_follow(q, &later, &earlier);
    push(r, earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(r, later, PIPE_CONNECTED, "connected 2");
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(earlier.followed_by, nullptr);
    EXPECT_EQ(later.follows, nullptr);

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(noted, (namelist{"disconnected 1", "connected 2"}));
    end(r);
}

TEST_F(WindowQueue, AHandlerOfDisconnectedIsReEnteredByTheLaneThatFollows)
{
    own_lane earlier(r, &heard_by), later(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        names.push_back(name + " begins");
        if (name == "disconnected 1")
            dispatch_all();
        names.push_back(name + " ends");
        return RAISED_ALL;
    };
    queue_follow(q, &later, &earlier);
    push(r, earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(r, later, PIPE_CONNECTED, "connected 2");

    dispatch_all();

    EXPECT_EQ(names,
              (namelist{"disconnected 1 begins", "connected 2 begins", "connected 2 ends", "disconnected 1 ends"}));
    queue_silence_lane(q, &later);
}

TEST_F(Queue, WithALaneAllThatItFollowsAreSilenced)
{
    run *r = start(QUEUE_WAITERS);
    own_lane first(r, &heard_by), second(r, &heard_by), third(r, &heard_by);
    note_names();
    queue_follow(q, &second, &first);
    push(r, first, PIPE_DISCONNECTED, "disconnected 1");
    push(r, second, PIPE_CONNECTED, "connected 2");
    queue_follow(q, &third, &second);
    push(r, third, PIPE_CONNECTED, "connected 3");

    queue_silence_lane(q, &third);
    push(r, second, PIPE_DISCONNECTED, "disconnected 2");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);
    EXPECT_EQ(test_event::living, 0);
    EXPECT_EQ(first.holds + second.holds + third.holds, 0);
    EXPECT_EQ(third.follows, nullptr);
    end(r);
}

TEST_F(Queue, ALaneThatGetsNoEventFollowsNoMore)
{
    run *r = start(QUEUE_WAITERS);
    own_lane earlier(r, &heard_by), later(r, &heard_by);
    queue_follow(q, &later, &earlier);

    queue_unfollow(q, &later);

    EXPECT_EQ(earlier.followed_by, nullptr);
    EXPECT_EQ(later.follows, nullptr);
    end(r);
}

} // namespace

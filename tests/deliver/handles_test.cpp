#include "support/deliver/backlog_fixture.h"

namespace
{

using testing::ElementsAre;

TEST_F(Backlog, ALaneWhoseHandleAnEarlierOneHadWaitsForItsDisconnected)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane earlier(r, one), later(r, one), stranger(r, other);
    push(earlier, PIPE_CONNECTED, "connected 1");
    push_many(earlier, "a", 17);
    push(earlier, PIPE_DISCONNECTED, "disconnected 1");
    push(later, PIPE_CONNECTED, "connected 2");
    push(stranger, PIPE_CONNECTED, "connected 3");

    namelist all = rest();

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

/* ---- the table itself ---- */

TEST_F(Backlog, OfAnotherHandleInTheSameBucketALaneIsNotBehind)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r, one), another(r, reinterpret_cast<HANDLE>(0x64 + 4 * HANDLE_BUCKETS));
    lane *behind;

    handles_begin(&b.handles, &l);
    handles_begin(&b.handles, &another);

    EXPECT_EQ(another.before, nullptr);
    EXPECT_TRUE(handles_end(&l, &behind));
    EXPECT_EQ(behind, nullptr);
}

TEST_F(Backlog, ALaneWithoutAHandleIsInNoTable)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    lane *behind;

    handles_begin(&b.handles, &l);

    EXPECT_FALSE(handles_end(&l, &behind));
    EXPECT_EQ(handles_restore(&b.handles, &l), nullptr);
    EXPECT_FALSE(list_linked(&l.living));
}

} // namespace

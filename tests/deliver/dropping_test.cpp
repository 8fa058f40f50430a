#include "support/deliver/backlog_fixture.h"

namespace
{

using testing::ElementsAre;

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

TEST_F(Backlog, EverythingCanBeDropped)
{
    test_run old(&b, QUEUE_WINDOW), fresh(&b, QUEUE_WORKERS);
    test_lane of_old(old), of_fresh(fresh);
    push_many(of_old, "a", 2);
    push(of_fresh, "b1");

    backlog_clear(&b, &dropped);

    EXPECT_THAT(names_and_free(&dropped), ElementsAre("a1", "a2", "b1"));
    EXPECT_EQ(b.count, 0u);
}

TEST_F(Backlog, OfOneRunAloneEverythingCanBeDropped)
{
    test_run old(&b, QUEUE_WINDOW), fresh(&b, QUEUE_WINDOW);
    test_lane of_old(old), of_fresh(fresh);
    push_many(of_old, "a", 2);
    push(of_fresh, "b1");

    backlog_clear_run(&b, &old, &dropped);

    EXPECT_THAT(names_and_free(&dropped), ElementsAre("a1", "a2"));
    EXPECT_THAT(rest(), ElementsAre("b1"));
}

} // namespace

/* The limit of connections: so many clients at a time and no more, and never a moment without the name. */

#include "support/pipe/engine_fixture.h"

namespace
{

class ConnectionLimit : public engine_test
{
  protected:
    void start_with_limit(unsigned limit, unsigned backlog = 4)
    {
        settings.max_connections = limit;
        settings.backlog = backlog;
        start();
    }
    /* The owner keeps its end for now. */
    void throw_out_the_only_client()
    {
        start_with_limit(1);
        c = connect(client);
        ASSERT_NE(c, nullptr);
        owner.hold(PIPE_DISCONNECTED);
        connection_close(c, CLOSE_AT_ONCE);
        ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    }
    /* Instances are made behind a client's leaving: the next client is patient. */
    void expect_room_for_one()
    {
        raw_client next;

        EXPECT_EQ(next.connect(path), 0u);
        EXPECT_NE(owner.accept(), nullptr);
    }
    bool is_busy() const
    {
        return raw_client().connect(path, 0) == ERROR_PIPE_BUSY;
    }
};

TEST_F(ConnectionLimit, NoMoreInstancesListenThanClientsMayCome)
{
    start_with_limit(2);

    EXPECT_EQ(system.pipes_created(), 2u);
}

TEST_F(ConnectionLimit, AFurtherClientFindsThePipeBusy)
{
    raw_client first, second;
    start_with_limit(2);

    ASSERT_NE(connect(first), nullptr);
    ASSERT_NE(connect(second), nullptr);

    EXPECT_TRUE(is_busy());
    EXPECT_EQ(system.pipes_created(), 2u);
}

TEST_F(ConnectionLimit, WhereOneLeavesAnotherMayCome)
{
    raw_client first, second;
    start_with_limit(2);
    ASSERT_NE(connect(first), nullptr);
    ASSERT_NE(connect(second), nullptr);

    first.close();

    expect_room_for_one();
}

TEST_F(ConnectionLimit, OneClientAfterTheOther)
{
    start_with_limit(1);

    for (int i = 0; i < 20; i++)
        expect_room_for_one();
}

/* The next instance is there before the last handle is closed, also where its client does not leave. */
TEST_F(ConnectionLimit, TheNameIsNeverWithoutAnInstance)
{
    std::atomic<size_t> made_before_the_close = 0;
    const hooks_end hooks{this};
    start_with_limit(1);
    c = connect(client);
    ASSERT_NE(c, nullptr);
    system.close_handle = [&](HANDLE)
    {
        if (!made_before_the_close)
            made_before_the_close = system.pipes_created();
    };

    connection_close(c, CLOSE_AT_ONCE);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    expect_room_for_one();

    EXPECT_EQ(made_before_the_close, 2u);
}

/* Its owner may keep the event for long, and with it the handle. */
TEST_F(ConnectionLimit, AClientThatHasLeftDoesNotCountWhileItsHandleIsOpen)
{
    owner.closes_handles = false;
    start_with_limit(1);
    c = connect(client);
    ASSERT_NE(c, nullptr);

    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));

    expect_room_for_one();
    connection_close_handle(c);
}

/* Until its owner has dealt with its end, what it sent may wait in memory. */
TEST_F(ConnectionLimit, AClientThatHasLeftCountsUntilItsEndIsReleased)
{
    start_with_limit(1);
    ASSERT_NE(connect(client), nullptr);
    owner.hold(PIPE_DISCONNECTED);

    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    EXPECT_TRUE(owner.stays_quiet(100));
    EXPECT_TRUE(is_busy());
    owner.hold_nothing();
    owner.let_go();

    expect_room_for_one();
}

/* Else a client that breaks a rule, and comes again, would leave more and more in memory. */
TEST_F(ConnectionLimit, AClientThatTheServerEndsCountsUntilItsEndIsReleased)
{
    raw_client next;
    throw_out_the_only_client();

    EXPECT_EQ(next.connect(path), 0u) << "it is parked";
    EXPECT_TRUE(owner.stays_quiet(100));
    EXPECT_TRUE(is_busy()) << "for a third";
    owner.hold_nothing();
    owner.let_go();

    EXPECT_NE(owner.accept(), nullptr);
    EXPECT_TRUE(is_busy());
    next.close();
    expect_room_for_one();
}

TEST_F(ConnectionLimit, AStopClosesAClientThatIsParkedAtTheLimit)
{
    raw_client next;
    throw_out_the_only_client();
    ASSERT_EQ(next.connect(path), 0u);
    EXPECT_TRUE(owner.stays_quiet(100));

    engine_begin_close(e, CLOSE_AT_ONCE);
    owner.hold_nothing();
    owner.let_go();

    EXPECT_EQ(next.wait_until_closed(), 0u);
}

/* Each client that is parked is one more than the limit. */
TEST_F(ConnectionLimit, AClientThatIsParkedKeepsTheNameAlone)
{
    raw_client second, parked;
    start_with_limit(2);
    connection *one = connect(client), *other = connect(second);
    ASSERT_TRUE(one && other);
    owner.hold(PIPE_DISCONNECTED);
    connection_close(one, CLOSE_AT_ONCE);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    ASSERT_EQ(parked.connect(path), 0u);
    EXPECT_TRUE(owner.stays_quiet(100));

    connection_close(other, CLOSE_AT_ONCE);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 2));

    EXPECT_TRUE(is_busy());
    owner.hold_nothing();
    owner.let_go();
    EXPECT_NE(owner.accept(), nullptr);
}

TEST_F(ConnectionLimit, AnInstanceThatCouldNotBeMadeToKeepTheNameCountsForNothing)
{
    std::atomic<DWORD> refusal = 0;
    const hooks_end hooks{this};
    system.create_named_pipe = [&] { return refusal.load(); };
    start_with_limit(1);
    c = connect(client);
    ASSERT_NE(c, nullptr);
    refusal = ERROR_NO_SYSTEM_RESOURCES;

    connection_close(c, CLOSE_AT_ONCE);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    refusal = 0;

    expect_room_for_one();
}

TEST_F(ConnectionLimit, AClientWhoseEndNobodyReceivesCountsNoMore)
{
    start_with_limit(1);
    c = connect(client);
    ASSERT_NE(c, nullptr);
    owner.hold(PIPE_DISCONNECTED);
    connection_read_on(c);
    EXPECT_TRUE(is_busy()) << "it is there still";

    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    connection_read_on(c);

    expect_room_for_one();
}

TEST_F(ConnectionLimit, InAPauseTheNameKeepsAnInstanceToo)
{
    start_with_limit(1);
    c = connect(client);
    ASSERT_NE(c, nullptr);
    engine_pause(e, true);

    connection_close(c, CLOSE_AT_ONCE);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    raw_client next;
    EXPECT_EQ(next.connect(path), 0u) << "it is parked";
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_TRUE(is_busy());
    engine_pause(e, false);
    engine_advance(e);

    EXPECT_NE(owner.accept(), nullptr);
}

TEST_F(ConnectionLimit, HoldsForACrowd)
{
    constexpr LONG limit = 5, crowd = 40;
    std::atomic<LONG> here = 0, most = 0;
    owner.keeps_connections = false;
    settings.threads = 4;
    start_with_limit(limit, 3);

    {
        std::vector<background> threads;
        for (int t = 0; t < 8; t++)
            threads.emplace_back(
                [&]
                {
                    for (int i = 0; i < crowd / 8; i++)
                    {
                        raw_client one;
                        EXPECT_EQ(one.connect(path), 0u);
                        const LONG many = ++here;
                        for (LONG seen = most; many > seen && !most.compare_exchange_weak(seen, many);)
                            ;
                        EXPECT_EQ(one.write("x"), 0u);
                        here--;
                    }
                });
    }

    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, crowd));
    EXPECT_LE(most, limit);
    EXPECT_EQ(owner.count(PIPE_MESSAGE), size_t(crowd));
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 0u);
}

/* With as many instances as clients nobody has to wait. */
TEST_F(ConnectionLimit, SixtyFourThatComeAtOnceFindRoomWhereSixtyFourListen)
{
    constexpr unsigned crowd = 64;
    std::vector<raw_client> clients(crowd);
    latch now;
    start_with_limit(0, crowd);

    {
        std::vector<background> threads;
        for (raw_client &one : clients)
            threads.emplace_back(
                [&]
                {
                    now.wait(patience);
                    EXPECT_EQ(one.connect(path, 0), 0u);
                });
        now.set();
    }

    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, crowd));
}

} // namespace

/* The completion port and its threads. */

#include "support/pipe/port_fixture.h"

class Port : public port_test
{
};

TEST_F(Port, OpenedAndClosedLeavesNothing)
{
    open();

    port_close(p);
    p = nullptr;
}

TEST_F(Port, AllThreadsHaveBegunWhenItSaysJoined)
{
    threads = 64;

    run();
    end();

    EXPECT_EQ(joined, 1u);
    EXPECT_EQ(begun_at_joined, 64u);
    EXPECT_EQ(ended_workers, 64u);
}

TEST_F(Port, NothingIsDeliveredBeforeJoined)
{
    counted_operation op;
    unsigned deliveries_at_joined = 9;
    const hooks_end hooks{this};
    on_joined = [&] { deliveries_at_joined = op.deliveries; };
    open();
    op.refuse(p, ERROR_CRC);

    ASSERT_EQ(port_run(p), 0u);

    EXPECT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(deliveries_at_joined, 0u);
}

TEST_F(Port, ARefusalIsDeliveredOnceOnAThreadAndNeverInsideTheCall)
{
    counted_operation op;
    run();

    op.refuse(p, ERROR_CRC);

    ASSERT_TRUE(op.delivered.wait(patience));
    end();
    EXPECT_EQ(op.deliveries, 1u);
    EXPECT_EQ(op.error, DWORD(ERROR_CRC));
    EXPECT_EQ(op.bytes, 0u);
    EXPECT_NE(op.thread, GetCurrentThreadId());
}

TEST_F(Port, ARefusalOnItsOwnThreadIsNeverDeliveredInsideTheCall)
{
    counted_operation first, second;
    bool inside = false;
    const hooks_end hooks{this};
    first.on_done = [&]
    {
        second.refuse(p, ERROR_CRC);
        inside = second.deliveries > 0;
    };
    run();

    first.refuse(p, ERROR_CRC);

    EXPECT_TRUE(second.delivered.wait(patience));
    end();
    EXPECT_FALSE(inside);
    EXPECT_FALSE(second.delivered_inside);
}

TEST_F(Port, ARefusalInATurnIsDelivered)
{
    counted_operation op;
    std::atomic<bool> started = false;
    const hooks_end hooks{this};
    on_turn = [&]
    {
        if (!started.exchange(true))
            op.refuse(p, ERROR_CRC);
    };
    threads = 1;
    run();

    EXPECT_TRUE(op.delivered.wait(patience));
}

TEST_F(Port, AChainOfRefusalsNeitherNestsNorStarvesTheOthers)
{
    counted_operation chain, other;
    unsigned left = 10000, chain_at_other = 0;
    std::atomic<bool> other_started = false;
    latch over;
    const hooks_end hooks{this};
    chain.on_done = [&]
    {
        if (left-- == 9000)
        {
            background([&] { other.refuse(p, ERROR_CRC); }).join();
            other_started = true;
        }
        if (left > 0)
            chain.refuse(p, ERROR_CRC);
        else
            over.set();
    };
    other.on_done = [&] { chain_at_other = left; };
    threads = 1;
    run();

    chain.refuse(p, ERROR_CRC);

    ASSERT_TRUE(over.wait(patience));
    EXPECT_TRUE(other.delivered.wait(patience));
    EXPECT_GT(chain_at_other, 8000u) << "it waited for the chain's end";
}

TEST_F(Port, WhoGoesOnByHimselfIsNotCalled)
{
    counted_operation op;
    run();

    port_expect(p, &op, counted_operation::done);
    EXPECT_TRUE(port_ended_at_once(p, &op, ERROR_CRC));
    end();

    EXPECT_EQ(op.deliveries, 0u);
}

TEST_F(Port, StaysWhileAnOperationIsOutstanding)
{
    counted_operation op;
    run();
    port_keep(p);
    port_let_go(p);
    port_expect(p, &op, counted_operation::done);
    port_let_go(p); /* what it was opened with */

    EXPECT_FALSE(all_ended.wait(200));
    port_started(p, &op, ERROR_CRC);

    EXPECT_TRUE(all_ended.wait(patience));
    EXPECT_EQ(op.deliveries, 1u);
    port_close(p);
    p = nullptr;
}

TEST_F(Port, StaysWhileItIsKept)
{
    run();
    port_keep(p);
    port_let_go(p);

    EXPECT_FALSE(all_ended.wait(200));
}

TEST_F(Port, AKickBringsATurn)
{
    latch turned;
    std::atomic<bool> kicked = false;
    const hooks_end hooks{this};
    on_turn = [&]
    {
        if (kicked)
            turned.set();
    };
    run();

    kicked = true;
    port_kick(p);

    EXPECT_TRUE(turned.wait(patience));
}

TEST_F(Port, AKickWhileAnOperationIsDeliveredBringsNoTurnMoreThanItsOwn)
{
    counted_operation op;
    threads = 1;
    run();
    const hooks_end hooks{this};
    op.on_done = [&]
    {
        for (int i = 0; i < 10; i++)
            port_kick(p);
    };

    op.refuse(p, ERROR_CRC);
    ASSERT_TRUE(op.delivered.wait(patience));
    end();

    EXPECT_LE(turns, 3u);
}

TEST_F(Port, AKickBehindTheEndBringsATurn)
{
    blocking_point turn;
    threads = 1;
    const hooks_end hooks{this};
    on_turn = [&]
    {
        if (turns != 2)
            return; /* the first comes when it has joined */
        turn.block();
    };
    run();
    port_kick(p);
    ASSERT_TRUE(turn.wait_until_blocked());

    port_let_go(p);
    port_kick(p);
    turn.unblock();

    ASSERT_TRUE(all_ended.wait(patience));
    EXPECT_EQ(turns, 3u);
    port_close(p);
    p = nullptr;
}

TEST_F(Port, OperationsFromManyThreadsAreAllDelivered)
{
    constexpr unsigned starters = 4, each = 500;
    std::vector<std::vector<counted_operation>> operations(starters);
    for (auto &own : operations)
        own = std::vector<counted_operation>(each);
    std::atomic<unsigned> delivered = 0;
    latch all;
    threads = 4;
    const hooks_end hooks{this};
    run();

    {
        std::vector<background> others;
        for (auto &own : operations)
            others.emplace_back(
                [&]
                {
                    for (counted_operation &op : own)
                    {
                        op.on_done = [&]
                        {
                            if (++delivered == starters * each)
                                all.set();
                        };
                        op.refuse(p, ERROR_CRC);
                    }
                });
    }

    EXPECT_TRUE(all.wait(patience));
    for (auto &own : operations)
        for (counted_operation &op : own)
            EXPECT_EQ(op.deliveries, 1u);
}

TEST_F(Port, AThreadThatCannotBeMadeIsAFailureAndTheOthersEnd)
{
    threads = 4;
    for (unsigned nth = 2; nth <= 4; nth++)
    {
        joined = begun = ended_workers = 0;
        ended = 0;
        all_ended.reset();
        system.create_thread = fails_once(nth, ERROR_NOT_ENOUGH_MEMORY);
        open();

        EXPECT_EQ(port_run(p), DWORD(ERROR_NOT_ENOUGH_MEMORY));

        port_serve(p);
        end();
        EXPECT_EQ(begun, nth - 1);
        EXPECT_EQ(joined, 0u);
    }
}

TEST_F(Port, WithoutAnyThreadTheCallerServesIt)
{
    counted_operation op;
    system.create_thread = [] { return DWORD(ERROR_NOT_ENOUGH_MEMORY); };
    open();
    op.refuse(p, ERROR_CRC);

    EXPECT_EQ(port_run(p), DWORD(ERROR_NOT_ENOUGH_MEMORY));
    port_let_go(p);
    port_serve(p);

    EXPECT_EQ(op.deliveries, 1u);
    EXPECT_EQ(op.thread, GetCurrentThreadId());
    EXPECT_EQ(ended, 1u);
    port_close(p);
    p = nullptr;
}

TEST_F(Port, WithoutMemoryDoesNotOpen)
{
    system.allocate = [](size_t) { return false; };

    EXPECT_EQ(port_open(1, calls(), this, &p), DWORD(ERROR_NOT_ENOUGH_MEMORY));

    EXPECT_EQ(p, nullptr);
}

TEST_F(Port, WithoutAPortOfTheSystemsDoesNotOpen)
{
    system.create_io_completion_port = [] { return DWORD(ERROR_NO_SYSTEM_RESOURCES); };

    EXPECT_NE(port_open(1, calls(), this, &p), 0u);

    EXPECT_EQ(p, nullptr);
}

/* The timers of a port. */

#include "support/pipe/port_fixture.h"

class PortTimer : public port_test
{
};

TEST_F(PortTimer, ATimerFiresOnceOnAThread)
{
    counted_timer timer;
    DWORD thread = 0;
    const hooks_end hooks{this};
    timer.on_fired = [&] { thread = GetCurrentThreadId(); };
    run();
    ULONGLONG since = GetTickCount64();

    EXPECT_FALSE(port_timer_set(p, &timer, 100));

    ASSERT_TRUE(timer.fired_once.wait(patience));
    EXPECT_GE(GetTickCount64() - since, 90u);
    end();
    EXPECT_EQ(timer.times, 1u);
    EXPECT_NE(thread, GetCurrentThreadId());
}

TEST_F(PortTimer, ATimerThatIsDueEarlierIsNotLateForThoseThatWaitAlready)
{
    for (unsigned n : {1, 3})
    {
        counted_timer late, early;
        threads = n;
        joined = begun = ended_workers = 0;
        ended = 0;
        all_ended.reset();
        run();
        port_timer_set(p, &late, 60000);
        EXPECT_FALSE(late.fired_once.wait(50));

        port_timer_set(p, &early, 10);

        EXPECT_TRUE(early.fired_once.wait(patience));
        EXPECT_TRUE(port_timer_cancel(p, &late));
        end();
        EXPECT_EQ(late.times, 0u);
    }
}

TEST_F(PortTimer, ATimerThatABusyThreadHasSetIsFiredByAnother)
{
    counted_timer late, early;
    counted_operation op;
    const hooks_end hooks{this};
    op.on_done = [&]
    {
        port_timer_set(p, &early, 10);
        EXPECT_TRUE(early.fired_once.wait(patience));
    };
    run();
    port_timer_set(p, &late, 60000);
    EXPECT_FALSE(late.fired_once.wait(50)) << "both threads wait by now";

    op.refuse(p, ERROR_CRC);

    ASSERT_TRUE(op.delivered.wait(2 * patience));
    EXPECT_TRUE(port_timer_cancel(p, &late));
    EXPECT_EQ(early.times, 1u);
}

TEST_F(PortTimer, ACancelledTimerDoesNotFire)
{
    counted_timer timer, later;
    run();
    port_timer_set(p, &timer, 100);

    EXPECT_TRUE(port_timer_cancel(p, &timer));
    EXPECT_FALSE(port_timer_cancel(p, &timer));

    port_timer_set(p, &later, 200);
    ASSERT_TRUE(later.fired_once.wait(patience));
    EXPECT_EQ(timer.times, 0u);
}

TEST_F(PortTimer, ATimerThatIsSetAgainIsMoved)
{
    counted_timer timer;
    run();
    port_timer_set(p, &timer, 60000);

    EXPECT_TRUE(port_timer_set(p, &timer, 10));

    EXPECT_TRUE(timer.fired_once.wait(patience));
    EXPECT_FALSE(port_timer_cancel(p, &timer));
}

TEST_F(PortTimer, TimersFireInTheirOrder)
{
    counted_timer timers[5];
    std::vector<int> order;
    latch last;
    threads = 1;
    const hooks_end hooks{this};
    run();
    for (int i = 0; i < 5; i++)
        timers[i].on_fired = [&, i]
        {
            order.push_back(i);
            if (order.size() == 5)
                last.set();
        };

    for (int i : {3, 0, 4, 2, 1})
        port_timer_set(p, &timers[i], 100 + 40 * i);

    ASSERT_TRUE(last.wait(patience));
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_F(PortTimer, ATimerMaySetItselfAgain)
{
    counted_timer timer;
    latch enough;
    run();
    const hooks_end hooks{this};
    timer.on_fired = [&]
    {
        if (timer.times < 5)
            port_timer_set(p, &timer, 1);
        else
            enough.set();
    };

    port_timer_set(p, &timer, 1);

    EXPECT_TRUE(enough.wait(patience));
}

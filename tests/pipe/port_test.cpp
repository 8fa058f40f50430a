/* The completion port, its threads and timers. */

#include <gtest/gtest.h>

#include "support/leaks.h"
#include "support/pipe/background.h"
#include "support/pipe/engine_fixture.h"

extern "C" {
#include "pipe/port.h"
#include "pipe/probe.h"
}

/* An operation that counts its deliveries. */
struct counted_operation : operation
{
    port *at = nullptr;
    latch delivered;
    std::atomic<unsigned> deliveries = 0;
    std::atomic<bool> starting = false, delivered_inside = false;
    DWORD error = 0, bytes = 0, thread = 0;
    std::function<void()> on_done;

    counted_operation() : operation()
    {
    }

    static void done(operation *op, DWORD error, DWORD bytes)
    {
        counted_operation *self = static_cast<counted_operation *>(op);

        self->error = error;
        self->bytes = bytes;
        self->thread = GetCurrentThreadId();
        self->deliveries++;
        if (self->starting)
            self->delivered_inside = true;
        if (self->on_done)
            self->on_done();
        self->delivered.set();
    }

    /* Starts what is answered with `error` at once. */
    void refuse(port *p, DWORD error)
    {
        port_expect(p, this, done);
        starting = true;
        port_started(p, this, error);
        starting = false;
    }
};

struct counted_timer : port_timer
{
    latch fired_once;
    std::atomic<unsigned> times = 0;
    std::function<void()> on_fired;

    counted_timer() : port_timer()
    {
        fired = [](port_timer *timer)
        {
            counted_timer *self = static_cast<counted_timer *>(timer);

            self->times++;
            if (self->on_fired)
                self->on_fired();
            self->fired_once.set();
        };
    }
};

class Port : public testing::Test
{
  private:
    leak_check leaks;

  protected:
    seams system;
    port *p = nullptr;
    unsigned threads = 2;
    lock guard = {};
    unsigned begun = 0, begun_at_joined = 0, joined = 0, ended_workers = 0;
    std::atomic<unsigned> ended = 0, turns = 0;
    latch all_ended;
    std::function<void()> on_joined, on_turn;

    static Port *self(void *owner)
    {
        return static_cast<Port *>(owner);
    }

    static void count(Port *o, unsigned &what)
    {
        lock_acquire(&o->guard);
        what++;
        lock_release(&o->guard);
    }

    static const port_calls *calls()
    {
        static const port_calls table = {
            [](void *owner) { count(self(owner), self(owner)->begun); },
            [](void *owner) { count(self(owner), self(owner)->ended_workers); },
            [](void *owner)
            {
                Port *o = self(owner);
                o->begun_at_joined = o->begun;
                count(o, o->joined);
                if (o->on_joined)
                    o->on_joined();
            },
            [](void *owner)
            {
                Port *o = self(owner);
                o->turns++;
                if (o->on_turn)
                    o->on_turn();
            },
            [](void *owner)
            {
                Port *o = self(owner);
                o->ended++;
                o->all_ended.set();
            },
        };
        return &table;
    }

    void open()
    {
        ASSERT_EQ(port_open(threads, calls(), this, &p), 0u);
    }

    void run()
    {
        open();
        ASSERT_EQ(port_run(p), 0u);
    }

    void end()
    {
        if (!p)
            return;
        port_let_go(p);
        ASSERT_TRUE(all_ended.wait(patience)) << "the threads have not ended";
        EXPECT_EQ(ended, 1u);
        EXPECT_EQ(begun, ended_workers);
        port_close(p);
        p = nullptr;
    }

    void TearDown() override
    {
        end();
    }
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
    first.on_done = [&]
    {
        second.refuse(p, ERROR_CRC);
        inside = second.deliveries > 0;
    };
    run();

    first.refuse(p, ERROR_CRC);

    EXPECT_TRUE(second.delivered.wait(patience));
    EXPECT_FALSE(inside);
    EXPECT_FALSE(second.delivered_inside);
}

TEST_F(Port, ARefusalInATurnIsDelivered)
{
    counted_operation op;
    std::atomic<bool> started = false;
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

TEST_F(Port, ATimerFiresOnceOnAThread)
{
    counted_timer timer;
    DWORD thread = 0;
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

TEST_F(Port, ATimerThatIsDueEarlierIsNotLateForThoseThatWaitAlready)
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

TEST_F(Port, ACancelledTimerDoesNotFire)
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

TEST_F(Port, ATimerThatIsSetAgainIsMoved)
{
    counted_timer timer;
    run();
    port_timer_set(p, &timer, 60000);

    EXPECT_TRUE(port_timer_set(p, &timer, 10));

    EXPECT_TRUE(timer.fired_once.wait(patience));
    EXPECT_FALSE(port_timer_cancel(p, &timer));
}

TEST_F(Port, TimersFireInTheirOrder)
{
    counted_timer timers[5];
    std::vector<int> order;
    latch last;
    threads = 1;
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

TEST_F(Port, ATimerMaySetItselfAgain)
{
    counted_timer timer;
    latch enough;
    run();
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

TEST_F(Port, OperationsFromManyThreadsAreAllDelivered)
{
    constexpr unsigned starters = 4, each = 500;
    std::vector<std::vector<counted_operation>> operations(starters);
    for (auto &own : operations)
        own = std::vector<counted_operation>(each);
    std::atomic<unsigned> delivered = 0;
    latch all;
    threads = 4;
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

/* ---- real requests, under every answer of the probe ---- */

class PortRequest : public Port, public testing::WithParamInterface<skip_behaviour>
{
  protected:
    std::wstring path = unique_pipe_path();
    HANDLE server = INVALID_HANDLE_VALUE;
    raw_client client;
    BYTE data[100] = {};

    void SetUp() override
    {
        probe_pretend(GetParam());
        run();
        server = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                  PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, nullptr);
        ASSERT_EQ(client.connect(path, 0), 0u);
        ASSERT_EQ(port_bind(p, server), 0u);
    }

    void TearDown() override
    {
        end();
        CloseHandle(server);
        probe_pretend_nothing();
    }

    DWORD read(counted_operation &op, DWORD size)
    {
        port_expect(p, &op, counted_operation::done);
        op.starting = true;
        DWORD error = ReadFile(server, data, size, nullptr, &op.overlapped) ? 0 : GetLastError();
        port_started(p, &op, error);
        op.starting = false;
        return error;
    }
};

TEST_P(PortRequest, ThatPendsIsDeliveredWithItsBytes)
{
    counted_operation op;
    ASSERT_EQ(read(op, 100), DWORD(ERROR_IO_PENDING));

    ASSERT_EQ(client.write("hello"), 0u);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, 0u);
    EXPECT_EQ(op.bytes, 5u);
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

TEST_P(PortRequest, ThatSucceedsAtOnceIsDeliveredOnceWithItsBytes)
{
    counted_operation op;
    ASSERT_EQ(client.write("hello"), 0u);

    ASSERT_EQ(read(op, 100), 0u);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, 0u);
    EXPECT_EQ(op.bytes, 5u);
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

TEST_P(PortRequest, ThatLeavesMoreDataWhenItPendedIsDeliveredWithWhatItHas)
{
    counted_operation op;
    ASSERT_EQ(read(op, 3), DWORD(ERROR_IO_PENDING));

    ASSERT_EQ(client.write("hello"), 0u);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, DWORD(ERROR_MORE_DATA));
    EXPECT_EQ(op.bytes, 3u);
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

TEST_P(PortRequest, ThatIsCancelledIsDelivered)
{
    counted_operation op;
    ASSERT_EQ(read(op, 100), DWORD(ERROR_IO_PENDING));

    CancelIoEx(server, &op.overlapped);

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, DWORD(ERROR_OPERATION_ABORTED));
}

TEST_P(PortRequest, ThatIsRefusedIsDelivered)
{
    counted_operation op;
    client.close();

    ASSERT_EQ(read(op, 100), DWORD(ERROR_BROKEN_PIPE));

    ASSERT_TRUE(op.delivered.wait(patience));
    EXPECT_EQ(op.error, DWORD(ERROR_BROKEN_PIPE));
    end();
    EXPECT_EQ(op.deliveries, 1u);
}

static std::string answer_name(const testing::TestParamInfo<skip_behaviour> &info)
{
    return info.param == SKIP_UNKNOWN         ? "Unknown"
           : info.param == SKIP_MORE_DATA_TOO ? "MoreDataToo"
                                              : "ButMoreDataQueues";
}

INSTANTIATE_TEST_SUITE_P(Answer, PortRequest,
                         testing::Values(SKIP_UNKNOWN, SKIP_MORE_DATA_TOO, SKIP_BUT_MORE_DATA_QUEUES), answer_name);

TEST_F(Port, ARequestThatLeavesMoreDataAtOnceIsDeliveredOnceAsThisSystemDoesIt)
{
    for (bool ask : {true, false})
    {
        if (!ask)
            probe_pretend(SKIP_UNKNOWN); /* the flag is not set: a packet comes for everything */
        joined = begun = ended_workers = 0;
        ended = 0;
        all_ended.reset();
        run();
        std::wstring path = unique_pipe_path();
        HANDLE server = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                                         PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 4096, 4096, 0, nullptr);
        raw_client client(path);
        counted_operation op;
        BYTE data[3];
        ASSERT_EQ(port_bind(p, server), 0u);
        ASSERT_EQ(client.write("hello"), 0u);

        port_expect(p, &op, counted_operation::done);
        DWORD error = ReadFile(server, data, sizeof(data), nullptr, &op.overlapped) ? 0 : GetLastError();
        port_started(p, &op, error);

        EXPECT_EQ(error, DWORD(ERROR_MORE_DATA));
        ASSERT_TRUE(op.delivered.wait(patience));
        EXPECT_EQ(op.error, DWORD(ERROR_MORE_DATA));
        EXPECT_EQ(op.bytes, 3u);
        end();
        EXPECT_EQ(op.deliveries, 1u);
        CloseHandle(server);
    }
    probe_pretend_nothing();
}

/* A client that never reads, and a handler that is slower than its client: the two queue limits bound the memory, other
 * clients are served as before, and nothing is lost once it goes on. */

#include "support/long/held.h"
#include "support/long/long_run.h"
#include "support/long/server_in_way.h"
#include "support/com/window_server.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

constexpr LONG limit = 1 << 20;
constexpr size_t size = 4000;
/* What a message counts with beside its bytes, and what does not count: the array that the test itself sends, buffers,
 * the connections. */
constexpr long long not_counted = 256 * 1024;

message numbered(unsigned number)
{
    return message_of(size, number);
}

/* Other clients, one after the other with some messages each, on a thread of their own. */
void be_served(const std::wstring &path, int round_trips)
{
    for (int i = 0; i < round_trips; i += 10)
    {
        raw_client one;

        ASSERT_EQ(one.connect(path), 0u);
        for (int j = 0; j < 10; j++)
        {
            ASSERT_EQ(one.write("hello"), 0u);
            ASSERT_EQ(one.read_text(), "hello");
        }
    }
}

/* Until the thread has ended. */
bool run_until_joined(server_in_way &server, background &thread)
{
    return server.run_until([&] { return thread.join(0); });
}

std::string in_kib(long long bytes)
{
    return std::to_string(bytes / 1024) + " KiB";
}

class LongSlow : public testing::TestWithParam<way>
{
  protected:
    first_use first;
    com_leak_check leaks;
};

INSTANTIATE_TEST_SUITE_P(Ones, LongSlow, testing::Values(way::window, way::free_threaded),
                         [](const testing::TestParamInfo<way> &info)
                         { return info.param == way::window ? "Window" : "FreeThreaded"; });

/* Writes until no more is accepted; how many were. */
unsigned write_until_full(INamedPipeServerConnection *to, unsigned first, double *most_pending)
{
    unsigned number = first;
    double pending = 0;
    HRESULT hr;

    while ((hr = write_bytes(to, numbered(number))) == S_OK && number < first + 10 * limit / size)
    {
        number++;
        to->get_PendingSendBytes(&pending);
        *most_pending = std::max(*most_pending, pending);
    }
    EXPECT_EQ(hr, send_queue_full);
    return number;
}

TEST_P(LongSlow, AClientThatNeverReadsCostsNoMoreThanTheSendQueueLimit)
{
    const int round_trips = times(200, 5000), rounds = 5;
    apartment here(apartment_of(GetParam()));

    {
        server_in_way server(GetParam(), send_back, 2);
        server->put_SendQueueLimit(limit);
        server->put_MessageBufferSize(4096);
        ASSERT_EQ(server.start(), S_OK);
        raw_client stubborn;
        ASSERT_EQ(stubborn.connect(server.path), 0u);
        com_ptr<INamedPipeServerConnection> to = server.await_connection(1);
        const held before = held::now();
        double most_pending = 0;
        long long most_heap = 0;
        unsigned accepted = 0;
        stopwatch watch;

        for (int i = 0; i < rounds; i++)
        {
            accepted = write_until_full(to.get(), accepted, &most_pending);
            background other([&] { be_served(server.path, round_trips / rounds); });
            EXPECT_TRUE(run_until_joined(server, other));
            most_heap = std::max(most_heap, held::now().heap - before.heap);
        }
        const std::string rate = watch.rate(round_trips);

        EXPECT_LE(most_pending, limit);
        EXPECT_GT(most_pending, limit / 2);
        EXPECT_LE(most_heap, limit + not_counted);
        background reading(
            [&]
            {
                for (unsigned number = 0; number < accepted; number++)
                    ASSERT_TRUE(stubborn.read() == numbered(number)) << "message " << number;
            });
        EXPECT_TRUE(run_until_joined(server, reading));
        EXPECT_TRUE(server.run_until(
            [&] { return server.count(NamedPipeEventClientMessageSent) >= static_cast<LONG>(accepted); }));
        EXPECT_EQ(stubborn.bytes_waiting(), 0u);
        EXPECT_EQ(write_bytes(to.get(), numbered(accepted)), S_OK);
        EXPECT_TRUE(stubborn.read() == numbered(accepted));
        tell_figure(std::string("slow, a client that never reads, ") + name_of(GetParam()),
                    "heap +" + in_kib(most_heap) + " at a limit of " + in_kib(limit) + "; " + std::to_string(accepted) +
                        " messages waited, none lost; the others: " + rate);
    }
    pump_until_windows_are_gone();
}

class LongSlowHandler : public testing::Test
{
  protected:
    first_use first;
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    blocking_point point;
    std::atomic<LONG> flooding{0}; /* the ID of the client whose handler is slow */
    std::atomic<unsigned> came{0};

    void raised(const raised_event &event)
    {
        LONG id = 0;

        if (event.kind != NamedPipeEventClientMessageReceived)
            return;
        event.connection->get_ID(&id);
        if (id != flooding)
        {
            send_back(event);
            return;
        }
        point.block(INFINITE);
        const message expected = numbered(came);
        EXPECT_TRUE(event.data == std::string_view(reinterpret_cast<const char *>(expected.data()), size));
        came++;
    }
};

TEST_F(LongSlowHandler, CostsNoMoreThanTheReceiveQueueLimit)
{
    const int round_trips = times(200, 5000);
    const unsigned messages = static_cast<unsigned>(times(2000, 20000));

    {
        server_in_way server(
            way::free_threaded, [this](const raised_event &event) { raised(event); }, 2);
        server->put_ReceiveQueueLimit(limit);
        server->put_MessageBufferSize(4096);
        ASSERT_EQ(server.start(), S_OK);
        raw_client fast;
        ASSERT_EQ(fast.connect(server.path), 0u);
        com_ptr<INamedPipeServerConnection> from = server.await_connection(1);
        flooding = 1;
        const held before = held::now();
        std::atomic<unsigned> written{0};
        background flood(
            [&]
            {
                for (unsigned number = 0; number < messages; number++, written++)
                    ASSERT_EQ(fast.write(numbered(number), INFINITE), 0u);
            });
        ASSERT_TRUE(point.wait_until_blocked());
        double received = 0;
        while (received < limit / (2 * size))
        {
            SwitchToThread();
            from->get_MessagesReceived(&received);
        }
        stopwatch watch;

        be_served(server.path, round_trips);
        const std::string rate = watch.rate(round_trips);
        const long long heap = held::now().heap - before.heap;
        from->get_MessagesReceived(&received);

        EXPECT_LE(heap, limit + not_counted);
        EXPECT_LE(received * size, limit);
        EXPECT_LT(written, messages) << "its client did not have to wait";
        point.unblock();
        EXPECT_TRUE(server.run_until([&] { return came == messages; }));
        EXPECT_TRUE(flood.join(patience));
        tell_figure("slow, a handler slower than its client, free-threaded",
                    "heap +" + in_kib(heap) + " at a limit of " + in_kib(limit) + "; " + std::to_string(messages) +
                        " messages, none lost; the others: " + rate);
    }
    pump_until_windows_are_gone();
}

} // namespace

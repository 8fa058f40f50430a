/* Stop while clients come, send and go: from outside, in a handler, on another thread; a thousand times. Each returns
 * within 2 seconds, no event comes after it, and Start works on the same name. */

#include "support/long/beats.h"
#include "support/long/long_run.h"
#include "support/long/server_in_way.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

constexpr int clients = 3;

enum class where
{
    outside,   /* the thread that created the server, in no handler */
    handler,   /* inside ClientMessageReceived */
    elsewhere, /* a thread that has nothing to do with the server */
};

struct stop_case
{
    const char *name;
    way raised;
    where stopped;
    /* Stop returns with every event raised. In the other cases those that wait follow (docs/THREADING.md, Stop from
     * everywhere). */
    bool returns_with_all;
};

/* Clients that come, send and go until it goes. A stopped server is no failure of theirs. */
class load
{
  public:
    explicit load(std::wstring path) : path(std::move(path))
    {
        for (int i = 0; i < clients; i++)
            all.emplace_back([this] { work(); });
    }
    load(const load &) = delete;
    ~load()
    {
        over = true;
    }

  private:
    std::wstring path;
    std::atomic<bool> over{false};
    std::vector<background> all; /* joined first */

    void work() const
    {
        while (!over)
        {
            raw_client one;
            DWORD error = one.connect(path, 100);

            for (int i = 0; i < 10 && !error; i++)
                error = one.write("hello") || one.read_text() != "hello";
        }
    }
};

class LongStop : public testing::TestWithParam<stop_case>
{
  protected:
    first_use first;
    com_leak_check leaks;
    beats machine;

    std::unique_ptr<server_in_way> server;
    std::atomic<bool> wanted{false};  /* the next handler of a message stops the server */
    std::atomic<bool> is_over{false}; /* from here on no event may come */
    std::atomic<LONG> late{0}, longest{0};
    std::atomic<int> stops{0};
    double most_ms = 0;

    void stop()
    {
        const LONG began = machine.now();
        stopwatch watch;

        EXPECT_EQ(server->stop(), S_OK);
        is_over = GetParam().returns_with_all;
        most_ms = std::max(most_ms, watch.seconds() * 1000);
        longest = std::max(longest.load(), machine.now() - began);
        EXPECT_FALSE(server->is_running());
        stops++;
    }

    void raised(const raised_event &event)
    {
        late += is_over;
        send_back(event);
        if (event.kind == NamedPipeEventClientMessageReceived && wanted.exchange(false))
            stop();
    }

    bool all_are_gone() const
    {
        return server->count(NamedPipeEventClientConnected) == server->count(NamedPipeEventClientDisconnected);
    }

    void stop_as_the_case_says()
    {
        const int before = stops;

        switch (GetParam().stopped)
        {
        case where::outside: stop(); break;
        case where::handler: wanted = true; break;
        case where::elsewhere:
        {
            background other([this] { run_without_apartment([this] { stop(); }); });
            EXPECT_TRUE(server->run_until([&] { return stops != before; }));
        }
        }
        EXPECT_TRUE(server->run_until([&] { return stops != before; }));
    }

    void once()
    {
        const LONG messages = server->count(NamedPipeEventClientMessageReceived);
        const LONG ready = server->count(NamedPipeEventServerReady);

        is_over = false;
        ASSERT_EQ(server->start(), S_OK);
        ASSERT_TRUE(
            server->run_until([&] { return server->count(NamedPipeEventClientMessageReceived) >= messages + 10; }));
        stop_as_the_case_says();
        ASSERT_TRUE(server->run_until([&] { return all_are_gone(); })) << "a ClientDisconnected is missing";
        is_over = true;
        server->run_for_a_while();
        EXPECT_EQ(server->count(NamedPipeEventServerReady), ready + 1);
    }
};

INSTANTIATE_TEST_SUITE_P(UnderLoad, LongStop,
                         testing::Values(stop_case{"WindowOutside", way::window, where::outside, true},
                                         stop_case{"WindowInAHandler", way::window, where::handler, true},
                                         stop_case{"WindowElsewhere", way::window, where::elsewhere, false},
                                         stop_case{"LoopOutside", way::loop, where::outside, true},
                                         stop_case{"LoopInAHandler", way::loop, where::handler, true},
                                         stop_case{"LoopElsewhere", way::loop, where::elsewhere, false},
                                         stop_case{"FreeThreadedOutside", way::free_threaded, where::outside, true},
                                         stop_case{"FreeThreadedInAHandler", way::free_threaded, where::handler, false},
                                         stop_case{"FreeThreadedElsewhere", way::free_threaded, where::elsewhere,
                                                   true}),
                         [](const testing::TestParamInfo<stop_case> &info) { return info.param.name; });

TEST_P(LongStop, ReturnsWithin2SecondsAndNothingComesAfterIt)
{
    const int rounds = times(8, 112); /* 1,008 in the nine cases */
    apartment here(apartment_of(GetParam().raised));

    server.reset(new server_in_way(
        GetParam().raised, [this](const raised_event &event) { raised(event); }, 2));
    {
        load clients_come_and_go(server->path);
        stopwatch watch;
        for (int i = 0; i < rounds && !HasFatalFailure(); i++)
            once();
        tell_figure(std::string("stop, ") + GetParam().name, watch.rate(stops) + "; the longest took " +
                                                                 std::to_string(static_cast<int>(most_ms)) + " ms, " +
                                                                 std::to_string(longest) + " beats of 10 ms");
    }
    EXPECT_EQ(stops, rounds);
    EXPECT_EQ(late, 0) << "events came after Stop";
    EXPECT_LE(longest, 2 * beats::a_second);
    server.reset();
    pump_until_windows_are_gone();
}

} // namespace

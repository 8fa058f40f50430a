/* Everything at once, for as long as one likes: servers in three ways; clients of ours and of others that come, send
 * messages of any size, call, vanish; broadcasts; servers that stop and start. Nothing grows. */

#include "support/com/client_in_mode.h"
#include "support/long/held.h"
#include "support/long/long_run.h"
#include "support/long/server_in_way.h"
#include "support/seeds.h"

#include <gtest/gtest.h>

namespace
{

constexpr int threads = 4, steps = 60;

/* What the clients of all threads have done. */
struct done_so_far
{
    std::atomic<long long> messages{0}, connections{0}, calls{0}, broadcasts{0}, stops{0};
};

/* What one thread does, of the MTA: one thing after the other, by its seed. A server that another thread has stopped is
 * no failure. */
class consumer
{
  public:
    consumer(uint64_t seed, std::vector<std::unique_ptr<server_in_way>> &servers, client_in_mode &manager,
             done_so_far &done)
        : d(seed), servers(servers), manager(manager), done(done)
    {
    }

    void act()
    {
        server_in_way &server = *servers[d.below(static_cast<uint32_t>(servers.size()))];

        switch (d.below(12))
        {
        case 0:
        case 1:
        case 2:
        case 3: talk(server, true); break;
        case 4: talk(server, false); break;
        case 5:
        case 6:
        case 7: talk_by_the_library(server); break;
        case 8:
        case 9: call(server); break;
        case 10: broadcast(server); break;
        default: restart(server);
        }
    }

  private:
    draw d;
    std::vector<std::unique_ptr<server_in_way>> &servers;
    client_in_mode &manager;
    done_so_far &done;

    size_t size()
    {
        return d.one_of({1u, 10u, 100u, 1000u, 4096u, 20000u, 100000u});
    }

    void talk(const server_in_way &server, bool to_the_end)
    {
        raw_client one;
        message answer;
        DWORD error = one.connect(server.path, 100);

        done.connections += !error;
        for (uint32_t i = 0, many = 1 + d.below(20); i < many && !error; i++, done.messages++)
        {
            error = one.write(message_of(size(), i), 1000);
            if (!error && to_the_end)
                error = one.read(answer, 1000);
        }
    }

    void talk_by_the_library(const server_in_way &server)
    {
        const client_ptr client = manager.connect(server.path, 100);

        for (uint32_t i = 0, many = 1 + d.below(20); i < many; i++, done.messages++)
            client->AsyncWrite(variant(message_of(size(), i)), variant::missing());
        client->AsyncClose(d.one_in(2) ? VARIANT_TRUE : VARIANT_FALSE);
        done.connections++;
    }

    void call(const server_in_way &server)
    {
        manager.call(server.path, L"a question", 1000);
        done.calls++;
    }

    void broadcast(server_in_way &server)
    {
        server.broadcast("to all");
        done.broadcasts++;
    }

    void restart(server_in_way &server)
    {
        if (!d.one_in(8))
            return;
        server.stop(d.one_in(2) ? 0 : 20);
        server.start();
        done.stops++;
    }
};

class LongMixed : public testing::Test
{
  protected:
    first_use first;
    home_thread form; /* of the server that has a window */
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    std::vector<std::unique_ptr<server_in_way>> servers;
    std::unique_ptr<client_in_mode> manager;
    std::atomic<bool> over{false};
    done_so_far done;

    void SetUp() override
    {
        form.run([this] { servers.emplace_back(new server_in_way(way::window, send_back)); });
        servers.emplace_back(new server_in_way(way::loop, send_back));
        servers.emplace_back(new server_in_way(way::free_threaded, send_back, 2));
        manager.reset(new client_in_mode(event_mode::free_threaded, 2));
        manager->object->put_MessageBufferSize(4096); /* those that are kept are no growth */
        for (auto &server : servers)
        {
            server->object->put_MessageBufferSize(4096);
            ASSERT_EQ(server->start(), S_OK);
        }
    }

    void TearDown() override
    {
        manager->object->Stop();
        manager.reset();
        servers.pop_back();
        servers.pop_back();
        form.run([this] { servers.clear(); });
        EXPECT_TRUE(pump_until_windows_are_gone());
    }

    LONG clients_now() const
    {
        LONG all = 0;

        for (const auto &server : servers)
        {
            com_ptr<INamedPipeConnections> connections;
            LONG count = 0;
            (*server)->get_Connections(connections.put());
            connections->get_Count(&count);
            all += count;
        }
        return all;
    }

    /* Raises the events of the server that has a loop, until `so`. */
    void loop_until(const std::function<bool()> &so)
    {
        EXPECT_TRUE(servers[1]->run_until(so));
    }

    /* The manager's events, as a client that wants none of them has them. */
    void empty_the_manager()
    {
        while (manager->wait_event(0))
            ;
    }

    /* One round of what all threads do, until all clients have gone. */
    void round(uint64_t seed)
    {
        std::atomic<int> left{threads};
        std::vector<background> all;

        for (int t = 0; t < threads; t++)
            all.emplace_back(
                [&, t]
                {
                    apartment here(COINIT_MULTITHREADED);
                    consumer one(seed * threads + static_cast<uint64_t>(t), servers, *manager, done);
                    for (int i = 0; i < steps; i++)
                        one.act();
                    left--;
                });
        loop_until([&] { return left == 0; });
        all.clear();
        for (auto &server : servers)
            EXPECT_EQ(server->start(), S_OK);
        empty_the_manager();
        loop_until([&] { return clients_now() == 0; });
        empty_the_manager();
    }
};

TEST_F(LongMixed, TrafficMakesNothingGrow)
{
    const double seconds = seconds_of_traffic(60);
    const held allowance = {12, 0, 64, leak_check::heap_allowance};
    uint64_t seed = 1;

    round(seed++);
    round(seed++);
    const held before = held::now();
    stopwatch watch;
    do
        round(seed++);
    while (watch.seconds() < seconds && !HasFailure());
    const std::string rate = watch.rate(done.messages);
    const held after = expect_no_growth(before, allowance);

    tell_figure("mixed", rate + " messages; " + std::to_string(done.connections) + " connections, " +
                             std::to_string(done.calls) + " calls, " + std::to_string(done.broadcasts) +
                             " broadcasts, " + std::to_string(done.stops) + " restarts, seeds 1 to " +
                             std::to_string(seed - 1) + "; " + after.beyond(before));
}

} // namespace

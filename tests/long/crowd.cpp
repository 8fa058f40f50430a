/* Three thousand clients are connected at once, and each sends a message: all are answered. */

#include "support/long/long_run.h"
#include "support/long/server_in_way.h"

#include <gtest/gtest.h>

namespace
{

constexpr int threads = 4;

/* The clients of one thread, each with a message of its own. */
class group
{
  public:
    group(int first, int count) : first(first), clients(static_cast<size_t>(count))
    {
    }

    void connect(const std::wstring &path)
    {
        for (raw_client &client : clients)
            ASSERT_EQ(client.connect(path, 60000), 0u);
    }
    void ask()
    {
        for (size_t i = 0; i < clients.size(); i++)
            ASSERT_EQ(clients[i].write(message_of(question(i).c_str())), 0u);
    }
    void expect_answers()
    {
        for (size_t i = 0; i < clients.size(); i++)
            ASSERT_EQ(clients[i].read_text(), question(i));
    }

  private:
    int first;
    std::vector<raw_client> clients;

    std::string question(size_t i) const
    {
        return "from client " + std::to_string(static_cast<size_t>(first) + i);
    }
};

/* Each group does its step on a thread of its own; until all have, the server raises its events. */
void step(server_in_way &server, std::vector<group> &groups, const std::function<void(group &)> &what)
{
    std::atomic<int> left{threads};
    std::vector<background> all;

    for (group &some : groups)
        all.emplace_back(
            [&]
            {
                what(some);
                left--;
            });
    EXPECT_TRUE(server.run_until([&] { return left == 0; }));
}

class LongCrowd : public testing::TestWithParam<way>
{
  protected:
    first_use first;
    com_leak_check leaks;
};

INSTANTIATE_TEST_SUITE_P(OfClients, LongCrowd, testing::Values(way::window, way::free_threaded),
                         [](const testing::TestParamInfo<way> &info)
                         { return info.param == way::window ? "Window" : "FreeThreaded"; });

TEST_P(LongCrowd, IsAnswered)
{
    const int clients = times(200, 3000);
    apartment here(apartment_of(GetParam()));

    {
        server_in_way server(GetParam(), send_back, 4);
        std::vector<group> groups;
        server->put_ListenBacklog(64);
        server->put_MessageBufferSize(4096);
        ASSERT_EQ(server.start(), S_OK);
        for (int t = 0; t < threads; t++)
            groups.emplace_back(t * clients / threads, clients / threads);
        stopwatch watch;

        step(server, groups, [&](group &g) { g.connect(server.path); });
        ASSERT_FALSE(HasFailure());
        EXPECT_TRUE(server.run_until([&] { return server.count(NamedPipeEventClientConnected) == clients; }));
        const double connected = watch.seconds();
        step(server, groups, [](group &g) { g.ask(); });
        step(server, groups, [](group &g) { g.expect_answers(); });

        EXPECT_EQ(server.count(NamedPipeEventClientMessageReceived), clients);
        EXPECT_EQ(server.count(NamedPipeEventClientDisconnected), 0);
        tell_figure(std::string("crowd, ") + name_of(GetParam()),
                    watch.rate(clients) + ", connected in " + std::to_string(static_cast<int>(connected * 1000)) +
                        " ms");
        groups.clear();
        EXPECT_TRUE(server.run_until([&] { return server.count(NamedPipeEventClientDisconnected) == clients; }));
    }
    pump_until_windows_are_gone();
}

} // namespace

/* Ten thousand clients in each way of raising events, one after the other: each connects, sends one message, has its
 * answer and leaves. They leave nothing, neither with the server that runs nor behind it. */

#include "support/long/held.h"
#include "support/long/long_run.h"
#include "support/long/server_in_way.h"

#include <gtest/gtest.h>

namespace
{

constexpr int threads = 2;

void come_and_go(const std::wstring &path, int count)
{
    for (int i = 0; i < count; i++)
    {
        raw_client one;

        ASSERT_EQ(one.connect(path), 0u);
        ASSERT_EQ(one.write("hello"), 0u);
        ASSERT_EQ(one.read_text(), "hello");
    }
}

/* So many clients, by two threads; until each has left. */
void serve(server_in_way &server, int clients)
{
    const LONG before = server.count(NamedPipeEventClientDisconnected);
    std::vector<background> all;

    for (int t = 0; t < threads; t++)
        all.emplace_back([&] { come_and_go(server.path, clients / threads); });
    EXPECT_TRUE(server.run_until([&] { return server.count(NamedPipeEventClientDisconnected) == before + clients; }));
}

void expect_no_references(const server_in_way &server)
{
    com_ptr<INamedPipeConnections> connections;
    LONG count = -1;

    EXPECT_EQ(server->get_Connections(connections.put()), S_OK);
    connections->get_Count(&count);
    EXPECT_EQ(count, 0);
    server->AddRef();
    EXPECT_EQ(server->Release(), 1u);
}

class LongCycles : public testing::TestWithParam<way>
{
  protected:
    first_use first;
    com_leak_check leaks;
};

std::string name_of_case(const testing::TestParamInfo<way> &info)
{
    const std::string name = name_of(info.param);

    return name == "free-threaded" ? "FreeThreaded" : name;
}

INSTANTIATE_TEST_SUITE_P(InEachWay, LongCycles,
                         testing::Values(way::window, way::loop, way::wait_event, way::free_threaded), name_of_case);

TEST_P(LongCycles, LeaveNothing)
{
    const int clients = times(300, 10000), warm_up = 100;
    apartment here(apartment_of(GetParam()));
    /* One read buffer for each client of that moment and each listening instance may be there or not. */
    const held allowance = {8, 0, 32, leak_check::heap_allowance};

    {
        server_in_way server(GetParam(), send_back, 2);
        server->put_MessageBufferSize(4096);
        ASSERT_EQ(server.start(), S_OK);
        serve(server, warm_up);
        const held before = held::now();
        stopwatch watch;

        serve(server, clients);
        const std::string rate = watch.rate(clients);
        const held after = expect_no_growth(before, allowance);

        expect_no_references(server);
        EXPECT_EQ(server.count(NamedPipeEventClientConnected), warm_up + clients);
        EXPECT_EQ(server.count(NamedPipeEventClientMessageReceived), warm_up + clients);
        EXPECT_EQ(server.count(NamedPipeEventClientError) + server.count(NamedPipeEventServerError), 0);
        tell_figure(std::string("cycles, ") + name_of(GetParam()), rate + "; " + after.beyond(before));
    }
    pump_until_windows_are_gone();
}

} // namespace

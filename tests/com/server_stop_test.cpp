#include "support/com/window_server.h"

namespace
{

constexpr size_t MIB = 1024 * 1024;

class ServerStop : public window_server_test
{
  protected:
    /* A server that stops inside its handler of `kind`, the first time. */
    void stop_in(NamedPipeEventKind kind)
    {
        listen(
            [this, kind](const told_event &event, INamedPipeServerConnection *)
            {
                if (event.kind != kind || stopped)
                    return;
                stopped = true;
                EXPECT_EQ(server.stop(), S_OK);
                EXPECT_FALSE(server.is_running());
                inside = log->all();
            });
    }
    bool stopped = false;
    lines inside; /* what had been told when Stop returned in the handler */
};

TEST_F(ServerStop, OfAStoppedServerDoesNothing)
{
    listen();

    EXPECT_EQ(server.stop(), S_OK);
    EXPECT_EQ(server.stop(600000), S_OK);

    EXPECT_EQ(log->count(), 0u);
}

TEST_F(ServerStop, ReturnsWithEveryEventDelivered)
{
    raw_client second;
    start_with_client();
    connect(second);

    EXPECT_EQ(server.stop(), S_OK);

    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 2u);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(ServerStop, DeliversEvenServerReadyWhereNothingWasPumped)
{
    listen();
    start();

    server.stop();

    EXPECT_EQ(log->all(), lines{"ready"});
}

TEST_F(ServerStop, WithAnImpossibleDrainIsErrorFive)
{
    start_with_client();

    EXPECT_EQ(server.stop(-1), vb_error(5));
    EXPECT_EQ(take_error_sentence(), L"DrainMs is -1; give 0 to 600000 milliseconds.");
    EXPECT_EQ(server.stop(600001), vb_error(5));

    EXPECT_TRUE(server.is_running());
    EXPECT_TRUE(is_connected(c));
}

TEST_F(ServerStop, WithDrainSendsWhatIsQueued)
{
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 5)), S_OK);
    ASSERT_EQ(write_text(c.get(), L"last"), S_OK);
    message first;
    std::string second;
    background reader(
        [&]
        {
            first = client.read();
            second = client.read_text();
        });

    EXPECT_EQ(server.stop(20000), S_OK);
    ASSERT_TRUE(reader.join(patience));

    EXPECT_TRUE(first == message_of(MIB, 5));
    EXPECT_EQ(second, "last");
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "sent 1", "sent 1", "disconnected 1"}));
}

TEST_F(ServerStop, WithDrainWaitsNoLongerThanItMay)
{
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 5)), S_OK);
    const ULONGLONG begun = GetTickCount64();

    EXPECT_EQ(server.stop(100), S_OK);

    EXPECT_GE(GetTickCount64() - begun, 90u);
    EXPECT_LT(GetTickCount64() - begun, 5000u);
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "disconnected 1"}));
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_PendingSendBytes), static_cast<double>(MIB));
}

TEST_F(ServerStop, WithAClientThatNeverReadsIsQuick)
{
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(20 * MIB, 5)), S_OK);
    const ULONGLONG begun = GetTickCount64();

    server.stop();

    EXPECT_LT(GetTickCount64() - begun, 2000u);
}

TEST_F(ServerStop, InServerReadyReturnsThere)
{
    stop_in(NamedPipeEventServerReady);
    start();

    ASSERT_TRUE(pump_until([&] { return stopped; }));

    EXPECT_EQ(inside, lines{"ready"});
}

TEST_F(ServerStop, InClientConnectedIsFollowedByTheEndInside)
{
    stop_in(NamedPipeEventClientConnected);
    start();
    ASSERT_EQ(client.connect(server.path), 0u);

    ASSERT_TRUE(pump_until([&] { return stopped; }));

    EXPECT_EQ(inside, (lines{"ready", "connected 1", "disconnected 1"}));
}

TEST_F(ServerStop, InClientMessageReceivedIsFollowedByTheEndInside)
{
    stop_in(NamedPipeEventClientMessageReceived);
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);

    ASSERT_TRUE(pump_until([&] { return stopped; }));

    EXPECT_EQ(inside, (lines{"ready", "connected 1", "message 1 x", "disconnected 1"}));
}

TEST_F(ServerStop, InClientMessageSentIsFollowedByTheEndInside)
{
    stop_in(NamedPipeEventClientMessageSent);
    start_with_client();
    ASSERT_EQ(write_text(c.get(), L"x"), S_OK);

    ASSERT_TRUE(pump_until([&] { return stopped; }));

    EXPECT_EQ(inside, (lines{"ready", "connected 1", "sent 1", "disconnected 1"}));
}

TEST_F(ServerStop, InClientDisconnectedReturnsThere)
{
    raw_client second;
    stop_in(NamedPipeEventClientDisconnected);
    start_with_client();
    connect(second);
    client.close();

    ASSERT_TRUE(pump_until([&] { return stopped; }));

    EXPECT_EQ(inside, (lines{"ready", "connected 1", "connected 2", "disconnected 1", "disconnected 2"}));
}

TEST_F(ServerStop, InAHandlerThatStopItselfCallsReturns)
{
    int calls = 0;
    listen(when(NamedPipeEventClientDisconnected,
                [&]
                {
                    calls++;
                    EXPECT_EQ(server.stop(), S_OK);
                    EXPECT_EQ(server.stop(), S_OK);
                }));
    start_with_client();

    EXPECT_EQ(server.stop(), S_OK);

    EXPECT_EQ(calls, 1);
}

TEST_F(ServerStop, ThenStartInTheSameHandlerWorksOnTheSameName)
{
    listen(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.kind != NamedPipeEventClientMessageReceived || event.text != "again")
                return;
            EXPECT_EQ(server.stop(), S_OK);
            EXPECT_EQ(server.start(), S_OK);
        });
    start_with_client();
    ASSERT_EQ(client.write("again"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventServerReady, 2));

    client.close();
    connect(client);

    EXPECT_TRUE(server.is_running());
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 again", "disconnected 1", "ready", "connected 2"}));
}

TEST_F(ServerStop, AStartInTheHandlerOfItsOwnLastEventsWorks)
{
    bool again = false;
    listen(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.kind != NamedPipeEventClientDisconnected || again)
                return;
            again = true;
            EXPECT_FALSE(server.is_running());
            EXPECT_EQ(server.start(), S_OK);
        });
    start_with_client();

    EXPECT_EQ(server.stop(), S_OK);

    EXPECT_TRUE(server.is_running());
    client.close();
    connect(client);
    EXPECT_EQ(log->all().back(), "connected 2");
}

TEST_F(ServerStop, FromAnotherThreadLeavesTheEventsToTheCreatingOne)
{
    start_with_client();

    background stopper = in_mta([&] { EXPECT_EQ(server.stop(), S_OK); });
    ASSERT_TRUE(stopper.join(patience)) << "without this thread's pumping";
    EXPECT_FALSE(server.is_running());
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->threads(), std::vector<DWORD>(3, GetCurrentThreadId()));
}

TEST_F(ServerStop, FromAnotherThreadLetsTheCreatingOneRaiseEventsWhileItDrains)
{
    raw_client stubborn;
    start_with_client();
    connect(stubborn);
    ASSERT_EQ(write_bytes(newest().get(), message_of(MIB, 5)), S_OK); /* which is never read: the drain lasts */
    ASSERT_EQ(write_text(c.get(), L"x"), S_OK);
    background stopper = in_mta([&] { EXPECT_EQ(server.stop(20000), S_OK); });

    EXPECT_EQ(client.read_text(), "x");
    EXPECT_EQ(client.wait_until_closed(), 0u) << "the drain is under way";
    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_TRUE(server.is_running()) << "and goes on";

    stubborn.close();
    ASSERT_TRUE(stopper.join(patience));
}

TEST_F(ServerStop, TwoAtOnceBothReturnWhenItIsStopped)
{
    start_with_client();
    auto stop_it = [&]
    {
        EXPECT_EQ(server.stop(), S_OK);
        EXPECT_FALSE(server.is_running());
    };

    background first = in_mta(stop_it), second = in_mta(stop_it);
    ASSERT_TRUE(first.join(patience));
    ASSERT_TRUE(second.join(patience));
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    pump();

    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 1u);
}

TEST_F(ServerStop, OnTheCreatingThreadWhileAnotherStopsDeliversTheEvents)
{
    start_with_client();

    background other = in_mta([&] { server.stop(); });
    EXPECT_EQ(server.stop(), S_OK);
    ASSERT_TRUE(other.join(patience));
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_FALSE(server.is_running());
}

TEST_F(ServerStop, AndStartManyTimesLeavesTheNameUsable)
{
    listen();

    for (int i = 0; i < 20; i++)
    {
        raw_client one;
        ASSERT_EQ(server.start(), S_OK);
        ASSERT_EQ(one.connect(server.path), 0u);
        ASSERT_EQ(server.stop(), S_OK);
    }

    EXPECT_EQ(log->count(NamedPipeEventServerReady), 20u);
    EXPECT_EQ(log->count(NamedPipeEventClientConnected), log->count(NamedPipeEventClientDisconnected));
}

TEST_F(ServerStop, ABusyServerLosesNoEndOfAClient)
{
    std::vector<raw_client> clients(20);
    server->put_NumThreadsIOCP(4);
    listen(echo());
    for (raw_client &one : clients)
        connect(one);
    for (raw_client &one : clients)
        ASSERT_EQ(one.write("hello"), 0u);

    EXPECT_EQ(server.stop(), S_OK);

    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 20u);
}

} // namespace

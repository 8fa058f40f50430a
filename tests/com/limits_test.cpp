/* The limits of a server and of its clients, and their counters, as a consumer sees them. */

#include "support/com/client_in_mode.h"
#include "support/com/window_server.h"
#include "support/pipe/raw_server.h"

namespace
{

class ServerLimits : public window_server_test
{
  protected:
    template <typename Object> static std::vector<double> counters(Object *of)
    {
        double received = -1, sent = -1, bytes_received = -1, bytes_sent = -1;

        EXPECT_EQ(of->get_MessagesReceived(&received), S_OK);
        EXPECT_EQ(of->get_MessagesSent(&sent), S_OK);
        EXPECT_EQ(of->get_BytesReceived(&bytes_received), S_OK);
        EXPECT_EQ(of->get_BytesSent(&bytes_sent), S_OK);
        return {received, sent, bytes_received, bytes_sent};
    }
    double clients_ever() const
    {
        return value_of(server.object, &INamedPipeServer::get_TotalConnections);
    }
};

TEST_F(ServerLimits, AtMaxConnectionsAFurtherClientFindsThePipeBusyUntilOneHasLeft)
{
    raw_client second;
    server->put_MaxConnections(1);
    start_with_client();

    EXPECT_EQ(second.connect(server.path, 0), DWORD(ERROR_PIPE_BUSY));
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(second.connect(server.path), 0u);
    EXPECT_TRUE(pump_for(NamedPipeEventClientConnected, 2));
}

TEST_F(ServerLimits, AsManyInstancesListenAsListenBacklogSays)
{
    constexpr size_t crowd = 40;
    std::vector<raw_client> clients(crowd);
    server->put_ListenBacklog(crowd);
    server->put_NumThreadsIOCP(1);
    listen();
    ASSERT_EQ(server.start(), S_OK);

    for (raw_client &one : clients)
        EXPECT_EQ(one.connect(server.path, 0), 0u);

    EXPECT_TRUE(pump_for(NamedPipeEventClientConnected, crowd));
}

TEST_F(ServerLimits, ALongerMessageThanMaxMessageSizeIsToldAndEndsItsConnection)
{
    server->put_MaxMessageSize(10);
    start_with_client();

    ASSERT_EQ(client.write("ten bytes!"), 0u);
    client.write("eleven byte");
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->count(NamedPipeEventClientMessageReceived), 1u);
    EXPECT_EQ(log->count(NamedPipeEventClientError), 1u);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_DisconnectReason), NamedPipeReasonMessageTooLong);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_LastError), LONG(NamedPipeErrorMessageTooLong));
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(ServerLimits, WhoIsSilentForIdleTimeoutIsDisconnected)
{
    server->put_IdleTimeout(50);
    start_with_client();

    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->count(NamedPipeEventClientError), 0u);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_DisconnectReason), NamedPipeReasonIdleTimeout);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_LastError), 0);
}

/* A handler that takes its time is no idle client: neither while it runs nor just after it. */
TEST_F(ServerLimits, AHandlerThatTakesLongerThanIdleTimeoutDisconnectsNobody)
{
    bool connected_after_it = false;
    server->put_IdleTimeout(200);
    listen(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            VARIANT_BOOL connected = VARIANT_FALSE;

            if (event.kind != NamedPipeEventClientMessageReceived)
                return;
            dispatch_until([] { return false; }, 500);
            connection->get_IsConnected(&connected);
            connected_after_it = connected;
        });
    start_with_client();

    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected)) << "then it is idle";

    EXPECT_TRUE(connected_after_it);
}

TEST_F(ServerLimits, TheCountersCountSinceStartAndStayAfterStop)
{
    listen(echo());
    start_with_client();
    ASSERT_EQ(client.write("hello"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageSent));
    EXPECT_EQ(client.read_text(), "hello");

    EXPECT_EQ(counters(server.object.get()), (std::vector<double>{1, 1, 5, 5}));
    EXPECT_EQ(counters(c.get()), (std::vector<double>{1, 1, 5, 5}));
    EXPECT_EQ(clients_ever(), 1);
    server.stop();
    EXPECT_EQ(counters(server.object.get()), (std::vector<double>{1, 1, 5, 5}));
    EXPECT_EQ(counters(c.get()), (std::vector<double>{1, 1, 5, 5}));
    EXPECT_EQ(clients_ever(), 1);
    server.start();
    EXPECT_EQ(counters(server.object.get()), (std::vector<double>{0, 0, 0, 0}));
    EXPECT_EQ(clients_ever(), 0);
}

/* A read that a worker has yet to take from the port when another worker's handler stops the server. */
TEST(FreeThreadedCounters, CountWhatWorkersStillTakeAfterAStopInAHandler)
{
    apartment mta{COINIT_MULTITHREADED};
    server_in_mode server(event_mode::free_threaded, 2);
    blocking_point busy, stopped;
    auto log = std::make_shared<event_log>();
    raw_client stopper, holder, third;
    double received = 0;
    std::vector<com_ptr<INamedPipeServerConnection>> connections;

    server.advise(
        log,
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.text == "hold")
                busy.block();
            if (event.text != "stop")
                return;
            third.write("three");
            server->Stop(0);
            stopped.block();
        },
        sink_nature::agile);
    ASSERT_EQ(server.start(), S_OK);
    LONG id = 0;
    for (raw_client *one : {&stopper, &holder, &third})
    {
        ASSERT_EQ(one->connect(server.path), 0u);
        connections.push_back(server.await_connection(++id));
    }
    holder.write("hold");
    ASSERT_TRUE(busy.wait_until_blocked());
    stopper.write("stop");
    ASSERT_TRUE(stopped.wait_until_blocked());
    busy.unblock();
    stopped.unblock();
    ASSERT_EQ(server.stop(), S_OK);

    for (const auto &connection : connections)
        received += value_of(connection, &INamedPipeServerConnection::get_MessagesReceived);
    EXPECT_TRUE(dispatch_until(
        [&] { return value_of(server.object, &INamedPipeServer::get_MessagesReceived) == received; }, event_patience));
}

class ClientLimits : public test_in_mta, public testing::Test
{
  protected:
    client_in_mode manager;
    std::wstring path = server_in_mode().path;
    client_ptr client;
};

TEST_F(ClientLimits, BeginWithTheirDefaultsAndReadWhatWasLastPut)
{
    LONG value = -1;

    EXPECT_EQ(manager->get_MaxMessageSize(&value), S_OK);
    EXPECT_EQ(value, 0);
    EXPECT_EQ(manager->get_IdleTimeout(&value), S_OK);
    EXPECT_EQ(value, 0);
    EXPECT_EQ(manager->put_MaxMessageSize(5), S_OK);
    EXPECT_EQ(manager->put_IdleTimeout(6), S_OK);
    EXPECT_EQ(manager->get_MaxMessageSize(&value), S_OK);
    EXPECT_EQ(value, 5);
    EXPECT_EQ(manager->get_IdleTimeout(&value), S_OK);
    EXPECT_EQ(value, 6);
}

TEST_F(ClientLimits, ConnectNamesAnImpossibleLimit)
{
    manager->put_MaxMessageSize(-1);
    EXPECT_EQ(manager.try_connect(name_in(path)), vb_error(5));
    EXPECT_EQ(take_error_sentence(), L"MaxMessageSize is -1; give 0 for no limit, or a number of bytes.");
    EXPECT_EQ(manager.call(path, L"x", 0).substr(0, 3), "(0x") << "and so does Call";
    EXPECT_EQ(take_error_sentence(), L"MaxMessageSize is -1; give 0 for no limit, or a number of bytes.");
    manager->put_MaxMessageSize(0);
    manager->put_IdleTimeout(-1);
    EXPECT_EQ(manager.try_connect(name_in(path)), vb_error(5));
    EXPECT_EQ(take_error_sentence(), L"IdleTimeout is -1; give 0 for never, or milliseconds.");
}

TEST_F(ClientLimits, ALongerMessageEndsTheConnection)
{
    raw_server server(path);
    manager->put_MaxMessageSize(10);
    client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");

    ASSERT_EQ(server.write("ten bytes!"), 0u);
    EXPECT_EQ(manager.next(), "message ten bytes!");
    server.write("eleven byte");

    EXPECT_EQ(manager.wait_event()->get_Number(nullptr), E_POINTER) << "an Error";
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(reason_of(client), NamedPipeReasonMessageTooLong);
}

TEST_F(ClientLimits, ALongerAnswerOfACallIsRefused)
{
    raw_server server(path);
    background other_end(
        [&]
        {
            message m;
            server.accept();
            server.read(m);
            server.write("eleven byte");
        });
    manager->put_MaxMessageSize(10);

    const std::string answer = manager.call(path, L"x");

    EXPECT_EQ(answer, "(0x80040205)");
    EXPECT_EQ(take_error_sentence(),
              L"The message is longer than MaxMessageSize allows, or than an array can be (2 GiB); "
              L"raise MaxMessageSize, or let the other end send it in parts, or see whether it has this Framing.");
}

TEST_F(ClientLimits, AServerThatIsSilentForIdleTimeoutIsLeft)
{
    raw_server server(path);
    manager->put_IdleTimeout(50);
    client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);

    EXPECT_EQ(manager.next(), "connected");
    EXPECT_EQ(manager.next(), "disconnected");

    EXPECT_EQ(reason_of(client), NamedPipeReasonIdleTimeout);
}

TEST_F(ClientLimits, AConnectionCountsWhatItCarries)
{
    raw_server server(path);
    double messages = -1, bytes = -1;
    client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");

    EXPECT_EQ(write_text(client, L"four"), S_OK);
    EXPECT_EQ(server.read_text(), "four");
    EXPECT_EQ(manager.next(), "sent");

    EXPECT_EQ(client->get_MessagesSent(&messages), S_OK);
    EXPECT_EQ(client->get_BytesSent(&bytes), S_OK);
    EXPECT_EQ(messages, 1);
    EXPECT_EQ(bytes, 4);
}

} // namespace

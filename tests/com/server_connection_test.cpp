#include "support/com/consumer_object.h"
#include "support/com/window_server.h"

namespace
{

constexpr size_t MIB = 1024 * 1024;

class ServerConnection : public window_server_test
{
  protected:
    NamedPipeDisconnectReason reason()
    {
        return value_of(c, &INamedPipeServerConnection::get_DisconnectReason);
    }
    LONG last_error()
    {
        return value_of(c, &INamedPipeServerConnection::get_LastError);
    }
    double pending()
    {
        return value_of(c, &INamedPipeServerConnection::get_PendingSendBytes);
    }
    INT_PTR handle(const server_connection_ptr &of)
    {
        return value_of(of, &INamedPipeServerConnection::get_Handle);
    }
    LONG count(const com_ptr<INamedPipeConnections> &all)
    {
        return value_of(all, &INamedPipeConnections::get_Count);
    }
};

TEST_F(ServerConnection, TellsWhoItsClientIs)
{
    start_with_client();

    EXPECT_EQ(id_of(c), 1);
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_ClientProcessId), static_cast<LONG>(GetCurrentProcessId()));
    EXPECT_EQ(value_of(c, &INamedPipeServerConnection::get_IsOpening), VARIANT_FALSE);
    EXPECT_TRUE(is_connected(c));
    EXPECT_EQ(reason(), NamedPipeReasonNone);
    EXPECT_EQ(last_error(), 0);
    EXPECT_EQ(pending(), 0.0);
}

TEST_F(ServerConnection, KnowsWhenItWasMade)
{
    SYSTEMTIME now;
    DATE date;
    start_with_client();

    GetLocalTime(&now);
    SystemTimeToVariantTime(&now, &date);

    EXPECT_NEAR(value_of(c, &INamedPipeServerConnection::get_ConnectedAt), date, 60.0 / 86400);
}

TEST_F(ServerConnection, KnowsItsServer)
{
    com_ptr<INamedPipeServer> owner;
    start_with_client();

    EXPECT_EQ(c->get_Server(owner.put()), S_OK);

    EXPECT_EQ(owner.get(), server.object.get());
}

TEST_F(ServerConnection, HandlesAreConstantAndUnique)
{
    raw_client second;
    start_with_client();
    server_connection_ptr first = c;
    const INT_PTR before = handle(first);
    connect(second);

    EXPECT_NE(handle(newest()), before);
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(handle(first), before);
}

TEST_F(ServerConnection, IdsAreNeverUsedAgain)
{
    start_with_client();
    server.stop();
    client.close();

    connect(client);

    EXPECT_EQ(id_of(newest()), 2);
}

TEST_F(ServerConnection, ConnectionsAreASnapshotOfThoseThatAreConnected)
{
    raw_client second;
    com_ptr<INamedPipeConnections> before, after;
    server_connection_ptr found;
    start_with_client();
    ASSERT_EQ(server->get_Connections(before.put()), S_OK);
    connect(second);
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    ASSERT_EQ(server->get_Connections(after.put()), S_OK);

    EXPECT_EQ(count(before), 1);
    EXPECT_EQ(count(after), 1);
    EXPECT_EQ(after->get_ByID(1, found.put()), S_OK);
    EXPECT_FALSE(found);
    EXPECT_EQ(after->get_ByID(2, found.put()), S_OK);
    EXPECT_TRUE(found);
    EXPECT_EQ(after->get_Item(2, found.put()), vb_error(9));
}

TEST_F(ServerConnection, ConnectionsAreNoneWhenStopped)
{
    com_ptr<INamedPipeConnections> all;
    start_with_client();
    server.stop();

    ASSERT_EQ(server->get_Connections(all.put()), S_OK);

    EXPECT_EQ(count(all), 0);
}

TEST_F(ServerConnection, CustomDataIsKeptUntilItIsReplaced)
{
    variant value;
    start_with_client();

    EXPECT_EQ(c->get_CustomData(&value), S_OK);
    EXPECT_EQ(value.vt, VT_EMPTY);
    EXPECT_EQ(c->put_CustomData(variant(L"mine")), S_OK);
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(c->get_CustomData(&value), S_OK);
    ASSERT_EQ(value.vt, VT_BSTR);
    EXPECT_STREQ(value.bstrVal, L"mine") << "we never clear it";
}

TEST_F(ServerConnection, CustomDataMayBeAnObject)
{
    auto fate = std::make_shared<object_fate>();
    com_ptr<IDispatch> object = make_consumer_object(fate);
    start_with_client();

    EXPECT_EQ(c->putref_CustomData(variant(object.get())), S_OK);
    {
        variant value;
        EXPECT_EQ(c->get_CustomData(&value), S_OK);
        ASSERT_EQ(value.vt, VT_DISPATCH);
        EXPECT_EQ(value.pdispVal, object.get());
    }
    EXPECT_GT(fate->references, 1);
    EXPECT_EQ(c->put_CustomData(variant()), S_OK);

    EXPECT_EQ(fate->references, 1);
}

TEST_F(ServerConnection, ItsObjectInCustomDataGoesWithIt)
{
    auto fate = std::make_shared<object_fate>();
    start_with_client();
    c->put_CustomData(variant(make_consumer_object(fate).get()));
    EXPECT_FALSE(fate->is_gone());

    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    c.reset();

    EXPECT_TRUE(pump_until([&] { return fate->is_gone(); }));
    EXPECT_EQ(fate->released_on, GetCurrentThreadId());
}

TEST_F(ServerConnection, IsReadableForEverAfterItsServerHasGone)
{
    com_ptr<INamedPipeServer> owner;
    variant value;
    start_with_client();
    c->put_CustomData(variant(5));
    const INT_PTR before = handle(c);

    server.object.reset();
    pump();

    EXPECT_EQ(c->get_Server(owner.put()), S_OK);
    EXPECT_FALSE(owner);
    EXPECT_EQ(id_of(c), 1);
    EXPECT_EQ(handle(c), before);
    EXPECT_FALSE(is_connected(c));
    EXPECT_EQ(c->get_CustomData(&value), S_OK);
    EXPECT_EQ(value.lVal, 5);
    EXPECT_EQ(reason(), NamedPipeReasonServerStopped);
    EXPECT_EQ(write_text(c.get(), L"x"), not_connected);
    EXPECT_EQ(c->AsyncClose(VARIANT_FALSE), S_OK);
}

/* ---- how it ends ---- */

TEST_F(ServerConnection, ThatItsClientClosesSaysSo)
{
    start_with_client();

    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(reason(), NamedPipeReasonClientClosed);
    EXPECT_EQ(last_error(), 0);
    EXPECT_FALSE(is_connected(c));
}

TEST_F(ServerConnection, ThatWeCloseSaysSo)
{
    start_with_client();

    EXPECT_EQ(c->AsyncClose(VARIANT_FALSE), S_OK);
    EXPECT_FALSE(is_connected(c));
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(reason(), NamedPipeReasonServerClosed);
    EXPECT_EQ(last_error(), 0);
}

TEST_F(ServerConnection, ThatStopClosesSaysSo)
{
    start_with_client();

    server.stop();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "disconnected 1"}));
    EXPECT_EQ(reason(), NamedPipeReasonServerStopped);
    EXPECT_EQ(last_error(), 0);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(ServerConnection, SaysInItsLastEventWhatWasNeverSent)
{
    double left = 0;
    listen(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind == NamedPipeEventClientDisconnected)
                left = value_of(connection, &INamedPipeServerConnection::get_PendingSendBytes);
        });
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 1)), S_OK);
    ASSERT_EQ(write_text(c.get(), L"and this"), S_OK);
    EXPECT_EQ(pending(), MIB + 8.0);

    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(left, MIB + 8.0);
}

TEST_F(ServerConnection, AfterAsyncCloseOnlyClientDisconnectedFollows)
{
    start_with_client();
    ASSERT_EQ(client.write("unheard"), 0u);
    ASSERT_EQ(write_text(c.get(), L"x"), S_OK);
    ASSERT_TRUE(client.read_text() == "x"); /* both have become events that wait, or will */

    EXPECT_EQ(c->AsyncClose(VARIANT_FALSE), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    pump();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "disconnected 1"}));
}

TEST_F(ServerConnection, TakesNothingAfterAsyncClose)
{
    start_with_client();

    c->AsyncClose(VARIANT_FALSE);

    EXPECT_EQ(write_text(c.get(), L"x"), not_connected);
    EXPECT_EQ(c->AsyncRead(variant::missing()), not_connected);
    EXPECT_EQ(c->AsyncClose(VARIANT_FALSE), S_OK) << "twice is once";
    EXPECT_EQ(c->AsyncClose(VARIANT_TRUE), S_OK);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
}

TEST_F(ServerConnection, AsyncCloseInAHandlerEndsTheEvents)
{
    listen(
        [](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind == NamedPipeEventClientMessageReceived)
                connection->AsyncClose(VARIANT_FALSE);
        });
    start_with_client();
    ASSERT_EQ(client.write("one"), 0u);
    client.write("two");

    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 one", "disconnected 1"}));
}

TEST_F(ServerConnection, AGracefulCloseSendsAndTellsWhatIsQueued)
{
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(MIB, 3)), S_OK);
    ASSERT_EQ(write_text(c.get(), L"last"), S_OK);

    EXPECT_EQ(c->AsyncClose(VARIANT_TRUE), S_OK);
    EXPECT_EQ(write_text(c.get(), L"more"), not_connected);
    EXPECT_TRUE(client.read() == message_of(MIB, 3));
    EXPECT_EQ(client.read_text(), "last");
    EXPECT_EQ(client.wait_until_closed(), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "sent 1", "sent 1", "disconnected 1"}));
    EXPECT_EQ(reason(), NamedPipeReasonServerClosed);
}

TEST_F(ServerConnection, AGracefulCloseDeliversWhatWasReceived)
{
    start_with_client();
    ASSERT_EQ(client.write("received"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    c->AsyncClose(VARIANT_TRUE);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 received", "disconnected 1"}));
}

TEST_F(ServerConnection, WhatItsClientHadWrittenComesBeforeItsEnd)
{
    start();
    listen();
    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write("b"), 0u);
    client.close();

    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 a", "message 1 b", "disconnected 1"}));
}

} // namespace

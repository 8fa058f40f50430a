#include "support/com/consumer_object.h"
#include "support/com/window_server.h"

namespace
{

class ServerRelease : public window_server_test
{
  protected:
    /* Lets the server go inside its handler of `kind`. */
    void release_in(NamedPipeEventKind kind)
    {
        listen(
            [this, kind](const told_event &event, INamedPipeServerConnection *)
            {
                if (event.kind != kind)
                    return;
                server.object.reset();
                released = true;
            });
    }
    bool released = false;
};

TEST_F(ServerRelease, OfARunningServerIsSilent)
{
    start_with_client();

    server.object.reset();
    EXPECT_EQ(client.wait_until_closed(), 0u);
    pump();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerRelease, WhileEventsWaitDropsThem)
{
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_EQ(write_text(c.get(), L"y"), S_OK);
    ASSERT_EQ(client.read_text(), "y");

    server.object.reset();
    pump();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerRelease, LetsGoOfItsSinks)
{
    auto references = std::make_shared<std::atomic<LONG>>();
    com_ptr<IDispatch> sink = make_bare_sink([](bare_call &) { return S_OK; }, sink_nature::bound, references);
    server.advise(sink.get());
    start();
    EXPECT_GT(*references, 1);

    server.object.reset();

    EXPECT_TRUE(pump_until([&] { return *references == 1; }));
}

TEST_F(ServerRelease, OfAStoppedServerLeavesNothing)
{
    start_with_client();
    server.stop();

    server.object.reset();

    EXPECT_EQ(log->sinks, 0) << "its sink went at once";
}

TEST_F(ServerRelease, InServerReadyEndsIt)
{
    release_in(NamedPipeEventServerReady);
    start();

    ASSERT_TRUE(pump_until([&] { return released; }));
    pump();

    EXPECT_NE(raw_client().connect(server.path, 0), 0u);
}

TEST_F(ServerRelease, InClientConnectedEndsIt)
{
    release_in(NamedPipeEventClientConnected);
    start();
    ASSERT_EQ(client.connect(server.path), 0u);

    ASSERT_TRUE(pump_until([&] { return released; }));

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerRelease, InClientMessageReceivedEndsIt)
{
    release_in(NamedPipeEventClientMessageReceived);
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);
    client.write("never told");

    ASSERT_TRUE(pump_until([&] { return released; }));
    pump();

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 x"}));
}

TEST_F(ServerRelease, InClientMessageSentEndsIt)
{
    release_in(NamedPipeEventClientMessageSent);
    start_with_client();
    ASSERT_EQ(write_text(c.get(), L"x"), S_OK);

    ASSERT_TRUE(pump_until([&] { return released; }));

    EXPECT_EQ(log->all().back(), "sent 1");
}

TEST_F(ServerRelease, InClientDisconnectedEndsIt)
{
    release_in(NamedPipeEventClientDisconnected);
    start_with_client();
    client.close();

    ASSERT_TRUE(pump_until([&] { return released; }));

    EXPECT_EQ(log->all().back(), "disconnected 1");
}

TEST_F(ServerRelease, InAHandlerThatStopRaisesEndsIt)
{
    raw_client second;
    INamedPipeServer *raw = server.object.get();
    release_in(NamedPipeEventClientDisconnected);
    start_with_client();
    connect(second);

    EXPECT_EQ(raw->Stop(0), S_OK);

    EXPECT_TRUE(released);
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 1u) << "silence after the last Release";
}

TEST_F(ServerRelease, OnAnotherThreadIsSilentAndLetsGoOfTheSinksHere)
{
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);

    background other = in_mta([&] { server.object.reset(); });
    ASSERT_TRUE(other.join(patience));
    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_TRUE(pump_until([&] { return log->sinks == 0; }));

    EXPECT_EQ(log->released_on, GetCurrentThreadId());
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerRelease, GivesBackTheObjectsInCookiesThatWait)
{
    auto written = std::make_shared<object_fate>(), read = std::make_shared<object_fate>();
    start_with_client();
    ASSERT_EQ(write_bytes(c.get(), message_of(1 << 20, 1), variant(make_consumer_object(written).get())), S_OK);
    ASSERT_EQ(c->AsyncRead(variant(make_consumer_object(read).get())), S_OK);

    server.object.reset();
    c.reset();

    EXPECT_TRUE(pump_until([&] { return written->is_gone() && read->is_gone(); }));
    EXPECT_EQ(written->released_on, GetCurrentThreadId());
    EXPECT_EQ(read->released_on, GetCurrentThreadId());
}

TEST_F(ServerRelease, OfAServerThatWasNeverStartedLeavesNothing)
{
    listen();

    server.object.reset();

    EXPECT_EQ(log->sinks, 0);
}

} // namespace

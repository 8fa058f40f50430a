/* The counters: what a connection, and all of an engine, has carried. */

#include "support/pipe/engine_fixture.h"

namespace
{

class Traffic : public engine_test
{
  protected:
    traffic all() const
    {
        LONGLONG clients;

        return engine_traffic(e, &clients);
    }
    LONGLONG clients() const
    {
        LONGLONG clients;

        engine_traffic(e, &clients);
        return clients;
    }
    static void expect(const traffic &t, LONGLONG received, LONGLONG bytes_received, LONGLONG sent, LONGLONG bytes_sent)
    {
        EXPECT_EQ(t.messages_received, received);
        EXPECT_EQ(t.bytes_received, bytes_received);
        EXPECT_EQ(t.messages_sent, sent);
        EXPECT_EQ(t.bytes_sent, bytes_sent);
    }
};

TEST_F(Traffic, BeginsAtNothing)
{
    start_with_client();

    expect(connection_traffic(c), 0, 0, 0, 0);
    expect(all(), 0, 0, 0, 0);
    EXPECT_EQ(clients(), 1);
}

TEST_F(Traffic, CountsMessagesAndBytesBothWays)
{
    start_with_client();

    ASSERT_EQ(client.write("four"), 0u);
    ASSERT_EQ(client.write(message_of(5000, 1)), 0u) << "in parts";
    ASSERT_EQ(client.write(message()), 0u) << "a message without bytes is one";
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 3));
    ASSERT_EQ(write(c, "seven b"), 0u);
    ASSERT_EQ(write(c, "four"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 2));

    expect(connection_traffic(c), 3, 5004, 2, 11);
    expect(all(), 3, 5004, 2, 11);
}

TEST_F(Traffic, DoesNotCountWhatThePipeHasNotTaken)
{
    start_with_client();

    ASSERT_EQ(write(c, message_of(1 << 20, 1)), 0u);
    expect(connection_traffic(c), 0, 0, 0, 0);
    EXPECT_EQ(client.read().size(), size_t(1) << 20);
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 1));

    expect(connection_traffic(c), 0, 0, 1, 1 << 20);
}

TEST_F(Traffic, OfAnEngineIsThatOfAllItsConnectionsAlsoOfThoseThatEnded)
{
    raw_client second;
    start_with_client();
    ASSERT_NE(connect(second), nullptr);

    ASSERT_EQ(client.write("one"), 0u);
    ASSERT_EQ(second.write("three"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 2));
    second.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    stop();

    expect(all(), 2, 8, 0, 0);
    expect(connection_traffic(c), 1, 3, 0, 0);
    EXPECT_EQ(clients(), 2);
}

} // namespace

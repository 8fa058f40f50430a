/* The send limit: a client that does not read, or a consumer that does not listen, costs a bounded amount of memory. */

#include "support/pipe/engine_fixture.h"

constexpr LONGLONG MESSAGE = 256; /* what a message weighs beside its bytes */

class SendLimit : public engine_test
{
};

TEST_F(SendLimit, CountsBytesAnd256MoreUntilTheEventWasTaken)
{
    settings.flow.send_limit = 7 * (1000 + MESSAGE);
    owner.hold(PIPE_SENT);
    start_with_client();

    for (int i = 1; i <= 7; i++)
    {
        ASSERT_EQ(write(c, message_of(1000, i), i), 0u) << i;
        EXPECT_TRUE(client.read() == message_of(1000, i));
        ASSERT_EQ(owner.next(c).cookie, i);
    }
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
    EXPECT_EQ(write(c, "x", 8), DWORD(PIPE_ERROR_SEND_QUEUE_FULL)) << "though the pipe has taken all";
    owner.let_go(1);

    EXPECT_EQ(write(c, message_of(1000, 9), 9), 0u);
    EXPECT_EQ(write(c, message(), 10), DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
    EXPECT_TRUE(client.read() == message_of(1000, 9));
}

TEST_F(SendLimit, NothingOfARefusedMessageIsSent)
{
    settings.flow.send_limit = 3000;
    owner.hold(PIPE_SENT);
    start_with_client();

    ASSERT_EQ(write(c, message_of(2000, 1), 1), 0u);
    EXPECT_EQ(write(c, message_of(2000, 2), 2), DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 1));
    owner.hold_nothing();
    ASSERT_EQ(write(c, "next", 3), 0u);

    EXPECT_TRUE(client.read() == message_of(2000, 1));
    EXPECT_EQ(client.read_text(), "next");
    EXPECT_TRUE(connection_get_status(c).open);
}

TEST_F(SendLimit, OneMessageIsAlwaysAcceptedWhereNothingIsQueued)
{
    settings.flow.send_limit = 100;
    start_with_client();

    for (int i = 1; i <= 3; i++)
    {
        ASSERT_EQ(write(c, message_of(200000, i), i), 0u);
        EXPECT_EQ(write(c, "x"), DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
        EXPECT_TRUE(client.read() == message_of(200000, i));
        ASSERT_TRUE(owner.wait_for(PIPE_SENT, 2 * i - 1));
        ASSERT_EQ(write(c, message()), 0u);
        EXPECT_TRUE(client.read().empty());
        ASSERT_TRUE(owner.wait_for(PIPE_SENT, 2 * i));
    }
}

TEST_F(SendLimit, BoundsWhatAClientThatNeverReadsCosts)
{
    settings.flow.send_limit = 1000000;
    start_with_client();
    LONGLONG before = seams::bytes_in_use();
    unsigned accepted = 0;

    while (write(c, message_of(1000, 1)) == 0)
        ASSERT_LT(++accepted, 2000u);

    EXPECT_GE(accepted, 1000000u / (1000 + MESSAGE));
    EXPECT_LT(seams::bytes_in_use() - before, 1500000);
    EXPECT_LE(connection_get_status(c).pending_bytes, 1000000);
}

TEST_F(SendLimit, AnotherConnectionIsNotConcerned)
{
    raw_client other;
    settings.flow.send_limit = 100;
    owner.hold(PIPE_SENT);
    start_with_client();
    connection *second = connect(other);

    ASSERT_EQ(write(c, "full"), 0u);
    EXPECT_EQ(write(c, "x"), DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
    ASSERT_EQ(write(second, "free"), 0u);

    EXPECT_EQ(other.read_text(), "free");
}

TEST_F(SendLimit, ZeroIsNone)
{
    settings.flow.send_limit = 0;
    start_with_client();

    for (int i = 0; i < 100; i++)
        ASSERT_EQ(write(c, message_of(100000, i)), 0u);

    for (int i = 0; i < 100; i++)
        ASSERT_TRUE(client.read() == message_of(100000, i)) << i;
}

TEST_F(SendLimit, IsGivenBackByARefusalOfTheSystem)
{
    settings.flow.send_limit = 3000;
    system.write_file = [](HANDLE, DWORD size) -> DWORD { return size > 1048576 ? ERROR_NO_SYSTEM_RESOURCES : 0; };
    start_with_client();

    for (int i = 0; i < 20; i++)
    {
        ASSERT_EQ(write(c, message_of(1048577, i)), 0u);
        ASSERT_TRUE(owner.wait_for(PIPE_CONNECTION_ERROR, i + 1));
        ASSERT_EQ(write(c, message_of(900, i)), 0u);
        ASSERT_TRUE(client.read() == message_of(900, i));
        ASSERT_TRUE(owner.wait_for(PIPE_SENT, i + 1));
    }
}

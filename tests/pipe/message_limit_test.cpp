/* The limit of a message: a longer one is an error, and ends its connection; nothing is asked of memory for it. */

#include "support/pipe/dialing_fixture.h"
#include "support/pipe/engine_fixture.h"

namespace
{

class MessageLimit : public engine_test
{
  protected:
    void expect_refusal()
    {
        const recorded_event refused = owner.next(c), last = owner.next(c);

        EXPECT_EQ(refused.kind, PIPE_CONNECTION_ERROR);
        EXPECT_EQ(refused.error, DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
        EXPECT_EQ(last.kind, PIPE_DISCONNECTED);
        EXPECT_EQ(connection_get_status(c).reason, CLOSE_TOO_LONG);
        EXPECT_EQ(connection_get_status(c).last_error, DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
    }
};

TEST_F(MessageLimit, AMessageOfThatLengthComes)
{
    settings.flow.message_limit = 100;
    start_with_client();

    ASSERT_EQ(client.write(message_of(100, 1)), 0u);

    EXPECT_TRUE(owner.next(c).data == message_of(100, 1));
}

TEST_F(MessageLimit, ALongerOneThatFitsTheBufferIsRefused)
{
    settings.flow.message_limit = 100;
    start_with_client();

    client.write(message_of(101, 1));

    expect_refusal();
}

TEST_F(MessageLimit, InPartsTheWholeCounts)
{
    settings.flow.message_limit = 5000;
    settings.flow.buffer_size = 1024;
    start_with_client();

    ASSERT_EQ(client.write(message_of(5000, 1)), 0u);
    EXPECT_TRUE(owner.next(c).data == message_of(5000, 1));
    client.write(message_of(5001, 2));

    expect_refusal();
}

TEST_F(MessageLimit, OfLessThanTheBufferHoldsForTheFirstPartToo)
{
    settings.flow.message_limit = 1000;
    settings.flow.buffer_size = 1024;
    start_with_client();

    client.write(message_of(2000, 1));

    expect_refusal();
}

TEST_F(MessageLimit, NoMemoryIsAskedForWhatIsTooLong)
{
    std::atomic<DWORD> largest = 0;
    const hooks_end hooks{this};
    settings.flow.message_limit = 5000;
    settings.flow.buffer_size = 1024;
    owner.may_allocate = [&](DWORD size)
    {
        if (size > largest)
            largest = size;
        return true;
    };
    start_with_client();

    client.begin_write(message_of(1 << 20, 1));

    expect_refusal();
    EXPECT_LE(largest, 5000u);
}

TEST_F(MessageLimit, WhatWasReceivedBeforeComes)
{
    settings.flow.message_limit = 100;
    start_with_client();

    ASSERT_EQ(client.write("before"), 0u);
    client.write(message_of(101, 1));

    EXPECT_EQ(owner.next(c).text(), "before");
    expect_refusal();
}

class MessageLimitOfBytes : public Dialing
{
};

TEST_F(MessageLimitOfBytes, DoesNotHoldForChunks)
{
    settings.flow.message_limit = 100;
    raw_server server(path, pipe_mode::bytes);
    connect_to(server);

    ASSERT_EQ(server.write(message_of(1000, 1)), 0u);

    EXPECT_TRUE(owner.next(c).data == message_of(1000, 1));
}

} // namespace

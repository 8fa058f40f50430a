/* The receive limit: a consumer that is slower than its clients costs a bounded amount of memory, and loses nothing. */

#include "support/pipe/engine_fixture.h"

constexpr LONGLONG EVENT = 256; /* what an event weighs beside its buffer */

class ReceiveLimit : public engine_test
{
  protected:
    size_t arrived(size_t at_least)
    {
        EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, at_least));
        EXPECT_TRUE(owner.stays_quiet());
        return owner.count(PIPE_MESSAGE);
    }
};

TEST_F(ReceiveLimit, ReadingPausesAtTheLimitAndResumesAtHalf)
{
    settings.flow.receive_limit = 10 * (1000 + EVENT);
    owner.is_behind = false;
    settings.flow.buffer_size = 1000;
    owner.hold(PIPE_MESSAGE);
    start_with_client();

    for (int i = 0; i < 30; i++)
        ASSERT_EQ(client.write(message_of(1000, i)), 0u);
    EXPECT_EQ(arrived(10), 10u);
    owner.let_go(4);
    EXPECT_EQ(arrived(10), 10u) << "six wait, which is more than half";
    owner.let_go(1);
    EXPECT_EQ(arrived(15), 15u) << "at half, reading goes on up to the limit";
    owner.hold_nothing();

    for (int i = 0; i < 30; i++)
        ASSERT_TRUE(owner.next(c).data == message_of(1000, i)) << i;
}

TEST_F(ReceiveLimit, CountsTheCapacityOfWhatAMessageWaitsIn)
{
    settings.flow.buffer_size = 64 * 1024;
    settings.flow.receive_limit = 20 * (100 + EVENT);
    owner.hold(PIPE_MESSAGE);
    start_with_client();

    for (int i = 0; i < 40; i++)
        ASSERT_EQ(client.write(message_of(100, i)), 0u);

    EXPECT_EQ(arrived(20), 20u);
}

TEST_F(ReceiveLimit, BoundsAFloodOfEmptyMessages)
{
    settings.flow.receive_limit = 100 * EVENT;
    owner.hold(PIPE_MESSAGE);
    start_with_client();

    background flood(
        [&]
        {
            for (int i = 0; i < 1000; i++)
                EXPECT_EQ(client.write(message()), 0u);
        });
    EXPECT_EQ(arrived(100), 100u);
    owner.hold_nothing();

    EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, 1000));
}

TEST_F(ReceiveLimit, BoundsAFloodOfTinyMessages)
{
    settings.flow.receive_limit = 100 * (1 + EVENT);
    owner.hold(PIPE_MESSAGE);
    start_with_client();

    background flood(
        [&]
        {
            for (int i = 0; i < 1000; i++)
                EXPECT_EQ(client.write("x"), 0u);
        });
    EXPECT_EQ(arrived(100), 100u);
    owner.hold_nothing();

    EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, 1000));
}

TEST_F(ReceiveLimit, OneMessageIsAlwaysLetIn)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();

    client.begin_write(message_of(100000, 1));
    EXPECT_EQ(arrived(1), 1u);
    ASSERT_EQ(client.end_write(), 0u);
    ASSERT_EQ(client.write("second"), 0u);
    EXPECT_EQ(arrived(1), 1u);
    owner.let_go();

    EXPECT_TRUE(owner.next(c).data == message_of(100000, 1));
    EXPECT_EQ(owner.next(c).text(), "second");
}

TEST_F(ReceiveLimit, ARequestedReadIsAlwaysHonoured)
{
    settings.flow.receive_limit = 1;
    settings.flow.read_continuously = false;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    for (const char *text : {"a", "b", "c"})
        ASSERT_EQ(client.write(text), 0u);

    for (int i = 1; i <= 3; i++)
        ASSERT_EQ(read(c, i), 0u);

    EXPECT_EQ(arrived(3), 3u);
}

TEST_F(ReceiveLimit, ARequestedReadIsHonouredInAPauseOfContinuousReading)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    for (const char *text : {"a", "b", "c"})
        ASSERT_EQ(client.write(text), 0u);
    EXPECT_EQ(arrived(1), 1u);

    ASSERT_EQ(read(c, 1), 0u);

    EXPECT_EQ(arrived(2), 2u);
    EXPECT_EQ(owner.next(c).text(), "a");
    EXPECT_EQ(owner.next(c).cookie, 1);
}

TEST_F(ReceiveLimit, ReadingOnLetsInWhatReachesItAgain)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    for (const char *text : {"a", "b", "c"})
        ASSERT_EQ(client.write(text), 0u);
    EXPECT_EQ(arrived(1), 1u);

    connection_read_on(c);

    EXPECT_EQ(arrived(2), 2u);
}

TEST_F(ReceiveLimit, IsEachConnectionsOwn)
{
    raw_client other;
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    connection *second = connect(other);

    ASSERT_EQ(client.write("a"), 0u);
    EXPECT_EQ(owner.next(c).text(), "a");
    ASSERT_EQ(other.write("b"), 0u);

    EXPECT_EQ(owner.next(second).text(), "b");
}

TEST_F(ReceiveLimit, ZeroIsNone)
{
    settings.flow.receive_limit = 0;
    owner.hold(PIPE_MESSAGE);
    start_with_client();

    for (int i = 0; i < 300; i++)
        ASSERT_EQ(client.write(message_of(1000, i)), 0u);

    EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, 300));
}

TEST_F(ReceiveLimit, AClientThatLeavesInAPauseIsNoticedOnceAllIsRead)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write("b"), 0u);
    EXPECT_EQ(arrived(1), 1u);

    client.close();
    EXPECT_TRUE(owner.stays_quiet(1500));
    owner.let_go();
    EXPECT_EQ(owner.next(c).text(), "a");
    EXPECT_EQ(owner.next(c).text(), "b");

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED); /* though b still waits */
}

TEST_F(ReceiveLimit, PausesOfManyClientsLoseNothing)
{
    constexpr int clients = 6, messages = 300;
    std::vector<raw_client> crowd(clients);
    std::vector<connection *> connections;
    settings.flow.receive_limit = 5000;
    settings.threads = 4;
    owner.hold(PIPE_MESSAGE);
    start();
    for (raw_client &one : crowd)
        connections.push_back(connect(one));

    {
        std::vector<background> writers;
        for (int i = 0; i < clients; i++)
            writers.emplace_back(
                [&, i]
                {
                    for (int n = 0; n < messages; n++)
                        EXPECT_EQ(crowd[i].write(message_of((n * 37) % 3000, i * 1000 + n)), 0u);
                });
        background consumer(
            [&]
            {
                for (size_t taken = 0; taken < clients * messages;)
                    if (size_t some = owner.let_go(3))
                        taken += some;
                    else if (!owner.wait_for(PIPE_MESSAGE, taken + 1))
                        break;
            });
    }

    for (int i = 0; i < clients; i++)
        for (int n = 0; n < messages; n++)
            ASSERT_TRUE(owner.next(connections[i]).data == message_of((n * 37) % 3000, i * 1000 + n)) << i << " " << n;
}

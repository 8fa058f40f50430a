/* Messages to the client: whole, in call order, each told once. */

#include "support/pipe/drain_time.h"
#include "support/pipe/engine_fixture.h"

#include <algorithm>

constexpr size_t KIB = 1024, MIB = 1024 * KIB;

class Writing : public engine_test
{
};

class WritingOfSize : public engine_test, public testing::WithParamInterface<size_t>
{
};

TEST_P(WritingOfSize, AMessageGoesOutWholeAndIsTold)
{
    message arrived;
    start_with_client();

    ASSERT_EQ(write(c, message_of(GetParam(), 9), 1), 0u);
    ASSERT_EQ(write(c, "behind", 2), 0u);

    ASSERT_EQ(client.read(arrived), 0u);
    EXPECT_TRUE(arrived == message_of(GetParam(), 9));
    EXPECT_EQ(client.read_text(), "behind");
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).cookie, 2);
    EXPECT_EQ(owner.count(PIPE_SENT), 2u);
}

INSTANTIATE_TEST_SUITE_P(Sizes, WritingOfSize,
                         testing::Values(1, 63, 64, 65, KIB - 1, KIB, KIB + 1, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1,
                                         MIB, 20 * MIB),
                         testing::PrintToStringParamName());

TEST_F(Writing, MessagesGoOutInTheOrderOfTheCallsAndAreToldInIt)
{
    start_with_client();

    for (int i = 1; i <= 200; i++)
        ASSERT_EQ(write(c, message_of((i * 997) % 5000 + 1, i), i), 0u);

    for (int i = 1; i <= 200; i++)
        ASSERT_TRUE(client.read() == message_of((i * 997) % 5000 + 1, i)) << i;
    for (int i = 1; i <= 200; i++)
    {
        recorded_event sent = owner.next(c);
        ASSERT_EQ(sent.kind, PIPE_SENT);
        ASSERT_EQ(sent.cookie, i);
    }
}

TEST_F(Writing, EachMessageIsOneWriteFile)
{
    std::vector<DWORD> sizes;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD size)
    {
        sizes.push_back(size);
        return 0;
    };
    start_with_client();

    for (size_t size : {10, 3 * 65536, 20})
    {
        ASSERT_EQ(write(c, message_of(size, 1)), 0u);
        ASSERT_EQ(client.read().size(), size);
        ASSERT_EQ(owner.next(c).kind, PIPE_SENT);
    }

    EXPECT_EQ(sizes, (std::vector<DWORD>{10, 3 * 65536, 20}));
}

TEST_F(Writing, ManyThreadsKeepTheirOwnOrderAndWholeMessages)
{
    constexpr unsigned threads = 6, each = 150;
    std::vector<unsigned> next(threads, 0);
    settings.threads = 4;
    start_with_client();

    std::vector<background> writers;
    for (unsigned t = 0; t < threads; t++)
        writers.emplace_back(
            [&, t]
            {
                for (unsigned n = 0; n < each; n++)
                {
                    message m = message_of(2 + (n * 7919) % (n % 50 == 49 ? 100000 : 3000), t * 1000 + n);
                    m[0] = BYTE(t);
                    EXPECT_EQ(write(c, m, int(t * 1000 + n + 1)), 0u);
                }
            });

    for (unsigned i = 0; i < threads * each; i++)
    {
        message arrived = client.read();
        ASSERT_GE(arrived.size(), 2u);
        unsigned t = arrived[0], n = next[t]++;
        message expected = message_of(2 + (n * 7919) % (n % 50 == 49 ? 100000 : 3000), t * 1000 + n);
        expected[0] = BYTE(t);
        ASSERT_TRUE(arrived == expected) << t << " " << n;
    }
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, threads * each));
    std::vector<int> last(threads, 0);
    for (const recorded_event &event : owner.all_of(c))
        if (event.kind == PIPE_SENT)
        {
            ASSERT_GT(event.cookie, last[(event.cookie - 1) / 1000]);
            last[(event.cookie - 1) / 1000] = event.cookie;
        }
    EXPECT_EQ(owner.count(PIPE_SENT), threads * each);
}

TEST_F(Writing, AMessageIsToldOnlyWhenThePipeHasTakenAllOfIt)
{
    start_with_client();

    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    EXPECT_TRUE(owner.stays_quiet());
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB));
    EXPECT_TRUE(client.read() == message_of(MIB, 1));

    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
}

TEST_F(Writing, PendingBytesAreWhatIsAcceptedAndNotTaken)
{
    start_with_client();

    ASSERT_EQ(write(c, message_of(MIB, 1)), 0u);
    ASSERT_EQ(write(c, message_of(100, 2)), 0u);
    ASSERT_EQ(write(c, message_of(50, 3)), 0u);

    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB + 150));
    client.read();
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 3));
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
}

TEST_F(Writing, WritesFromAHandlerGoOut)
{
    owner.on_event = [](pipe_event *event)
    {
        if (event->kind != PIPE_MESSAGE)
            return;
        payload *p = payload_create(event->buffer->data, event->bytes);
        EXPECT_EQ(connection_write(event->connection, p, nullptr), 0u);
        payload_release(p);
    };
    start_with_client();

    for (int i = 0; i < 500; i++)
    {
        ASSERT_EQ(client.write(message_of(1 + i * 11, i)), 0u);
        ASSERT_TRUE(client.read() == message_of(1 + i * 11, i)) << i;
    }
}

TEST_F(Writing, ABroadcastSharesItsPayload)
{
    constexpr size_t recipients = 10;
    std::vector<raw_client> clients(recipients);
    std::vector<connection *> connections;
    start();
    for (raw_client &one : clients)
        connections.push_back(connect(one));
    LONGLONG before = seams::bytes_in_use();
    seams::reset_peak();

    message m = message_of(MIB, 4);
    payload *p = payload_create(m.data(), MIB);
    for (connection *to : connections)
        ASSERT_EQ(connection_write(to, p, owner.make_cookie(1)), 0u);
    payload_release(p);

    for (raw_client &one : clients)
        EXPECT_TRUE(one.read() == m);
    EXPECT_TRUE(owner.wait_for(PIPE_SENT, recipients));
    EXPECT_LT(seams::peak_bytes() - before, LONGLONG(MIB + 16 * KIB));
}

TEST_F(Writing, APayloadIsFreeOnceItIsSent)
{
    start_with_client();
    LONGLONG before = seams::bytes_in_use();
    owner.hold(PIPE_SENT);

    ASSERT_EQ(write(c, message_of(MIB, 4), 1), 0u);
    EXPECT_TRUE(client.read() == message_of(MIB, 4));
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 1));

    EXPECT_LT(seams::bytes_in_use() - before, LONGLONG(16 * KIB)) << "an event that waits holds no payload";
}

TEST_F(Writing, ALongMessageThatTheSystemRefusesHarmsNothingElse)
{
    for (DWORD refusal :
         {ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_QUOTA, ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_USER_BUFFER})
    {
        system.write_file = [=](HANDLE, DWORD size) -> DWORD { return size > MIB ? refusal : 0; };
        if (!c)
            start_with_client();

        ASSERT_EQ(write(c, "before", 1), 0u);
        ASSERT_EQ(write(c, message_of(MIB + 1, 1), 2), 0u);
        ASSERT_EQ(write(c, "after", 3), 0u);

        EXPECT_EQ(client.read_text(), "before") << refusal;
        ASSERT_EQ(client.read_text(), "after") << refusal;
        EXPECT_EQ(owner.next(c).cookie, 1);
        recorded_event refused = owner.next(c);
        EXPECT_EQ(refused.kind, PIPE_CONNECTION_ERROR);
        EXPECT_EQ(refused.error, refusal);
        EXPECT_EQ(owner.next(c).cookie, 3);
        EXPECT_TRUE(connection_get_status(c).open);
        EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
    }
}

/* ---- a shortage of the kernel's memory ---- */

TEST_F(Writing, AShortMessageThatTheSystemRefusesIsTriedAgainAndStaysFirst)
{
    std::atomic<int> refusals = 3;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD size) -> DWORD
    { return size == MIB && refusals-- > 0 ? ERROR_NO_SYSTEM_RESOURCES : 0; };
    start_with_client();

    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    ASSERT_EQ(write(c, "behind", 2), 0u);

    EXPECT_TRUE(client.read() == message_of(MIB, 1));
    EXPECT_EQ(client.read_text(), "behind");
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).cookie, 2);
    EXPECT_EQ(refusals, -1) << "three refusals, and one that was let through";
    EXPECT_EQ(owner.count(PIPE_CONNECTION_ERROR), 0u);
}

TEST_F(Writing, EachShortageBeginsWithAShortPause)
{
    std::atomic<int> refusals = 1;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD) -> DWORD { return refusals-- > 0 ? ERROR_NOT_ENOUGH_QUOTA : 0; };
    start_with_client();

    for (int i = 1; i <= 20; i++)
    {
        ASSERT_EQ(write(c, "a message", i), 0u);
        ASSERT_EQ(owner.next(c).cookie, i);
        EXPECT_EQ(retry_pause(c), 0u) << i;
        refusals = 1;
    }
}

TEST_F(Writing, InALongShortageItIsTriedOnceASecond)
{
    latch tried_often;
    std::atomic<int> tries = 0;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD) -> DWORD
    {
        if (++tries == 8) /* after pauses of 10, 20, 40 and so on to 640 ms */
            tried_often.set();
        return ERROR_NO_SYSTEM_RESOURCES;
    };
    start_with_client();

    ASSERT_EQ(write(c, "in vain", 1), 0u);

    ASSERT_TRUE(tried_often.wait(patience));
    EXPECT_EQ(retry_pause(c), 1000u);
}

TEST_F(Writing, AfterHalfAMinuteOfShortageTheMessageIsToldAndTheConnectionGoesOn)
{
    std::atomic<bool> short_of_memory = true;
    latch tried_again, tried_later;
    std::atomic<int> tries = 0;
    std::atomic<bool> is_later = false;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD) -> DWORD
    {
        if (!short_of_memory)
            return 0;
        if (++tries == 2)
            tried_again.set();
        if (is_later)
            tried_later.set();
        return ERROR_WORKING_SET_QUOTA;
    };
    start_with_client();
    ASSERT_EQ(write(c, "in vain", 1), 0u);
    ASSERT_TRUE(tried_again.wait(patience));

    pass_retry_time(c, 20000);
    is_later = true;
    ASSERT_TRUE(tried_later.wait(patience)) << "there are 10 seconds left";
    EXPECT_NE(retry_pause(c), 0u);
    pass_retry_time(c, 10000);

    recorded_event refused = owner.next(c);
    EXPECT_EQ(refused.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(refused.error, DWORD(ERROR_WORKING_SET_QUOTA));
    EXPECT_EQ(refused.cookie, 1);
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
    short_of_memory = false;
    ASSERT_EQ(write(c, "again", 2), 0u);
    EXPECT_EQ(client.read_text(), "again");
    EXPECT_EQ(owner.next(c).cookie, 2);
}

TEST_F(Writing, ACloseAtOnceInAShortageWaitsForNoTry)
{
    system.write_file = [](HANDLE, DWORD) -> DWORD { return ERROR_NO_SYSTEM_RESOURCES; };
    start_with_client();
    ASSERT_EQ(write(c, "never sent", 1), 0u);

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).pending_bytes, 10);
    stop();
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(Writing, AGracefulStopInAShortageSendsWhatIsQueued)
{
    std::atomic<bool> short_of_memory = true;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD) -> DWORD { return short_of_memory ? ERROR_NO_SYSTEM_RESOURCES : 0; };
    start_with_client();
    ASSERT_EQ(write(c, "in the end", 1), 0u);

    engine_begin_close(e, CLOSE_GRACEFULLY);
    short_of_memory = false;

    EXPECT_EQ(client.read_text(), "in the end");
    ASSERT_TRUE(owner.wait_until_ended());
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Writing, AWriteThatFailsIsToldAndEndsTheConnection)
{
    system.write_file = [](HANDLE, DWORD) -> DWORD { return ERROR_CRC; };
    start_with_client();

    ASSERT_EQ(write(c, "in vain", 1), 0u);

    recorded_event error = owner.next(c);
    EXPECT_EQ(error.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(error.error, DWORD(ERROR_CRC));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_FAILED);
    EXPECT_EQ(connection_get_status(c).last_error, DWORD(ERROR_CRC));
    EXPECT_EQ(connection_get_status(c).pending_bytes, 7);
}

TEST_F(Writing, AWriteThatTheSystemAbortedIsIssuedAgain)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    ASSERT_EQ(write(c, "behind", 2), 0u);

    CancelIoEx(connection_handle(c), nullptr); /* as the end of the thread that issued it does on some systems */

    EXPECT_TRUE(client.read() == message_of(MIB, 1));
    EXPECT_EQ(client.read_text(), "behind");
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).cookie, 2);
    EXPECT_EQ(owner.count(PIPE_SENT), 2u);
}

TEST_F(Writing, AWriteIssuedByAThreadThatEndsIsNotLost)
{
    start_with_client();

    background([&] { ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u); }).join();

    EXPECT_TRUE(client.read() == message_of(MIB, 1));
    EXPECT_EQ(owner.next(c).cookie, 1);
}

TEST_F(Writing, AClientThatLeavesWithWritesUnderWayIsHeardOutAndNoErrorIsTold)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    ASSERT_EQ(write(c, message_of(MIB, 2), 2), 0u);

    for (const char *text : {"a", "b", "c"})
        ASSERT_EQ(client.write(text), 0u);
    client.close();

    EXPECT_EQ(owner.next(c).text(), "a");
    EXPECT_EQ(owner.next(c).text(), "b");
    EXPECT_EQ(owner.next(c).text(), "c");
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(2 * MIB)) << "what was never sent";
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(Writing, AWriteToAConnectionThatEndedIsRefusedAndItsCookieIsTheCallers)
{
    start_with_client();
    client.close();
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    payload *p = payload_create("x", 1);
    void *cookie = owner.make_cookie(1);

    EXPECT_EQ(connection_write(c, p, cookie), DWORD(PIPE_ERROR_NOT_OPEN));

    EXPECT_EQ(owner.cookies_out(), 1);
    owner.drop_cookie(cookie);
    payload_release(p);
}

TEST_F(Writing, AWriteThatFindsTheClientGoneIsNoError)
{
    std::atomic<bool> gone = false;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD) -> DWORD { return gone ? ERROR_NO_DATA : 0; };
    start_with_client();
    gone = true;

    ASSERT_EQ(write(c, "x", 1), 0u);
    EXPECT_FALSE(connection_get_status(c).open);
    EXPECT_EQ(write(c, "y", 2), DWORD(PIPE_ERROR_NOT_OPEN));
    client.close();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
}

TEST_F(Writing, BothWaysAtOnceNothingIsLost)
{
    constexpr int messages = 400;
    settings.threads = 4;
    start_with_client();

    background server(
        [&]
        {
            for (int i = 0; i < messages; i++)
                EXPECT_EQ(write(c, message_of((i * 4001) % 70000 + 1, i)), 0u);
        });
    background writer(
        [&]
        {
            for (int i = 0; i < messages; i++)
                EXPECT_EQ(client.write(message_of((i * 3001) % 70000, i)), 0u);
        });
    for (int i = 0; i < messages; i++)
        ASSERT_TRUE(client.read() == message_of((i * 4001) % 70000 + 1, i)) << i;
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, messages));

    int n = 0;
    for (const recorded_event &event : owner.all_of(c))
        if (event.kind == PIPE_MESSAGE)
        {
            ASSERT_TRUE(event.data == message_of((n * 3001) % 70000, n)) << n;
            n++;
        }
}

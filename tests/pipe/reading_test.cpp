/* Messages from the client, whole and in order. */

#include "support/pipe/engine_fixture.h"

constexpr size_t KIB = 1024, MIB = 1024 * KIB;
constexpr size_t BUFFER = 1024; /* of engine_test's settings */

class Reading : public engine_test
{
};

class ManualReading : public engine_test
{
  protected:
    ManualReading()
    {
        settings.flow.read_continuously = false;
    }
};

class ReadingOfSize : public engine_test, public testing::WithParamInterface<size_t>
{
};

TEST_P(ReadingOfSize, AMessageArrivesWholeInOneEvent)
{
    start_with_client();

    ASSERT_EQ(client.write(message_of(GetParam(), 7)), 0u);
    ASSERT_EQ(client.write("behind"), 0u);

    EXPECT_TRUE(owner.next(c).data == message_of(GetParam(), 7));
    EXPECT_EQ(owner.next(c).text(), "behind");
}

TEST_P(ReadingOfSize, AMessageThatWasThereFirstArrivesWhole)
{
    settings.flow.read_continuously = false;
    start_with_client();
    client.begin_write(message_of(GetParam(), 8));

    ASSERT_EQ(read(c, 1), 0u);

    recorded_event arrived = owner.next(c);
    EXPECT_TRUE(arrived.data == message_of(GetParam(), 8));
    EXPECT_EQ(arrived.cookie, 1);
    EXPECT_EQ(client.end_write(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ReadingOfSize,
                         testing::Values(0, 1, 63, 64, 65, BUFFER - 1, BUFFER, BUFFER + 1, 2 * BUFFER, 64 * KIB - 1,
                                         64 * KIB, 64 * KIB + 1, MIB, 20 * MIB),
                         testing::PrintToStringParamName());

TEST_F(Reading, LongAndShortMessagesOfOneClientStayInOrder)
{
    static const size_t sizes[] = {10, 3 * BUFFER, 0, BUFFER, 100 * KIB, 1, BUFFER + 1, 0, 0, 70 * KIB};
    start_with_client();

    for (size_t size : sizes)
        ASSERT_EQ(client.write(message_of(size, 3)), 0u);

    for (size_t size : sizes)
        EXPECT_TRUE(owner.next(c).data == message_of(size, 3)) << size;
}

/* The capacities of the buffers in which messages of so many bytes become events. */
class ReadingInto : public Reading
{
  protected:
    std::vector<DWORD> capacities;

    std::vector<DWORD> capacities_for(const std::vector<size_t> &sizes)
    {
        owner.on_event = [&](pipe_event *event)
        {
            if (event->kind == PIPE_MESSAGE)
                capacities.push_back(event->buffer->capacity);
        };
        start_with_client();
        for (size_t size : sizes)
        {
            EXPECT_EQ(client.write(message_of(size, 1)), 0u);
            EXPECT_TRUE(owner.next(c).data == message_of(size, 1));
        }
        return capacities;
    }
};

TEST_F(ReadingInto, AShortMessageThatHasToWaitMovesIntoABufferOfItsOwnSize)
{
    EXPECT_EQ(capacities_for({3, 0, BUFFER / 4 - 1}), (std::vector<DWORD>{3, 0, BUFFER / 4 - 1}));
}

TEST_F(ReadingInto, AMessageThatFillsAQuarterOfItsBufferStaysWhereItIs)
{
    EXPECT_EQ(capacities_for({BUFFER / 4, BUFFER}), (std::vector<DWORD>{BUFFER, BUFFER}));
}

TEST_F(ReadingInto, AMessageThatNeedNotWaitStaysWhereItIs)
{
    owner.is_behind = false;

    EXPECT_EQ(capacities_for({3, 0}), (std::vector<DWORD>{BUFFER, BUFFER}));
}

TEST_F(ReadingInto, AMessageForWhichThereIsNoBufferOfItsSizeStaysWhereItIs)
{
    owner.may_allocate = [](DWORD size) { return size == BUFFER; };

    EXPECT_EQ(capacities_for({3}), (std::vector<DWORD>{BUFFER}));
}

TEST_F(Reading, LongMessagesOfManyClientsDoNotMix)
{
    std::vector<raw_client> clients(8);
    std::vector<connection *> connections;
    settings.threads = 4;
    start();
    for (raw_client &one : clients)
        connections.push_back(connect(one));

    {
        std::vector<background> writers;
        for (size_t i = 0; i < clients.size(); i++)
            writers.emplace_back(
                [&, i]
                {
                    for (unsigned n = 0; n < 20; n++)
                        EXPECT_EQ(clients[i].write(message_of(20 * KIB + n, unsigned(i * 100 + n))), 0u);
                });
    }

    for (size_t i = 0; i < clients.size(); i++)
        for (unsigned n = 0; n < 20; n++)
            EXPECT_TRUE(owner.next(connections[i]).data == message_of(20 * KIB + n, unsigned(i * 100 + n)));
}

TEST_F(Reading, OnlyOneReadIsOutstandingPerConnection)
{
    std::atomic<int> reads = 0;
    settings.threads = 4;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD)
    {
        reads++;
        return 0;
    };
    start_with_client();

    for (int i = 0; i < 10; i++)
    {
        ASSERT_EQ(client.write("x"), 0u);
        ASSERT_EQ(owner.next(c).kind, PIPE_MESSAGE);
    }
    stop();

    EXPECT_EQ(reads, 11);
}

TEST_F(Reading, AMessageWithoutMemoryForItIsToldAndEndsItsClientAlone)
{
    raw_client other;
    owner.may_allocate = [](DWORD size) { return size <= 100 * KIB; };
    start_with_client();
    connection *second = connect(other);

    client.begin_write(message_of(MIB, 1));

    recorded_event error = owner.next(c);
    EXPECT_EQ(error.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(error.error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_FAILED);
    EXPECT_EQ(connection_get_status(c).last_error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    ASSERT_EQ(other.write("unharmed"), 0u);
    EXPECT_EQ(owner.next(second).text(), "unharmed");
}

TEST_F(Reading, AMessageBeyond2GiBIsToldBeforeMemoryIsAskedFor)
{
    raw_client other;
    std::atomic<DWORD> largest = 0;
    const hooks_end hooks{this};
    owner.may_allocate = [&](DWORD size)
    {
        if (size > largest)
            largest = size;
        return size <= BUFFER;
    };
    start_with_client();
    connection *second = connect(other);
    system.message_left = [](DWORD) { return 0x80000000u - BUFFER; }; /* one byte more than an array can hold */

    client.begin_write(message_of(2 * BUFFER, 1));

    recorded_event error = owner.next(c);
    EXPECT_EQ(error.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(error.error, DWORD(PIPE_ERROR_MESSAGE_TOO_LONG));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_TOO_LONG);
    EXPECT_EQ(largest, BUFFER);
    ASSERT_EQ(other.write("unharmed"), 0u);
    EXPECT_EQ(owner.next(second).text(), "unharmed");
}

TEST_F(Reading, AMessageOfTheLastByteBelow2GiBIsAskedMemoryFor)
{
    std::atomic<DWORD> largest = 0;
    const hooks_end hooks{this};
    owner.may_allocate = [&](DWORD size)
    {
        if (size > largest)
            largest = size;
        return size <= BUFFER;
    };
    start_with_client();
    system.message_left = [](DWORD) { return 0x7fffffffu - BUFFER; };

    client.begin_write(message_of(2 * BUFFER, 1));

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(largest, 0x7fffffffu);
}

TEST_F(Reading, ABufferGrowsOnceToTheWholeMessage)
{
    std::atomic<int> large = 0;
    const hooks_end hooks{this};
    owner.may_allocate = [&](DWORD size)
    {
        large += size > BUFFER;
        return size <= MIB;
    };
    start_with_client();

    ASSERT_EQ(client.write(message_of(MIB, 5)), 0u);

    EXPECT_TRUE(owner.next(c).data == message_of(MIB, 5));
    EXPECT_EQ(large, 1);
}

TEST_F(Reading, AClientThatDiesInTheMiddleOfAMessageIsGoneAndNothingIsMadeUp)
{
    settings.flow.read_continuously = false;
    start_with_client();
    ASSERT_EQ(client.begin_write(message_of(MIB, 1)), DWORD(ERROR_IO_PENDING));

    client.cancel_write();
    client.close();
    ASSERT_EQ(read(c), 0u);

    recorded_event last = owner.next(c);
    if (last.kind == PIPE_MESSAGE) /* the system may have kept it whole */
    {
        EXPECT_TRUE(last.data == message_of(MIB, 1));
        last = owner.next(c);
    }
    EXPECT_EQ(last.kind, PIPE_DISCONNECTED);
}

/* ---- a writer that cancels what it has begun ---- */

TEST_F(ManualReading, AMessageThatItsWriterCancelsAfterItsFirstPartIsDropped)
{
    latch reads_on;
    std::atomic<int> reads = 0;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD) -> DWORD
    {
        if (++reads == 2)
            reads_on.set();
        return 0;
    };
    system.read_returned = [&](OVERLAPPED *, DWORD error)
    {
        if (error == ERROR_MORE_DATA)
            client.cancel_write();
    };
    start_with_client();
    ASSERT_EQ(client.begin_write(message_of(MIB, 1)), DWORD(ERROR_IO_PENDING));
    ASSERT_EQ(read(c, 1), 0u);
    ASSERT_TRUE(reads_on.wait(patience));

    ASSERT_EQ(client.write("ten bytes."), 0u);

    recorded_event arrived = owner.next(c);
    EXPECT_EQ(arrived.data.size(), 10u);
    EXPECT_EQ(arrived.cookie, 1);
}

TEST_F(Reading, ALongMessageThatComesInPartsArrivesWhole)
{
    system.reads_at_most = [](DWORD size) { return size < 100000 ? size : 100000; }; /* as over a network */
    start_with_client();

    ASSERT_EQ(client.write(message_of(MIB, 3)), 0u);
    ASSERT_EQ(client.write("behind"), 0u);

    EXPECT_TRUE(owner.next(c).data == message_of(MIB, 3));
    EXPECT_EQ(owner.next(c).text(), "behind");
}

class ReadingInstead : public engine_test, public testing::WithParamInterface<size_t>
{
};

TEST_P(ReadingInstead, AMessageThatComesInsteadOfACancelledRestIsAMessageOfItsOwn)
{
    latch begun;
    std::atomic<bool> cancelled = false;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD size) -> DWORD
    {
        if (size < MIB / 2 || cancelled.exchange(true))
            return 0;
        begun.wait(patience);
        client.cancel_write(); /* now that the length of the rest is known */
        client.begin_write(message_of(GetParam(), 2));
        return 0;
    };
    start_with_client();

    ASSERT_EQ(client.begin_write(message_of(MIB, 1)), DWORD(ERROR_IO_PENDING));
    begun.set();

    EXPECT_TRUE(owner.next(c).data == message_of(GetParam(), 2));
    EXPECT_EQ(client.end_write(), 0u);
    ASSERT_EQ(client.write("after"), 0u);
    EXPECT_EQ(owner.next(c).data.size(), 5u);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ReadingInstead, testing::Values(10, 3 * BUFFER, 2 * MIB),
                         testing::PrintToStringParamName());

TEST_F(Reading, AReadThatFailsIsToldAndEndsTheConnection)
{
    std::atomic<bool> fail = false;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD) -> DWORD { return fail ? ERROR_CRC : 0; };
    start_with_client();
    ASSERT_EQ(client.write("well"), 0u);
    ASSERT_EQ(owner.next(c).text(), "well"); /* the next read is under way */

    fail = true;
    ASSERT_EQ(client.write("the last that is heard"), 0u);

    /* Which of the two comes first is the engine's affair: the next read is issued before the event is handed over. */
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    std::vector<recorded_event> story = owner.all_of(c);
    EXPECT_EQ(owner.count(PIPE_CONNECTION_ERROR), 1u);
    EXPECT_EQ(story[story.size() - 2].kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(story[story.size() - 2].error, DWORD(ERROR_CRC));
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_FAILED);
    EXPECT_EQ(connection_get_status(c).last_error, DWORD(ERROR_CRC));
}

TEST_F(Reading, AReadThatTheSystemAbortedIsIssuedAgain)
{
    start_with_client();

    for (int i = 0; i < 20; i++)
    {
        CancelIoEx(connection_handle(c), nullptr); /* as the end of the thread that issued it does on some systems */
        ASSERT_EQ(client.write(message_of(5000, i)), 0u);
    }

    for (int i = 0; i < 20; i++)
        EXPECT_TRUE(owner.next(c).data == message_of(5000, i)) << i;
}

TEST_F(Reading, AReadIssuedByAThreadThatEndsIsNotLost)
{
    settings.flow.read_continuously = false;
    start_with_client();

    background([&] { ASSERT_EQ(read(c, 5), 0u); }).join();
    ASSERT_EQ(client.write("after the thread"), 0u);

    recorded_event arrived = owner.next(c);
    EXPECT_EQ(arrived.text(), "after the thread");
    EXPECT_EQ(arrived.cookie, 5);
}

TEST_F(Reading, ACookieGoesWithTheNextMessage)
{
    start_with_client();

    ASSERT_EQ(read(c, 1), 0u);
    ASSERT_EQ(read(c, 2), 0u);
    for (int i = 0; i < 3; i++)
        ASSERT_EQ(client.write("x"), 0u);

    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).cookie, 2);
    EXPECT_EQ(owner.next(c).cookie, 0);
}

TEST_F(ManualReading, NothingIsReadUnasked)
{
    start_with_client();
    ASSERT_EQ(client.write("unasked"), 0u);

    EXPECT_TRUE(owner.stays_quiet());

    ASSERT_EQ(read(c), 0u);
    EXPECT_EQ(owner.next(c).text(), "unasked");
}

TEST_F(ManualReading, EachReadBringsOneMessageWithItsCookie)
{
    start_with_client();
    for (const char *text : {"a", "b", "c"})
        ASSERT_EQ(client.write(text), 0u);

    ASSERT_EQ(read(c, 1), 0u);
    ASSERT_EQ(read(c, 2), 0u);

    recorded_event a = owner.next(c), b = owner.next(c);
    EXPECT_EQ(a.text(), "a");
    EXPECT_EQ(a.cookie, 1);
    EXPECT_EQ(b.text(), "b");
    EXPECT_EQ(b.cookie, 2);
    EXPECT_TRUE(owner.stays_quiet());
}

TEST_F(ManualReading, ReadsWaitForMessagesThatComeLater)
{
    start_with_client();

    ASSERT_EQ(read(c, 1), 0u);
    ASSERT_EQ(read(c, 2), 0u);
    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write(message_of(10 * KIB, 2)), 0u);

    EXPECT_EQ(owner.next(c).cookie, 1);
    recorded_event second = owner.next(c);
    EXPECT_EQ(second.cookie, 2);
    EXPECT_TRUE(second.data == message_of(10 * KIB, 2));
}

TEST_F(ManualReading, AHandlerReadsTheNext)
{
    owner.on_event = [](pipe_event *event)
    {
        if (event->kind == PIPE_CONNECTED || event->kind == PIPE_MESSAGE)
            connection_read(event->connection, nullptr);
    };
    start_with_client();

    for (int i = 0; i < 200; i++)
        ASSERT_EQ(client.write(message_of(i * 10, i)), 0u);

    for (int i = 0; i < 200; i++)
        ASSERT_TRUE(owner.next(c).data == message_of(i * 10, i)) << i;
}

TEST_F(ManualReading, CookiesOfReadsThatCameToNothingAreFreedWithTheEnd)
{
    start_with_client();
    ASSERT_EQ(read(c, 1), 0u);
    ASSERT_EQ(read(c, 2), 0u);
    owner.hold(PIPE_DISCONNECTED);

    client.close();
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);

    EXPECT_EQ(owner.cookies_out(), 2);
    owner.let_go();
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(ManualReading, AClientThatLeavesIsNoticedWithoutARead)
{
    start_with_client();
    ULONGLONG since = GetTickCount64();

    client.close();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_LT(GetTickCount64() - since, 3000u);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
}

TEST_F(ManualReading, EachErrorThatSaysSoIsADeparture)
{
    std::atomic<DWORD> answer = 0;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD) { return answer.load(); };
    start();

    for (DWORD departure : {ERROR_BROKEN_PIPE, ERROR_NO_DATA, ERROR_PIPE_NOT_CONNECTED})
    {
        raw_client one;
        connection *its = connect(one);

        answer = departure;
        ASSERT_EQ(read(its, 1), 0u);

        EXPECT_EQ(owner.next(its).kind, PIPE_DISCONNECTED) << departure;
        EXPECT_EQ(connection_get_status(its).reason, CLOSE_OTHER_END) << departure;
        EXPECT_EQ(connection_get_status(its).last_error, 0u) << departure;
    }
}

TEST_F(ManualReading, ALookThatFailsIsToldAndEndsTheConnection)
{
    start_with_client();
    system.peek_named_pipe = [](HANDLE) -> DWORD { return ERROR_CRC; };

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_CRC));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_FAILED);
    EXPECT_EQ(connection_get_status(c).last_error, DWORD(ERROR_CRC));
}

TEST_F(ManualReading, WhatAClientLeftBehindWaitsForItsReads)
{
    start_with_client();
    ASSERT_EQ(client.write("one"), 0u);
    ASSERT_EQ(client.write("two"), 0u);
    client.close();

    EXPECT_TRUE(owner.stays_quiet(2200)); /* two looks at the pipe */
    EXPECT_EQ(read(c, 1), 0u);
    EXPECT_EQ(owner.next(c).text(), "one");
    EXPECT_EQ(read(c, 2), 0u);
    EXPECT_EQ(owner.next(c).text(), "two");

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(ManualReading, AReadOfAConnectionThatEndedIsRefused)
{
    start_with_client();
    client.close();
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);

    EXPECT_EQ(read(c, 1), DWORD(PIPE_ERROR_NOT_OPEN));
}

/* The end of one connection: at once, gracefully, by its client. */

#include "support/pipe/drain_time.h"
#include "support/pipe/engine_fixture.h"

constexpr size_t KIB = 1024, MIB = 1024 * KIB;

class Closing : public engine_test
{
  protected:
    /* Keeps the engine's only worker busy with a client of its own, so that what completes meanwhile is handled only
     * once it is unblocked. */
    raw_client busy_client;
    blocking_point busy_worker;

    void start_with_a_busy_worker()
    {
        settings.threads = 1;
        owner.on_event = [&](pipe_event *event)
        {
            if (event->kind != PIPE_MESSAGE || event->bytes != 4 || memcmp(event->buffer->data, "busy", 4))
                return;
            busy_worker.block();
        };
        start_with_client();
        connect(busy_client);
        ASSERT_EQ(busy_client.write("busy"), 0u);
        ASSERT_TRUE(busy_worker.wait_until_blocked());
    }
};

TEST_F(Closing, AtOnceCancelsAndOnlyDisconnectedFollows)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    ASSERT_EQ(write(c, message_of(MIB, 2), 2), 0u);
    ASSERT_EQ(read(c, 3), 0u);

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(2 * MIB)) << "what was never sent";
    EXPECT_FALSE(connection_get_status(c).open);
    EXPECT_EQ(client.wait_until_closed(), 0u);
    stop();
    EXPECT_EQ(owner.all_of(c).size(), 2u);
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(Closing, AtOnceSilencesAMessageThatHasJustBeenRead)
{
    start_with_a_busy_worker();
    ASSERT_EQ(client.write("too late"), 0u);
    EXPECT_EQ(client.bytes_waiting(), 0u);

    connection_close(c, CLOSE_AT_ONCE);
    busy_worker.unblock();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Closing, AtOnceSilencesAMessageThatHasJustBeenSent)
{
    start_with_a_busy_worker();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    EXPECT_TRUE(client.read() == message_of(MIB, 1));

    connection_close(c, CLOSE_AT_ONCE);
    busy_worker.unblock();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    stop();
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0) << "the pipe had taken it";
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(Closing, AtOnceSilencesWhatWaitsBehindASlowHandler)
{
    blocking_point handler;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind != PIPE_MESSAGE)
            return;
        handler.block();
    };
    start_with_client();
    ASSERT_EQ(client.write("slow"), 0u);
    ASSERT_TRUE(handler.wait_until_blocked());
    connection_report(c, 5, nullptr);
    ASSERT_EQ(write(c, "taken at once", 1), 0u);
    EXPECT_EQ(client.read_text(), "taken at once");

    connection_close(c, CLOSE_AT_ONCE);
    handler.unblock();

    EXPECT_EQ(owner.next(c).kind, PIPE_MESSAGE);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(Closing, AtOnceSilencesAMessageThatIsJustMovedToASmallerBuffer)
{
    std::atomic<bool> closed = false;
    const hooks_end hooks{this};
    owner.may_allocate = [&](DWORD size)
    {
        if (size == 5 && !closed.exchange(true))
            connection_close(c, CLOSE_AT_ONCE);
        return true;
    };
    start_with_client();

    ASSERT_EQ(client.write("moved"), 0u);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_TRUE(closed);
    EXPECT_EQ(owner.count(PIPE_MESSAGE), 0u);
}

TEST_F(Closing, TwiceIsOnce)
{
    start_with_client();

    connection_close(c, CLOSE_AT_ONCE);
    connection_close(c, CLOSE_AT_ONCE);
    connection_close(c, CLOSE_GRACEFULLY);
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    connection_close(c, CLOSE_AT_ONCE);
    stop();

    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 1u);
}

TEST_F(Closing, RefusesWritesAndReadsFromThenOn)
{
    start_with_client();

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(write(c, "x", 1), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_EQ(read(c, 1), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Closing, AtOnceInsideTheFirstEvent)
{
    owner.on_event = [](pipe_event *event)
    {
        if (event->kind == PIPE_CONNECTED)
            connection_close(event->connection, CLOSE_AT_ONCE);
    };
    start();

    ASSERT_EQ(client.connect(path), 0u);

    EXPECT_EQ(client.wait_until_closed(), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    EXPECT_EQ(owner.all_of(owner.accept()).size(), 2u);
}

TEST_F(Closing, WhatThePipeHadTakenIsReadableAfterACloseAtOnce)
{
    start_with_client();
    ASSERT_EQ(write(c, "last words", 1), 0u);
    ASSERT_EQ(owner.next(c).kind, PIPE_SENT);

    connection_close(c, CLOSE_AT_ONCE);
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    stop();

    EXPECT_EQ(client.read_text(), "last words");
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Closing, TheHandleStaysOpenUntilItsOwnerClosesIt)
{
    owner.closes_handles = false;
    start_with_client();
    DWORD flags;

    connection_close(c, CLOSE_AT_ONCE);
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);

    EXPECT_TRUE(GetHandleInformation(connection_handle(c), &flags));
    connection_close_handle(c);
    connection_close_handle(c);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Closing, TheLastReferenceClosesTheHandle)
{
    owner.closes_handles = false;
    start_with_client();

    connection_close(c, CLOSE_AT_ONCE);
    ASSERT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    stop();
    owner.forget();
    engine_close_handles(e);

    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Closing, AHandleClosedByForceEndsTheConnection)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);

    connection_close(c, CLOSE_AT_ONCE);
    connection_close_handle(c);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Closing, AStopDeliversWhatWasReceived)
{
    start_with_a_busy_worker();
    ASSERT_EQ(client.write("received"), 0u);
    EXPECT_EQ(client.bytes_waiting(), 0u);

    engine_begin_close(e, CLOSE_AT_ONCE);
    busy_worker.unblock();

    EXPECT_EQ(owner.next(c).text(), "received");
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

/* ---- gracefully ---- */

TEST_F(Closing, GracefullySendsWhatIsQueuedAndTellsIt)
{
    start_with_client();
    for (int i = 1; i <= 5; i++)
        ASSERT_EQ(write(c, message_of(100 * KIB, i), i), 0u);

    connection_close(c, CLOSE_GRACEFULLY);
    EXPECT_EQ(write(c, "x", 9), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_EQ(read(c, 9), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_TRUE(connection_get_status(c).open);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_NONE) << "it has not ended yet";

    for (int i = 1; i <= 5; i++)
        EXPECT_TRUE(client.read() == message_of(100 * KIB, i)) << i;
    for (int i = 1; i <= 5; i++)
        EXPECT_EQ(owner.next(c).cookie, i);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Closing, GracefullyWithNothingQueuedEndsNow)
{
    start_with_client();

    connection_close(c, CLOSE_GRACEFULLY);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
}

TEST_F(Closing, WhatWasSentIsReadableAfterAGracefulClose)
{
    start_with_client();
    for (int i = 1; i <= 50; i++)
        ASSERT_EQ(write(c, message_of(KIB, i), i), 0u);

    connection_close(c, CLOSE_GRACEFULLY);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    stop();

    EXPECT_EQ(owner.count(PIPE_SENT), 50u);
    for (int i = 1; i <= 50; i++)
        EXPECT_TRUE(client.read() == message_of(KIB, i)) << i;
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Closing, GracefullyReadsNoMore)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);

    connection_close(c, CLOSE_GRACEFULLY);
    EXPECT_TRUE(owner.stays_quiet());
    ASSERT_EQ(client.write("unheard"), 0u);
    EXPECT_TRUE(client.read() == message_of(MIB, 1));

    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Closing, GracefullyDeliversWhatWasReceived)
{
    start_with_a_busy_worker();
    ASSERT_EQ(client.write("received"), 0u);
    EXPECT_EQ(client.bytes_waiting(), 0u);

    connection_close(c, CLOSE_GRACEFULLY);
    busy_worker.unblock();

    EXPECT_EQ(owner.next(c).text(), "received");
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Closing, AGracefulCloseEndsWithTheClientsLeaving)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    connection_close(c, CLOSE_GRACEFULLY);

    client.close();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB));
}

TEST_F(Closing, AGracefulCloseEndsAfter30Seconds)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);

    connection_close(c, CLOSE_GRACEFULLY);
    EXPECT_LE(drain_time_left(c), 30000u);
    EXPECT_GE(drain_time_left(c), 25000u);
    EXPECT_TRUE(owner.stays_quiet(1500));
    end_drain_time(c);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB));
}

TEST_F(Closing, AGracefulStopLastsAsLongAsWhoStopsWaits)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);

    engine_begin_close(e, CLOSE_GRACEFULLY);

    EXPECT_GT(drain_time_left(c), 30000u);
    stop();
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Closing, AGracefulCloseEndsByAPlainClose)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    connection_close(c, CLOSE_GRACEFULLY);
    EXPECT_TRUE(owner.stays_quiet());

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB));
}

TEST_F(Closing, AGracefulCloseThatFailsIsAFailure)
{
    std::atomic<bool> fail = false;
    const hooks_end hooks{this};
    system.write_file = [&](HANDLE, DWORD) -> DWORD { return fail ? ERROR_CRC : 0; };
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    ASSERT_EQ(write(c, "behind", 2), 0u);
    connection_close(c, CLOSE_GRACEFULLY);

    fail = true;
    EXPECT_TRUE(client.read() == message_of(MIB, 1));

    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_CRC));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_FAILED);
    EXPECT_EQ(connection_get_status(c).last_error, DWORD(ERROR_CRC));
}

TEST_F(Closing, AGracefulCloseEndsByTheEnginesEnd)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    connection_close(c, CLOSE_GRACEFULLY);

    stop();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Closing, AGracefulCloseWithAnEarlierPauseEndsToo)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(client.write("b"), 0u);
    ASSERT_EQ(owner.next(c).text(), "a");
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);

    connection_close(c, CLOSE_GRACEFULLY);
    EXPECT_TRUE(client.read() == message_of(MIB, 1));

    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

/* ---- by whoever is first ---- */

TEST_F(Closing, ByBothEndsAtOnceIsOneEnd)
{
    settings.threads = 4;
    start();

    for (int i = 0; i < 40; i++)
    {
        raw_client one;
        connection *its = connect(one);
        ASSERT_EQ(write(its, "x"), 0u);
        background leaving([&] { one.close(); });
        background writing([&] { write(its, message_of(MIB, 1), 1); });
        connection_close(its, i % 2 ? CLOSE_AT_ONCE : CLOSE_GRACEFULLY);
        leaving.join();
        ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, i + 1));
    }
}

TEST_F(Closing, AfterItReturnedAtOnceNoEventButDisconnectedBegins)
{
    settings.threads = 4;
    start();

    for (int i = 0; i < 40; i++)
    {
        raw_client one;
        connection *its = connect(one);
        background talking(
            [&]
            {
                for (int n = 0; n < 100 && one.write("chatter") == 0; n++)
                    ;
            });
        ASSERT_NE(owner.next(its).kind, NO_EVENT);

        connection_close(its, CLOSE_AT_ONCE);

        /* One that had begun on a worker may have been recorded after; the rest may not. */
        size_t then = owner.all_of(its).size();
        ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, i + 1));
        std::vector<recorded_event> story = owner.all_of(its);
        ASSERT_LE(story.size(), then + 2) << i;
    }
}

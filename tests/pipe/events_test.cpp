/* The order of events, and the threads they come on. */

#include "support/pipe/engine_fixture.h"

class Events : public engine_test
{
};

TEST_F(Events, ReadyComesOnceAfterTheLastWorkerHasBegun)
{
    settings.threads = 8;
    unsigned begun_at_ready = 0;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_READY)
            begun_at_ready = owner.workers_begun();
    };

    start();
    stop();

    EXPECT_EQ(begun_at_ready, 8u);
    EXPECT_EQ(owner.count(PIPE_READY), 1u);
}

TEST_F(Events, ReadyComesBeforeClientsThatWereQuicker)
{
    ASSERT_EQ(open(), 0u);
    ASSERT_EQ(engine_listen(e), 0u);
    ASSERT_EQ(client.connect(path, 0), 0u);
    ASSERT_EQ(client.write("first"), 0u);

    ASSERT_EQ(engine_run(e), 0u);

    EXPECT_EQ(owner.next().kind, PIPE_READY);
    EXPECT_EQ(owner.next().kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next().text(), "first");
}

TEST_F(Events, AClientIsConnectedThenHeardThenGone)
{
    start();

    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_EQ(client.write("one"), 0u);
    ASSERT_EQ(client.write("two"), 0u);
    client.close();

    c = owner.accept();
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next(c).text(), "one");
    EXPECT_EQ(owner.next(c).text(), "two");
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
}

TEST_F(Events, WhatAClientWroteBeforeItLeftIsDeliveredFirst)
{
    start_with_client();

    for (int i = 0; i < 100; i++)
        ASSERT_EQ(client.write(message_of(500, i)), 0u);
    client.close();

    for (int i = 0; i < 100; i++)
        EXPECT_TRUE(owner.next(c).data == message_of(500, i)) << i;
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Events, OfOneConnectionAreHandedOverOneAtATimeFromManyWorkers)
{
    settings.threads = 8;
    owner.on_event = [](pipe_event *event)
    {
        if (event->kind == PIPE_MESSAGE)
            SwitchToThread();
    };
    start_with_client();

    for (int i = 0; i < 500; i++)
        ASSERT_EQ(client.write(message_of(i % 70, i)), 0u);

    for (int i = 0; i < 500; i++)
        ASSERT_TRUE(owner.next(c).data == message_of(i % 70, i)) << i;
}

TEST_F(Events, OfDifferentConnectionsAreHandedOverAtOnce)
{
    raw_client other;
    latch both, one;
    std::atomic<int> inside = 0;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind != PIPE_MESSAGE)
            return;
        if (++inside == 2)
            both.set();
        both.wait(patience);
    };
    start_with_client();
    connect(other);

    ASSERT_EQ(client.write("a"), 0u);
    ASSERT_EQ(other.write("b"), 0u);

    EXPECT_TRUE(both.wait(patience));
}

TEST_F(Events, ComeOnWorkersOnly)
{
    start_with_client();
    ASSERT_EQ(client.write("hello"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));
    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));

    std::set<DWORD> workers = owner.worker_threads();

    EXPECT_EQ(workers.size(), 2u);
    for (const recorded_event &event : owner.all())
        EXPECT_EQ(workers.count(event.thread), 1u);
}

TEST_F(Events, TheNextReadIsIssuedBeforeTheEventOfTheLastIsHandedOver)
{
    std::atomic<int> reads = 0;
    int reads_at_message = 0;
    const hooks_end hooks{this};
    system.read_file = [&](HANDLE, DWORD)
    {
        reads++;
        return 0;
    };
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_MESSAGE)
            reads_at_message = reads;
    };
    start_with_client();

    ASSERT_EQ(client.write("hello"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));
    stop();

    EXPECT_EQ(reads_at_message, 2);
}

TEST_F(Events, AConnectionKnowsItsClientsProcess)
{
    start_with_client();

    EXPECT_EQ(connection_get_status(c).process, GetCurrentProcessId());
}

TEST_F(Events, AConnectionCarriesAPointerOfItsOwners)
{
    int mark;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_CONNECTED)
            connection_set_user(event->connection, &mark);
    };

    start_with_client();

    EXPECT_EQ(connection_get_user(c), &mark);
}

TEST_F(Events, AConnectionKeepsItsHandlesValueAndItsStoryWhenAllIsOver)
{
    start_with_client();
    HANDLE handle = connection_handle(c);
    connection_hold(c);

    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    stop();
    owner.forget();

    EXPECT_EQ(connection_handle(c), handle);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
    EXPECT_EQ(connection_get_status(c).process, GetCurrentProcessId());
    EXPECT_FALSE(connection_get_status(c).open);
    connection_release(c);
}

TEST_F(Events, AReportIsAClientErrorThatHarmsNothing)
{
    start_with_client();

    connection_report(c, PIPE_ERROR_SEND_QUEUE_FULL, nullptr);
    ASSERT_EQ(client.write("still here"), 0u);

    recorded_event report = owner.next(c);
    EXPECT_EQ(report.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(report.error, DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
    EXPECT_EQ(owner.next(c).text(), "still here");
    EXPECT_TRUE(connection_get_status(c).open);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
}

TEST_F(Events, AReportAfterTheEndIsForgotten)
{
    start_with_client();
    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));

    connection_report(c, PIPE_ERROR_SEND_QUEUE_FULL, nullptr);
    stop();

    EXPECT_EQ(owner.count(PIPE_CONNECTION_ERROR), 0u);
}

TEST_F(Events, AKickBringsATurnOnAWorker)
{
    latch turned;
    std::atomic<bool> kicked = false;
    const hooks_end hooks{this};
    owner.on_turn = [&]
    {
        if (kicked)
            turned.set();
    };
    start();

    kicked = true;
    engine_kick(e);

    EXPECT_TRUE(turned.wait(patience));
}

TEST_F(Events, AKickFromATurnBringsAnotherTurn)
{
    latch turned;
    std::atomic<int> left = 3;
    const hooks_end hooks{this};
    owner.on_turn = [&]
    {
        if (left > 0 && left-- > 0)
            engine_kick(e);
        if (left == 0)
            turned.set();
    };
    settings.threads = 1;
    start();

    EXPECT_TRUE(turned.wait(patience));
}

TEST_F(Events, AKickInAWhileBringsATurnThen)
{
    latch turned;
    std::atomic<ULONGLONG> due = MAXULONGLONG;
    const hooks_end hooks{this};
    owner.on_turn = [&]
    {
        if (GetTickCount64() >= due)
            turned.set();
    };
    start();

    due = GetTickCount64() + 100;
    engine_kick_in(e, 100);

    EXPECT_TRUE(turned.wait(patience));
}

TEST_F(Events, AKickInAWhileHoldsUpNoEnd)
{
    start();
    engine_kick_in(e, 60000);

    stop();
}

TEST_F(Events, ATurnFollowsEachEventOnAWorker)
{
    latch turned;
    std::atomic<bool> told = false;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event) { told = event->kind == PIPE_MESSAGE; };
    owner.on_turn = [&]
    {
        if (told)
            turned.set();
    };
    start_with_client();

    ASSERT_EQ(client.write("hello"), 0u);

    EXPECT_TRUE(turned.wait(patience));
}

TEST_F(Events, AHandlerMayAnswerCloseAndReleaseInsideAnyEvent)
{
    owner.on_event = [](pipe_event *event)
    {
        if (!event->connection)
            return;
        payload *p = payload_create("answer", 6);
        connection_write(event->connection, p, nullptr);
        payload_release(p);
        connection_report(event->connection, 42, nullptr);
        connection_get_status(event->connection);
        if (event->kind == PIPE_SENT)
            connection_close(event->connection, CLOSE_AT_ONCE);
    };
    start();

    ASSERT_EQ(client.connect(path), 0u);

    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    EXPECT_EQ(client.read_text(), "answer");
}

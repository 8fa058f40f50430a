/* The end of an engine: in silence or gracefully, from any thread, with everything given back. */

#include "support/pipe/engine_fixture.h"

constexpr size_t MIB = 1024 * 1024;

class EngineClose : public engine_test
{
};

TEST_F(EngineClose, WithoutClientsLeavesNothing)
{
    start();

    stop();

    EXPECT_EQ(owner.all().size(), 1u) << "READY and nothing else";
}

TEST_F(EngineClose, EndsManyConnectionsInWhateverTheyAreDoing)
{
    constexpr size_t crowd = 60;
    std::vector<raw_client> clients(crowd);
    std::vector<connection *> connections;
    settings.threads = 4;
    start();
    for (raw_client &one : clients)
        connections.push_back(connect(one));
    for (size_t i = 0; i < crowd; i++)
        switch (i % 4)
        {
        case 0: write(connections[i], message_of(MIB, 1), 1); break;
        case 1: clients[i].begin_write(message_of(100000, 1)); break;
        case 2: read(connections[i], 2); break;
        case 3: clients[i].write("x"); break;
        }

    stop();

    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), crowd);
    for (connection *one : connections)
    {
        EXPECT_EQ(connection_get_status(one).reason, CLOSE_STOPPED);
        EXPECT_EQ(connection_get_status(one).last_error, 0u);
        EXPECT_FALSE(connection_get_status(one).open);
    }
    EXPECT_EQ(owner.cookies_out(), 0);
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR) + owner.count(PIPE_CONNECTION_ERROR), 0u);
}

TEST_F(EngineClose, TheOwnerIsToldBeforeTheEventIsSet)
{
    bool set_early = false;
    const hooks_end hooks{this};
    owner.on_ended = [&] { set_early = WaitForSingleObject(engine_ended(e), 0) == WAIT_OBJECT_0; };
    start();

    stop();

    EXPECT_EQ(owner.ended_calls(), 1u);
    EXPECT_FALSE(set_early);
    EXPECT_EQ(owner.workers_ended(), 2u);
}

TEST_F(EngineClose, DoesNotEndWhileAnotherThreadHandsOverEvents)
{
    blocking_point handler;
    std::atomic<unsigned> ended_before_the_last = 0;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_CONNECTION_ERROR)
        {
            handler.block();
        }
        if (event->kind == PIPE_DISCONNECTED)
            ended_before_the_last = owner.ended_calls();
    };
    start_with_client();
    background consumer([&] { connection_report(c, 5, nullptr); });
    ASSERT_TRUE(handler.wait_until_blocked());

    engine_begin_close(e, CLOSE_AT_ONCE);
    owner.wait_until_ended(300); /* it must not: DISCONNECTED is still to be handed over, behind the report */
    handler.unblock();

    ASSERT_TRUE(owner.wait_until_ended());
    EXPECT_EQ(ended_before_the_last, 0u);
    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 1u);
}

TEST_F(EngineClose, TheNameIsFreeAfterwards)
{
    start_with_client();

    stop();
    engine_close_handles(e);

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_FILE_NOT_FOUND));
}

TEST_F(EngineClose, NoClientGetsInFromThenOn)
{
    start();

    engine_begin_close(e, CLOSE_GRACEFULLY);

    EXPECT_NE(raw_client().connect(path, 0), 0u);
    stop();
    EXPECT_EQ(owner.count(PIPE_CONNECTED), 0u);
}

TEST_F(EngineClose, TheNextEngineWorksOnTheSameNameAtOnce)
{
    start_with_client();
    stop();
    engine_close_handles(e);
    recording_owner second_owner;
    engine *second;

    ASSERT_EQ(engine_open(&settings, &second_owner, &second), 0u);
    ASSERT_EQ(engine_listen(second), 0u);
    ASSERT_EQ(engine_run(second), 0u);
    raw_client next;
    ASSERT_EQ(next.connect(path, 0), 0u);
    ASSERT_EQ(next.write("anew"), 0u);

    EXPECT_EQ(second_owner.next().kind, PIPE_READY);
    EXPECT_EQ(second_owner.next().kind, PIPE_CONNECTED);
    EXPECT_EQ(second_owner.next().text(), "anew");
    engine_begin_close(second, CLOSE_AT_ONCE);
    EXPECT_TRUE(second_owner.wait_until_ended());
    engine_close_handles(second);
    second_owner.forget();
    engine_release(second);
}

TEST_F(EngineClose, AnOwnerThatKeepsHandlesHasThemClosedByTheEngine)
{
    owner.closes_handles = false;
    start_with_client();
    HANDLE handle = connection_handle(c);
    DWORD flags;

    stop();
    EXPECT_TRUE(GetHandleInformation(handle, &flags));
    engine_close_handles(e);

    EXPECT_FALSE(GetHandleInformation(handle, &flags));
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(EngineClose, HandlesCanBeClosedWhileAHandlerHoldsAWorker)
{
    blocking_point handler;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind != PIPE_MESSAGE)
            return;
        handler.block();
    };
    raw_client other;
    settings.threads = 1;
    start_with_client();
    connect(other);
    ASSERT_EQ(client.write("stuck"), 0u);
    ASSERT_TRUE(handler.wait_until_blocked());

    engine_begin_close(e, CLOSE_AT_ONCE);
    engine_close_handles(e);

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(other.wait_until_closed(), 0u);
    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.ended_calls(), 0u);
    handler.unblock();
    EXPECT_TRUE(owner.wait_until_ended());
    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 2u);
}

TEST_F(EngineClose, FromEveryKindOfEvent)
{
    for (pipe_event_kind kind :
         {PIPE_READY, PIPE_CONNECTED, PIPE_MESSAGE, PIPE_SENT, PIPE_CONNECTION_ERROR, PIPE_DISCONNECTED})
        for (unsigned threads : {1, 4})
        {
            recording_owner its_owner;
            raw_client its_client;
            engine *its_engine;
            settings.path = path.c_str();
            settings.threads = threads;
            its_owner.on_event = [this, kind](pipe_event *event)
            {
                if (event->kind == kind)
                    engine_begin_close(event->engine, CLOSE_AT_ONCE);
                if (event->kind == PIPE_CONNECTED)
                    connection_report(event->connection, 1, nullptr);
                if (event->kind == PIPE_MESSAGE)
                    write(event->connection, "answer");
                if (event->kind == PIPE_SENT)
                    connection_close(event->connection, CLOSE_AT_ONCE);
            };
            ASSERT_EQ(engine_open(&settings, &its_owner, &its_engine), 0u);
            ASSERT_EQ(engine_listen(its_engine), 0u);
            ASSERT_EQ(engine_run(its_engine), 0u);

            if (its_client.connect(path, 0) == 0)
                its_client.write("hello");

            EXPECT_TRUE(its_owner.wait_until_ended()) << testing::PrintToString(kind) << " " << threads;
            EXPECT_EQ(WaitForSingleObject(engine_ended(its_engine), patience), WAIT_OBJECT_0);
            engine_close_handles(its_engine);
            its_owner.forget();
            engine_release(its_engine);
            EXPECT_TRUE(system.all_freed(patience));
            EXPECT_EQ(its_owner.complaints(), "");
        }
}

TEST_F(EngineClose, FromReadyBeforeTheLastThreadWasSeenToStart)
{
    settings.threads = 3;
    owner.on_event = [](pipe_event *event) { engine_begin_close(event->engine, CLOSE_AT_ONCE); };
    std::atomic<unsigned> threads = 0;
    const hooks_end hooks{this};
    system.thread_created = [&]
    {
        if (++threads == 3)
            owner.wait_until_ended(1000);
    };
    ASSERT_EQ(open(), 0u);
    ASSERT_EQ(engine_listen(e), 0u);

    EXPECT_EQ(engine_run(e), 0u);

    EXPECT_TRUE(owner.wait_until_ended(3000)) << "a thread was forgotten";
}

TEST_F(EngineClose, TheLastReferenceMayGoInAnEvent)
{
    start();
    engine *held = e;
    owner.keeps_connections = false;
    owner.on_event = [held](pipe_event *event)
    {
        if (event->kind != PIPE_MESSAGE)
            return;
        engine_begin_close(held, CLOSE_AT_ONCE);
        engine_release(held);
    };
    e = nullptr;

    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_EQ(client.write("end"), 0u);

    EXPECT_TRUE(owner.wait_until_ended());
    EXPECT_TRUE(system.all_freed(patience));
    EXPECT_EQ(owner.complaints(), "");
}

TEST_F(EngineClose, AHeldConnectionOutlivesTheEnginesOwnersReference)
{
    start_with_client();
    connection_hold(c);
    stop();
    engine_close_handles(e);
    owner.forget();
    engine_release(e);
    e = nullptr;

    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
    EXPECT_EQ(write(c, "x"), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_EQ(read(c), DWORD(PIPE_ERROR_NOT_OPEN));
    connection_close(c, CLOSE_AT_ONCE);
    connection_report(c, 5, nullptr);
    connection_release(c);
    EXPECT_TRUE(system.all_freed(patience));
}

TEST_F(EngineClose, AKeptEventOutlivesTheEnginesOwnersReference)
{
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    ASSERT_EQ(client.write("kept"), 0u);
    ASSERT_EQ(owner.next(c).kind, PIPE_MESSAGE);
    stop();
    engine_close_handles(e);
    engine_release(e);
    e = nullptr;

    EXPECT_EQ(owner.let_go(), 1u);

    owner.forget();
    EXPECT_TRUE(system.all_freed(patience));
    EXPECT_EQ(owner.buffers_out(), 0);
}

TEST_F(EngineClose, TwiceIsOnce)
{
    start_with_client();

    engine_begin_close(e, CLOSE_AT_ONCE);
    engine_begin_close(e, CLOSE_AT_ONCE);
    stop();
    engine_begin_close(e, CLOSE_AT_ONCE);

    EXPECT_EQ(owner.ended_calls(), 1u);
}

TEST_F(EngineClose, FromManyThreadsIsOnce)
{
    settings.threads = 4;
    start_with_client();

    {
        std::vector<background> threads;
        for (int i = 0; i < 8; i++)
            threads.emplace_back([&] { engine_begin_close(e, CLOSE_AT_ONCE); });
    }
    stop();

    EXPECT_EQ(owner.ended_calls(), 1u);
    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 1u);
}

TEST_F(EngineClose, GracefullySendsWhatIsQueued)
{
    start_with_client();
    for (int i = 1; i <= 3; i++)
        ASSERT_EQ(write(c, message_of(MIB, i), i), 0u);

    engine_begin_close(e, CLOSE_GRACEFULLY);
    EXPECT_EQ(write(c, "too late"), DWORD(PIPE_ERROR_NOT_OPEN));

    for (int i = 1; i <= 3; i++)
        EXPECT_TRUE(client.read() == message_of(MIB, i)) << i;
    EXPECT_TRUE(owner.wait_until_ended());
    EXPECT_EQ(owner.count(PIPE_SENT), 3u);
    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 1u);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
    EXPECT_EQ(connection_get_status(c).pending_bytes, 0);
}

TEST_F(EngineClose, GracefullyIsTurnedIntoAtOnceByASecondCall)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(MIB, 1), 1), 0u);
    engine_begin_close(e, CLOSE_GRACEFULLY);
    EXPECT_TRUE(owner.stays_quiet());

    stop();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).pending_bytes, LONGLONG(MIB));
}

TEST_F(EngineClose, WhileClientsComeAndTalk)
{
    settings.threads = 4;

    for (int round = 0; round < 15; round++)
    {
        recording_owner its_owner;
        engine *its_engine;
        std::atomic<bool> enough = false;
        settings.path = path.c_str();
        ASSERT_EQ(engine_open(&settings, &its_owner, &its_engine), 0u);
        ASSERT_EQ(engine_listen(its_engine), 0u);
        ASSERT_EQ(engine_run(its_engine), 0u);
        {
            std::vector<background> clients;
            for (int i = 0; i < 4; i++)
                clients.emplace_back(
                    [&]
                    {
                        while (!enough)
                        {
                            raw_client one;
                            if (one.connect(path, 0) == 0)
                                one.write("hello");
                        }
                    });
            ASSERT_TRUE(its_owner.wait_for(PIPE_MESSAGE, 5));

            engine_begin_close(its_engine, CLOSE_AT_ONCE);

            EXPECT_TRUE(its_owner.wait_until_ended());
            enough = true;
        }
        EXPECT_EQ(its_owner.count(PIPE_CONNECTED), its_owner.count(PIPE_DISCONNECTED));
        EXPECT_EQ(its_owner.count(PIPE_SERVER_ERROR) + its_owner.count(PIPE_CONNECTION_ERROR), 0u);
        engine_close_handles(its_engine);
        its_owner.forget();
        engine_release(its_engine);
        EXPECT_TRUE(system.all_freed(patience));
        EXPECT_EQ(its_owner.complaints(), "");
    }
}

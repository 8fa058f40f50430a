/* The instances that wait for clients: enough of them, never none, whatever goes wrong. */

#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"

extern "C" {
#include "pipe/engine.h"
}

class Listener : public engine_test
{
  protected:
    std::atomic<unsigned> tries = 0;
    std::atomic<DWORD> refusal = 0;

    /* One instance listens, and the next ones are refused as `refusal` says. */
    void start_with_one_instance()
    {
        settings.backlog = 1;
        system.create_named_pipe = [&]
        {
            tries++;
            return refusal.load();
        };
        start();
    }
    template <typename Condition> static bool becomes(Condition condition)
    {
        const ULONGLONG begun = GetTickCount64();

        while (!condition() && GetTickCount64() - begun < patience)
            Sleep(5);
        return condition();
    }
    /* Two, since one may be under way. */
    void wait_for_more_tries()
    {
        const unsigned before = tries;

        EXPECT_TRUE(becomes([&] { return tries >= before + 2; }));
    }
    bool is_name_free() const
    {
        return !WaitNamedPipeW(path.c_str(), 1) && GetLastError() == ERROR_FILE_NOT_FOUND;
    }
};

TEST_F(Listener, ABurstOfClientsFindsNoBusyPipe)
{
    std::vector<raw_client> clients(settings.backlog);
    ASSERT_EQ(open(), 0u);
    ASSERT_EQ(engine_listen(e), 0u); /* no worker runs: what stands there is all there is */

    for (raw_client &one : clients)
        EXPECT_EQ(one.connect(path, 0), 0u);

    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_PIPE_BUSY));
    ASSERT_EQ(engine_run(e), 0u);
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, settings.backlog));
}

TEST_F(Listener, ListensOnBacklogInstancesAndNoMore)
{
    settings.backlog = 7;
    start();

    EXPECT_EQ(system.pipes_created(), 7u);
}

TEST_F(Listener, AnInstanceIsReplacedBeforeItsClientIsAnnounced)
{
    std::vector<raw_client> clients(20);
    std::atomic<size_t> connected = 0, too_few = 0;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_CONNECTED)
            too_few += system.pipes_created() < settings.backlog + ++connected;
    };
    settings.threads = 1;
    start();

    for (raw_client &one : clients)
        ASSERT_EQ(one.connect(path), 0u);

    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 20));
    EXPECT_EQ(too_few, 0u);
}

TEST_F(Listener, WithABacklogOfOneTheNextClientFindsNoBusyPipeOnceTheLastWasAnnounced)
{
    std::vector<raw_client> clients(20);
    settings.backlog = 1;
    start();

    for (raw_client &one : clients)
    {
        EXPECT_EQ(one.connect(path, 0), 0u);
        ASSERT_NE(owner.accept(), nullptr);
    }
}

TEST_F(Listener, TakesManyClientsAtOnce)
{
    constexpr size_t crowd = 100;
    std::vector<raw_client> clients(crowd);
    settings.threads = 4;
    start();

    {
        std::vector<background> threads;
        for (int t = 0; t < 4; t++)
            threads.emplace_back(
                [&, t]
                {
                    for (size_t i = t; i < crowd; i += 4)
                        EXPECT_EQ(clients[i].connect(path), 0u);
                });
    }

    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, crowd));
    stop();
    EXPECT_EQ(system.pipes_created(), crowd + settings.backlog);
}

TEST_F(Listener, AClientThatComesBeforeTheWaitIsAClient)
{
    system.connect_named_pipe = [this](HANDLE) -> DWORD
    {
        if (!client.is_open())
        {
            EXPECT_EQ(client.connect(path, 0), 0u); /* ConnectNamedPipe will answer ERROR_PIPE_CONNECTED */
            EXPECT_EQ(client.write("early"), 0u);
        }
        return 0;
    };
    start();

    EXPECT_EQ(owner.next().kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next().text(), "early");
    EXPECT_TRUE(owner.stays_quiet(50));
    ASSERT_EQ(write(owner.accept(), "answer"), 0u);
    EXPECT_EQ(client.read_text(), "answer");
}

TEST_F(Listener, AClientThatComesBeforeTheWaitIsNotKeptWaitingByAnothersHandler)
{
    latch done;
    raw_client second;
    std::atomic<bool> watching = false;
    std::atomic<bool> handled = false;
    const hooks_end hooks{this};
    system.connect_named_pipe = [&](HANDLE) -> DWORD
    {
        if (!watching.exchange(false))
            return 0;
        EXPECT_EQ(second.connect(path, 0), 0u) << "the replacement of the first client's instance";
        return 0;
    };
    owner.on_turn = [&]
    {
        if (owner.count(PIPE_CONNECTED) > 0 && !handled.exchange(true)) /* a handler, where owners call them */
            done.wait(patience);
    };
    settings.backlog = 1;
    start();
    watching = true;

    ASSERT_EQ(client.connect(path, 0), 0u);

    c = owner.accept();
    EXPECT_NE(owner.accept(5000), nullptr);
    done.set();
}

TEST_F(Listener, AClientThatWritesAndVanishesBeforeTheWaitIsHeard)
{
    std::atomic<bool> came = false;
    const hooks_end hooks{this};
    system.connect_named_pipe = [&](HANDLE) -> DWORD
    {
        raw_client hasty;
        if (came.exchange(true))
            return 0;
        EXPECT_EQ(hasty.connect(path, 0), 0u); /* ConnectNamedPipe will answer ERROR_NO_DATA */
        EXPECT_EQ(hasty.write("hasty"), 0u);
        EXPECT_EQ(hasty.write(message()), 0u);
        return 0;
    };
    start();

    EXPECT_EQ(owner.next().kind, PIPE_CONNECTED);
    recorded_event first = owner.next(), second = owner.next();
    EXPECT_EQ(first.text(), "hasty");
    EXPECT_EQ(second.kind, PIPE_MESSAGE);
    EXPECT_TRUE(second.data.empty());
    EXPECT_EQ(owner.next().kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(owner.accept()).reason, CLOSE_OTHER_END);
}

TEST_F(Listener, AClientThatVanishesInSilenceBeforeTheWaitComesAndGoes)
{
    std::atomic<bool> came = false;
    const hooks_end hooks{this};
    system.connect_named_pipe = [&](HANDLE) -> DWORD
    {
        if (came.exchange(true))
            return 0;
        EXPECT_EQ(raw_client().connect(path, 0), 0u);
        return 0;
    };
    start();

    EXPECT_EQ(owner.next().kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next().kind, PIPE_DISCONNECTED);
    EXPECT_EQ(client.connect(path, 0), 0u);
}

TEST_F(Listener, WhenNoInstanceCanBeMadeItIsToldOnceAndTriedAgainWithPauses)
{
    std::vector<raw_client> clients(4);
    system.create_named_pipe = [this]
    {
        tries++;
        return refusal.load();
    };
    start();
    unsigned tries_at_start = tries;
    refusal = ERROR_NO_SYSTEM_RESOURCES;

    for (raw_client &one : clients)
        ASSERT_EQ(one.connect(path, 0), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_CONNECTED, 4)) << "those that had come are served";
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    EXPECT_TRUE(owner.stays_quiet(800));
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 1u);
    EXPECT_LE(tries - tries_at_start, 12u);
    refusal = 0;

    EXPECT_EQ(client.connect(path), 0u) << "deaf";
    ASSERT_TRUE(owner.wait_for(PIPE_CONNECTED, 5));
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 1u);
    for (const recorded_event &event : owner.all())
        EXPECT_EQ(event.error, event.kind == PIPE_SERVER_ERROR ? DWORD(ERROR_NO_SYSTEM_RESOURCES) : 0);
}

TEST_F(Listener, ALaterFailureIsToldAgain)
{
    raw_client second, third;
    settings.backlog = 1;
    system.create_named_pipe = [this] { return refusal.load(); };
    start();

    for (unsigned episode = 1; episode <= 2; episode++)
    {
        raw_client one;
        refusal = ERROR_NO_SYSTEM_RESOURCES;
        ASSERT_EQ(one.connect(path), 0u);
        ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, episode));
        refusal = 0;
        raw_client another;
        ASSERT_EQ(another.connect(path), 0u) << "deaf";
        ASSERT_TRUE(owner.wait_for(PIPE_CONNECTED, episode * 2));
    }

    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 2u);
}

/* A timer of the test's, on the engine's port. */
struct test_timer
{
    port_timer timer;
    latch *fired;
};

static void test_timer_fired(port_timer *timer)
{
    CONTAINER_OF(timer, test_timer, timer)->fired->set();
}

TEST_F(Listener, AfterASuccessTheFirstPauseIsShortAgain)
{
    latch tried_again, test_fired;
    test_timer timer = {{{nullptr, nullptr}, 0, test_timer_fired}, &test_fired};
    std::atomic<unsigned> refusals_left = 0;
    std::atomic<bool> second_time = false;
    bool was_first = false;
    settings.backlog = 1;
    settings.threads = 1; /* which fires the timers in their order, however late it is */
    const hooks_end hooks{this};
    system.create_named_pipe = [&]() -> DWORD
    {
        if (!refusals_left)
        {
            if (second_time)
                was_first = !test_fired.wait(0), tried_again.set();
            return 0;
        }
        if (second_time)
            port_timer_set(e->port, &timer.timer, 400);
        refusals_left--;
        return ERROR_NO_SYSTEM_RESOURCES;
    };
    start();
    raw_client others[2];
    refusals_left = 3; /* pauses of 100, 200 and 400 ms; the next would be 800 */
    ASSERT_EQ(others[0].connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    ASSERT_EQ(others[1].connect(path), 0u) << "deaf";
    ASSERT_TRUE(owner.wait_for(PIPE_CONNECTED, 2));

    second_time = true;
    refusals_left = 1;
    ASSERT_EQ(client.connect(path), 0u);

    ASSERT_TRUE(tried_again.wait(patience));
    EXPECT_TRUE(was_first) << "100 ms were longer than 400";
    ASSERT_TRUE(test_fired.wait(patience));
}

TEST_F(Listener, InALongShortageItIsTriedEveryFiveSeconds)
{
    const auto pause = [&]
    {
        guarded held(e->lock);
        return e->retry_ms;
    };
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));

    {
        guarded held(e->lock);
        e->retry_ms = 4000; /* and the try behind a short one is still to come */
    }

    EXPECT_TRUE(becomes([&] { return pause() != 4000; }));
    EXPECT_EQ(pause(), 5000u);
}

TEST_F(Listener, WhenWaitingFailsItIsToldOnceAndTriedAgain)
{
    system.connect_named_pipe = [this](HANDLE)
    {
        tries++;
        return refusal.load();
    };
    start();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    unsigned tries_at_start = tries;

    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    ASSERT_TRUE(owner.wait_for(PIPE_CONNECTED, 1)) << "who had come is served";
    EXPECT_TRUE(owner.stays_quiet(1000));
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 1u);
    EXPECT_LE(tries - tries_at_start, 12u);
    refusal = 0;

    std::vector<raw_client> clients(10);
    for (raw_client &one : clients)
        EXPECT_EQ(one.connect(path), 0u) << "deaf";
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 11));
}

TEST_F(Listener, AWaitThatFailsAtTheStartIsTheStartsFailure)
{
    system.connect_named_pipe = [this](HANDLE) -> DWORD { return ++tries == 3 ? ERROR_NO_SYSTEM_RESOURCES : 0; };
    ASSERT_EQ(open(), 0u);

    EXPECT_EQ(engine_listen(e), DWORD(ERROR_NO_SYSTEM_RESOURCES));

    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.all().size(), 0u);
}

TEST_F(Listener, AWaitThatTheSystemAbortedIsTakenUpAgain)
{
    std::vector<HANDLE> pipes;
    lock pipes_lock = {};
    const hooks_end hooks{this};
    system.connect_named_pipe = [&](HANDLE pipe) -> DWORD
    {
        lock_acquire(&pipes_lock);
        pipes.push_back(pipe);
        lock_release(&pipes_lock);
        return 0;
    };
    start();
    lock_acquire(&pipes_lock);
    std::vector<HANDLE> first = pipes;
    lock_release(&pipes_lock);

    for (HANDLE pipe : first)
        CancelIoEx(pipe, nullptr); /* as the end of the thread that issued it does on some systems */

    std::vector<raw_client> clients(6);
    for (raw_client &one : clients)
        EXPECT_EQ(one.connect(path), 0u);
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 6));
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 0u);
}

TEST_F(Listener, AStopInThePauseOfARetryLeavesNothing)
{
    raw_client others[4];
    system.create_named_pipe = [this] { return refusal.load(); };
    start();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    for (raw_client &one : others)
        ASSERT_EQ(one.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));

    stop();

    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 1u);
}

/* ---- the name ---- */

TEST_F(Listener, WhileNoInstanceCanBeMadeTheLastOneKeepsTheName)
{
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));

    client.close();

    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    wait_for_more_tries();
    EXPECT_FALSE(is_name_free());
    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_PIPE_BUSY));
    refusal = 0;
    raw_client later;
    EXPECT_EQ(later.connect(path), 0u) << "deaf";
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 2));
}

TEST_F(Listener, WhatAClientHasLeftUnreadDoesNotCostTheName)
{
    settings.flow.read_continuously = false;
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    c = connect(client);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    ASSERT_EQ(client.write("never read"), 0u);
    client.close();

    connection_close(c, CLOSE_AT_ONCE);

    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    wait_for_more_tries();
    EXPECT_FALSE(is_name_free());
    refusal = 0;
    EXPECT_EQ(raw_client().connect(path), 0u) << "deaf";
}

TEST_F(Listener, AnInstanceWhoseWaitWasLostKeepsTheName)
{
    std::atomic<HANDLE> waiting = nullptr, disconnected = nullptr;
    const hooks_end hooks{this};
    system.connect_named_pipe = [&](HANDLE pipe)
    {
        waiting = pipe;
        return refusal.load();
    };
    system.disconnect_named_pipe = [&](HANDLE pipe) { disconnected = pipe; };
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;

    CancelIoEx(waiting, nullptr);

    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    wait_for_more_tries();
    EXPECT_FALSE(is_name_free());
    const HANDLE lost = waiting;
    EXPECT_TRUE(becomes([&] { return disconnected == lost; })) << "so that on Windows a client sees the pipe busy";
    refusal = 0;
    EXPECT_TRUE(becomes([&] { return waiting != lost; })) << "its replacement's turn";
    EXPECT_EQ(client.connect(path), 0u) << "deaf";
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 1));
}

TEST_F(Listener, AnInstanceThatCannotWaitKeepsTheName)
{
    std::atomic<DWORD> wait_refusal = 0;
    std::atomic<unsigned> waits = 0;
    raw_client second;
    const hooks_end hooks{this};
    system.connect_named_pipe = [&](HANDLE)
    {
        waits += !wait_refusal;
        return wait_refusal.load();
    };
    start_with_one_instance();
    wait_refusal = ERROR_NO_SYSTEM_RESOURCES;
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));

    client.close();

    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    wait_for_more_tries();
    EXPECT_FALSE(is_name_free());
    wait_refusal = 0;
    EXPECT_TRUE(becomes([&] { return waits == 2; }));
    EXPECT_EQ(second.connect(path), 0u) << "deaf";
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 2));
}

TEST_F(Listener, AClientThatIsClosedInAShortageSeesItsEndAtOnce)
{
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    c = connect(client);

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Listener, ANameThatWasLostIsClaimedAnewAndNotSharedWithAStranger)
{
    std::atomic<bool> is_taken = false;
    const hooks_end hooks{this};
    system.create_instance = [&](const WCHAR *, DWORD open_mode) -> DWORD /* as Windows does */ {
        return is_taken && (open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) ? ERROR_ACCESS_DENIED : 0;
    };
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    c = connect(client);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    connection_close(c, CLOSE_AT_ONCE); /* with its client there, it cannot keep the name */
    ASSERT_EQ(client.wait_until_closed(), 0u);
    client.close();
    {
        raw_server stranger(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, PIPE_UNLIMITED_INSTANCES);
        ASSERT_TRUE(stranger.is_open());
        is_taken = true;

        refusal = 0;

        ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 2));
        wait_for_more_tries();
        is_taken = false;
    }
    EXPECT_EQ(client.connect(path), 0u) << "deaf";
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 2));
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 2u);
    DWORD last = 0;
    for (const recorded_event &event : owner.all())
        last = event.kind == PIPE_SERVER_ERROR ? event.error : last;
    EXPECT_EQ(last, DWORD(PIPE_ERROR_NAME_IN_USE));
}

TEST_F(Listener, AStopGivesTheNameBackThatTheLastInstanceKept)
{
    start_with_one_instance();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    ASSERT_EQ(client.connect(path), 0u);
    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));

    stop();

    EXPECT_TRUE(is_name_free());
}

TEST_F(Listener, AShortageOfMemoryForAnInstanceIsTold)
{
    std::atomic<bool> poor = false;
    settings.backlog = 1;
    const hooks_end hooks{this};
    system.allocate = [&](size_t) { return !poor; };
    start();
    poor = true;

    ASSERT_EQ(client.connect(path, 0), 0u);

    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1)) << "the event needs no memory";
    poor = false;
    raw_client later;
    EXPECT_EQ(later.connect(path), 0u);
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 2));
}

/* ---- pauses ---- */

TEST_F(Listener, InAPauseNoClientIsAcceptedAndNoneIsLost)
{
    std::vector<raw_client> clients(10);
    start();
    engine_pause(e, true);

    std::vector<background> threads;
    for (raw_client &one : clients)
        threads.emplace_back([&] { EXPECT_EQ(one.connect(path), 0u); });
    EXPECT_TRUE(owner.stays_quiet(500));
    engine_pause(e, false);
    engine_advance(e);

    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 10));
}

TEST_F(Listener, OfAnEngineThatIsPausedHasTheNameAllTheSame)
{
    settings.backlog = 3;
    ASSERT_EQ(open(), 0u);
    engine_pause(e, true);

    ASSERT_EQ(engine_listen(e), 0u);
    ASSERT_EQ(engine_run(e), 0u);

    ASSERT_TRUE(owner.wait_for(PIPE_READY, 1));
    EXPECT_EQ(system.pipes_created(), 3u) << "so many may come during the pause";
    EXPECT_EQ(client.connect(path), 0u);
    EXPECT_TRUE(owner.stays_quiet()) << "it has come, and waits";
    engine_pause(e, false);
    engine_advance(e);
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 1));
}

TEST_F(Listener, InAPauseATryToMakeAnInstanceTakesNobodyIn)
{
    raw_client second;
    settings.backlog = 2;
    system.create_named_pipe = [this]
    {
        tries++;
        return refusal.load();
    };
    start();
    refusal = ERROR_NO_SYSTEM_RESOURCES;
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SERVER_ERROR, 1));
    engine_pause(e, true);
    ASSERT_EQ(second.connect(path), 0u);

    const unsigned before = tries;
    while (tries < before + 2)
        Sleep(1);

    EXPECT_EQ(owner.count(PIPE_CONNECTED), 1u);
    refusal = 0;
    engine_pause(e, false);
    engine_advance(e);
    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, 2));
}

/* While the engine goes on after a pause, on a thread of the owner's, it is stopped on another. */
TEST_F(Listener, NoFailureIsToldOnceTheEngineCloses)
{
    settings.backlog = 1;
    start();
    engine_pause(e, true);
    ASSERT_EQ(client.connect(path), 0u);
    EXPECT_TRUE(owner.stays_quiet()) << "it has come, and waits";
    system.create_io_completion_port = [this]
    {
        engine_begin_close(e, CLOSE_AT_ONCE);
        EXPECT_EQ(WaitForSingleObject(engine_ended(e), 200), DWORD(WAIT_TIMEOUT)) << "it may have something to tell";
        return ERROR_NO_SYSTEM_RESOURCES;
    };
    engine_pause(e, false);

    engine_advance(e);

    EXPECT_EQ(WaitForSingleObject(engine_ended(e), patience), WAIT_OBJECT_0);
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 0u);
}

TEST_F(Listener, InAPauseNothingIsReadAndNothingIsLost)
{
    start_with_client();
    engine_pause(e, true);

    for (int i = 0; i < 20; i++)
        ASSERT_EQ(client.write(message_of(100, i)), 0u);
    EXPECT_TRUE(owner.stays_quiet() || owner.stays_quiet());
    EXPECT_LE(owner.count(PIPE_MESSAGE), 1u) << "what was begun completes";
    engine_pause(e, false);
    engine_advance(e);

    for (int i = 0; i < 20; i++)
        ASSERT_TRUE(owner.next(c).data == message_of(100, i)) << i;
}

TEST_F(Listener, InAPauseAMessageThatWasBegunIsReadToItsEnd)
{
    start_with_client();
    ASSERT_EQ(client.write("before"), 0u);
    ASSERT_EQ(owner.next(c).text(), "before"); /* and the next read is under way */
    engine_pause(e, true);

    ASSERT_EQ(client.write(message_of(5000, 1)), 0u);

    EXPECT_TRUE(owner.next(c).data == message_of(5000, 1));
}

TEST_F(Listener, InAPauseARequestedReadIsHonoured)
{
    settings.flow.read_continuously = false;
    start_with_client();
    ASSERT_EQ(client.write("asked for"), 0u);
    engine_pause(e, true);

    ASSERT_EQ(read(c, 1), 0u);

    EXPECT_EQ(owner.next(c).text(), "asked for");
}

TEST_F(Listener, InAPauseWritesGoOn)
{
    start_with_client();
    engine_pause(e, true);

    ASSERT_EQ(write(c, "answer", 1), 0u);

    EXPECT_EQ(client.read_text(), "answer");
    EXPECT_EQ(owner.next(c).cookie, 1);
}

TEST_F(Listener, AStopInAPauseEndsThoseWhoCameMeanwhile)
{
    raw_client others[3];
    start();
    engine_pause(e, true);
    for (raw_client &one : others)
        ASSERT_EQ(one.connect(path), 0u);

    stop();

    EXPECT_EQ(owner.count(PIPE_CONNECTED), owner.count(PIPE_DISCONNECTED));
    for (raw_client &one : others)
        EXPECT_EQ(one.wait_until_closed(), 0u);
}

/* What ends a dialing before the pipe is there, and what goes on. */

#include "support/pipe/dialing_fixture.h"

TEST_F(Dialing, IsEndedByAClose)
{
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    connection_close(c, CLOSE_GRACEFULLY);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
    EXPECT_EQ(write(c, "no"), DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Dialing, IsEndedByAStop)
{
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    stop();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
    EXPECT_EQ(owner.all().size(), 1u);
}

TEST_F(Dialing, ABlockedOpeningHoldsUpNeitherAStopNorTheOthers)
{
    raw_server server(path);
    blocking_point opening;
    connection *other = nullptr;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *what, DWORD, DWORD)
    {
        if (wcsstr(what, L"elsewhere"))
        {
            opening.block();
        }
        return 0u;
    };
    settings.threads = 1;
    start_to_dial();
    ASSERT_EQ(connection_dial(e, L"\\\\elsewhere\\pipe\\x", INFINITE, &settings.flow, &user, &other), 0u);
    EXPECT_TRUE(opening.wait_until_blocked());
    ASSERT_EQ(dial(), 0u);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);

    stop();

    opening.unblock();
    connection_release(other);
}

TEST_F(Dialing, APipeThatOpensAfterTheCloseIsClosedAgain)
{
    raw_server server(path);
    blocking_point opening;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        opening.block();
        return 0u;
    };
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_TRUE(opening.wait_until_blocked());
    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    opening.unblock();

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Dialing, AStopWhileThePipeIsBeingOpenedClosesItAgain)
{
    raw_server server(path);

    system.create_file = [this](const WCHAR *, DWORD, DWORD)
    {
        engine_begin_close(e, CLOSE_AT_ONCE);
        return 0u;
    };
    start_to_dial();
    ASSERT_EQ(dial(), 0u);

    EXPECT_TRUE(owner.wait_until_ended());
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Dialing, FailsWithoutMemory)
{
    std::atomic<int> allocations = 0;
    const hooks_end hooks{this};
    start_to_dial();
    for (int missing = 1; missing <= 3; missing++)
    {
        allocations = 0;
        system.allocate = [&allocations, missing](size_t) { return ++allocations != missing; };
        EXPECT_EQ(dial(), DWORD(ERROR_NOT_ENOUGH_MEMORY)) << "allocation " << missing;
        EXPECT_EQ(c, nullptr);
    }
    system.allocate = nullptr;
    stop();
    EXPECT_EQ(owner.all().size(), 0u);
    EXPECT_EQ(dial(), DWORD(PIPE_ERROR_NOT_OPEN)) << "the engine is closing";
}

TEST_F(Dialing, WhatCameToNothingIsFreedWithTheEnd)
{
    start_to_dial();
    ASSERT_EQ(dial(50), 0u);
    EXPECT_EQ(write(c, "never", 1), 0u);
    EXPECT_EQ(read(c, 2), 0u);

    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    stop();
    EXPECT_EQ(owner.cookies_out(), 0);
}

/* ---- a graceful close meanwhile ---- */

TEST_F(Dialing, AGracefulCloseConnectsThenSendsWhatIsQueuedAndTellsIt)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_EQ(write(c, "first", 1), 0u);
    EXPECT_EQ(write(c, "second", 2), 0u);
    connection_close(c, CLOSE_GRACEFULLY);
    EXPECT_EQ(write(c, "too late"), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_EQ(read(c), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_TRUE(owner.stays_quiet(100));
    EXPECT_TRUE(connection_get_status(c).opening);

    raw_server server(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "first");
    EXPECT_EQ(server.read_text(), "second");
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).cookie, 2);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
}

TEST_F(Dialing, AGracefulCloseTellsThatItCouldNotConnect)
{
    start_to_dial();
    ASSERT_EQ(dial(100), 0u);
    EXPECT_EQ(write(c, "never", 1), 0u);
    connection_close(c, CLOSE_GRACEFULLY);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONNECT_FAILED);
    EXPECT_GT(connection_get_status(c).pending_bytes, 0);
}

TEST_F(Dialing, AGracefulCloseIsEndedByAPlainOne)
{
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    EXPECT_EQ(write(c, "never", 1), 0u);
    connection_close(c, CLOSE_GRACEFULLY);
    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
}

TEST_F(Dialing, AGracefulStopConnectsAndSendsToo)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_EQ(write(c, "last words", 1), 0u);
    engine_begin_close(e, CLOSE_GRACEFULLY);
    EXPECT_EQ(WaitForSingleObject(engine_ended(e), 100), DWORD(WAIT_TIMEOUT)) << "the workers wait for the pipe";

    raw_server server(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "last words");
    EXPECT_TRUE(owner.wait_until_ended());
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
}

TEST_F(Dialing, AGracefulStopIsEndedByAPlainOne)
{
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    EXPECT_EQ(write(c, "never", 1), 0u);
    engine_begin_close(e, CLOSE_GRACEFULLY);
    stop();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
}

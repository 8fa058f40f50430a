/* Opening a pipe of another computer. */

#include "support/pipe/remote_fixture.h"

TEST_F(Remote, IsToldThatThereIsNoThreadToOpenItOn)
{
    start_to_dial();
    system.create_thread = [] { return ERROR_NOT_ENOUGH_MEMORY; };
    ASSERT_EQ(dial(&c, INFINITE), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Remote, ManyThatWaitForOneBlockedPipeTakeOneThread)
{
    std::vector<connection *> many(30);
    std::atomic<unsigned> threads = 0;

    const hooks_end hooks{this};
    system.create_thread = [&]
    {
        threads++;
        return 0u;
    };
    block_openings(ERROR_BAD_NETPATH);
    start_to_dial();
    for (connection *&one : many)
        EXPECT_EQ(dial(&one), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    go.set();

    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, many.size()));
    EXPECT_EQ(threads, 2u) << "the worker, and one that opens";
    for (connection *one : many)
    {
        EXPECT_EQ(connection_get_status(one).last_error, DWORD(ERROR_BAD_NETPATH)) << "what the one try has found";
        connection_release(one);
    }
}

TEST_F(Remote, ATryThatHangsKeepsNobodyPastHisTime)
{
    connection *second = nullptr;

    block_openings(ERROR_BAD_NETPATH);
    start_to_dial();
    ASSERT_EQ(dial(&c, 1000), 0u); /* the thread of the try begins within that */
    EXPECT_TRUE(blocked.wait(patience));
    ASSERT_EQ(dial(&second, 100), 0u);

    EXPECT_EQ(owner.next(second).error, DWORD(PIPE_ERROR_TIMED_OUT)) << "who came meanwhile";
    EXPECT_EQ(owner.next(second).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(owner.next(c).error, DWORD(PIPE_ERROR_TIMED_OUT)) << "and whose try it is";
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    connection_release(second);
}

TEST_F(Remote, WhoseTimeIsUpIsToldWhatTheLastTrySaid)
{
    std::atomic<unsigned> tries = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        if (!tries++)
            return ERROR_PIPE_BUSY;
        blocked.set();
        wait_to_go();
        return ERROR_BAD_NETPATH;
    };
    start_to_dial();
    ASSERT_EQ(dial(&c, 1000), 0u); /* the thread of the try begins within that */
    EXPECT_TRUE(blocked.wait(patience));

    EXPECT_EQ(owner.next(c).error, DWORD(PIPE_ERROR_BUSY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    go.set();
}

TEST_F(Remote, TheOneTryOfNoTimeMayTakeAsLongAsItDoes)
{
    block_openings();
    start_to_dial();
    ASSERT_EQ(dial(&c, 0), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    EXPECT_TRUE(owner.stays_quiet(100));
    go.set();

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
}

/* The one worker has something else to do until the time is up. */
TEST_F(Remote, AWorkerThatIsLateCostsNobodyHisTry)
{
    std::atomic<bool> hold = true;
    blocking_point turn;

    const hooks_end hooks{this};
    owner.on_turn = [&]
    {
        if (!hold.exchange(false))
            return;
        turn.block();
    };
    block_openings();
    start_to_dial();
    engine_kick(e);
    EXPECT_TRUE(turn.wait_until_blocked());
    ASSERT_EQ(dial(&c, 20), 0u);
    EXPECT_FALSE(blocked.wait(50)) << "nobody begins it";
    turn.unblock();
    EXPECT_TRUE(blocked.wait(patience));
    EXPECT_TRUE(owner.stays_quiet(50));
    go.set();

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
}

TEST_F(Remote, ABlockedPipeHoldsUpNoOther)
{
    std::wstring other_path = unique_pipe_path();
    raw_server other_server(other_path);
    connection *other = nullptr;

    system.create_file = [this](const WCHAR *what, DWORD, DWORD)
    {
        if (seen_from_afar(path) == what)
        {
            blocked.set();
            wait_to_go();
        }
        return 0u;
    };
    start_to_dial();
    ASSERT_EQ(dial(&c), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    ASSERT_EQ(connection_dial(e, seen_from_afar(other_path).c_str(), patience, &settings.flow, &user, &other), 0u);

    EXPECT_EQ(other_server.accept(), 0u);
    EXPECT_EQ(owner.next(other).kind, PIPE_CONNECTED);
    connection_release(other);
}

TEST_F(Remote, APipeThatOpensAfterTheEndIsClosedAgain)
{
    block_openings();
    start_to_dial();
    ASSERT_EQ(dial(&c), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    stop();
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);

    go.set();

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

/* The pipe is open, and no worker has come yet to say so. */
TEST_F(Remote, ACloseBetweenTheOpeningAndConnectedTellsDisconnectedAlone)
{
    std::atomic<bool> hold = false;
    latch held, opened;
    unsigned bound = 0;

    const hooks_end hooks{this};
    owner.on_turn = [&]
    {
        if (hold.exchange(false))
        {
            held.set();
            wait_to_go();
        }
    };
    system.create_io_completion_port = [&]
    {
        if (bound++)
            opened.set();
        return 0u;
    };
    start_to_dial();
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        hold = true;
        engine_kick(e);
        held.wait(patience);
        return 0u;
    };
    ASSERT_EQ(dial(&c), 0u);
    EXPECT_TRUE(opened.wait(patience));
    connection_close(c, CLOSE_AT_ONCE); /* waits for the lock, under which the pipe is bound */
    go.set();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_handle(c), nullptr) << "as far as anybody was told, it was never open";
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Remote, AMissingPipeIsTriedAgain)
{
    server.close();
    start_to_dial();
    ASSERT_EQ(dial(&c), 0u);
    EXPECT_TRUE(owner.stays_quiet(100));

    raw_server later(path);

    EXPECT_EQ(later.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
}

/* Many connections of our own that wait for a pipe at once. */

#include "support/pipe/dialing_fixture.h"

#include <atomic>
#include <memory>
#include <vector>

TEST_F(Dialing, MakesNoThreadForAPipeOfThisComputer)
{
    std::vector<connection *> many(100);
    std::atomic<unsigned> threads = 0;

    const hooks_end hooks{this};
    system.create_thread = [&]
    {
        threads++;
        return 0u;
    };
    start_to_dial();
    for (connection *&one : many)
        EXPECT_EQ(connection_dial(e, path.c_str(), 50, &settings.flow, &user, &one), 0u);
    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, many.size()));

    EXPECT_EQ(threads, settings.threads) << "the workers";
    for (connection *one : many)
        connection_release(one);
}

/* As in a sandbox, or where the system's wait for a free instance fails at once. */
TEST_F(Dialing, ManyThatWaitForABusyPipeTryItTogetherAndWithPauses)
{
    std::vector<connection *> many(50);
    std::atomic<unsigned> tries = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        tries++;
        return ERROR_PIPE_BUSY;
    };
    start_to_dial();
    for (connection *&one : many)
        EXPECT_EQ(connection_dial(e, path.c_str(), 200, &settings.flow, &user, &one), 0u);
    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, many.size()));

    EXPECT_LT(tries, 250u) << "each by itself, every 32 ms, would be 300; without a pause there are thousands";
    for (connection *one : many)
    {
        EXPECT_EQ(connection_get_status(one).last_error, DWORD(PIPE_ERROR_BUSY));
        connection_release(one);
    }
}

TEST_F(Dialing, ThoseThatWaitForAPipeAreServedInTheOrderOfTheirCalls)
{
    std::vector<connection *> waiting(3);

    start_to_dial();
    for (connection *&one : waiting)
        EXPECT_EQ(connection_dial(e, path.c_str(), INFINITE, &settings.flow, &user, &one), 0u);

    raw_server server(path);

    for (connection *one : waiting)
    {
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(owner.next().from, one);
        server.disconnect();
        EXPECT_EQ(owner.next(one).kind, PIPE_CONNECTED);
        EXPECT_EQ(owner.next(one).kind, PIPE_DISCONNECTED);
        EXPECT_EQ(owner.next().from, one) << "the same two";
        connection_release(one);
    }
}

TEST_F(Dialing, MoreThanOneRoundOfPipesIsOpened)
{
    std::vector<std::unique_ptr<raw_server>> servers;
    std::vector<connection *> many(40);

    for (size_t i = 0; i < many.size(); i++)
        servers.emplace_back(new raw_server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 64));
    start_to_dial();
    for (connection *&one : many)
        EXPECT_EQ(connection_dial(e, path.c_str(), patience, &settings.flow, &user, &one), 0u);

    EXPECT_TRUE(owner.wait_for(PIPE_CONNECTED, many.size()));
    for (connection *one : many)
        connection_release(one);
}

TEST_F(Dialing, WhoGivesUpLeavesTheOthersWaiting)
{
    connection *other = nullptr;

    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    ASSERT_EQ(connection_dial(e, path.c_str(), INFINITE, &settings.flow, &user, &other), 0u);
    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);

    raw_server server(path);

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(other).kind, PIPE_CONNECTED);
    connection_release(other);
}

TEST_F(Dialing, AnErrorThatDoesNotPassIsToldToAllWhoWait)
{
    connection *other = nullptr;
    std::atomic<DWORD> answer = ERROR_PIPE_BUSY;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD) { return answer.load(); };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    ASSERT_EQ(connection_dial(e, path.c_str(), INFINITE, &settings.flow, &user, &other), 0u);
    EXPECT_TRUE(owner.stays_quiet(50));
    answer = ERROR_BAD_NETPATH;

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_BAD_NETPATH));
    EXPECT_EQ(owner.next(other).error, DWORD(ERROR_BAD_NETPATH));
    connection_release(other);
}

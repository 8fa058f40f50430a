/* Many connections of our own that wait for a pipe at once. */

#include "support/pipe/dialing_fixture.h"
#include "support/pipe/port_fixture.h"

#include <algorithm>
#include <atomic>
#include <cwctype>
#include <memory>
#include <vector>

extern "C" {
#include "pipe/engine.h"
}

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

TEST_F(Dialing, WhoNeedsTheServerLeavesTheOthersWaiting)
{
    flow_settings needs = settings.flow;
    connection *other = nullptr;
    needs.needs_server = true;

    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    ASSERT_EQ(connection_dial(e, path.c_str(), INFINITE, &needs, &user, &other), 0u);
    EXPECT_EQ(owner.next(other).error, DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.next(other).kind, PIPE_DISCONNECTED);
    connection_release(other);

    raw_server server(path);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
}

/* The try that is under way began before: the pipe may be there by now. */
TEST_F(Dialing, WhoNeedsTheServerIsNotAnsweredByATryThatBeganBefore)
{
    flow_settings needs = settings.flow;
    std::unique_ptr<raw_server> server;
    connection *other = nullptr;
    latch began, added;
    needs.needs_server = true;
    unsigned tries = 0;
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD) -> DWORD
    {
        if (tries++)
            return 0;
        began.set();
        EXPECT_TRUE(added.wait(patience));
        return ERROR_FILE_NOT_FOUND;
    };
    start_to_dial();
    ASSERT_EQ(dial(0), 0u);
    EXPECT_TRUE(began.wait(patience));
    ASSERT_EQ(connection_dial(e, path.c_str(), INFINITE, &needs, &user, &other), 0u);
    server.reset(new raw_server(path));
    added.set();

    EXPECT_EQ(server->accept(), 0u);
    EXPECT_EQ(owner.next(other).kind, PIPE_CONNECTED);
    connection_release(other);
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

TEST_F(Dialing, ThoseThatSpellAPathInAnotherCaseWaitForTheSameTry)
{
    std::wstring capitals = path;
    connection *other = nullptr;
    std::atomic<unsigned> tries = 0;
    blocking_point opening;

    std::transform(capitals.begin() + capitals.rfind(L'\\'), capitals.end(), capitals.begin() + capitals.rfind(L'\\'),
                   towupper);
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        tries++;
        opening.block();
        return ERROR_BAD_NETPATH;
    };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    ASSERT_TRUE(opening.wait_until_blocked());
    ASSERT_EQ(connection_dial(e, capitals.c_str(), INFINITE, &settings.flow, &user, &other), 0u);
    opening.unblock();

    EXPECT_EQ(owner.next(other).error, DWORD(ERROR_BAD_NETPATH));
    EXPECT_EQ(tries, 1u);
    connection_release(other);
}

/* ---- pauses ---- */

/* One worker, which fires timers in their order, however late it is: so one of the test's tells a long pause from a
 * short one. */
class DialingPauses : public Dialing
{
  protected:
    static constexpr unsigned many = 9; /* tries of a missing pipe: the pause behind them is 256 ms */
    counted_timer timer;
    latch tried;
    bool was_short = false;
    connection *second = nullptr;

    DialingPauses()
    {
        settings.threads = 1;
    }

    DWORD dial_another()
    {
        return connection_dial(e, path.c_str(), INFINITE, &settings.flow, &user, &second);
    }
    void set_timer(DWORD ms)
    {
        port_timer_set(e->port, &timer, ms);
    }
    /* In the try behind the pause in question. */
    void judge_pause()
    {
        if (tried.wait(0))
            return;
        was_short = !timer.times;
        tried.set();
    }
    void expect_a_short_pause()
    {
        ASSERT_TRUE(tried.wait(patience));
        EXPECT_TRUE(was_short);
        EXPECT_TRUE(timer.fired_once.wait(patience));
        stop(); /* the hooks use what is the test's */
        connection_release(second);
    }
};

TEST_F(DialingPauses, AreShortAgainOnceAPipeWasOpened)
{
    raw_server server(path);
    unsigned tries = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD) -> DWORD
    {
        if (++tries == many + 1)
            return 0;
        if (tries == many + 2)
            set_timer(150);
        else if (tries > many + 2)
            judge_pause();
        return ERROR_FILE_NOT_FOUND;
    };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    ASSERT_EQ(dial_another(), 0u);

    expect_a_short_pause();
}

TEST_F(DialingPauses, DoNotConcernWhoComesDuringATry)
{
    unsigned tries = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        if (++tries == many)
        {
            EXPECT_EQ(dial_another(), 0u);
            set_timer(150);
        }
        else if (tries > many)
            judge_pause();
        return ERROR_FILE_NOT_FOUND;
    };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    expect_a_short_pause();
}

TEST_F(DialingPauses, DoNotConcernWhoComesInOne)
{
    std::atomic<unsigned> tries = 0;
    latch in_pause;

    const hooks_end hooks{this};
    owner.on_turn = [&]
    {
        if (tries == many)
            in_pause.set();
    };
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        if (++tries > many)
            judge_pause();
        return ERROR_FILE_NOT_FOUND;
    };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);
    ASSERT_TRUE(in_pause.wait(patience));

    ASSERT_EQ(dial_another(), 0u);
    set_timer(50);

    expect_a_short_pause();
}

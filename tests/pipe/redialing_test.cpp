/* A connection that is dialed again when it has ended: another one takes its place. */

#include "support/pipe/dialing_fixture.h"

#include <deque>

namespace
{

/* Whoever is told of the end dials again, with a connection that was made before. */
class Redialing : public Dialing
{
  protected:
    Redialing()
    {
        settings.flow.reconnect_pause = 200;
        owner.on_event = [this](pipe_event *event)
        {
            if (event->kind == PIPE_CONNECTION_ERROR && event->error == PIPE_ERROR_NOT_SENT)
                unsent = connection_unsent(event->connection);
            if (event->kind == PIPE_DISCONNECTED && dials_again && event->connection != next)
                refused = connection_dial_again(next, event->connection);
        };
    }

    /* Connects, and prepares what is to follow. */
    void connect_first(raw_server &server)
    {
        connect_to(server);
        ASSERT_FALSE(HasFatalFailure());
        prepare();
    }

    void prepare()
    {
        next = connection_prepare(e, path.c_str(), &settings.flow, &user);
        ASSERT_NE(next, nullptr);
        mine.push_back(next);
    }

    void TearDown() override
    {
        if (e && !owner.ended_calls())
            stop();
        for (connection *one : mine)
        {
            connection_close_handle(one);
            connection_release(one);
        }
        mine.clear();
        Dialing::TearDown();
    }

    /* The server of `from` leaves, and its end is told. */
    void lose(raw_server &server, connection *from)
    {
        server.close();
        EXPECT_EQ(owner.next(from).error, DWORD(PIPE_ERROR_NOT_SENT));
        EXPECT_EQ(owner.next(from).kind, PIPE_DISCONNECTED);
    }

    connection *next = nullptr;
    std::deque<connection *> mine;
    bool dials_again = true;
    unsigned unsent = 77;
    DWORD refused = 77;
};

TEST_F(Redialing, AnotherConnectionComesToTheServerThatIsBack)
{
    raw_server server(path);
    connect_first(server);
    lose(server, c);
    EXPECT_EQ(refused, 0u);
    EXPECT_TRUE(connection_get_status(next).opening);
    raw_server second(path);

    EXPECT_EQ(second.accept(), 0u);

    EXPECT_EQ(owner.next(next).kind, PIPE_CONNECTED);
    EXPECT_EQ(write(next, "again"), 0u);
    EXPECT_EQ(second.read_text(), "again");
}

TEST_F(Redialing, NotSentTellsWhatThePipeHasNotTaken)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 1, 0);
    connect_first(server);
    EXPECT_EQ(write(c, "one"), 0u);
    EXPECT_EQ(write(c, "two"), 0u);

    lose(server, c);

    EXPECT_EQ(unsent, 2u);
}

TEST_F(Redialing, ItsFirstTryComesAfterAPauseAndThePausesDouble)
{
    std::deque<ULONGLONG> tries;
    raw_server server(path);
    blocking_point fourth;
    const hooks_end hooks{this};
    settings.flow.reconnect_pause = 300;
    connect_first(server);
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        tries.push_back(win32.tick_count());
        if (tries.size() == 4)
            fourth.block();
        return DWORD(ERROR_FILE_NOT_FOUND);
    };
    const ULONGLONG begun = win32.tick_count();
    lose(server, c);
    EXPECT_TRUE(fourth.wait_until_blocked());

    EXPECT_GE(tries[0] - begun + 16, 100u);
    EXPECT_GE(tries[1] - tries[0] + 16, 200u);
    EXPECT_GE(tries[2] - tries[1] + 16, 300u);
    EXPECT_LT(tries[3] - tries[2], 399u) << "the longest pause is 300 ms";
    fourth.unblock();
}

TEST_F(Redialing, EveryErrorPasses)
{
    std::deque<DWORD> errors = {ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, ERROR_BAD_NETPATH};
    raw_server server(path);
    const hooks_end hooks{this};
    connect_first(server);
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        const DWORD error = errors.empty() ? 0 : errors.front();

        if (!errors.empty())
            errors.pop_front();
        return error;
    };
    lose(server, c);
    raw_server second(path);

    EXPECT_EQ(second.accept(), 0u);

    EXPECT_EQ(owner.next(next).kind, PIPE_CONNECTED);
}

TEST_F(Redialing, NeedsServerDoesNotCountAgain)
{
    settings.flow.needs_server = true;
    raw_server server(path);
    connect_first(server);
    lose(server, c);
    EXPECT_TRUE(owner.stays_quiet(500));
    raw_server second(path);

    EXPECT_EQ(second.accept(), 0u);

    EXPECT_EQ(owner.next(next).kind, PIPE_CONNECTED);
}

TEST_F(Redialing, AClosedConnectionIsNotFollowed)
{
    raw_server server(path);
    connect_first(server);

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(refused, DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Redialing, ADialThatOpenedNoPipeIsNotFollowed)
{
    start_to_dial();
    prepare();

    ASSERT_EQ(dial(0), 0u);

    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(refused, DWORD(PIPE_ERROR_NOT_OPEN));
}

TEST_F(Redialing, ACloseInThePauseEndsItAtOnce)
{
    settings.flow.reconnect_pause = 600000;
    raw_server server(path);
    connect_first(server);
    lose(server, c);

    dials_again = false;
    connection_close(next, CLOSE_GRACEFULLY);

    EXPECT_EQ(owner.next(next).kind, PIPE_DISCONNECTED);
    EXPECT_FALSE(connection_get_status(next).opening);
}

TEST_F(Redialing, AStopInThePauseEndsIt)
{
    raw_server server(path);
    connect_first(server);
    lose(server, c);

    dials_again = false;
    stop();

    EXPECT_EQ(owner.next(next).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(next).reason, CLOSE_STOPPED);
}

TEST_F(Redialing, AfterAStopThereIsNone)
{
    raw_server server(path);
    connect_first(server);
    dials_again = false;
    lose(server, c);
    stop();

    EXPECT_EQ(connection_dial_again(next, c), DWORD(PIPE_ERROR_NOT_OPEN));

    connection_close(next, CLOSE_AT_ONCE);
    EXPECT_EQ(owner.count(PIPE_DISCONNECTED), 1u);
}

TEST_F(Redialing, WithoutMemoryForItNothingIsPrepared)
{
    start_to_dial();
    const auto allocate = win32.allocate;
    win32.allocate = [](size_t) -> void * { return nullptr; };

    connection *made = connection_prepare(e, path.c_str(), &settings.flow, &user);

    win32.allocate = allocate;
    EXPECT_EQ(made, nullptr);
}

} // namespace

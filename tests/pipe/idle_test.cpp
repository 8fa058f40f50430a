/* The idle timeout: who does nothing for its time is disconnected, and nobody else. The clock stands still but where a
 * test moves it; only the looks, a quarter of the timeout apart, come in real time. */

#include "support/pipe/dialing_fixture.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/remote_fixture.h"

namespace
{

constexpr DWORD timeout = 40; /* ms; a look every 10 */

std::atomic<ULONGLONG> now;
std::atomic<unsigned> looks; /* and other questions for the time */

ULONGLONG WINAPI said_time()
{
    looks++;
    return now;
}

template <typename Fixture> class with_idle_timeout : public Fixture
{
  protected:
    with_idle_timeout()
    {
        now = 1000000;
        win32.tick_count = said_time;
        this->settings.flow.idle_timeout = timeout;
    }
    /* Two looks after the last: one may have read the clock before it was moved. */
    void let_it_look()
    {
        const unsigned before = looks;
        const ULONGLONG begun = GetTickCount64();

        while (looks < before + 3 && GetTickCount64() - begun < patience)
            Sleep(1);
        EXPECT_GE(looks, before + 3);
    }
    void pass(DWORD ms)
    {
        now += ms;
        let_it_look();
    }
    bool is_open() const
    {
        return connection_get_status(this->c).open;
    }
    /* The time that is left after what just happened is the whole timeout, and then the connection ends. */
    void expect_the_whole_timeout()
    {
        pass(timeout - 1);
        EXPECT_TRUE(is_open()) << "too early";
        now += 1;
        ends();
    }
    void ends()
    {
        EXPECT_TRUE(this->owner.wait_for(PIPE_DISCONNECTED, 1));
        EXPECT_EQ(connection_get_status(this->c).reason, CLOSE_IDLE);
        EXPECT_EQ(connection_get_status(this->c).last_error, 0u);
        EXPECT_EQ(this->owner.count(PIPE_CONNECTION_ERROR), 0u);
    }
};

class Idle : public with_idle_timeout<engine_test>
{
};

class IdleDialing : public with_idle_timeout<Dialing>
{
};

TEST_F(Idle, AClientThatDoesNothingIsDisconnected)
{
    start_with_client();

    expect_the_whole_timeout();

    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Idle, WithoutATimeoutNobodyIs)
{
    settings.flow.idle_timeout = 0;
    start_with_client();
    now += 1000000;

    EXPECT_TRUE(owner.stays_quiet());

    EXPECT_TRUE(is_open());
}

TEST_F(Idle, AMessageBeginsTheTimeAnew)
{
    start_with_client();
    pass(timeout - 1);

    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));

    expect_the_whole_timeout();
}

TEST_F(Idle, APartOfAFrameBeginsTheTimeAnew)
{
    settings.flow.framing = FRAMING_LINES;
    start_with_client();
    pass(timeout - 1);

    ASSERT_EQ(client.write("x"), 0u);
    while (!connection_traffic(c).bytes_received)
        Sleep(1);

    expect_the_whole_timeout();
}

TEST_F(Idle, AMessageThatWasSentBeginsTheTimeAnew)
{
    start_with_client();
    pass(timeout - 1);

    ASSERT_EQ(write(c, "x"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_SENT, 1));

    expect_the_whole_timeout();
}

TEST_F(Idle, AMessageThatTheClientDoesNotReadIsNothingDone)
{
    start_with_client();

    ASSERT_EQ(write(c, message_of(1 << 20, 1)), 0u);
    now += timeout;

    ends();
    EXPECT_EQ(connection_get_status(c).pending_bytes, 1 << 20);
}

TEST_F(Idle, TheTimeStandsStillWhileAnEventWaitsOrIsHandledAndBeginsAnewThen)
{
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));

    pass(10 * timeout);
    EXPECT_TRUE(is_open());
    owner.let_go();

    expect_the_whole_timeout();
}

TEST_F(Idle, TheEndOfAnyHandlerBeginsTheTimeAnew)
{
    start_with_client();
    pass(timeout - 1);

    connection_report(c, ERROR_NOT_ENOUGH_MEMORY, nullptr);
    ASSERT_TRUE(owner.wait_for(PIPE_CONNECTION_ERROR, 1));
    pass(timeout - 1);
    EXPECT_TRUE(is_open());
    now += 1;

    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
}

TEST_F(Idle, TheTimeStandsStillWhileNobodyAsksForARead)
{
    settings.flow.read_continuously = false;
    start_with_client();

    pass(10 * timeout);
    EXPECT_TRUE(is_open());
    ASSERT_EQ(read(c), 0u);

    expect_the_whole_timeout();
}

/* Between two looks, too. */
TEST_F(Idle, ARequestToReadBeginsTheTimeAnew)
{
    settings.flow.read_continuously = false;
    start_with_client();
    ASSERT_EQ(read(c), 0u);
    pass(timeout - 1);

    ASSERT_EQ(read(c), 0u);

    expect_the_whole_timeout();
}

TEST_F(Idle, TheTimeStandsStillWhileReadingPauses)
{
    start_with_client();
    ASSERT_EQ(client.write("the next read begins before this is told"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));
    engine_pause(e, true);
    now += 9; /* between two looks */
    ASSERT_EQ(client.write("the read that was under way brings it"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 2));
    let_it_look();

    pass(10 * timeout);
    EXPECT_TRUE(is_open());
    engine_pause(e, false);
    engine_advance(e);

    now += timeout;
    ends();
}

/* A graceful end has thirty seconds of its own. */
TEST_F(Idle, AGracefulEndGoesOn)
{
    start_with_client();
    ASSERT_EQ(write(c, message_of(1 << 20, 1)), 0u);
    connection_close(c, CLOSE_GRACEFULLY);

    now += 10 * timeout;
    EXPECT_TRUE(owner.stays_quiet()) << "for thirty looks";

    EXPECT_EQ(client.read().size(), size_t(1) << 20);
    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONSUMER);
}

TEST_F(IdleDialing, AServerThatDoesNothingIsLeft)
{
    raw_server server(path);
    connect_to(server);

    expect_the_whole_timeout();
}

TEST_F(IdleDialing, AServerOfWhichNothingCanBeReadIsLeftToo)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);
    connect_to(server);

    expect_the_whole_timeout();
}

class IdleAfar : public with_idle_timeout<Remote>
{
};

/* Of a message from another computer the parts may come one after the other. */
TEST_F(IdleAfar, APartOfAMessageBeginsTheTimeAnew)
{
    const hooks_end hooks{this};
    settings.flow.buffer_size = 64;
    connect();
    block_peeks();
    pass(timeout - 1);

    ASSERT_EQ(server.begin_write(message_of(100, 1)), 0u);
    ASSERT_TRUE(blocked.wait(patience));
    pass(timeout - 1);
    EXPECT_TRUE(is_open());
    go.set();

    EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));
    EXPECT_EQ(server.end_write(), 0u);
}

} // namespace

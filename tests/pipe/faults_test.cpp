/* What the system refuses: threads, memory, the port. Nothing of it may crash, hang or leak, and nothing be lost in
 * silence. */

#include "support/pipe/engine_fixture.h"

class Faults : public engine_test
{
  protected:
    void release()
    {
        engine_close_handles(e);
        owner.forget();
        engine_release(e);
        e = nullptr;
        EXPECT_TRUE(system.all_freed(patience));
    }
};

TEST_F(Faults, WithoutAPortTheEngineDoesNotOpen)
{
    system.create_io_completion_port = [] { return DWORD(ERROR_NO_SYSTEM_RESOURCES); };

    EXPECT_EQ(open(), DWORD(PIPE_ERROR_NO_PORT));

    EXPECT_EQ(e, nullptr);
}

TEST_F(Faults, AnInstanceThatThePortRefusesIsTheStartsFailure)
{
    for (unsigned nth = 2; nth <= 5; nth++)
    {
        system.create_io_completion_port = fails_once(nth, ERROR_NO_SYSTEM_RESOURCES);
        ASSERT_EQ(open(), 0u);

        EXPECT_EQ(engine_listen(e), DWORD(ERROR_NO_SYSTEM_RESOURCES)) << nth;

        release();
    }
    EXPECT_EQ(owner.all().size(), 0u);
}

/* A thread that is refused: the engine does not run, and what ran ends. */
class FaultyThreads : public Faults, public testing::WithParamInterface<unsigned>
{
};

TEST_P(FaultyThreads, OneThatCannotBeMadeEndsThoseThatCould)
{
    settings.threads = 4;
    system.create_thread = fails_once(GetParam(), ERROR_NOT_ENOUGH_MEMORY);
    ASSERT_EQ(open(), 0u);
    ASSERT_EQ(engine_listen(e), 0u);

    EXPECT_EQ(engine_run(e), DWORD(ERROR_NOT_ENOUGH_MEMORY));

    EXPECT_EQ(WaitForSingleObject(engine_ended(e), patience), WAIT_OBJECT_0);
    EXPECT_EQ(owner.workers_begun(), owner.workers_ended());
    EXPECT_EQ(owner.ended_calls(), 1u);
    EXPECT_EQ(owner.all().size(), 0u);
    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_FILE_NOT_FOUND));
}

TEST_P(FaultyThreads, AFailedStartTellsNothingOfAClientThatCameMeanwhile)
{
    settings.threads = 4;
    system.create_thread = fails_once(GetParam(), ERROR_NOT_ENOUGH_MEMORY);

    for (int round = 0; round < 10; round++)
    {
        raw_client clients[4];
        recording_owner its_owner;
        engine *its_engine;
        settings.path = path.c_str();
        ASSERT_EQ(engine_open(&settings, &its_owner, &its_engine), 0u);
        ASSERT_EQ(engine_listen(its_engine), 0u);
        for (raw_client &one : clients)
            ASSERT_EQ(one.connect(path, 0), 0u);
        system.create_thread = fails_once(GetParam(), ERROR_NOT_ENOUGH_MEMORY);

        EXPECT_EQ(engine_run(its_engine), DWORD(ERROR_NOT_ENOUGH_MEMORY));

        EXPECT_EQ(WaitForSingleObject(engine_ended(its_engine), patience), WAIT_OBJECT_0);
        EXPECT_EQ(its_owner.all().size(), 0u);
        engine_close_handles(its_engine);
        for (raw_client &one : clients)
            EXPECT_EQ(one.wait_until_closed(), 0u);
        its_owner.forget();
        engine_release(its_engine);
        EXPECT_TRUE(system.all_freed(patience));
    }
}

INSTANTIATE_TEST_SUITE_P(Nth, FaultyThreads, testing::Values(1, 2, 3, 4), testing::PrintToStringParamName());

/* ---- memory ---- */

/* Fails the nth allocation, and with `all_after` every later one, until `stop` is called. */
class poverty
{
  public:
    void begin(int nth, bool all_after)
    {
        always = all_after;
        left = nth;
    }

    void end()
    {
        left = 0;
        always = false;
        poor = false;
    }

    bool allows()
    {
        if (poor)
            return false;
        if (left <= 0 || --left > 0)
            return true;
        poor = always.load();
        struck = true;
        return false;
    }

    std::atomic<bool> struck = false;

  private:
    std::atomic<int> left = 0;
    std::atomic<bool> always = false, poor = false;
};

class FaultyMemory : public Faults
{
  protected:
    poverty memory;

    FaultyMemory()
    {
        settings.threads = 1;
        settings.backlog = 2;
        system.allocate = [&](size_t) { return memory.allows(); };
        owner.may_allocate = [&](DWORD) { return memory.allows(); };
        owner.is_behind = false;
    }
};

TEST_F(FaultyMemory, AStartWithoutMemorySaysSoAndLeavesNothing)
{
    for (int nth = 1;; nth++)
    {
        recording_owner its_owner;
        engine *its_engine = nullptr;
        settings.path = path.c_str();
        memory.struck = false;
        memory.begin(nth, false);

        DWORD error = engine_open(&settings, &its_owner, &its_engine);
        error = error ? error : engine_listen(its_engine);
        error = error ? error : engine_run(its_engine);

        memory.end();
        if (its_engine && !error)
            engine_begin_close(its_engine, CLOSE_AT_ONCE);
        EXPECT_TRUE(!its_engine || its_owner.wait_until_ended()) << nth;
        engine_release(its_engine);
        EXPECT_TRUE(system.all_freed(patience)) << nth;
        EXPECT_EQ(its_owner.complaints(), "") << nth;
        if (!memory.struck)
            break;
        EXPECT_EQ(error, DWORD(ERROR_NOT_ENOUGH_MEMORY)) << nth;
        EXPECT_EQ(its_owner.all().size(), 0u) << nth;
        ASSERT_LT(nth, 200);
    }
}

/* Connects, echoes a short and a long message, and leaves. Whether all went well. */
static bool echo_cycle(const std::wstring &path)
{
    raw_client one;
    message answer;

    if (one.connect(path, 3000))
        return false;
    for (size_t size : {100, 5000})
        if (one.write(message_of(size, 1), 3000) || one.read(answer, 3000) || answer != message_of(size, 1))
            return false;
    return true;
}

/* `always`: there is no memory from the nth allocation to the cycle's end. Whatever happens: each connection has its
 * end, one that came to nothing was told, and the next client is served. */
class FaultyMemoryInACycle : public FaultyMemory, public testing::WithParamInterface<bool>
{
  protected:
    std::atomic<unsigned> write_errors = 0;

    FaultyMemoryInACycle()
    {
        owner.on_event = [&](pipe_event *event)
        {
            if (event->kind != PIPE_MESSAGE)
                return;
            payload *p = payload_create(event->buffer->data, event->bytes);
            if (!p || connection_write(event->connection, p, nullptr) != 0)
            {
                write_errors++;
                connection_close(event->connection, CLOSE_AT_ONCE); /* as an echo without memory would */
            }
            payload_release(p);
        };
    }
};

TEST_P(FaultyMemoryInACycle, AConnectionWorksOrIsToldAndEnds)
{
    start();

    for (int nth = 1;; nth++)
    {
        size_t errors = owner.count(PIPE_CONNECTION_ERROR) + owner.count(PIPE_SERVER_ERROR) + write_errors;
        memory.struck = false;
        memory.begin(nth, GetParam());

        bool worked = echo_cycle(path);

        memory.end();
        if (!memory.struck)
        {
            EXPECT_TRUE(worked);
            break;
        }
        EXPECT_TRUE(worked ||
                    owner.count(PIPE_CONNECTION_ERROR) + owner.count(PIPE_SERVER_ERROR) + write_errors > errors)
            << nth;
        EXPECT_TRUE(echo_cycle(path)) << "deaf after " << nth;
        ASSERT_LT(nth, 200);
        ASSERT_FALSE(HasFailure());
    }
    size_t connected = owner.count(PIPE_CONNECTED);
    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, connected));
}

INSTANTIATE_TEST_SUITE_P(Poverty, FaultyMemoryInACycle, testing::Bool(),
                         [](const testing::TestParamInfo<bool> &info)
                         { return info.param ? "ThatStays" : "ThatPasses"; });

TEST_F(FaultyMemory, ACallWithoutMemorySaysSoAndTheCookieIsTheCallers)
{
    start_with_client();
    payload *p = payload_create("x", 1);
    void *cookie = owner.make_cookie(1);

    memory.begin(1, true);
    EXPECT_EQ(connection_write(c, p, cookie), DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(connection_read(c, cookie), DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(payload_create("x", 1), nullptr);
    memory.end();

    EXPECT_EQ(owner.cookies_out(), 1);
    owner.drop_cookie(cookie);
    payload_release(p);
    ASSERT_EQ(write(c, "unharmed"), 0u);
    EXPECT_EQ(client.read_text(), "unharmed");
}

TEST_F(FaultyMemory, ARequestedReadWithoutABufferIsToldAndEndsTheConnection)
{
    settings.flow.read_continuously = false;
    start_with_client();
    owner.may_allocate = [](DWORD) { return false; };

    ASSERT_EQ(read(c, 1), 0u);

    recorded_event error = owner.next(c);
    EXPECT_EQ(error.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(error.error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(owner.cookies_out(), 0);
}

TEST_F(FaultyMemory, TheFirstReadWithoutABufferIsToldAndEndsTheConnection)
{
    start();
    owner.may_allocate = [](DWORD) { return false; };

    ASSERT_EQ(client.connect(path), 0u);

    c = owner.accept();
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(FaultyMemory, AResumedReadWithoutABufferIsToldAndEndsTheConnection)
{
    settings.flow.receive_limit = 1;
    owner.hold(PIPE_MESSAGE);
    start_with_client();
    ASSERT_EQ(client.write("held"), 0u);
    ASSERT_EQ(owner.next(c).kind, PIPE_MESSAGE);
    memory.begin(1, true);

    owner.let_go();

    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    memory.end();
}

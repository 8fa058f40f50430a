/* Reading, looking at and closing a pipe of another computer. */

#include "support/pipe/remote_fixture.h"

TEST_F(Remote, ConnectsAndTalksInMessagesOfAnySize)
{
    connect();

    EXPECT_EQ(write(c, "ask", 7), 0u);
    EXPECT_EQ(server.read_text(), "ask");
    EXPECT_EQ(owner.next(c).cookie, 7);
    for (unsigned size : {1u, 1024u, 1025u, 200000u})
    {
        message m = message_of(size, size);

        ASSERT_EQ(server.begin_write(m) == ERROR_IO_PENDING ? server.end_write() : 0u, 0u);
        EXPECT_TRUE(owner.next(c).data == m) << size;
    }
}

TEST_F(Remote, IsOpenedPeekedAtAndClosedOnThreadsOfItsOwn)
{
    std::atomic<DWORD> opener = 0, peeker = 0, closer = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        opener = GetCurrentThreadId();
        return 0u;
    };
    system.peek_named_pipe = [&](HANDLE)
    {
        peeker = GetCurrentThreadId();
        return 0u;
    };
    system.close_handle = [&](HANDLE) { closer = GetCurrentThreadId(); };
    connect();
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);
    EXPECT_EQ(owner.next(c).data.size(), 5000u);
    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_EQ(server.wait_until_closed(), 0u);

    for (DWORD thread : {opener.load(), peeker.load(), closer.load()})
    {
        EXPECT_NE(thread, 0u);
        EXPECT_NE(thread, GetCurrentThreadId());
        EXPECT_EQ(owner.worker_threads().count(thread), 0u);
    }
}

TEST_F(Remote, ABlockedPeekOfAGrowingReadHoldsUpNobody)
{
    message m = message_of(5000, 1);

    connect();
    block_peeks();
    EXPECT_EQ(server.write(m), 0u);
    EXPECT_TRUE(blocked.wait(patience));

    EXPECT_TRUE(connection_get_status(c).open);
    EXPECT_EQ(write(c, "meanwhile", 1), 0u);
    EXPECT_EQ(server.read_text(), "meanwhile");
    EXPECT_EQ(owner.next(c).cookie, 1);
    expect_others_go_on();

    go.set();
    EXPECT_TRUE(owner.next(c).data == m) << "once it has returned, the message goes on";
}

/* What else ends on the handle must not be taken for its end, and the port must get no packet for it. */
TEST_F(Remote, APeekWaitsForItsOwnRequestAlone)
{
    message m = message_of(5000, 1);
    ULONG *answer = nullptr;
    OVERLAPPED *request = nullptr;

    const hooks_end hooks{this};
    system.peek_afar = [&](ULONG *numbers, OVERLAPPED *overlapped)
    {
        answer = numbers;
        request = overlapped;
        request->Internal = STATUS_PENDING;
        blocked.set();
        return ERROR_IO_PENDING;
    };
    connect();
    EXPECT_EQ(server.write(m), 0u);
    ASSERT_TRUE(blocked.wait(patience)) << "it was not asked so";
    EXPECT_TRUE(reinterpret_cast<ULONG_PTR>(request->hEvent) & 1);

    EXPECT_EQ(write(c, "meanwhile", 1), 0u);
    EXPECT_EQ(server.read_text(), "meanwhile");
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_TRUE(owner.stays_quiet(100));
    answer[3] = 5000 - settings.flow.buffer_size;
    request->InternalHigh = 4 * sizeof(ULONG);
    request->Internal = 0x80000005; /* STATUS_BUFFER_OVERFLOW: there are bytes too */
    SetEvent(request->hEvent);

    EXPECT_TRUE(owner.next(c).data == m);
}

TEST_F(Remote, TheThreadOfAPeekIsMadeWithNoLockHeld)
{
    std::unique_ptr<background> asking;

    connect();
    await_no_idle_thread();
    const hooks_end hooks{this};
    system.create_thread = [&]
    {
        if (asking)
            return 0u;
        asking = std::make_unique<background>(
            [&]
            {
                connection_get_status(c);
                blocked.set();
            });
        EXPECT_TRUE(blocked.wait(patience)) << "the connection is locked";
        return 0u;
    };
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);

    EXPECT_EQ(owner.next(c).data.size(), 5000u);
}

TEST_F(Remote, AGracefulEndWaitsForThePeekOfAGrowingRead)
{
    message m = message_of(5000, 1);

    connect();
    block_peeks();
    EXPECT_EQ(server.write(m), 0u);
    EXPECT_TRUE(blocked.wait(patience));

    engine_begin_close(e, CLOSE_GRACEFULLY);

    EXPECT_EQ(WaitForSingleObject(engine_ended(e), 100), DWORD(WAIT_TIMEOUT));
    go.set();
    EXPECT_TRUE(owner.next(c).data == m);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(WaitForSingleObject(engine_ended(e), patience), WAIT_OBJECT_0);
}

TEST_F(Remote, AGracefulEndDoesNotWaitForALook)
{
    settings.flow.read_continuously = false;
    connect();
    block_peeks();
    EXPECT_TRUE(blocked.wait(patience)) << "a look at the pipe, once a second";

    stop(CLOSE_GRACEFULLY);

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Remote, ABlockedPeekHoldsUpNoClose)
{
    connect();
    block_peeks();
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);

    stop();
    engine_close_handles(e);

    go.set();
    EXPECT_EQ(server.wait_until_closed(), 0u) << "the peek closes the handle that it has used";
}

TEST_F(Remote, ABlockedPeekHoldsUpNoStop)
{
    std::atomic<unsigned> closed = 0;

    connect();
    block_peeks();
    const hooks_end hooks{this};
    system.close_handle = [&](HANDLE) { closed++; };
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);
    EXPECT_TRUE(blocked.wait(patience));

    stop();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_STOPPED);
    EXPECT_EQ(closed, 0u) << "not under the peek";
    go.set();
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(closed, 1u);
}

TEST_F(Remote, ACloseCancelsALook)
{
    settings.flow.read_continuously = false;
    owner.closes_handles = false;
    connect();
    may_begin.set();
    silence_peeks();
    EXPECT_TRUE(blocked.wait(patience)) << "a look at the pipe, once a second";

    connection_close(c, CLOSE_AT_ONCE);

    EXPECT_TRUE(cancelled.wait(patience));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Remote, ALookThatBeganAfterTheCloseIsCancelledWithItsHandle)
{
    settings.flow.read_continuously = false;
    owner.closes_handles = false;
    connect();
    silence_peeks();
    EXPECT_TRUE(begins.wait(patience)) << "a look at the pipe, once a second";
    connection_close(c, CLOSE_AT_ONCE); /* there is nothing to cancel yet */
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    may_begin.set();
    EXPECT_TRUE(blocked.wait(patience));

    connection_close_handle(c);

    EXPECT_TRUE(cancelled.wait(patience));
    EXPECT_EQ(server.wait_until_closed(), 0u) << "and the handle is closed";
}

TEST_F(Remote, NothingIsAskedOfAPipeThatIsClosedBeforeTheThreadOfALookBegins)
{
    std::atomic<bool> closes = false;

    settings.flow.read_continuously = false;
    connect();
    await_no_idle_thread();
    go.set();
    block_peeks(); /* which counts them */
    const hooks_end hooks{this};
    system.create_thread = [&]
    {
        if (!closes.exchange(true))
            connection_close(c, CLOSE_AT_ONCE);
        return 0u;
    };

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(peek_threads, 0u);
}

TEST_F(Remote, APeekThatReturnsAfterTheLastReleaseFreesWhatIsLeft)
{
    connect();
    block_peeks();
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    stop();
    engine_close_handles(e);
    connection_release(c);
    c = nullptr;
    owner.forget();
    engine_release(e);
    e = nullptr;

    EXPECT_EQ(owner.buffers_out(), 0) << "what is the owner's does not wait for the peek";
    go.set();
    EXPECT_TRUE(system.all_freed(patience));
}

/* An owner of an engine, whose memory tells whether it was read after he had gone. */
class owner_who_goes
{
  public:
    owner_who_goes()
    {
        page = VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        owner = new (page) recording_owner;
        was_read = false;
        handler = AddVectoredExceptionHandler(TRUE, note_reading);
    }
    owner_who_goes(const owner_who_goes &) = delete;
    ~owner_who_goes()
    {
        RemoveVectoredExceptionHandler(handler);
        VirtualFree(page, 0, MEM_RELEASE);
    }

    void go()
    {
        DWORD before;

        owner->~recording_owner();
        EXPECT_TRUE(VirtualProtect(page, size, PAGE_READWRITE | PAGE_GUARD, &before));
    }

    recording_owner *owner;
    static inline std::atomic<bool> was_read;

  private:
    static LONG CALLBACK note_reading(EXCEPTION_POINTERS *exception)
    {
        const EXCEPTION_RECORD *what = exception->ExceptionRecord;

        if (what->ExceptionCode != STATUS_GUARD_PAGE_VIOLATION ||
            what->ExceptionInformation[1] - reinterpret_cast<ULONG_PTR>(page) >= size)
            return EXCEPTION_CONTINUE_SEARCH;
        was_read = true;
        return EXCEPTION_CONTINUE_EXECUTION;
    }

    static constexpr SIZE_T size = 4096;
    static inline void *page;
    void *handler;

    static_assert(sizeof(recording_owner) <= size);
};

TEST_F(Remote, APeekThatReturnsAfterTheOwnerHasGoneReadsNothingOfHim)
{
    owner_who_goes his;
    engine *his_engine;
    his.owner->dials = true;
    ASSERT_EQ(engine_open(&settings, his.owner, &his_engine), 0u);
    ASSERT_EQ(engine_run(his_engine), 0u);
    ASSERT_EQ(connection_dial(his_engine, seen_from_afar(path).c_str(), patience, &settings.flow, &user, &c), 0u);
    ASSERT_EQ(server.accept(), 0u);
    ASSERT_EQ(his.owner->next(c).kind, PIPE_CONNECTED);
    block_peeks();
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);
    EXPECT_TRUE(blocked.wait(patience));
    engine_begin_close(his_engine, CLOSE_AT_ONCE);
    ASSERT_EQ(WaitForSingleObject(engine_ended(his_engine), patience), WAIT_OBJECT_0);
    engine_close_handles(his_engine);
    connection_release(c);
    c = nullptr;
    his.owner->forget();
    engine_release(his_engine);

    his.go();
    go.set();

    EXPECT_TRUE(system.all_freed(patience));
    EXPECT_FALSE(his.was_read);
}

TEST_F(Remote, APeekThatFailsEndsTheConnection)
{
    system.peek_named_pipe = [](HANDLE) { return ERROR_UNEXP_NET_ERR; };
    connect();
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);

    recorded_event failed = owner.next(c);

    EXPECT_EQ(failed.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(failed.error, DWORD(ERROR_UNEXP_NET_ERR));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Remote, WithoutAThreadToPeekOnItIsAFailure)
{
    connect();
    await_no_idle_thread();
    system.create_thread = [] { return ERROR_NOT_ENOUGH_MEMORY; };
    EXPECT_EQ(server.write(message_of(5000, 1)), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Remote, ALookForWhichThereIsNoThreadIsMadeNextTime)
{
    settings.flow.read_continuously = false;
    connect();
    await_no_idle_thread();
    system.create_thread = fails_once(1, ERROR_NOT_ENOUGH_MEMORY);
    block_peeks();

    EXPECT_TRUE(blocked.wait(patience));
    EXPECT_TRUE(connection_get_status(c).open);
    EXPECT_TRUE(owner.stays_quiet(0));
}

TEST_F(Remote, ABlockedLookHoldsUpNobody)
{
    settings.flow.read_continuously = false;
    connect();
    block_peeks();
    EXPECT_TRUE(blocked.wait(patience)) << "a look at the pipe, once a second";

    EXPECT_TRUE(connection_get_status(c).open);
    expect_others_go_on();
    EXPECT_EQ(read(c, 5), 0u);
    EXPECT_EQ(server.write("read all the same"), 0u);
    EXPECT_EQ(owner.next(c).text(), "read all the same");
    EXPECT_EQ(peek_threads, 1u);

    stop();
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Remote, ALongMessageBehindABlockedLookArrivesWhole)
{
    message m = message_of(5000, 1);

    settings.flow.read_continuously = false;
    connect();
    block_peeks();
    EXPECT_TRUE(blocked.wait(patience)) << "a look at the pipe, once a second";
    EXPECT_EQ(read(c, 5), 0u);
    EXPECT_EQ(server.write(m), 0u);
    go.set();

    EXPECT_TRUE(owner.next(c).data == m);
    EXPECT_GT(peek_threads, 1u) << "the look does not know what is left of it";
}

TEST_F(Remote, ALookNoticesThatTheServerHasLeft)
{
    settings.flow.read_continuously = false;
    connect();
    server.close();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
}

TEST_F(Remote, ABlockedCloseHoldsUpNobody)
{
    connect();
    system.close_handle = [this, its = connection_handle(c)](HANDLE pipe)
    {
        if (pipe != its)
            return;
        blocked.set();
        wait_to_go();
    };
    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_TRUE(blocked.wait(patience));

    expect_others_go_on();
    stop();
    engine_close_handles(e);

    go.set();
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Remote, AHandleIsClosedWhereItIsWhenThereIsNoThread)
{
    connect();
    owner.closes_handles = false;
    connection_close(c, CLOSE_AT_ONCE);
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    await_no_idle_thread();
    system.create_thread = [] { return ERROR_NOT_ENOUGH_MEMORY; };

    connection_close_handle(c);

    EXPECT_EQ(server.wait_until_closed(), 0u);
}

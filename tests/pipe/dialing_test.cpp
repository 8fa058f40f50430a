/* Connections of our own, to a server of anybody's. */

#include "support/pipe/dialing_fixture.h"

#include <atomic>

constexpr size_t KIB = 1024, MIB = 1024 * KIB;

TEST_F(Dialing, ConnectsAndTalksInMessages)
{
    raw_server server(path);

    connect_to(server);
    EXPECT_TRUE(connection_get_status(c).open);
    EXPECT_FALSE(connection_get_status(c).opening);
    EXPECT_TRUE(connection_get_status(c).message_mode);
    EXPECT_EQ(connection_get_status(c).process, GetCurrentProcessId());
    EXPECT_EQ(connection_get_user(c), &user);

    EXPECT_EQ(write(c, "ask", 7), 0u);
    EXPECT_EQ(server.read_text(), "ask");
    EXPECT_EQ(owner.next(c).cookie, 7);
    EXPECT_EQ(server.write("first"), 0u);
    EXPECT_EQ(server.write("second"), 0u);
    EXPECT_EQ(owner.next(c).text(), "first");
    EXPECT_EQ(owner.next(c).text(), "second");
}

TEST_F(Dialing, MessagesOfAnySizeArriveWholeBothWays)
{
    raw_server server(path);

    connect_to(server);
    for (size_t size : {size_t(0), size_t(1), size_t(1023), size_t(1024), size_t(1025), 64 * KIB, 3 * MIB})
    {
        message m = message_of(size, static_cast<unsigned>(size));

        ASSERT_EQ(server.begin_write(m) == ERROR_IO_PENDING ? server.end_write() : 0u, 0u);
        EXPECT_TRUE(owner.next(c).data == m) << size;
        if (!size)
            continue;
        ASSERT_EQ(write(c, m), 0u);
        EXPECT_TRUE(server.read() == m) << size;
        EXPECT_EQ(owner.next(c).kind, PIPE_SENT);
    }
}

TEST_F(Dialing, IsOpeningUntilAMissingPipeIsThere)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_TRUE(connection_get_status(c).opening);
    EXPECT_FALSE(connection_get_status(c).open);
    EXPECT_EQ(connection_handle(c), nullptr);
    EXPECT_TRUE(owner.stays_quiet(100));

    raw_server server(path);

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_NE(connection_handle(c), nullptr);
}

TEST_F(Dialing, AMissingPipeFailsWhenTheTimeIsUp)
{
    start_to_dial();
    ASSERT_EQ(dial(50), 0u);

    recorded_event failed = owner.next(c);

    EXPECT_EQ(failed.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(failed.error, DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONNECT_FAILED);
    EXPECT_EQ(connection_get_status(c).last_error, DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(connection_handle(c), nullptr);
    EXPECT_FALSE(connection_get_status(c).opening);
}

TEST_F(Dialing, AMissingPipeIsToldAtOnceWhereItsServerIsNeeded)
{
    unsigned tries = 0;
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        tries++;
        return 0u;
    };
    settings.flow.needs_server = true;
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONNECT_FAILED);
    EXPECT_EQ(tries, 1u);
}

TEST_F(Dialing, ABusyPipeIsWaitedForAlsoWhereItsServerIsNeeded)
{
    raw_server server(path);
    raw_client other(path);
    ASSERT_EQ(server.accept(), 0u);
    settings.flow.needs_server = true;
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    EXPECT_FALSE(owner.wait_for(PIPE_DISCONNECTED, 1, 200));
    other.close();
    server.disconnect();
    EXPECT_EQ(server.accept(), 0u);

    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
}

TEST_F(Dialing, ABusyPipeThatGoesIsMissingWhereItsServerIsNeeded)
{
    raw_server server(path);
    raw_client other(path);
    latch busy;
    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        busy.set();
        return 0u;
    };
    ASSERT_EQ(server.accept(), 0u);
    settings.flow.needs_server = true;
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    EXPECT_TRUE(busy.wait(patience));
    server.close();
    other.close();

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_FILE_NOT_FOUND));
}

TEST_F(Dialing, ABusyPipeIsTriedAgainUntilAnInstanceIsFree)
{
    raw_server server(path);
    raw_client other(path);

    ASSERT_EQ(server.accept(), 0u);
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_TRUE(owner.stays_quiet(200));

    other.close();
    server.disconnect();

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
}

TEST_F(Dialing, ABusyPipeFailsWhenTheTimeIsUp)
{
    raw_server server(path);
    raw_client other(path);

    ASSERT_EQ(server.accept(), 0u);
    start_to_dial();
    ASSERT_EQ(dial(100), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(PIPE_ERROR_BUSY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Dialing, AnErrorThatDoesNotPassIsToldAtOnce)
{
    system.create_file = [](const WCHAR *, DWORD, DWORD) { return ERROR_BAD_NETPATH; };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_BAD_NETPATH));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Dialing, AccessDeniedIsToldAfterEveryAccessWasTried)
{
    volatile LONG tries = 0;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        InterlockedIncrement(&tries);
        return ERROR_ACCESS_DENIED;
    };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_ACCESS_DENIED));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(tries, 3) << "both ways, reading, writing";
}

TEST_F(Dialing, ShowsTheServerWhoTheUserIsAndNoMore)
{
    raw_server server(path);
    DWORD asked = 0;
    std::wstring opened;

    const hooks_end hooks{this};
    system.create_file = [&](const WCHAR *what, DWORD, DWORD flags)
    {
        opened = what;
        asked = flags;
        return 0u;
    };
    connect_to(server);

    EXPECT_EQ(opened, path);
    EXPECT_EQ(asked, DWORD(FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION));
}

TEST_F(Dialing, AServerInByteModeGivesChunks)
{
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    EXPECT_FALSE(connection_get_status(c).message_mode);
    EXPECT_EQ(server.write("chunk"), 0u);
    EXPECT_EQ(owner.next(c).text(), "chunk");
    EXPECT_EQ(write(c, "back"), 0u);
    EXPECT_EQ(server.read_text(), "back");
}

TEST_F(Dialing, AnEmptyChunkIsNone)
{
    raw_server server(path, pipe_mode::bytes);
    std::atomic<bool> is_first = true;

    const hooks_end hooks{this};
    system.reads_at_most = [&](DWORD size) { return is_first.exchange(false) ? 0 : size; };
    connect_to(server);
    EXPECT_EQ(server.write("chunk"), 0u);

    EXPECT_EQ(owner.next(c).text(), "chunk");
}

TEST_F(Dialing, AServerThatOnlyReceivesIsWrittenTo)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);

    connect_to(server);
    EXPECT_EQ(read(c), DWORD(PIPE_ERROR_WRITE_ONLY));
    EXPECT_EQ(write(c, "to the server", 1), 0u);
    EXPECT_EQ(server.read_text(), "to the server");
    EXPECT_EQ(owner.next(c).cookie, 1);

    server.close();
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED) << "noticed without reading";
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
}

TEST_F(Dialing, NoFunctionIsLookedUpForALook)
{
    std::atomic<unsigned> looked_up = 0;
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);

    connect_to(server);
    const hooks_end hooks{this};
    system.get_proc_address = [&](const char *) { looked_up++; };
    server.close();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(looked_up, 0u) << "under the lock, each second";
    stop();
}

TEST_F(Dialing, AServerThatOnlySendsIsReadFrom)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_OUTBOUND);

    connect_to(server);
    EXPECT_TRUE(connection_get_status(c).message_mode);
    EXPECT_EQ(write(c, "no"), DWORD(PIPE_ERROR_READ_ONLY));
    EXPECT_EQ(server.write("from the server"), 0u);
    EXPECT_EQ(owner.next(c).text(), "from the server");
    server.close();
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

TEST_F(Dialing, WhatIsWrittenMeanwhileGoesOutInOrder)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_EQ(write(c, "first", 1), 0u);
    EXPECT_EQ(write(c, "second", 2), 0u);

    raw_server server(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "first");
    EXPECT_EQ(server.read_text(), "second");
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(owner.next(c).cookie, 1);
    EXPECT_EQ(owner.next(c).cookie, 2);
}

TEST_F(Dialing, WhatIsWrittenMeanwhileToAServerThatOnlySendsIsToldAsAnErrorEach)
{
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_EQ(write(c, "no", 1), 0u);

    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_OUTBOUND);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    recorded_event refused = owner.next(c);
    EXPECT_EQ(refused.kind, PIPE_CONNECTION_ERROR);
    EXPECT_EQ(refused.error, DWORD(PIPE_ERROR_READ_ONLY));
    EXPECT_EQ(server.write("yet"), 0u);
    EXPECT_EQ(owner.next(c).text(), "yet") << "the connection is unharmed";
}

TEST_F(Dialing, WhatWasAskedForMeanwhileIsRead)
{
    settings.flow.read_continuously = false;
    start_to_dial();
    ASSERT_EQ(dial(), 0u);
    EXPECT_EQ(read(c, 5), 0u);

    raw_server server(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(owner.next(c).kind, PIPE_CONNECTED);
    EXPECT_EQ(server.write("asked for"), 0u);
    recorded_event event = owner.next(c);
    EXPECT_EQ(event.text(), "asked for");
    EXPECT_EQ(event.cookie, 5);
}

TEST_F(Dialing, APipeThatCanNotBeBoundIsAFailure)
{
    raw_server server(path);
    unsigned calls = 0;

    const hooks_end hooks{this};
    system.create_io_completion_port = [&] { return calls++ ? ERROR_NOT_ENOUGH_MEMORY : 0u; };
    start_to_dial();
    ASSERT_EQ(dial(), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_NOT_ENOUGH_MEMORY));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Dialing, NoticesThatTheServerHasLeft)
{
    raw_server server(path);

    connect_to(server);
    EXPECT_EQ(server.write("last words"), 0u);
    server.close();

    EXPECT_EQ(owner.next(c).text(), "last words");
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_OTHER_END);
    EXPECT_EQ(connection_get_status(c).last_error, 0u);
}

TEST_F(Dialing, AServerThatClosesInTheMiddleOfAMessageGivesNoneOfIt)
{
    raw_server server(path);
    message half = message_of(1 * MIB, 3);

    settings.flow.read_continuously = false;
    connect_to(server);
    ASSERT_EQ(server.begin_write(half), DWORD(ERROR_IO_PENDING));
    server.close();

    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
}

/* ---- what is opened, and as whom ---- */

TEST_F(Dialing, WhatIsNoPipeIsClosedAndRefused)
{
    std::atomic<unsigned> opened = 0, closed = 0;

    const hooks_end hooks{this};
    system.opens_instead = [&](const WCHAR *)
    {
        opened++;
        return std::wstring(L"NUL");
    };
    system.close_handle = [&](HANDLE) { closed++; };
    start_to_dial();
    ASSERT_EQ(dial(INFINITE), 0u);

    EXPECT_EQ(owner.next(c).error, DWORD(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(owner.next(c).kind, PIPE_DISCONNECTED);
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_CONNECT_FAILED);
    EXPECT_EQ(opened, 1u) << "it does not become a pipe";
    EXPECT_EQ(closed, 1u);
}

TEST_F(Dialing, OpensAsTheProcessOnAWorkerThatWasLeftImpersonating)
{
    raw_server server(path);
    std::atomic<DWORD> asked = 0;

    const hooks_end hooks{this};
    owner.on_worker_begins = [] { ImpersonateSelf(SecurityImpersonation); };
    system.create_file = [&](const WCHAR *, DWORD, DWORD)
    {
        HANDLE token;

        asked = OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token) ? 0 : GetLastError();
        if (!asked)
            CloseHandle(token);
        return 0u;
    };
    connect_to(server);

    EXPECT_EQ(asked, DWORD(ERROR_NO_TOKEN));
}

TEST_F(Dialing, HasItsOwnFlow)
{
    raw_server server(path);

    connect_to(server);
    connection *limited = nullptr;
    flow_settings flow = settings.flow;
    raw_server second(path + L"2");

    flow.send_limit = 10;
    ASSERT_EQ(connection_dial(e, (path + L"2").c_str(), patience, &flow, &user, &limited), 0u);
    ASSERT_EQ(second.accept(), 0u);
    EXPECT_EQ(owner.next(limited).kind, PIPE_CONNECTED);
    EXPECT_EQ(write(limited, message_of(MIB, 1)), 0u) << "one is always accepted";
    EXPECT_EQ(write(limited, "more"), DWORD(PIPE_ERROR_SEND_QUEUE_FULL));
    EXPECT_EQ(write(c, message_of(MIB, 1)), 0u);
    EXPECT_EQ(write(c, "more"), 0u);
    connection_release(limited);
}

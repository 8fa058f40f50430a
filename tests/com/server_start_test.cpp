#include "support/com/window_server.h"
#include "support/pipe/seams.h"

namespace
{

/* Start's errors are asked of a server that has nothing wrong but what the test gives it. */
class ServerStart : public window_server_test
{
  protected:
    void expect_refusal(HRESULT expected, const wchar_t *sentence)
    {
        EXPECT_EQ(server.start(), expected);
        EXPECT_EQ(take_error_sentence(), sentence);
        EXPECT_FALSE(server.is_running());
    }
    void expect_name_refused(const std::wstring &name)
    {
        server->put_PipeName(bstr(name).get());
        EXPECT_EQ(server.start(), vb_error(5));
        const std::wstring sentence = take_error_sentence();
        EXPECT_NE(sentence.find(L"PipeName \"" + name.substr(0, name.find(L'\0'))), std::wstring::npos);
        EXPECT_NE(sentence.find(L"give 1 to 247 characters"), std::wstring::npos);
        EXPECT_FALSE(server.is_running());
    }
};

TEST_F(ServerStart, WithoutANameIsErrorFive)
{
    server->put_PipeName(bstr(L"").get());

    expect_refusal(vb_error(5), L"The server cannot start without specifying a pipe name; set PipeName first.");
}

TEST_F(ServerStart, WithAnImpossibleNameIsErrorFive)
{
    expect_name_refused(L"\\name");
    expect_name_refused(std::wstring(248, L'n'));
    expect_name_refused(std::wstring(L"a\0b", 3));
    expect_name_refused(std::wstring(L"\0", 1));
}

TEST_F(ServerStart, WithANameThatLeavesThePipesIsErrorFiveAndOpensNothing)
{
    seams system;

    for (const wchar_t *name : {L"..\\C:\\victim.txt", L"../C:/victim.txt", L"a\\..\\..\\x", L"\\\\.\\pipe\\..\\x",
                                L"x.", L"a \\b", L"a\\\\b", L"\\\\PC7\\pipe\\x"})
        expect_name_refused(name);

    EXPECT_EQ(system.creations().size(), 0u);
}

TEST_F(ServerStart, TakesANameInFullAndKeepsItAsItWasGiven)
{
    bstr kept;
    seams system;

    for (const wchar_t *prefix : {L"\\\\.\\pipe\\", L"\\\\?\\PIPE\\", L"//./pipe/"})
    {
        const std::wstring full = prefix + server.path.substr(9);

        server->put_PipeName(bstr(full).get());
        EXPECT_EQ(server.start(), S_OK);
        EXPECT_EQ(system.creations().back().name, server.path);
        EXPECT_EQ(server->get_PipeName(kept.put()), S_OK);
        EXPECT_EQ(kept.str(), full);
        EXPECT_EQ(server.stop(), S_OK);
    }
}

TEST_F(ServerStart, TakesASlashInsideTheNameForABackslash)
{
    const std::wstring name = server.path.substr(9);
    server->put_PipeName(bstr(name + L"/a/b").get());

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_EQ(client.connect(server.path + L"\\a\\b"), 0u);
}

TEST_F(ServerStart, TakesTheLongestName)
{
    std::wstring name = server.path.substr(9);
    name += std::wstring(247 - name.size(), L'n');
    server->put_PipeName(bstr(name).get());

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_EQ(client.connect(L"\\\\.\\pipe\\" + name), 0u);
}

TEST_F(ServerStart, TakesBackslashesInsideTheName)
{
    std::wstring name = server.path.substr(9) + L"\\a\\b";
    server->put_PipeName(bstr(name).get());

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_EQ(client.connect(L"\\\\.\\pipe\\" + name), 0u);
}

TEST_F(ServerStart, WithTooFewThreadsNamesPropertyValueAndRange)
{
    server->put_NumThreadsIOCP(0);

    expect_refusal(vb_error(5), L"NumThreadsIOCP is 0; give 1 to 64.");
}

TEST_F(ServerStart, WithTooManyThreadsNamesPropertyValueAndRange)
{
    server->put_NumThreadsIOCP(65);

    expect_refusal(vb_error(5), L"NumThreadsIOCP is 65; give 1 to 64.");
}

TEST_F(ServerStart, WithATooSmallBufferNamesPropertyValueAndRange)
{
    server->put_MessageBufferSize(63);

    expect_refusal(vb_error(5), L"MessageBufferSize is 63; give 64 to 67108864 bytes.");
}

TEST_F(ServerStart, WithATooLargeBufferNamesPropertyValueAndRange)
{
    server->put_MessageBufferSize(67108865);

    expect_refusal(vb_error(5), L"MessageBufferSize is 67108865; give 64 to 67108864 bytes.");
}

TEST_F(ServerStart, WithANegativeReceiveLimitNamesPropertyValueAndRange)
{
    server->put_ReceiveQueueLimit(-1);

    expect_refusal(vb_error(5), L"ReceiveQueueLimit is -1; give 0 for no limit, or a number of bytes.");
}

TEST_F(ServerStart, WithANegativeSendLimitNamesPropertyValueAndRange)
{
    server->put_SendQueueLimit(-1);

    expect_refusal(vb_error(5), L"SendQueueLimit is -1; give 0 for no limit, or a number of bytes.");
}

TEST_F(ServerStart, WithAnImpossibleLimitNamesPropertyValueAndRange)
{
    server->put_MaxConnections(-1);
    expect_refusal(vb_error(5), L"MaxConnections is -1; give 0 for no limit, or a number of clients.");
    server->put_MaxConnections(0);
    server->put_ListenBacklog(0);
    expect_refusal(vb_error(5), L"ListenBacklog is 0; give 1 to 1024.");
    server->put_ListenBacklog(1025);
    expect_refusal(vb_error(5), L"ListenBacklog is 1025; give 1 to 1024.");
    server->put_ListenBacklog(1);
    server->put_MaxMessageSize(-1);
    expect_refusal(vb_error(5), L"MaxMessageSize is -1; give 0 for no limit, or a number of bytes.");
    server->put_MaxMessageSize(0);
    server->put_IdleTimeout(-1);
    expect_refusal(vb_error(5), L"IdleTimeout is -1; give 0 for never, or milliseconds.");
}

TEST_F(ServerStart, TakesTheEndsOfTheRanges)
{
    server->put_MaxConnections(0x7fffffff);
    server->put_MaxMessageSize(0x7fffffff);
    server->put_IdleTimeout(0x7fffffff);
    server->put_NumThreadsIOCP(64);
    server->put_MessageBufferSize(64);
    server->put_ReceiveQueueLimit(0);
    server->put_SendQueueLimit(0x7fffffff);

    EXPECT_EQ(server.start(), S_OK);
}

TEST_F(ServerStart, OfARunningServerDoesNothing)
{
    start_with_client();

    EXPECT_EQ(server.start(), S_OK);
    pump();

    EXPECT_TRUE(is_connected(c));
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerStart, ServerReadyComesOnceAndNotBeforeStartHasReturned)
{
    listen();

    EXPECT_EQ(server.start(), S_OK);
    EXPECT_EQ(log->count(), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventServerReady));
    pump();

    EXPECT_EQ(log->all(), lines{"ready"});
}

TEST_F(ServerStart, ServerReadyComesOnceForEachStart)
{
    listen();

    start();
    server.stop();
    start();
    server.stop();

    EXPECT_EQ(log->all(), (lines{"ready", "ready"}));
}

TEST_F(ServerStart, ServerReadyComesBeforeEveryOtherEventHoweverManyThreadsThereAre)
{
    server->put_NumThreadsIOCP(16);
    listen();
    start();

    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_EQ(client.write("early"), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 early"}));
}

TEST_F(ServerStart, InAHandlerOfAnotherServerBeginsNoEventInside)
{
    server_in_mode other;
    auto others = std::make_shared<event_log>();
    other.advise(others);
    size_t inside = 99;
    listen(
        [&](const told_event &, INamedPipeServerConnection *)
        {
            EXPECT_EQ(other.start(), S_OK);
            inside = others->count();
        });

    start();
    ASSERT_TRUE(others->pump_for(NamedPipeEventServerReady));

    EXPECT_EQ(inside, 0u);
    other.stop();
}

/* What the system answers is given by the test. */
class ServerStartRefused : public ServerStart
{
  protected:
    seams system;

    void TearDown() override
    {
        window_server_test::TearDown();
        pump();
        server.object.reset();
        EXPECT_TRUE(pump_until([] { return true; }));
    }
    void expect_that_it_starts_now()
    {
        system.create_named_pipe = nullptr;
        system.create_io_completion_port = nullptr;
        system.create_thread = nullptr;
        listen();
        EXPECT_EQ(server.start(), S_OK);
        EXPECT_EQ(client.connect(server.path), 0u);
        EXPECT_TRUE(pump_for(NamedPipeEventClientConnected));
        EXPECT_EQ(log->all(), (lines{"ready", "connected 1"})) << "nothing is left of the failed Start";
        EXPECT_EQ(server.stop(), S_OK);
    }
};

TEST_F(ServerStartRefused, WithoutACompletionPortSaysSo)
{
    system.create_io_completion_port = [] { return ERROR_NOT_ENOUGH_MEMORY; };

    EXPECT_EQ(server.start(), vb_error(5));

    EXPECT_NE(take_error_sentence().find(L"nable to create an IOCP port"), std::wstring::npos);
    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, OnATakenNameIsNameInUse)
{
    system.create_named_pipe = [] { return ERROR_ACCESS_DENIED; };
    system.sleep = [](DWORD) {};
    system.list_pipes = [this] { return std::vector<std::wstring>{L"x", server.path.substr(9)}; };

    EXPECT_EQ(server.start(), name_in_use);

    EXPECT_NE(take_error_sentence(), L"");
    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, OnABusyNameIsNameInUse)
{
    system.create_named_pipe = [] { return ERROR_PIPE_BUSY; };
    system.sleep = [](DWORD) {};
    system.list_pipes = [this] { return std::vector<std::wstring>{server.path.substr(9)}; };

    EXPECT_EQ(server.start(), name_in_use);

    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, OnANameThatAnOldClientHoldsUnderOtherSettingsSaysSo)
{
    system.sleep = [](DWORD) {};
    system.wait_named_pipe = [](const WCHAR *) { return ERROR_SEM_TIMEOUT; };
    system.create_file = [](const WCHAR *, DWORD, DWORD) { return ERROR_FILE_NOT_FOUND; };
    system.create_instance = [this](const WCHAR *path, DWORD) -> DWORD
    { return path == server.path ? ERROR_ACCESS_DENIED : 0; };

    EXPECT_EQ(server.start(), name_in_use);

    EXPECT_NE(take_error_sentence().find(L"An old client still holds a pipe of this name"), std::wstring::npos);
    system.create_instance = nullptr;
    expect_that_it_starts_now();
}

/* Start, while clients of a past server hold the name. */
class ServerStartWaiting : public ServerStartRefused
{
  protected:
    bool is_held = true;

    void SetUp() override
    {
        system.wait_named_pipe = [](const WCHAR *) { return ERROR_SEM_TIMEOUT; };
        system.create_file = [](const WCHAR *, DWORD, DWORD) { return ERROR_FILE_NOT_FOUND; };
        system.create_instance = [this](const WCHAR *, DWORD) -> DWORD { return is_held ? ERROR_ACCESS_DENIED : 0; };
    }
    /* Called once, on Start's thread, while that waits for the name; then the name is free. */
    void meanwhile(std::function<void()> run)
    {
        system.sleep = [this, run](DWORD)
        {
            if (is_held)
                run();
            is_held = false;
        };
    }
};

TEST_F(ServerStartWaiting, IsNotRunningYetForOtherThreadsWhichNeedNotWait)
{
    VARIANT_BOOL running = VARIANT_TRUE;
    std::atomic<bool> answered = false;
    std::unique_ptr<background> other;
    meanwhile(
        [&]
        {
            other = std::make_unique<background>(
                [&]
                {
                    server->get_IsRunning(&running);
                    answered = true;
                });
            EXPECT_TRUE(other->join(5000)) << "it waits for Start";
            EXPECT_TRUE(answered);
        });

    EXPECT_EQ(server.start(), S_OK);

    other.reset();
    EXPECT_EQ(running, VARIANT_FALSE);
    EXPECT_TRUE(server.is_running());
}

TEST_F(ServerStartWaiting, IsStoppedByAStopOnAnotherThread)
{
    std::unique_ptr<background> other;
    HRESULT stopped = E_FAIL;
    meanwhile(
        [&]
        {
            other = std::make_unique<background>([&] { stopped = server->Stop(0); });
            EXPECT_FALSE(other->join(50)) << "it does not find anything to stop";
        });

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_TRUE(other->join(20000));
    EXPECT_EQ(stopped, S_OK);
    EXPECT_FALSE(server.is_running());
}

TEST_F(ServerStartWaiting, IsEndedByTheLastReleaseOnAnotherThread)
{
    std::unique_ptr<background> other;
    INamedPipeServer *started = server.object.get();
    meanwhile(
        [&]
        {
            other = std::make_unique<background>([&] { server.object.reset(); });
            EXPECT_FALSE(other->join(50)) << "it does not find anything to end";
        });

    EXPECT_EQ(started->Start(), S_OK);

    EXPECT_TRUE(other->join(20000));
    EXPECT_NE(raw_client().connect(server.path, 0), 0u) << "nobody is left who could stop it";
}

TEST_F(ServerStartWaiting, IsWaitedForByAStartOnAnotherThread)
{
    std::unique_ptr<background> other;
    HRESULT started = E_FAIL;
    meanwhile(
        [&]
        {
            other = std::make_unique<background>([&] { started = server->Start(); });
            EXPECT_FALSE(other->join(50)) << "it says that the server runs, or begins another run";
        });

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_TRUE(other->join(20000));
    EXPECT_EQ(started, S_OK);
    EXPECT_TRUE(server.is_running());
    EXPECT_EQ(system.pipes_created(), 4u);
}

TEST_F(ServerStartRefused, WithoutAccessIsErrorSeventy)
{
    system.create_named_pipe = [] { return ERROR_ACCESS_DENIED; };
    system.sleep = [](DWORD) {};
    system.list_pipes = [] { return std::vector<std::wstring>{L"another"}; };

    EXPECT_EQ(server.start(), vb_error(70));

    EXPECT_NE(take_error_sentence(), L"");
    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, ForAnotherReasonTellsWindowsReason)
{
    system.create_named_pipe = [] { return ERROR_INVALID_NAME; };

    EXPECT_EQ(server.start(), HRESULT_FROM_WIN32(ERROR_INVALID_NAME));

    EXPECT_NE(take_error_sentence(), L"");
    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, WithoutAThreadSaysSo)
{
    system.create_thread = [] { return ERROR_NOT_ENOUGH_MEMORY; };

    EXPECT_EQ(server.start(), E_OUTOFMEMORY);

    EXPECT_NE(take_error_sentence(), L"");
    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, WithoutTheLastOfItsThreadsEndsTheOthers)
{
    server->put_NumThreadsIOCP(4);
    system.create_thread = fails_once(4, ERROR_NOT_ENOUGH_MEMORY);

    EXPECT_EQ(server.start(), E_OUTOFMEMORY);

    expect_that_it_starts_now();
}

TEST_F(ServerStartRefused, KeepsALeaveThatCameBefore)
{
    VARIANT_BOOL left = VARIANT_FALSE;
    system.create_named_pipe = [] { return ERROR_INVALID_NAME; };
    server->ManualMessageLoopLeave();

    EXPECT_NE(server.start(), S_OK);

    EXPECT_EQ(server->ManualMessageLoopEnter(0, &left), S_OK);
    EXPECT_EQ(left, VARIANT_TRUE) << "a Start that fails leaves the object as it was";
}

} // namespace

/* Who the client is: process, session, computer and user; and that no thread goes on as the client. */

#include "support/pipe/access_lists.h"
#include "support/pipe/engine_fixture.h"

#include <atomic>

/* Whether the calling thread acts for somebody else. */
static bool acts_for_another()
{
    HANDLE token;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return GetLastError() != ERROR_NO_TOKEN;
    CloseHandle(token);
    return true;
}

class Peer : public engine_test
{
  protected:
    std::atomic<unsigned> asked = 0;

    /* Windows' answers to a client whose identity is tracked dynamically, CreateFile's default: nothing is told before
     * something was read. The first `refusals` questions are refused. */
    void refuse_at_first(unsigned refusals)
    {
        system.impersonate_client = [this, refusals](HANDLE) -> DWORD
        { return ++asked <= refusals ? ERROR_CANNOT_IMPERSONATE : 0; };
    }
    std::wstring user(connection *of)
    {
        const WCHAR *name;
        EXPECT_EQ(connection_get_user_name(of, &name), 0u);
        return name ? name : L"(unknown)";
    }
    std::wstring computer(connection *of)
    {
        const WCHAR *name;
        EXPECT_EQ(connection_get_computer_name(of, &name), 0u);
        return name ? name : L"(unknown)";
    }
    bool exchange_message()
    {
        return client.write("hello") == 0 && owner.next(c).kind == PIPE_MESSAGE;
    }
};

/* ---- what is known ---- */

TEST_F(Peer, IsKnownByItsProcessItsSessionAndItsUser)
{
    DWORD session;
    ASSERT_TRUE(ProcessIdToSessionId(GetCurrentProcessId(), &session));

    start_with_client();

    EXPECT_EQ(connection_get_status(c).process, GetCurrentProcessId());
    EXPECT_EQ(connection_get_status(c).session, session);
    EXPECT_EQ(user(c), own_name());
}

TEST_F(Peer, IsKnownWhenItsConnectionIsHandedOver)
{
    std::wstring seen;
    const hooks_end hooks{this};
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_CONNECTED)
            seen = user(event->connection);
    };

    start_with_client();

    EXPECT_EQ(seen, own_name());
}

TEST_F(Peer, IsStillKnownWhenAllIsOver)
{
    start_with_client();
    connection_hold(c);

    client.close();
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    stop();
    owner.forget();

    EXPECT_EQ(user(c), own_name()) << "asked for the first time";
    EXPECT_NE(connection_get_status(c).session, MAXDWORD);
    connection_release(c);
}

TEST_F(Peer, OfThisComputerHasThisComputersName)
{
    system.client_computer = [](HANDLE) { return std::make_pair(std::wstring(), DWORD(ERROR_PIPE_LOCAL)); };
    system.computer_name = [](COMPUTER_NAME_FORMAT) { return L"HERE"; };

    start_with_client();

    EXPECT_EQ(computer(c), L"HERE");
    EXPECT_EQ(computer(c), L"HERE");
}

TEST_F(Peer, OfAnotherComputerHasThatComputersNameWithoutSlashes)
{
    system.client_computer = [](HANDLE) { return std::make_pair(std::wstring(L"\\\\PC7"), DWORD(0)); };

    start_with_client();

    EXPECT_EQ(computer(c), L"PC7");
    EXPECT_EQ(connection_get_status(c).process, 0u) << "that number is the client's own word";
    EXPECT_EQ(connection_get_status(c).session, 0u);
}

TEST_F(Peer, OfAComputerWithTheLongestNameHasItWhole)
{
    const std::wstring longest(255, L'x');
    system.client_computer = [longest](HANDLE) { return std::make_pair(L"\\\\" + longest, DWORD(0)); };

    start_with_client();

    EXPECT_EQ(computer(c), longest);
}

TEST_F(Peer, OfAComputerThatWindowsDoesNotTellHasNoName)
{
    system.client_computer = [](HANDLE) { return std::make_pair(std::wstring(), DWORD(ERROR_PIPE_NOT_CONNECTED)); };

    start_with_client();

    EXPECT_EQ(computer(c), L"(unknown)");
}

/* ---- when the user is asked for ---- */

TEST_F(Peer, IsAskedForItsUserOnce)
{
    refuse_at_first(0);
    start_with_client();

    for (int i = 0; i < 3; i++)
        ASSERT_TRUE(exchange_message());

    EXPECT_EQ(asked, 1u);
}

/* A shortage that has passed keeps nobody unknown. */
TEST_F(Peer, IsAskedForItsUserAgainAfterTheFirstReadWhereTheFirstTryFailed)
{
    system.impersonate_client = [this](HANDLE) -> DWORD { return ++asked == 1 ? ERROR_NO_SYSTEM_RESOURCES : 0; };
    start_with_client();
    EXPECT_EQ(user(c), L"(unknown)");

    ASSERT_TRUE(exchange_message());

    EXPECT_EQ(user(c), own_name());
}

TEST_F(Peer, IsAskedForItsUserAgainAfterTheFirstReadWhereWindowsWantsThat)
{
    refuse_at_first(1);
    start_with_client();
    EXPECT_EQ(user(c), L"(unknown)");

    for (int i = 0; i < 3; i++)
        ASSERT_TRUE(exchange_message());

    EXPECT_EQ(user(c), own_name());
    EXPECT_EQ(asked, 2u);
}

TEST_F(Peer, IsKnownWhenItsFirstMessageIsHandedOver)
{
    std::wstring seen;
    const hooks_end hooks{this};
    refuse_at_first(1);
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind == PIPE_MESSAGE && seen.empty())
            seen = user(event->connection);
    };
    start_with_client();

    ASSERT_EQ(client.write(message_of(5000, 1)), 0u); /* longer than the buffer: the first read gives a part */
    ASSERT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));

    EXPECT_EQ(seen, own_name());
}

TEST_F(Peer, StaysUnknownWhereWindowsDoesNotTellAfterTheFirstReadEither)
{
    refuse_at_first(100);
    start_with_client();

    for (int i = 0; i < 3; i++)
        ASSERT_TRUE(exchange_message());

    EXPECT_EQ(user(c), L"(unknown)");
    EXPECT_EQ(asked, 2u);
}

static BOOL WINAPI open_no_anonymous_token(HANDLE thread, DWORD access, BOOL as_self, HANDLE *token)
{
    if (!(access & TOKEN_QUERY))
        return OpenThreadToken(thread, access, as_self, token); /* impersonation_suspend's */
    SetLastError(ERROR_CANT_OPEN_ANONYMOUS);
    return FALSE;
}

TEST_F(Peer, ThatIsAnonymousStaysUnknown)
{
    win32.open_thread_token = open_no_anonymous_token;
    start_with_client();

    ASSERT_TRUE(exchange_message());

    EXPECT_EQ(user(c), L"(unknown)");
}

TEST_F(Peer, OfAPauseIsAskedForItsUserOnAWorker)
{
    DWORD thread = 0;
    const hooks_end hooks{this};
    system.impersonate_client = [&](HANDLE) -> DWORD
    {
        thread = GetCurrentThreadId();
        return 0;
    };
    start();
    engine_pause(e, true);
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(owner.stays_quiet(100));

    engine_pause(e, false);
    engine_advance(e); /* hands CONNECTED over on this thread */
    c = owner.accept();

    ASSERT_NE(c, nullptr);
    EXPECT_EQ(user(c), own_name());
    EXPECT_EQ(owner.worker_threads().count(thread), 1u);
}

/* ---- the name ---- */

TEST_F(Peer, IsLookedUpWhenItsNameIsWantedAndOnce)
{
    std::atomic<unsigned> lookups = 0;
    const hooks_end hooks{this};
    system.lookup_account = [&]() -> DWORD
    {
        lookups++;
        return 0;
    };
    start_with_client();
    ASSERT_TRUE(exchange_message());
    EXPECT_EQ(lookups, 0u) << "a server that does not ask waits for no domain controller";

    EXPECT_EQ(user(c), own_name());
    EXPECT_EQ(user(c), own_name());

    EXPECT_EQ(lookups, 1u);
}

/* The second asks while the first is told. */
TEST_F(Peer, WhoseNameTwoAskForAtOnceHasOneName)
{
    unsigned lookups = 0;
    std::wstring meanwhile;
    const hooks_end hooks{this};
    system.lookup_account = [&]() -> DWORD
    {
        if (!lookups++)
            meanwhile = user(c);
        return 0;
    };
    start_with_client();

    EXPECT_EQ(user(c), own_name());

    EXPECT_EQ(meanwhile, own_name());
    EXPECT_EQ(lookups, 2u);
}

static std::atomic<ULONGLONG> said_ticks;

static ULONGLONG WINAPI say_ticks()
{
    return said_ticks;
}

/* Each try may wait for a domain controller, on a thread that dispatches nothing meanwhile. */
TEST_F(Peer, ThatIsNotFoundIsLookedUpAgainAfterHalfAMinuteAndNotBefore)
{
    std::atomic<unsigned> lookups = 0;
    const hooks_end hooks{this};
    system.lookup_account = [&]() -> DWORD
    {
        said_ticks += 7000; /* the controller does not answer */
        return ++lookups <= 2 ? ERROR_NO_SUCH_DOMAIN : 0;
    };
    said_ticks = 0xfffff000; /* its lower half begins anew meanwhile */
    win32.tick_count = say_ticks;
    start_with_client();

    EXPECT_EQ(user(c), L"(unknown)");
    said_ticks += 29999;
    EXPECT_EQ(user(c), L"(unknown)");
    EXPECT_EQ(lookups, 1u) << "29.999 s after the answer";
    said_ticks += 1;
    EXPECT_EQ(user(c), L"(unknown)");
    EXPECT_EQ(user(c), L"(unknown)");
    EXPECT_EQ(lookups, 2u);
    said_ticks += 30000;
    EXPECT_EQ(user(c), own_name());
    EXPECT_EQ(user(c), own_name());
    EXPECT_EQ(lookups, 3u);
}

TEST_F(Peer, WithoutAnAccountIsNotLookedUpAgain)
{
    system.lookup_account = fails_once(1, ERROR_NONE_MAPPED);
    said_ticks = 1000;
    win32.tick_count = say_ticks;
    start_with_client();

    EXPECT_EQ(user(c), L"(unknown)");
    said_ticks += 1000000;
    EXPECT_EQ(user(c), L"(unknown)") << "each try may wait for a domain controller";
}

TEST_F(Peer, WhoseNameFindsNoMemorySaysSo)
{
    const WCHAR *name;
    start_with_client();
    system.allocate = [](size_t) { return false; };

    EXPECT_EQ(connection_get_user_name(c, &name), DWORD(ERROR_NOT_ENOUGH_MEMORY));

    system.allocate = nullptr;
    EXPECT_EQ(user(c), own_name());
}

TEST_F(Peer, HoldsNobodyUpWhileItsNameIsLookedUp)
{
    blocking_point lookup;
    std::wstring found;
    start_with_client();
    const hooks_end hooks{this};
    system.lookup_account = [&]() -> DWORD
    {
        lookup.block();
        return 0;
    };
    background asks([&] { found = user(c); });
    ASSERT_TRUE(lookup.wait_until_blocked());

    EXPECT_TRUE(exchange_message());
    EXPECT_EQ(write(c, "answer"), 0u);
    EXPECT_EQ(client.read_text(), "answer");
    client.close();
    EXPECT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));

    lookup.unblock();
    asks.join();
    EXPECT_EQ(found, own_name());
}

/* ---- acting for the client ---- */

TEST_F(Peer, IsActedForByNobodyOnceItIsHandedOver)
{
    std::atomic<unsigned> looked = 0, acting = 0;
    const hooks_end hooks{this};
    refuse_at_first(1);
    owner.on_event = [&](pipe_event *)
    {
        looked++;
        acting += acts_for_another();
    };
    owner.on_turn = [&] { acting += acts_for_another(); };
    start_with_client();

    ASSERT_TRUE(exchange_message());
    finish();

    EXPECT_GE(looked, 3u);
    EXPECT_EQ(acting, 0u);
}

TEST_F(Peer, IsActedForUntilWindowsEndsThatAndMeanwhileTheThreadDoesNothingElse)
{
    std::atomic<unsigned> reverts = 0;
    latch stuck;
    std::atomic<bool> refuses = true;
    const hooks_end hooks{this};
    settings.threads = 2;
    refuse_at_first(1);
    start_with_client();
    system.revert_to_self = [&]() -> DWORD
    {
        if (!refuses)
            return 0;
        if (++reverts == 2)
            stuck.set();
        return ERROR_NO_SYSTEM_RESOURCES;
    };

    ASSERT_EQ(client.write("hello"), 0u);
    ASSERT_TRUE(stuck.wait(patience));

    EXPECT_EQ(owner.count(PIPE_MESSAGE), 0u) << "nothing of the owner runs on that thread";
    EXPECT_EQ(write(c, "still here"), 0u) << "it holds no lock";
    EXPECT_EQ(client.read_text(), "still here") << "the other thread serves the client";
    EXPECT_EQ(connection_get_status(c).reason, CLOSE_NONE);
    refuses = false;
    EXPECT_TRUE(owner.wait_for(PIPE_MESSAGE, 1));
    EXPECT_EQ(user(c), own_name());
}

TEST_F(Peer, WhoseHandleIsClosedMeanwhileKeepsTheHandleUntilItWasAsked)
{
    std::atomic<unsigned> closed = 0, closed_too_early = 0;
    std::atomic<HANDLE> watched = nullptr;
    const hooks_end hooks{this};
    refuse_at_first(1);
    start_with_client();
    watched = connection_handle(c);
    system.close_handle = [&](HANDLE handle) { closed += handle == watched; };
    system.impersonate_client = [&](HANDLE handle) -> DWORD
    {
        connection_close_handle(c);
        closed_too_early += closed + (handle != watched);
        return 0;
    };

    ASSERT_EQ(client.write("hello"), 0u);
    ASSERT_TRUE(owner.wait_for(PIPE_DISCONNECTED, 1));
    finish();

    EXPECT_EQ(closed_too_early, 0u);
    EXPECT_EQ(closed, 1u);
}

extern "C" {
#include "pipe/peer.h"
}

TEST_F(Peer, IsAskedForOnAThreadThatActsForSomebodyAndStillDoesAfterwards)
{
    peer who = {};
    const WCHAR *name;
    HANDLE pipe = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_MESSAGE, 1, 0, 0,
                                   0, nullptr);
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));

    peer_find_user(&who, pipe, false);

    EXPECT_TRUE(acts_for_another());
    RevertToSelf();
    EXPECT_EQ(peer_user_name(&who, &name), 0u);
    EXPECT_EQ(name ? name : L"", own_name());
    peer_fini(&who);
    client.close();
    CloseHandle(pipe);
}

/* Whose a name is: another server's, that of clients which a past server has left, or nobody's. Wine keeps no name for
 * clients alone, so a pipe of the test's own stands for what Windows would have kept, and the seams answer as
 * Windows. */

#include "support/pipe/access_lists.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"

#include <set>

extern "C" {
#include "pipe/claim.h"
#include "pipe/security.h"
}

constexpr wchar_t lock_prefix[] = L"\\\\.\\pipe\\NamedPipeServer.starting.";

class Claim : public engine_test
{
  protected:
    HANDLE kept = INVALID_HANDLE_VALUE, old_client = INVALID_HANDLE_VALUE; /* both ends of what Windows keeps */
    bool is_held = false;                                                  /* the name, by the old client */
    DWORD answer_to_clients = ERROR_FILE_NOT_FOUND, answer_without_the_flag = 0, answer_to_the_lock = 0;
    bool is_waited_for = true; /* WaitNamedPipe knows the name, and finds nobody who listens */
    unsigned clients_opened = 0;
    DWORD slept = 0;
    std::function<void()> on_sleep;

    /* A pipe made so, with a client at it, whose server has gone. */
    void leave_behind(DWORD type, DWORD instances, SECURITY_ATTRIBUTES *attributes)
    {
        kept = CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, type, instances, 1024, 1024, 0,
                                attributes);
        ASSERT_NE(kept, INVALID_HANDLE_VALUE);
        old_client = CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
        ASSERT_NE(old_client, INVALID_HANDLE_VALUE);
        hold();
    }
    /* One of a past server of ours. */
    void leave_behind()
    {
        security access;
        ASSERT_EQ(security_init(&access, &settings.access), 0u);
        leave_behind(PIPE_TYPE_MESSAGE, PIPE_UNLIMITED_INSTANCES, &access.attributes);
        security_fini(&access);
    }
    /* Windows' answers from now on. */
    void hold()
    {
        is_held = true;
        system.sleep = [this](DWORD ms)
        {
            slept += ms;
            if (on_sleep)
                on_sleep();
        };
        system.create_instance = [this](const WCHAR *name, DWORD open_mode) -> DWORD
        {
            if (is_lock(name))
                return answer_to_the_lock;
            if (open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE)
                return is_held ? ERROR_ACCESS_DENIED : 0;
            return answer_without_the_flag;
        };
        system.wait_named_pipe = [this](const WCHAR *) -> DWORD {
            return !is_held ? 0 : is_waited_for ? ERROR_SEM_TIMEOUT : ERROR_FILE_NOT_FOUND;
        };
        system.create_file = [this](const WCHAR *, DWORD, DWORD) -> DWORD
        {
            clients_opened++;
            return is_held ? answer_to_clients : 0;
        };
    }
    static bool is_lock(const std::wstring &name)
    {
        return name.rfind(lock_prefix, 0) == 0;
    }
    /* What Start does: 0, and it runs until TearDown; or why it has failed, and nothing is left of it. */
    DWORD listen()
    {
        DWORD error = open();
        if (!error)
            error = engine_listen(e);
        if (!error)
            return engine_run(e);
        engine_release(e);
        e = nullptr;
        return error;
    }
    /* The names of the pipes that were asked for, the engine's own left out. */
    std::vector<std::wstring> locks() const
    {
        std::vector<std::wstring> names;
        for (const pipe_creation &creation : system.creations())
            if (creation.name != path)
                names.push_back(creation.name);
        return names;
    }
    void TearDown() override
    {
        engine_test::TearDown();
        for (HANDLE *left : {&old_client, &kept})
            if (*left != INVALID_HANDLE_VALUE)
                CloseHandle(std::exchange(*left, INVALID_HANDLE_VALUE));
    }
};

/* ---- a living server ---- */

TEST_F(Claim, OfANameAtWhichAServerListensFailsAtOnceAndAsksNoClient)
{
    raw_server other(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 255);
    ASSERT_TRUE(other.is_open());
    hold();
    system.wait_named_pipe = nullptr;

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE));

    EXPECT_EQ(clients_opened, 0u);
    EXPECT_EQ(slept, 0u);
    EXPECT_EQ(locks(), std::vector<std::wstring>());
}

TEST_F(Claim, OfANameWhoseServerAnswersAClientFailsAtOnceWhateverItAnswers)
{
    for (DWORD answer : {ERROR_PIPE_BUSY, ERROR_ACCESS_DENIED, ERROR_BAD_PATHNAME})
    {
        hold();
        answer_to_clients = answer;

        EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE)) << answer;

        EXPECT_EQ(slept, 0u);
        EXPECT_EQ(locks(), std::vector<std::wstring>());
    }
}

TEST_F(Claim, OfANameWhoseServerLetsAClientInFailsAndLetsGoOfThePipe)
{
    raw_server other(path);
    ASSERT_TRUE(other.is_open());
    hold();
    answer_to_clients = 0;

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE));

    EXPECT_EQ(other.accept(), 0u) << "it has come";
    EXPECT_EQ(other.wait_until_closed(), 0u) << "and gone";
}

TEST_F(Claim, AsksAsAClientWhomTheServerCannotImpersonate)
{
    hold();
    answer_to_clients = ERROR_PIPE_BUSY;
    system.create_file = [this](const WCHAR *name, DWORD access, DWORD flags) -> DWORD
    {
        clients_opened++;
        EXPECT_EQ(name, path);
        EXPECT_EQ(access, DWORD(GENERIC_READ)) << "with neither reading nor writing Windows ignores the level";
        EXPECT_EQ(flags & SECURITY_VALID_SQOS_FLAGS, DWORD(SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS));
        return ERROR_PIPE_BUSY;
    };

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE));

    EXPECT_EQ(clients_opened, 1u);
}

/* ---- a name that was given up ---- */

TEST_F(Claim, OfANameThatWasGivenUpMakesNoInstance)
{
    security access;
    ASSERT_EQ(security_init(&access, &settings.access), 0u);
    std::wstring name = path;
    engine_settings wanted = settings;
    wanted.path = name.c_str();
    claim c = {};
    claim_init(&c, &wanted, &access);
    HANDLE instance;

    claim_give_up(&c);

    EXPECT_EQ(claim_instance(&c, 0, &instance), DWORD(PIPE_ERROR_NOT_OPEN));
    EXPECT_EQ(instance, INVALID_HANDLE_VALUE);
    EXPECT_TRUE(system.creations().empty());
    security_fini(&access);
}

/* ---- clients of a past server ---- */

TEST_F(Claim, OfANameThatAPastServersClientHoldsSucceeds)
{
    leave_behind();

    ASSERT_EQ(listen(), 0u);

    raw_client another;
    ASSERT_EQ(owner.next().kind, PIPE_READY);
    connection *arrived = connect(another);
    ASSERT_NE(arrived, nullptr);
    ASSERT_EQ(write(arrived, "welcome"), 0u);
    EXPECT_EQ(another.read_text(), "welcome");
}

TEST_F(Claim, TriesForAsLongAsAPipeMayTakeToGoBeforeItTakesTheNameOver)
{
    leave_behind();
    system.create_instance = [this, answer = system.create_instance](const WCHAR *name, DWORD open_mode)
    {
        if (!(open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) || is_lock(name))
        {
            EXPECT_GE(slept, 300u);
        }
        return answer(name, open_mode);
    };

    EXPECT_EQ(listen(), 0u);

    EXPECT_EQ(slept, 300u);
}

TEST_F(Claim, OfANameThatBecomesFreeMeanwhileIsAsAnyOther)
{
    leave_behind();
    on_sleep = [this] { is_held = slept < 60; };

    EXPECT_EQ(listen(), 0u);

    EXPECT_EQ(slept, 60u);
    EXPECT_EQ(locks(), std::vector<std::wstring>());
}

TEST_F(Claim, OfANameThatAServerTakesMeanwhileFails)
{
    leave_behind();
    on_sleep = [this] { answer_to_clients = slept < 60 ? ERROR_FILE_NOT_FOUND : ERROR_PIPE_BUSY; };

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE));

    EXPECT_EQ(slept, 60u);
}

TEST_F(Claim, TakesANameOverOnlyWhileItAloneHoldsALockOfTheSameSecurity)
{
    std::wstring lock_name;
    bool lock_was_there = false;
    unsigned disconnected = 0; /* so that no client can hold it: it sees the pipe busy, on Windows */
    leave_behind();
    const hooks_end hooks{this};
    system.disconnect_named_pipe = [&](HANDLE) { disconnected++; };
    system.create_instance = [&, answer = system.create_instance](const WCHAR *name, DWORD open_mode)
    {
        if (is_lock(name))
        {
            lock_name = name;
            EXPECT_TRUE(open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE);
        }
        else if (!(open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE))
            lock_was_there |= WaitNamedPipeW(lock_name.c_str(), 1) != FALSE && disconnected == 1;
        return answer(name, open_mode);
    };

    ASSERT_EQ(listen(), 0u);

    EXPECT_TRUE(lock_was_there) << "while the instance was made";
    EXPECT_EQ(raw_client().connect(lock_name, 0), DWORD(ERROR_FILE_NOT_FOUND)) << "and is gone";
    std::set<std::wstring> securities;
    for (const pipe_creation &creation : system.creations())
        securities.insert(creation.sddl);
    EXPECT_EQ(securities.size(), 1u);
}

TEST_F(Claim, OfANameThatAnotherProcessJustTakesOverFails)
{
    leave_behind();
    for (DWORD refusal : {ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY})
    {
        answer_to_the_lock = refusal;

        EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE)) << refusal;
    }
    for (const pipe_creation &creation : system.creations())
        EXPECT_TRUE(creation.open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) << "nothing was taken over";
}

TEST_F(Claim, OfANameThatAnotherProcessHasTakenOverFails)
{
    leave_behind();
    system.create_instance = [this, answer = system.create_instance](const WCHAR *name, DWORD open_mode)
    {
        if (is_lock(name))
            answer_to_clients = ERROR_PIPE_BUSY; /* who had the lock has made its instance, and a client came at once */
        return answer(name, open_mode);
    };

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE));

    for (const pipe_creation &creation : system.creations())
        EXPECT_TRUE(creation.open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) << "nothing was taken over";
}

TEST_F(Claim, HasOneLockForAllSpellingsOfANameAndAnotherForEachOtherName)
{
    const std::wstring name = path;
    answer_to_the_lock = ERROR_ACCESS_DENIED;
    for (const std::wstring &spelling : {name + L"\\a\u00e9", name + L"\\A\u00c9", name + L"/a\u00e9", name + L"\\b"})
    {
        path = spelling;
        hold();
        EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_IN_USE));
    }

    std::vector<std::wstring> seen;
    for (const pipe_creation &creation : system.creations())
        if (is_lock(creation.name))
            seen.push_back(creation.name);

    ASSERT_EQ(seen.size(), 4u);
    EXPECT_EQ(seen[1], seen[0]);
    EXPECT_EQ(seen[2], seen[0]);
    EXPECT_NE(seen[3], seen[0]);
    std::wstring digits = seen[0].substr(wcslen(lock_prefix));
    EXPECT_EQ(digits.size(), 16u);
    EXPECT_EQ(digits.find_first_not_of(L"0123456789abcdef"), std::wstring::npos);
}

/* ---- other settings ---- */

TEST_F(Claim, OfANameThatIsHeldWithAnotherAccessListFails)
{
    leave_behind(PIPE_TYPE_MESSAGE, PIPE_UNLIMITED_INSTANCES, nullptr);

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldWithAnotherOwnerFails)
{
    security access;
    BYTE administrators[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(administrators);
    ASSERT_EQ(security_init(&access, &settings.access), 0u);
    ASSERT_TRUE(CreateWellKnownSid(WinBuiltinAdministratorsSid, nullptr, administrators, &size));
    ASSERT_TRUE(SetSecurityDescriptorOwner(access.attributes.lpSecurityDescriptor, administrators, FALSE));
    leave_behind(PIPE_TYPE_MESSAGE, PIPE_UNLIMITED_INSTANCES, &access.attributes);
    security_fini(&access);

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldForOtherUsersFails)
{
    leave_behind();
    settings.access.preset = ACCESS_EVERYONE;

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldForClientsOfOtherComputersFails)
{
    settings.access.allow_remote = true;
    leave_behind();
    settings.access.allow_remote = false;

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldWithTheSameTextSucceeds)
{
    const read_descriptor given(L"D:(A;;GA;;;BA)(A;;0x12019b;;;AU)");
    settings.access.descriptor = given.get();
    leave_behind();

    EXPECT_EQ(listen(), 0u);
}

TEST_F(Claim, OfANameThatIsHeldWithAnotherTextFails)
{
    const read_descriptor given(L"D:(A;;GA;;;BA)(A;;0x12019b;;;AU)"), another(L"D:(A;;GA;;;BA)(A;;0x12019b;;;WD)");
    settings.access.descriptor = given.get();
    leave_behind();
    settings.access.descriptor = another.get();

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldWithAnotherLabelFails)
{
    const read_descriptor given(L"D:(A;;GA;;;BA)S:(ML;;NW;;;LW)"), another(L"D:(A;;GA;;;BA)S:(ML;;NW;;;ME)");
    settings.access.descriptor = given.get();
    leave_behind();
    settings.access.descriptor = another.get();

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldByAPipeOfBytesFails)
{
    security access;
    ASSERT_EQ(security_init(&access, &settings.access), 0u);
    leave_behind(PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES, &access.attributes);
    security_fini(&access);

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldByAPipeOfFewInstancesFails)
{
    security access;
    ASSERT_EQ(security_init(&access, &settings.access), 0u);
    leave_behind(PIPE_TYPE_MESSAGE, 10, &access.attributes);
    security_fini(&access);

    EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD));
}

TEST_F(Claim, OfANameThatIsHeldByAPipeWhichTakesNoInstanceOfOursFails)
{
    leave_behind();
    for (DWORD refusal : {ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY})
    {
        answer_without_the_flag = refusal;

        EXPECT_EQ(listen(), DWORD(PIPE_ERROR_NAME_HELD)) << refusal;
    }
}

TEST_F(Claim, OfANameThatTheSystemDoesNotKnowAndRefusesIsNoPermission)
{
    hold();
    is_waited_for = false;
    answer_without_the_flag = ERROR_ACCESS_DENIED;

    EXPECT_EQ(listen(), DWORD(ERROR_ACCESS_DENIED)) << "with the lock";
    answer_to_the_lock = ERROR_ACCESS_DENIED;
    EXPECT_EQ(listen(), DWORD(ERROR_ACCESS_DENIED)) << "without";
}

/* ---- what fails on the way ---- */

TEST_F(Claim, TellsAnotherFailureOfTheLockOrTheInstanceAsItIs)
{
    leave_behind();
    answer_without_the_flag = ERROR_NO_SYSTEM_RESOURCES;

    EXPECT_EQ(listen(), DWORD(ERROR_NO_SYSTEM_RESOURCES)) << "the instance";
    answer_to_the_lock = ERROR_NOT_ENOUGH_QUOTA;
    EXPECT_EQ(listen(), DWORD(ERROR_NOT_ENOUGH_QUOTA)) << "the lock";
}

TEST_F(Claim, WithoutMemorySaysSoAndLeavesNothing)
{
    unsigned allocations, missing;
    bool is_comparing;
    const hooks_end hooks{this};
    leave_behind();
    for (missing = 1; missing <= 2; missing++)
    {
        allocations = 0;
        is_comparing = false;
        system.create_instance = [&, answer = system.create_instance](const WCHAR *name, DWORD open_mode)
        {
            is_comparing |= !(open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE);
            return answer(name, open_mode);
        };
        system.allocate = [&](size_t) { return !is_comparing || ++allocations != missing; };

        EXPECT_EQ(listen(), DWORD(ERROR_NOT_ENOUGH_MEMORY)) << missing;

        system.allocate = nullptr;
        hold();
    }
}

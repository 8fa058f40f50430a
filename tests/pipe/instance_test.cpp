/* What the system is asked for: flags, sizes, access; and what is made of its refusals. */

#include "support/pipe/access_lists.h"
#include "support/pipe/engine_fixture.h"

extern "C" {
#include "pipe/security.h"
}

class Instance : public engine_test
{
  protected:
    std::wstring name() const
    {
        return path.substr(wcslen(L"\\\\.\\pipe\\"));
    }
};

TEST_F(Instance, TheFirstOneAloneClaimsTheName)
{
    start();
    raw_client one;
    connect(one);

    std::vector<pipe_creation> creations = system.creations();

    ASSERT_GE(creations.size(), 5u);
    EXPECT_TRUE(creations[0].open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE);
    for (size_t i = 1; i < creations.size(); i++)
        EXPECT_FALSE(creations[i].open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) << i;
}

TEST_F(Instance, EachIsAnOverlappedMessagePipeOfThisMachineWithRoomFor64KiBOutwards)
{
    start();

    for (const pipe_creation &creation : system.creations())
    {
        EXPECT_EQ(creation.name, path);
        EXPECT_EQ(creation.open_mode & ~FILE_FLAG_FIRST_PIPE_INSTANCE,
                  DWORD(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED));
        EXPECT_EQ(creation.pipe_mode,
                  DWORD(PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS));
        EXPECT_EQ(creation.max_instances, DWORD(PIPE_UNLIMITED_INSTANCES));
        EXPECT_EQ(creation.out_size, 65536u);
        EXPECT_FALSE(creation.inheritable);
    }
}

class InstanceOfQuota : public engine_test, public testing::WithParamInterface<std::pair<DWORD, DWORD>>
{
};

TEST_P(InstanceOfQuota, TakesAsMuchFromItsClientAsOneReadButAtLeast64KiBAndAtMostAMebibyte)
{
    auto [buffer_size, expected] = GetParam();
    settings.flow.buffer_size = buffer_size;

    start();

    for (const pipe_creation &creation : system.creations())
        EXPECT_EQ(creation.in_size, expected);
}

INSTANTIATE_TEST_SUITE_P(Sizes, InstanceOfQuota,
                         testing::Values(std::pair{64u, 65536u}, std::pair{65537u, 65537u}, std::pair{131072u, 131072u},
                                         std::pair{1048576u, 1048576u}, std::pair{67108864u, 1048576u}));

TEST_F(Instance, RemoteClientsAreAcceptedWhereTheyAreAllowed)
{
    settings.access.allow_remote = true;
    start();

    for (const pipe_creation &creation : system.creations())
        EXPECT_FALSE(creation.pipe_mode & PIPE_REJECT_REMOTE_CLIENTS);
}

TEST_F(Instance, IsMadeWithTheSecurityThatIsAskedFor)
{
    security expected;
    settings.access.preset = ACCESS_AUTHENTICATED_USERS;
    start();
    ASSERT_EQ(security_init(&expected, &settings.access), 0u);

    for (const pipe_creation &creation : system.creations())
    {
        EXPECT_EQ(entries_of_sddl(creation.sddl), entries_of(&expected.descriptor));
        std::vector<BYTE> kept = kept_descriptor(creation.handle);
        EXPECT_EQ(entries_of(kept.data()), entries_of(&expected.descriptor)) << "as the system keeps it";
        EXPECT_EQ(owner_of(kept.data()), own_sid());
    }
    security_fini(&expected);
}

TEST_F(Instance, IsMadeWithTheOneDescriptorOfItsRun)
{
    {
        const read_descriptor given(L"D:(A;;FA;;;BA)");
        settings.access.descriptor = given.get();
        ASSERT_EQ(open(), 0u);
        ASSERT_TRUE(InitializeSecurityDescriptor(given.get(), SECURITY_DESCRIPTOR_REVISION)) << "the engine has a copy";
    }
    ASSERT_EQ(engine_listen(e), 0u);
    ASSERT_EQ(engine_run(e), 0u);
    ASSERT_EQ(owner.next().kind, PIPE_READY);
    raw_client others[6];

    for (raw_client &one : others)
        connect(one);

    for (const pipe_creation &creation : system.creations())
        EXPECT_EQ(entries_of_sddl(creation.sddl),
                  (access_list{denies(FILE_ALL_ACCESS, L"S-1-5-2"), allows(FILE_ALL_ACCESS, L"S-1-5-32-544")}));
    EXPECT_EQ(system.creations().size(), 10u);
}

TEST_F(Instance, IsNotMadeWithATextThatKeepsThisProcessOut)
{
    const read_descriptor given(L"D:(A;;FA;;;SY)");
    settings.access.descriptor = given.get();
    ASSERT_EQ(open(), 0u);

    EXPECT_EQ(engine_listen(e), DWORD(PIPE_ERROR_KEEPS_US_OUT));

    EXPECT_EQ(system.creations().size(), 0u);
    engine_release(e);
    e = nullptr;
}

TEST_F(Instance, IsNotMadeWithoutMemoryForItsDescriptor)
{
    const read_descriptor given(L"D:(A;;FA;;;BA)");
    const size_t size = GetSecurityDescriptorLength(given.get());
    settings.access.descriptor = given.get();
    system.allocate = [size](size_t wanted) { return wanted != size; };

    EXPECT_EQ(open(), DWORD(ERROR_NOT_ENOUGH_MEMORY));

    EXPECT_EQ(e, nullptr);
}

TEST_F(Instance, ARefusalOfAListedNameMeansThatItIsInUse)
{
    for (DWORD refusal : {ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY})
    {
        system.create_named_pipe = [=] { return refusal; };
        system.sleep = [](DWORD) {};
        system.list_pipes = [this]
        {
            std::wstring shouted = name();
            for (WCHAR &letter : shouted)
                letter = towupper(letter); /* names of pipes are not case-sensitive */
            return std::vector<std::wstring>{L"another", shouted, L"a third"};
        };
        ASSERT_EQ(open(), 0u);

        EXPECT_EQ(engine_listen(e), DWORD(PIPE_ERROR_NAME_IN_USE)) << refusal;

        engine_release(e);
        e = nullptr;
        EXPECT_TRUE(system.all_freed(patience));
    }
}

TEST_F(Instance, ARefusalOfANameThatIsNotListedIsNoPermission)
{
    for (DWORD refusal : {ERROR_ACCESS_DENIED, ERROR_PIPE_BUSY})
    {
        system.create_named_pipe = [=] { return refusal; };
        system.sleep = [](DWORD) {};
        system.list_pipes = [this] { return std::vector<std::wstring>{L"another", name() + L"x", name().substr(1)}; };
        ASSERT_EQ(open(), 0u);

        EXPECT_EQ(engine_listen(e), DWORD(ERROR_ACCESS_DENIED)) << refusal;

        engine_release(e);
        e = nullptr;
        EXPECT_TRUE(system.all_freed(patience));
    }
}

TEST_F(Instance, AnotherFailureIsWhatItSays)
{
    system.create_named_pipe = [] { return DWORD(ERROR_NO_SYSTEM_RESOURCES); };
    system.list_pipes = [this] { return std::vector<std::wstring>{name()}; };
    ASSERT_EQ(open(), 0u);

    EXPECT_EQ(engine_listen(e), DWORD(ERROR_NO_SYSTEM_RESOURCES));

    engine_release(e);
    e = nullptr;
}

TEST_F(Instance, ThatThisProcessMayNotLabelNeedsAPrivilege)
{
    ASSERT_EQ(open(), 0u);
    system.create_named_pipe = [] { return DWORD(ERROR_PRIVILEGE_NOT_HELD); };

    EXPECT_EQ(engine_listen(e), DWORD(PIPE_ERROR_NEEDS_PRIVILEGE));

    engine_release(e);
    e = nullptr;
}

TEST_F(Instance, ALaterInstanceThatFailsAtTheStartIsTheStartsFailure)
{
    system.create_named_pipe = fails_once(3, ERROR_NO_SYSTEM_RESOURCES);
    ASSERT_EQ(open(), 0u);

    EXPECT_EQ(engine_listen(e), DWORD(ERROR_NO_SYSTEM_RESOURCES));

    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_FILE_NOT_FOUND)) << "the first two are gone";
    engine_release(e);
    e = nullptr;
    EXPECT_EQ(owner.all().size(), 0u);
}

TEST_F(Instance, ANameThatWindowsDoesNotAcceptIsWhatWindowsSays)
{
    path = L"\\\\.\\no pipe\\x";
    ASSERT_EQ(open(), 0u);

    EXPECT_NE(engine_listen(e), 0u);

    engine_release(e);
    e = nullptr;
}

/* ---- one access list for a run ---- */

TEST_F(Instance, HasTheSecurityThatWasMadeForTheRun)
{
    std::atomic<unsigned> allocations = 0;
    std::vector<unsigned> until; /* each was made */
    const hooks_end hooks{this};
    system.allocate = [&](size_t) { return ++allocations, true; };
    system.create_named_pipe = [&]() -> DWORD { return until.push_back(allocations), 0; };

    start();

    ASSERT_EQ(until.size(), 4u);
    EXPECT_EQ(until[2] - until[1], 1u) << "the connection of the second, and nothing for the third";
    EXPECT_EQ(until[3] - until[2], 1u);
}

/* ---- the process' own, whoever the thread acts for ---- */

static bool impersonates()
{
    HANDLE token;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return false;
    CloseHandle(token);
    return true;
}

TEST_F(Instance, OfAStartThatImpersonatesIsMadeAsTheProcess)
{
    unsigned as_somebody = 0;
    const hooks_end hooks{this};
    system.create_named_pipe = [&] { return as_somebody += impersonates(), 0; };
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));

    EXPECT_EQ(open(), 0u);
    EXPECT_EQ(engine_listen(e), 0u);

    EXPECT_TRUE(impersonates()) << "the thread goes on as it was";
    EXPECT_TRUE(RevertToSelf());
    EXPECT_EQ(engine_run(e), 0u);
    EXPECT_EQ(system.pipes_created(), 4u);
    EXPECT_EQ(as_somebody, 0u);
}

TEST_F(Instance, OfALaterClientIsMadeAsTheProcessWhereAHandlerHasLeftTheWorkerImpersonating)
{
    std::atomic<unsigned> as_somebody = 0;
    std::atomic<bool> stays = true;
    const hooks_end hooks{this};
    owner.on_worker_begins = [] { EXPECT_TRUE(ImpersonateSelf(SecurityImpersonation)); };
    owner.on_worker_ends = [&] { stays = stays && impersonates(); };
    system.create_named_pipe = [&]() -> DWORD { return as_somebody += impersonates(), 0; };
    start();
    raw_client others[3];

    for (raw_client &one : others)
        connect(one);

    stop();
    EXPECT_EQ(system.pipes_created(), 7u);
    EXPECT_EQ(as_somebody, 0u);
    EXPECT_TRUE(stays);
}

static BOOL WINAPI refuse_to_open(HANDLE, DWORD, BOOL, HANDLE *)
{
    SetLastError(ERROR_CANT_OPEN_ANONYMOUS);
    return FALSE;
}

static std::atomic<bool> left_anonymous;

static BOOL WINAPI refuse_to_open_anonymous(HANDLE, DWORD, BOOL, HANDLE *)
{
    SetLastError(left_anonymous ? ERROR_CANT_OPEN_ANONYMOUS : ERROR_NO_TOKEN);
    return FALSE;
}

static BOOL WINAPI end_anonymous(HANDLE *, HANDLE token)
{
    left_anonymous = token != nullptr;
    return TRUE;
}

TEST_F(Instance, IsMadeOnAWorkerThatAHandlerLeftImpersonatingAnonymously)
{
    settings.threads = 1;
    left_anonymous = false;
    win32.open_thread_token = refuse_to_open_anonymous;
    win32.set_thread_token = end_anonymous;
    start();
    raw_client others[6];

    left_anonymous = true;
    for (raw_client &one : others)
        connect(one);

    EXPECT_EQ(system.pipes_created(), 10u);
    EXPECT_EQ(owner.count(PIPE_SERVER_ERROR), 0u);
}

TEST_F(Instance, IsNotMadeWhereTheThreadCannotActAsTheProcess)
{
    win32.open_thread_token = refuse_to_open;
    ASSERT_EQ(open(), 0u);

    EXPECT_EQ(engine_listen(e), DWORD(ERROR_CANT_OPEN_ANONYMOUS));

    EXPECT_EQ(system.creations().size(), 0u);
    engine_release(e);
    e = nullptr;
}

TEST_F(Instance, IsTakenBackWhereTheThreadCannotActAgainForWhomItDid)
{
    win32.set_thread_token = refuse_to_resume;
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));
    EXPECT_EQ(open(), 0u);

    EXPECT_EQ(engine_listen(e), DWORD(ERROR_ACCESS_DENIED));

    RevertToSelf();
    EXPECT_EQ(raw_client().connect(path, 0), DWORD(ERROR_FILE_NOT_FOUND));
    engine_release(e);
    e = nullptr;
}

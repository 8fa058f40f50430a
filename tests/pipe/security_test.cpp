/* Who may open a pipe: the descriptor of each preset and of texts, and what the system keeps of it. */

#include <gtest/gtest.h>

#include <memory>

#include "support/leaks.h"
#include "support/pipe/access_lists.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/seams.h"

extern "C" {
#include "pipe/security.h"
}

constexpr wchar_t network[] = L"S-1-5-2", local_system[] = L"S-1-5-18", administrators[] = L"S-1-5-32-544",
                  authenticated[] = L"S-1-5-11", everyone[] = L"S-1-1-0", guests[] = L"S-1-5-32-546";
constexpr DWORD client_rights = 0x12019b; /* FILE_GENERIC_READ | FILE_GENERIC_WRITE without FILE_APPEND_DATA */

class Security : public testing::Test
{
  protected:
    leak_check nothing_is_left;
    seams system;
    std::unique_ptr<read_descriptor> given;
    access_settings wanted = {ACCESS_CURRENT_USER, nullptr, false};
    security s = {};
    unsigned allocations = 0, missing = 0;
    access_list checked; /* the labels of what access_check was asked about */

    ~Security() override
    {
        security_fini(&s);
    }
    DWORD init(access_preset preset)
    {
        wanted.preset = preset;
        return again();
    }
    DWORD init(const wchar_t *sddl)
    {
        give(sddl);
        return again();
    }
    /* NULL: the preset counts. */
    void give(const wchar_t *sddl)
    {
        security_fini(&s);
        given = sddl ? std::make_unique<read_descriptor>(sddl) : nullptr;
        wanted.descriptor = given ? given->get() : nullptr;
    }
    DWORD again()
    {
        security_fini(&s);
        return security_init(&s, &wanted);
    }
    access_list entries()
    {
        return entries_of(&s.descriptor);
    }
    SECURITY_DESCRIPTOR_CONTROL control()
    {
        SECURITY_DESCRIPTOR_CONTROL bits = 0;
        DWORD revision;
        EXPECT_TRUE(GetSecurityDescriptorControl(&s.descriptor, &bits, &revision));
        return bits;
    }
    /* What the system keeps of a pipe that was made with `s`. */
    std::vector<BYTE> kept()
    {
        HANDLE pipe = CreateNamedPipeW(unique_pipe_path().c_str(), PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE, 2, 0, 0, 0,
                                       &s.attributes);
        EXPECT_NE(pipe, INVALID_HANDLE_VALUE);
        std::vector<BYTE> descriptor = kept_descriptor(pipe);
        CloseHandle(pipe);
        return descriptor;
    }
};

/* ---- presets ---- */

TEST_F(Security, OfTheCurrentUserDeniesTheNetworkAndLetsNobodyElseMakeInstances)
{
    ASSERT_EQ(init(ACCESS_CURRENT_USER), 0u);

    EXPECT_EQ(entries(), (access_list{denies(FILE_ALL_ACCESS, network), allows(FILE_ALL_ACCESS, own_sid()),
                                      allows(client_rights, local_system), allows(client_rights, administrators)}));
}

TEST_F(Security, OfAuthenticatedUsersLetsThemReadAndWriteAndNothingMore)
{
    ASSERT_EQ(init(ACCESS_AUTHENTICATED_USERS), 0u);

    EXPECT_EQ(entries(), (access_list{denies(FILE_ALL_ACCESS, network), allows(FILE_ALL_ACCESS, own_sid()),
                                      allows(client_rights, local_system), allows(client_rights, administrators),
                                      allows(client_rights, authenticated)}));
}

TEST_F(Security, OfEveryoneLetsEverybodyReadAndWriteAndNothingMore)
{
    ASSERT_EQ(init(ACCESS_EVERYONE), 0u);

    EXPECT_EQ(entries(), (access_list{denies(FILE_ALL_ACCESS, network), allows(FILE_ALL_ACCESS, own_sid()),
                                      allows(client_rights, local_system), allows(client_rights, administrators),
                                      allows(client_rights, everyone)}));
}

TEST_F(Security, OfAPresetIsProtectedAndNotInheritedAndHasThisUserAsOwnerAndNoLabel)
{
    for (access_preset preset : {ACCESS_CURRENT_USER, ACCESS_AUTHENTICATED_USERS, ACCESS_EVERYONE})
    {
        ASSERT_EQ(init(preset), 0u);

        EXPECT_TRUE(IsValidSecurityDescriptor(&s.descriptor));
        EXPECT_EQ(s.attributes.nLength, sizeof(SECURITY_ATTRIBUTES));
        EXPECT_EQ(s.attributes.lpSecurityDescriptor, &s.descriptor);
        EXPECT_FALSE(s.attributes.bInheritHandle);
        EXPECT_TRUE(control() & SE_DACL_PROTECTED);
        EXPECT_EQ(owner_of(&s.descriptor), own_sid());
        EXPECT_EQ(labels_of(&s.descriptor), access_list{});
    }
}

TEST_F(Security, HasNoRoomThatTheSystemWouldKeep)
{
    void *end;
    for (const wchar_t *sddl : {static_cast<const wchar_t *>(nullptr), L"D:(A;;FA;;;BA)"})
    {
        give(sddl);
        ASSERT_EQ(again(), 0u);

        EXPECT_TRUE(FindFirstFreeAce(s.list, &end));
        EXPECT_EQ(static_cast<BYTE *>(end), reinterpret_cast<BYTE *>(s.list) + s.list->AclSize);
    }
}

TEST_F(Security, IsWhatTheSystemKeepsOfAPipe)
{
    for (access_preset preset : {ACCESS_CURRENT_USER, ACCESS_AUTHENTICATED_USERS, ACCESS_EVERYONE})
    {
        ASSERT_EQ(init(preset), 0u);

        std::vector<BYTE> descriptor = kept();

        EXPECT_EQ(entries_of(descriptor.data()), entries());
        EXPECT_EQ(owner_of(descriptor.data()), own_sid());
    }
}

TEST_F(Security, OfATextIsWhatTheSystemKeepsOfAPipe)
{
    ASSERT_EQ(init(L"D:P(A;;GA;;;BA)(A;;0x12019b;;;BU)(D;;GW;;;BG)"), 0u);

    std::vector<BYTE> descriptor = kept();

    EXPECT_EQ(entries_of(descriptor.data()), entries());
    EXPECT_EQ(owner_of(descriptor.data()), own_sid());
}

/* ---- the network ---- */

TEST_F(Security, WithClientsOfOtherComputersDeniesNobody)
{
    wanted.allow_remote = true;

    ASSERT_EQ(init(ACCESS_EVERYONE), 0u);
    EXPECT_EQ(entries()[0], allows(FILE_ALL_ACCESS, own_sid()));
    EXPECT_EQ(entries().size(), 4u);
    ASSERT_EQ(init(L"D:(A;;FA;;;BA)"), 0u);
    EXPECT_EQ(entries(), (access_list{allows(FILE_ALL_ACCESS, administrators)}));
}

TEST_F(Security, OfAProcessThatHasLoggedOnOverTheNetworkItselfDeniesNobody)
{
    system.token_groups = [] { return std::vector<WELL_KNOWN_SID_TYPE>{WinWorldSid, WinNetworkSid}; };

    ASSERT_EQ(init(ACCESS_CURRENT_USER), 0u);
    EXPECT_EQ(entries()[0], allows(FILE_ALL_ACCESS, own_sid()));
    ASSERT_EQ(init(L"D:(A;;FA;;;BA)"), 0u);
    EXPECT_EQ(entries(), (access_list{allows(FILE_ALL_ACCESS, administrators)}));
    system.token_groups = [] { return std::vector<WELL_KNOWN_SID_TYPE>{WinWorldSid}; };
    ASSERT_EQ(again(), 0u);
    EXPECT_EQ(entries()[0], denies(FILE_ALL_ACCESS, network)) << "without that group";
}

/* ---- texts ---- */

TEST_F(Security, OfATextKeepsItsEntriesInTheirOrderBehindTheDenial)
{
    ASSERT_EQ(init(L"D:(A;;GA;;;BA)(A;;GRGW;;;WD)(D;;GX;;;BG)"), 0u);

    EXPECT_EQ(entries(), (access_list{denies(FILE_ALL_ACCESS, network), allows(FILE_ALL_ACCESS, administrators),
                                      allows(FILE_GENERIC_READ | FILE_GENERIC_WRITE, everyone),
                                      denies(FILE_GENERIC_EXECUTE, guests)}));
    EXPECT_FALSE(control() & SE_DACL_PROTECTED);
}

TEST_F(Security, OfATextIsProtectedWhereTheTextSaysSo)
{
    ASSERT_EQ(init(L"D:P(A;;FA;;;BA)"), 0u);

    EXPECT_TRUE(control() & SE_DACL_PROTECTED);
}

TEST_F(Security, OfATextHasThisUserAsOwnerUnlessTheTextNamesOne)
{
    ASSERT_EQ(init(L"D:(A;;FA;;;BA)"), 0u);
    EXPECT_EQ(owner_of(&s.descriptor), own_sid());

    ASSERT_EQ(init(L"O:BAG:BAD:(A;;FA;;;BA)"), 0u);
    EXPECT_EQ(owner_of(&s.descriptor), administrators);
    EXPECT_EQ(owner_of(kept().data()), administrators);
}

TEST_F(Security, OfATextHasTheGroupOfTheTextAndNoneWithoutIt)
{
    PSID group;
    BOOL defaulted;
    BYTE all[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof(all);
    ASSERT_TRUE(CreateWellKnownSid(WinBuiltinAdministratorsSid, nullptr, all, &size));

    ASSERT_EQ(init(L"G:BAD:(A;;FA;;;WD)"), 0u);
    ASSERT_TRUE(GetSecurityDescriptorGroup(&s.descriptor, &group, &defaulted));
    ASSERT_NE(group, nullptr);
    EXPECT_TRUE(EqualSid(group, all));

    ASSERT_EQ(init(L"D:(A;;FA;;;WD)"), 0u);
    ASSERT_TRUE(GetSecurityDescriptorGroup(&s.descriptor, &group, &defaulted));
    EXPECT_EQ(group, nullptr);
}

TEST_F(Security, OfATextHasTheLabelOfTheText)
{
    ASSERT_EQ(init(L"D:(A;;FA;;;BA)S:(ML;;NW;;;LW)"), 0u);

    EXPECT_EQ(labels_of(&s.descriptor), (access_list{L"label 0x1 S-1-16-4096"}));
}

TEST_F(Security, OfATextWithoutAnAccessListSaysSo)
{
    for (const wchar_t *sddl : {L"O:BA", L"G:BA", L"S:(ML;;NW;;;LW)"})
        EXPECT_EQ(init(sddl), DWORD(PIPE_ERROR_NO_ACCESS_LIST)) << sddl;
}

TEST_F(Security, OfATextThatKeepsThisProcessFromASecondInstanceSaysSo)
{
    for (const wchar_t *sddl : {L"D:", L"D:(A;;FA;;;SY)", L"D:(A;;0x12019b;;;WD)", L"D:(A;;GR;;;WD)",
                                L"D:(D;;GW;;;BA)(A;;FA;;;WD)", L"D:(D;;0x4;;;WD)(A;;FA;;;WD)"})
        EXPECT_EQ(init(sddl), DWORD(PIPE_ERROR_KEEPS_US_OUT)) << sddl;
}

TEST_F(Security, OfATextThatLetsThisProcessInIsTaken)
{
    const std::wstring by_sid = L"D:(A;;FA;;;" + own_sid() + L")";

    for (const wchar_t *sddl : {L"D:(A;;GA;;;WD)", L"D:(A;;GRGW;;;BU)", L"D:(A;;FA;;;BA)(A;;0x12019b;;;AU)",
                                L"D:(D;;FA;;;AN)(A;;FA;;;WD)", by_sid.c_str()})
        EXPECT_EQ(init(sddl), 0u) << sddl;
}

/* ---- integrity ---- */

constexpr wchar_t low[] = L"label 0x1 S-1-16-4096";

/* Windows gives what a process below medium makes that process' label, and judges its next instance by it. */
TEST_F(Security, OfATextWithoutALabelIsCheckedWithTheLabelThatAProcessOfLowIntegrityGives)
{
    system.access_check = [this](PSECURITY_DESCRIPTOR descriptor) { checked = labels_of(descriptor); };
    system.integrity = SECURITY_MANDATORY_LOW_RID;

    EXPECT_EQ(init(L"D:(A;;GA;;;WD)"), 0u);

    EXPECT_EQ(checked, access_list{low});
    EXPECT_EQ(labels_of(&s.descriptor), access_list{}) << "the system gives it";
}

TEST_F(Security, OfATextWithoutALabelIsCheckedWithoutOneInAProcessOfMediumIntegrityOrMore)
{
    for (DWORD integrity : {SECURITY_MANDATORY_MEDIUM_RID, SECURITY_MANDATORY_HIGH_RID})
    {
        checked = {L"none was checked"};
        system.access_check = [this](PSECURITY_DESCRIPTOR descriptor) { checked = labels_of(descriptor); };
        system.integrity = integrity;

        EXPECT_EQ(init(L"D:(A;;GA;;;WD)"), 0u);

        EXPECT_EQ(checked, access_list{}) << integrity;
    }
}

TEST_F(Security, OfATextWithALabelIsCheckedWithThatOne)
{
    system.access_check = [this](PSECURITY_DESCRIPTOR descriptor) { checked = labels_of(descriptor); };
    system.integrity = SECURITY_MANDATORY_UNTRUSTED_RID + 1;

    EXPECT_EQ(init(L"D:(A;;GA;;;WD)S:(ML;;NW;;;LW)"), 0u);

    EXPECT_EQ(checked, access_list{low});
}

/* ---- what fails on the way ---- */

TEST_F(Security, WithoutMemorySaysSoAndLeavesNothing)
{
    for (const wchar_t *sddl : {static_cast<const wchar_t *>(nullptr), L"D:(A;;FA;;;BA)"})
    {
        unsigned refused = 0;

        give(sddl);
        for (missing = 1; missing < 20; missing++)
        {
            allocations = 0;
            system.allocate = [this](size_t) { return ++allocations != missing; };

            DWORD error = again();
            system.allocate = nullptr;

            EXPECT_EQ(error, allocations >= missing ? DWORD(ERROR_NOT_ENOUGH_MEMORY) : 0u) << missing;
            refused += error != 0;
        }
        EXPECT_GE(refused, 3u) << "the user, the list and the groups";
    }
}

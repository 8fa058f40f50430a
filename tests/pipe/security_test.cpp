/* The access list of a pipe. */

#include <gtest/gtest.h>

#include "support/leaks.h"
#include "support/pipe/seams.h"

extern "C" {
#include "pipe/security.h"
}

TEST(Security, OfTheCurrentUserIsAValidProtectedListThatIsNotInherited)
{
    leak_check nothing_is_left;
    security s;
    SECURITY_DESCRIPTOR_CONTROL control;
    DWORD revision;

    ASSERT_EQ(security_init_current_user(&s), 0u);

    EXPECT_EQ(s.attributes.nLength, sizeof(SECURITY_ATTRIBUTES));
    EXPECT_FALSE(s.attributes.bInheritHandle);
    EXPECT_TRUE(IsValidSecurityDescriptor(s.attributes.lpSecurityDescriptor));
    EXPECT_TRUE(IsValidAcl(s.list));
    EXPECT_EQ(s.list->AceCount, 3);
    EXPECT_TRUE(GetSecurityDescriptorControl(s.attributes.lpSecurityDescriptor, &control, &revision));
    EXPECT_TRUE(control & SE_DACL_PRESENT);
    EXPECT_TRUE(control & SE_DACL_PROTECTED);
    security_fini(&s);
}

TEST(Security, GrantsWhatAPipeNeedsAndNothingGeneric)
{
    security s;
    ASSERT_EQ(security_init_current_user(&s), 0u);

    for (DWORD i = 0; i < s.list->AceCount; i++)
    {
        ACCESS_ALLOWED_ACE *entry;
        ASSERT_TRUE(GetAce(s.list, i, reinterpret_cast<void **>(&entry)));
        EXPECT_EQ(entry->Mask & FILE_GENERIC_READ, DWORD(FILE_GENERIC_READ));
        EXPECT_EQ(entry->Mask & FILE_GENERIC_WRITE, DWORD(FILE_GENERIC_WRITE)) << "create-instance included";
        EXPECT_EQ(entry->Mask & (GENERIC_ALL | GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE), 0u);
    }
    security_fini(&s);
}

TEST(Security, CanBeUsedForAPipe)
{
    security s;
    ASSERT_EQ(security_init_current_user(&s), 0u);

    HANDLE pipe = CreateNamedPipeW(L"\\\\.\\pipe\\NamedPipeServer.tests.security", PIPE_ACCESS_DUPLEX,
                                   PIPE_TYPE_MESSAGE, 2, 0, 0, 0, &s.attributes);
    HANDLE second = CreateNamedPipeW(L"\\\\.\\pipe\\NamedPipeServer.tests.security", PIPE_ACCESS_DUPLEX,
                                     PIPE_TYPE_MESSAGE, 2, 0, 0, 0, &s.attributes);

    EXPECT_NE(pipe, INVALID_HANDLE_VALUE);
    EXPECT_NE(second, INVALID_HANDLE_VALUE) << "this user may make further instances";
    CloseHandle(pipe);
    CloseHandle(second);
    security_fini(&s);
}

TEST(Security, WithoutMemorySaysSoAndLeavesNothing)
{
    leak_check nothing_is_left;
    unsigned refused = 0;

    for (unsigned nth = 1; nth < 20; nth++)
    {
        seams system;
        unsigned calls = 0;
        security s;
        system.allocate = [&](size_t) { return ++calls != nth; };

        DWORD error = security_init_current_user(&s);
        security_fini(&s);

        EXPECT_EQ(error, calls >= nth ? DWORD(ERROR_NOT_ENOUGH_MEMORY) : 0u) << nth;
        refused += error != 0;
    }
    EXPECT_GE(refused, 1u);
}

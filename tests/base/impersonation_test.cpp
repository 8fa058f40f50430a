/* Acting as the process on a thread that impersonates. */

extern "C" {
#include "base/impersonation.h"
}

#include "support/leaks.h"

#include <gtest/gtest.h>

namespace
{

/* Whether the calling thread has a token of its own. */
bool impersonates()
{
    HANDLE token;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return GetLastError() != ERROR_NO_TOKEN;
    CloseHandle(token);
    return true;
}

BOOL WINAPI refuse_to_open(HANDLE, DWORD, BOOL, HANDLE *)
{
    SetLastError(ERROR_CANT_OPEN_ANONYMOUS);
    return FALSE;
}

BOOL WINAPI refuse_to_set(HANDLE *, HANDLE)
{
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

class Impersonation : public testing::Test
{
  protected:
    ~Impersonation() override
    {
        win32 = real;
        RevertToSelf();
    }

    leak_check check;
    const win32_calls real = win32;
    impersonation suspended = {};
};

} // namespace

TEST_F(Impersonation, IsSuspendedAndResumed)
{
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));

    EXPECT_EQ(impersonation_suspend(&suspended, false), 0u);
    EXPECT_FALSE(impersonates());

    EXPECT_EQ(impersonation_resume(&suspended), 0u);
    EXPECT_TRUE(impersonates());
}

TEST_F(Impersonation, AThreadThatActsAsTheProcessGoesOnSo)
{
    EXPECT_EQ(impersonation_suspend(&suspended, false), 0u);
    EXPECT_FALSE(impersonates());
    EXPECT_EQ(impersonation_resume(&suspended), 0u);

    EXPECT_FALSE(impersonates());
}

TEST_F(Impersonation, ThatCanNotBeReadStaysAsItWas)
{
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));
    win32.open_thread_token = refuse_to_open;

    EXPECT_EQ(impersonation_suspend(&suspended, false), DWORD{ERROR_CANT_OPEN_ANONYMOUS});

    EXPECT_TRUE(impersonates());
}

TEST_F(Impersonation, ThatCanNotBeReadEndsOnAThreadOfOurs)
{
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));
    win32.open_thread_token = refuse_to_open;

    EXPECT_EQ(impersonation_suspend(&suspended, true), 0u);
    EXPECT_FALSE(impersonates());

    EXPECT_EQ(impersonation_resume(&suspended), 0u);
    EXPECT_FALSE(impersonates());
}

TEST_F(Impersonation, ThatCanNotBeLeftStaysAsItWas)
{
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));
    win32.set_thread_token = refuse_to_set;

    EXPECT_EQ(impersonation_suspend(&suspended, false), DWORD{ERROR_ACCESS_DENIED});

    EXPECT_TRUE(impersonates());
}

TEST_F(Impersonation, ThatCanNotBeResumedIsAFailure)
{
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));
    ASSERT_EQ(impersonation_suspend(&suspended, false), 0u);
    win32.set_thread_token = refuse_to_set;

    EXPECT_EQ(impersonation_resume(&suspended), DWORD{ERROR_ACCESS_DENIED});
}

static unsigned reverts, sleeps;

static BOOL WINAPI refuse_to_revert_twice()
{
    return ++reverts > 2 ? RevertToSelf() : FALSE;
}

static void WINAPI count_sleep(DWORD)
{
    sleeps++;
}

TEST_F(Impersonation, IsNotEndedBeforeTheThreadActsAsItself)
{
    reverts = sleeps = 0;
    win32.revert_to_self = refuse_to_revert_twice;
    win32.sleep = count_sleep;
    ASSERT_TRUE(ImpersonateSelf(SecurityImpersonation));

    impersonation_end();

    EXPECT_FALSE(impersonates());
    EXPECT_EQ(reverts, 3u);
    EXPECT_EQ(sleeps, 2u);
}

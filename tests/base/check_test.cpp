extern "C" {
#include "base/check.h"
}

#include <gtest/gtest.h>

namespace
{

LONG WINAPI go_on(EXCEPTION_POINTERS *)
{
    return EXCEPTION_CONTINUE_EXECUTION;
}

} // namespace

TEST(Check, LetsGoOnWhereItsConditionHolds)
{
    int asked = 0;

    CHECK(++asked == 1);

    EXPECT_EQ(asked, 1);
}

TEST(CheckDeathTest, EndsTheProcessWhereItDoesNot)
{
    EXPECT_DEATH(CHECK(1 + 1 == 3), "TestBody: this does not hold: 1 \\+ 1 == 3");
}

TEST(CheckDeathTest, IsNotHandledByWhoeverHandlesExceptions)
{
    EXPECT_DEATH(
        {
            SetUnhandledExceptionFilter(go_on);
            CHECK(false);
        },
        "does not hold");
}

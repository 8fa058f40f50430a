#include "support/leaks.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace
{

long long things;

leak_check::counter count_things()
{
    return {"things", [] { return things; }};
}

TEST(LeakCheck, LeavesToASecondRoundWhatTheSystemMayHaveKept)
{
    static const long long before = things;
    leak_check check({count_things()});

    things = before + 1; /* in the second round as in the first: it is kept once */
}

TEST(LeakCheck, FailsATestThatLeavesMoreInTheSecondRound)
{
    const bool last = leak_check::last_round;
    const unsigned patience = leak_check::patience;

    leak_check::last_round = true;
    leak_check::patience = 0;
    EXPECT_NONFATAL_FAILURE(
        {
            leak_check check({count_things()});
            things++;
        },
        "things: ");

    leak_check::last_round = last;
    leak_check::patience = patience;
}

} // namespace

#include "support/leaks.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace
{

long long things;

leak_check::counter count_things(int rounds)
{
    return {"things", [] { return things; }, 0, rounds};
}

void leave_a_thing(int rounds)
{
    leak_check check({count_things(rounds)});

    things++;
}

/* As if it were that round, and without waiting for what will not come. */
class LeakCheckInRound : public testing::Test
{
  protected:
    void in_round(int round)
    {
        leak_check::round = round;
        leak_check::patience = 0;
    }
    void TearDown() override
    {
        leak_check::round = real_round;
        leak_check::patience = real_patience;
    }

  private:
    const int real_round = leak_check::round;
    const unsigned real_patience = leak_check::patience;
};

TEST(LeakCheck, LeavesToAnotherRoundWhatTheSystemMayHaveKept)
{
    static const long long before = things;
    leak_check check({count_things(2)});

    things = before + 1; /* in each round as in the first: it is kept once */
}

TEST_F(LeakCheckInRound, FailsATestThatLeavesMoreInTheLastOne)
{
    in_round(2);
    EXPECT_NONFATAL_FAILURE(leave_a_thing(2), "things: ");
    in_round(leak_check::heap_rounds);
    EXPECT_NONFATAL_FAILURE(leave_a_thing(leak_check::heap_rounds), "things: ");
}

TEST_F(LeakCheckInRound, FailsATestThatLeavesOursInTheFirst)
{
    in_round(1);
    EXPECT_NONFATAL_FAILURE(leave_a_thing(1), "things: ");
}

TEST_F(LeakCheckInRound, LeavesAHeapThatStillFillsToTheNext)
{
    static long long growth = 3; /* less with each, as a cache that fills */

    in_round(leak_check::round);
    leak_check check({count_things(leak_check::heap_rounds)});
    if (growth > 0)
        things += growth--;
}

} // namespace

extern "C" {
#include "base/lock.h"
}

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace
{

bool is_held(lock *l)
{
    if (!TryAcquireSRWLockExclusive(&l->srw))
        return true;
    ReleaseSRWLockExclusive(&l->srw);
    return false;
}

} // namespace

TEST(Lock, IsOpenWhenAllZero)
{
    lock l = {};

    EXPECT_FALSE(is_held(&l));
}

TEST(Lock, IsHeldBetweenAcquireAndRelease)
{
    lock l = {};

    lock_acquire(&l);
    EXPECT_TRUE(is_held(&l));
    lock_release(&l);

    EXPECT_FALSE(is_held(&l));
}

TEST(Lock, IsHeldByOneThreadAtATime)
{
    constexpr int threads = 4, rounds = 100000;
    lock l = {};
    int counter = 0;
    std::vector<std::thread> counting;

    for (int i = 0; i < threads; i++)
        counting.emplace_back(
            [&]
            {
                for (int round = 0; round < rounds; round++)
                {
                    lock_acquire(&l);
                    counter++;
                    lock_release(&l);
                }
            });
    for (std::thread &t : counting)
        t.join();

    EXPECT_EQ(counter, threads * rounds);
}

TEST(Lock, LetsTheNextOneInWhenItIsReleased)
{
    lock l = {};
    bool entered = false;
    lock_acquire(&l);

    std::thread next(
        [&]
        {
            lock_acquire(&l);
            entered = true;
            lock_release(&l);
        });
    EXPECT_FALSE(entered);
    lock_release(&l);
    next.join();

    EXPECT_TRUE(entered);
}

TEST(LockDeathTest, TakenTwiceByOneThreadEndsTheProcess)
{
    lock l = {};

    lock_acquire(&l);
    EXPECT_DEATH(lock_acquire(&l), "does not hold");
    lock_release(&l);
}

TEST(LockDeathTest, OpenedByAThreadThatHasItNotEndsTheProcess)
{
    lock l = {};

    EXPECT_DEATH(lock_release(&l), "does not hold");
}

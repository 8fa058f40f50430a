extern "C" {
#include "base/win32.h"
#include "deliver/waiter.h"
}

#include <gtest/gtest.h>

#include <thread>

namespace
{

/* A loop and another wait, of this thread; neither is inside yet. */
class Waiters : public testing::Test
{
  protected:
    Waiters()
    {
        waiters_init(&ws);
    }
    ~Waiters() override
    {
        for (waiter *w : {loop, wait})
            if (!list_linked(&w->link))
                waiter_free(w);
        waiters_fini(&ws);
    }

    void enter(waiter *w)
    {
        list_append(&ws.inside, &w->link);
    }
    static bool is_told(const waiter *w)
    {
        return WaitForSingleObject(w->changed, 0) == WAIT_OBJECT_0;
    }

    waiters ws;
    waiter *loop = waiter_create(true), *wait = waiter_create(false);
};

TEST_F(Waiters, AreAllToldOfAChangeOnce)
{
    enter(loop);
    enter(wait);

    waiters_signal(&ws);

    EXPECT_TRUE(is_told(loop));
    EXPECT_TRUE(is_told(wait));
    EXPECT_FALSE(is_told(loop)) << "a wait for the next change would not wait";
}

TEST_F(Waiters, OfALeaveLoopsEndAndOtherWaitsDoNot)
{
    enter(loop);
    enter(wait);

    waiters_leave(&ws, true, 7);

    EXPECT_TRUE(loop->leave_pending);
    EXPECT_EQ(loop->leave_at, 7);
    EXPECT_TRUE(is_told(loop));
    EXPECT_FALSE(wait->leave_pending);
    EXPECT_FALSE(ws.leave_pending) << "the next loop is not left";
}

TEST_F(Waiters, OfAStopEveryWaitEnds)
{
    enter(loop);
    enter(wait);

    waiters_leave(&ws, false, 7);

    for (const waiter *w : {loop, wait})
    {
        EXPECT_TRUE(w->leave_pending);
        EXPECT_EQ(w->leave_at, 7);
        EXPECT_TRUE(is_told(w));
    }
}

TEST_F(Waiters, ALeaveWhereNoLoopIsInsideIsTheNextOnes)
{
    enter(wait);

    waiters_leave(&ws, true, 7);

    EXPECT_TRUE(ws.leave_pending);
}

TEST_F(Waiters, AStopWhereNobodyIsInsideIsNotTheNextOnes)
{
    waiters_leave(&ws, false, 7);

    EXPECT_FALSE(ws.leave_pending);
}

TEST_F(Waiters, ASecondLeaveMovesNothingThatIsRaisedYetAndAStopDoes)
{
    enter(loop);
    waiters_leave(&ws, true, 7);

    waiters_leave(&ws, true, 8);
    EXPECT_EQ(loop->leave_at, 7);
    waiters_leave(&ws, false, 9);

    EXPECT_EQ(loop->leave_at, 9);
}

TEST_F(Waiters, OfAThreadThatHasEndedIsForgotten)
{
    std::thread([this] { enter(waiter_create(true)); }).join();

    EXPECT_FALSE(waiters_any(&ws));

    EXPECT_TRUE(list_empty(&ws.inside));
}

TEST_F(Waiters, OfAThreadThatHasEndedTakesNoLeave)
{
    std::thread([this] { enter(waiter_create(true)); }).join();

    waiters_leave(&ws, true, 7);

    EXPECT_TRUE(ws.leave_pending) << "it is the next loop's";
}

TEST_F(Waiters, WaitWhileTheirThreadLives)
{
    EXPECT_FALSE(waiters_any(&ws));

    enter(wait);

    EXPECT_TRUE(waiters_any(&ws));
}

TEST_F(Waiters, AreNotToBeHadWithoutMemory)
{
    const auto allocate = win32.allocate;
    win32.allocate = [](size_t) -> void * { return nullptr; };

    waiter *none = waiter_create(true);

    win32.allocate = allocate;
    EXPECT_EQ(none, nullptr);
}

TEST_F(Waiters, OfAThreadThatWaitsAgainAreTheSame)
{
    waiter *w = waiter_create(false);
    w->leave_pending = true;
    w->leave_at = 7;

    EXPECT_EQ(waiters_keep(&ws, w), nullptr);

    EXPECT_EQ(waiters_take_spare(&ws, true), w);
    EXPECT_TRUE(w->is_loop);
    EXPECT_FALSE(w->leave_pending);
    EXPECT_EQ(w->leave_at, 0);
    EXPECT_EQ(waiters_take_spare(&ws, true), nullptr) << "it is in use";
    waiter_free(w);
}

TEST_F(Waiters, OfAnotherThreadAreNotTaken)
{
    std::thread([this] { EXPECT_EQ(waiters_keep(&ws, waiter_create(false)), nullptr); }).join();

    EXPECT_EQ(waiters_take_spare(&ws, false), nullptr);

    waiter *w = waiter_create(false), *old = waiters_keep(&ws, w);
    EXPECT_NE(old, nullptr) << "one is kept";
    EXPECT_NE(old, w);
    waiter_free(old);
}

TEST_F(Waiters, OfAnUnknownThreadAreNotKept)
{
    waiter *w = waiter_create(false);
    CloseHandle(w->thread);
    w->thread = nullptr;

    EXPECT_EQ(waiters_keep(&ws, w), w);

    waiter_free(w);
}

} // namespace

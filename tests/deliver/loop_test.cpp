#include "support/deliver/queue_fixture.h"

namespace
{

TEST_F(Queue, AThreadThatWaitsGoesOnWhereTheRaisingOneEndsInsideAHandler)
{
    manual_event inside, end_it;
    namelist names;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        if (name == "ends its thread")
        {
            inside.set();
            EXPECT_TRUE(end_it.wait());
            ExitThread(0);
        }
        names.push_back(name);
        queue_leave(q, true);
        return RAISED_ALL;
    };
    push(r, l, "ends its thread");
    HANDLE raises = CreateThread(nullptr, 0, enter_loop, q, 0, nullptr);
    ASSERT_TRUE(inside.wait());
    push(r, l, "next");
    HANDLE waits = CreateThread(nullptr, 0, enter_loop, q, 0, nullptr);
    EXPECT_EQ(WaitForSingleObject(waits, 20), static_cast<DWORD>(WAIT_TIMEOUT)) << "the other one raises";

    end_it.set();

    EXPECT_EQ(WaitForSingleObject(waits, patience), WAIT_OBJECT_0);
    EXPECT_EQ(names, namelist{"next"});
    CloseHandle(waits);
    CloseHandle(raises);
    end(r);
}

TEST_F(Queue, ALoopTriesWhatIsRefusedAgainEvery50MillisecondsThoughNothingChanges)
{
    refusals sink{2, {}, {}};
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        const raised how = sink(name);
        if (how == RAISED_ALL)
            queue_leave(q, true);
        return how;
    };
    push(r, l, "refused");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(sink.names, namelist(3, "refused"));
    EXPECT_TRUE(sink.are_apart());
    run_silence(r); /* what waits is of a lane that goes now */
    end(r);
}

TEST_F(Queue, WhatIsRefusedIsTriedAgainThoughMoreComesAllTheTime)
{
    bool taken = false;
    int tries = 0;
    standing_clock clock;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), floods(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        taken |= name == "refused" && ++tries == 2;
        if (name == "refused")
            return taken ? RAISED_ALL : RAISED_NONE;
        clock.ms++;
        if (taken)
            queue_leave(q, true);
        else
            push(r, floods, "more");
        return RAISED_ALL;
    };
    push(r, l, "refused");
    push(r, floods, "more");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_TRUE(taken);
    end(r);
}

TEST_F(Queue, ALoopRaisesWhatANewerRunHasWhileASinkRefusesWhatAnOlderOneLeft)
{
    namelist names;
    run *old = start(QUEUE_WAITERS), *fresh = start(QUEUE_WAITERS);
    own_lane of_old(old, &heard_by), of_fresh(fresh, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        names.push_back(name);
        if (name == "refused")
            return RAISED_NONE;
        if (name == "newer")
            push(fresh, of_fresh, "newest");
        else
            queue_leave(q, true);
        return RAISED_ALL;
    };
    push(old, of_old, "refused");
    push(fresh, of_fresh, "newer");
    run_hold(old);
    end(old);

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(names.front(), "refused");
    EXPECT_EQ(names.back(), "newest");
    run_silence(old);
    run_release(old);
    end(fresh);
}

TEST_F(Queue, AfterALeaveWhatIsRefusedHoldsUpNothingThatWasQueuedBefore)
{
    namelist names;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        names.push_back(name);
        if (name == "refused")
            return RAISED_NONE;
        if (name == "leaves")
        {
            push(r, l, "refused");
            push(r, another, "before");
            queue_leave(q, true);
        }
        return RAISED_ALL;
    };
    push(r, l, "leaves");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(names, (namelist{"leaves", "refused", "before"}));
    run_silence(r);
    end(r);
}

TEST_F(Queue, ALoopThatIsLeftEndsAlsoWhereItsRestIsRefused)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        queue_leave(q, true);
        return RAISED_NONE;
    };
    push(r, l, "refused");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    run_silence(r); /* what waits is of a lane that goes now */
    end(r);
}

TEST_F(Queue, ALoopEndsWhereItsHandlerLetsTheLastReferenceGo)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        queue_silence(q);
        return RAISED_ALL;
    };
    push(r, l, "the last");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT) << "nobody could end it any more";

    end(r);
}

TEST_F(Queue, AWaitForTheConsumersEventTriesWhatIsRefusedAgainEvery50Milliseconds)
{
    refusals sink{1, {}, {}};
    audience nobody;
    audience_init(&nobody);
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), without_sinks(r, &nobody);
    owner.handler = [&](const std::string &name)
    {
        const raised how = sink(name);
        if (how == RAISED_ALL)
            push(r, without_sinks, "the consumer's");
        return how;
    };
    push(r, l, "refused");

    pipe_event *event = loop_wait_event(
        q, false, patience, [](void *) { return true; }, nullptr);

    ASSERT_NE(event, nullptr);
    queue_finish_taken(q, event);
    EXPECT_EQ(sink.names, namelist(2, "refused"));
    EXPECT_TRUE(sink.are_apart());
    end(r);
}

} // namespace

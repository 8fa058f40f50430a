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
    queue_end_event(q, event);
    EXPECT_EQ(sink.names, namelist(2, "refused"));
    EXPECT_TRUE(sink.are_apart());
    end(r);
}

/* ---- how a wait ends ---- */

bool is_over(void *)
{
    return false;
}

bool goes_on(void *)
{
    return true;
}

TEST_F(Queue, ALoopEndsWithItsTime)
{
    EXPECT_EQ(loop_enter(q, false, 1), LOOP_TIMEOUT);
}

TEST_F(Queue, ALoopEndsWithItsTimeThoughMoreComesAllTheTime)
{
    standing_clock clock;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        clock.ms += 40;
        push(r, l, "more");
        return RAISED_ALL;
    };
    push(r, l, "more");

    EXPECT_EQ(loop_enter(q, false, 100), LOOP_TIMEOUT);

    EXPECT_EQ(clock.ms, 1000120u);
    run_silence(r);
    end(r);
}

TEST_F(Queue, ALoopOfNoTimeRaisesWhatIsThere)
{
    standing_clock clock;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    note_names();
    push(r, l, "first");
    push(r, l, "second");

    EXPECT_EQ(loop_enter(q, false, 0), LOOP_TIMEOUT);

    EXPECT_EQ(noted, (namelist{"first", "second"}));
    end(r);
}

TEST_F(Queue, AWaitEndsWithItsTimeThoughMoreComesAllTheTime)
{
    standing_clock clock;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        clock.ms += 40;
        push(r, l, "more");
        return RAISED_ALL;
    };
    push(r, l, "more");

    EXPECT_EQ(loop_wait_event(q, false, 100, goes_on, nullptr), nullptr);

    EXPECT_EQ(clock.ms, 1000120u);
    run_silence(r);
    end(r);
}

TEST_F(Queue, ALoopThatHasNothingToWaitWithFails)
{
    const auto allocate = win32.allocate;
    win32.allocate = [](size_t) -> void * { return nullptr; };

    const loop_end how = loop_enter(q, false, INFINITE);
    pipe_event *const event = loop_wait_event(q, false, INFINITE, goes_on, nullptr);

    win32.allocate = allocate;
    EXPECT_EQ(how, LOOP_FAILED);
    EXPECT_EQ(event, nullptr);
}

TEST_F(Queue, ALeaveAheadOfALoopEndsThatOneAlone)
{
    queue_leave(q, true);

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(loop_enter(q, false, 1), LOOP_TIMEOUT);
}

TEST_F(Queue, ALeaveAheadOfALoopIsForgottenWithTheNextStart)
{
    queue_leave(q, true);

    queue_forget_leave(q);

    EXPECT_EQ(loop_enter(q, false, 1), LOOP_TIMEOUT);
}

TEST_F(Queue, AWaitEndsAtOnceWhereNothingMoreMayCome)
{
    EXPECT_EQ(loop_wait_event(q, false, INFINITE, is_over, nullptr), nullptr);
}

TEST_F(Queue, AWaitForTheConsumersEventEndsWithItsTime)
{
    EXPECT_EQ(loop_wait_event(q, false, 1, goes_on, nullptr), nullptr);
}

TEST_F(Queue, AWaitWhereNothingMoreMayComeGivesWhatIsThere)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    queue_set_has_sinks(q, &heard_by, false);
    push(r, l, "left");

    pipe_event *event = loop_wait_event(q, false, INFINITE, is_over, nullptr);

    ASSERT_NE(event, nullptr);
    queue_end_event(q, event);
    end(r);
}

/* Nothing more may come. The time of the wait is over with its second round. */
bool counts_rounds(void *count)
{
    if (++*static_cast<int *>(count) == 2)
        standing_clock::ms += 5;
    return false;
}

/* What follows it may be taken once that has returned. */
TEST_F(Queue, AWaitWhereNothingMoreMayComeStaysForWhatAHandlerHoldsUp)
{
    manual_event inside, go_on;
    int rounds = 0;
    standing_clock clock;
    run *r = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        inside.set();
        EXPECT_TRUE(go_on.wait());
        return RAISED_ALL;
    };
    push(r, l, "in its handler");
    push(r, l, "the consumer's");
    ASSERT_TRUE(inside.wait());
    queue_set_has_sinks(q, &heard_by, false);

    EXPECT_EQ(loop_wait_event(q, false, 5, counts_rounds, &rounds), nullptr);
    EXPECT_EQ(rounds, 2) << "it has waited";

    go_on.set();
    pipe_event *event = loop_wait_event(q, false, patience, is_over, nullptr);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(static_cast<test_event *>(event)->name, "the consumer's");
    queue_end_event(q, event);
    end(r);
}

/* ---- what a wait dispatches ---- */

TEST_F(Queue, AQuitMessageEndsALoopAndIsPostedAgain)
{
    MSG message;
    PostQuitMessage(7);

    EXPECT_EQ(loop_enter(q, true, patience), LOOP_LEFT);

    ASSERT_TRUE(PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE));
    EXPECT_EQ(message.message, UINT{WM_QUIT});
    EXPECT_EQ(message.wParam, 7u);
}

TEST_F(Queue, ALoopThatDoesNotPumpLeavesMessagesAlone)
{
    MSG message;
    PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0);

    EXPECT_EQ(loop_enter(q, false, 0), LOOP_TIMEOUT);

    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_APP, WM_APP, PM_REMOVE));
}

TEST_F(Queue, AWaitForAHandleEndsWithIt)
{
    manual_event set;
    set.set();

    EXPECT_EQ(loop_wait_handle(set.handle, false, INFINITE), 0u);
    EXPECT_EQ(loop_wait_handle(set.handle, true, INFINITE), 0u);
}

TEST_F(Queue, AWaitForAHandleEndsWithItsTime)
{
    manual_event never;

    EXPECT_EQ(loop_wait_handle(never.handle, false, 1), static_cast<DWORD>(PIPE_ERROR_TIMED_OUT));
    EXPECT_EQ(loop_wait_handle(never.handle, true, 1), static_cast<DWORD>(PIPE_ERROR_TIMED_OUT));
}

TEST_F(Queue, AQuitMessageEndsAWaitForAHandle)
{
    manual_event never;
    MSG message;
    PostQuitMessage(0);

    EXPECT_EQ(loop_wait_handle(never.handle, true, patience), static_cast<DWORD>(ERROR_CANCELLED));

    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_QUIT, WM_QUIT, PM_REMOVE));
}

TEST_F(WindowQueue, AWaitForAHandleDispatchesUntilItIsSetAndNoFurther)
{
    own_lane l(r, &heard_by);
    manual_event set;
    owner.handler = [&](const std::string &)
    {
        set.set();
        PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0);
        return RAISED_ALL;
    };
    push(r, l, "sets it");

    EXPECT_EQ(loop_wait_handle(set.handle, true, patience), 0u);

    MSG message;
    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_APP, WM_APP, PM_REMOVE));
}

TEST_F(WindowQueue, AWaitForAHandleEndsWithItsTimeAlsoWhereMessagesNeverEnd)
{
    constexpr DWORD time = 50, endless = 5000; /* ms */
    own_lane l(r, &heard_by);
    manual_event never;
    const ULONGLONG begun = GetTickCount64();
    owner.handler = [&](const std::string &)
    {
        if (GetTickCount64() - begun < endless)
            push(r, l, "another");
        return RAISED_ALL;
    };
    push(r, l, "first");

    EXPECT_EQ(loop_wait_handle(never.handle, true, time), static_cast<DWORD>(PIPE_ERROR_TIMED_OUT));

    EXPECT_LT(GetTickCount64() - begun, endless);
    queue_silence(q);
}

TEST_F(WindowQueue, WhatWasQueuedBeforeALeaveIsRaisedBeforeTheLoopReturns)
{
    own_lane l(r, &heard_by);
    queue_hold_window_back(q, true); /* the message loop alone raises nothing */
    std::thread leaves(
        [&]
        {
            while (!queue_has_waiters(q))
                SwitchToThread();
            push(r, l, "first");
            push(r, l, "second");
            queue_leave(q, true);
        });

    EXPECT_EQ(loop_enter(q, true, patience), LOOP_LEFT);

    leaves.join();
    EXPECT_EQ(names, (namelist{"first", "second"}));
    queue_hold_window_back(q, false);
}

TEST_F(Queue, WhatWasQueuedBeforeALeaveIsRaisedBeforeTheLoopReturns)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        noted.push_back(name);
        if (name != "leaves")
            return RAISED_ALL;
        push(r, l, "before");
        queue_leave(q, true);
        push(r, l, "after");
        return RAISED_ALL;
    };
    push(r, l, "leaves");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(noted, (namelist{"leaves", "before"}));
    run_silence(r);
    end(r);
}

/* The wait that ends takes what was left to it, though it is nobody's turn yet when it looks. */
TEST_F(Queue, AThreadThatIsLeftGoesOnWhileItHasSomethingToRaise)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    bool left;
    note_names();
    waiter *w = queue_waiter_begin(q, true);
    push(r, l, "before");
    queue_leave(q, true);

    EXPECT_FALSE(queue_waiter_end(q, w, &left));

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_TRUE(queue_waiter_end(q, w, &left));
    EXPECT_TRUE(left);
    EXPECT_FALSE(queue_has_waiters(q));
    end(r);
}

} // namespace

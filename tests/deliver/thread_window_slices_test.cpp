#include "support/deliver/thread_window_fixture.h"

namespace
{

/* ---- slices ---- */

TEST_F(ThreadWindow, YieldsAfterTenMilliseconds)
{
    own_window w;
    int ran = 0;
    std::vector<std::unique_ptr<action>> tasks;
    for (int i = 0; i < 15; i++)
        tasks.push_back(std::make_unique<action>(
            [&]
            {
                ran++;
                work_for_a_millisecond();
            }));
    for (auto &t : tasks)
        thread_window_post(w, t.get());

    dispatch_one();

    EXPECT_GE(ran, 1);
    EXPECT_LE(ran, 10);
    dispatch_until([&] { return ran == 15; });
    EXPECT_EQ(ran, 15);
}

TEST_F(ThreadWindow, TellsALongTaskWhenItsTimeIsUp)
{
    own_window w;
    LONGLONG ended = 0;
    action a(
        [&]
        {
            work_until_the_slice_is_over(w);
            ended = microseconds();
        });
    thread_window_post(w, &a);

    const LONGLONG begun = microseconds();
    dispatch_all();

    EXPECT_GE(ended - begun, 9990);
}

TEST_F(ThreadWindow, GivesAStretchInsideATaskItsOwnTenMilliseconds)
{
    own_window w;
    LONGLONG begun = 0, ended = 0;
    bool over_afterwards = false;
    action inner(
        [&]
        {
            work_until_the_slice_is_over(w);
            ended = microseconds();
        });
    action outer(
        [&]
        {
            work_until_the_slice_is_over(w);
            begun = microseconds();
            dispatch_one();
            over_afterwards = thread_window_slice_is_over(w);
        });
    say_queue_status(0);

    thread_window_post(w, &outer);
    thread_window_post(w, &inner);
    dispatch_all();

    EXPECT_GE(ended - begun, 9990);
    EXPECT_TRUE(over_afterwards);
}

TEST_F(ThreadWindow, ReturnsFromAStretchInsideATaskToWhatIsLeftOfTheOuterOne)
{
    own_window w;
    bool inner_ran = false, over_afterwards = false;
    action inner([&] { inner_ran = true; });
    action outer(
        [&]
        {
            work_until_the_slice_is_over(w);
            dispatch_one();
            over_afterwards = thread_window_slice_is_over(w);
        });
    say_queue_status(0);

    thread_window_post(w, &outer);
    thread_window_post(w, &inner);
    dispatch_one();

    EXPECT_TRUE(inner_ran);
    EXPECT_TRUE(over_afterwards);
}

TEST_F(ThreadWindow, PutsOffTheNextStretchByATimerWhereInputWaits)
{
    busy_window b;
    say_queue_status(input_waits);
    const int posts_before = posts;

    EXPECT_EQ(dispatch_one(), UINT{THREAD_WINDOW_WAKE});
    EXPECT_EQ(timers, 1);
    EXPECT_EQ(b.ran, 0);
    const bool came = dispatch_until([&] { return b.ran == 1; });

    EXPECT_TRUE(came);
    EXPECT_EQ(timers, 1);
    EXPECT_EQ(posts, posts_before);
}

TEST_F(ThreadWindow, GoesOnAtOnceWhereNothingElseWaits)
{
    busy_window b;
    say_queue_status(input_came_and_was_seen);

    dispatch_one();

    EXPECT_EQ(timers, 0);
    EXPECT_EQ(b.ran, 1);
}

TEST_F(ThreadWindow, PutsNothingOffWhereNoTimeWasSpent)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });
    say_queue_status(input_waits);

    thread_window_post(w, &a);
    dispatch_one();

    EXPECT_EQ(ran, 1);
    EXPECT_EQ(timers, 0);
}

TEST_F(ThreadWindow, YieldsAlsoBetweenManyShortStretches)
{
    own_window w;
    int ran = 0;
    action a(
        [&]
        {
            ran++;
            work_for_a_millisecond();
        });
    say_queue_status(input_waits);

    for (int i = 0; i < 20; i++)
    {
        thread_window_post(w, &a);
        dispatch_one();
    }

    EXPECT_LT(ran, 20);
    EXPECT_GE(timers, 1);
    thread_window_withdraw(w, &a);
}

TEST_F(ThreadWindow, PostsAgainWhereTheTimerWasNotTakenWithin100Milliseconds)
{
    busy_window b;
    say_queue_status(input_waits);
    timers_never_fire = pool_timer_fires_at_once = true;
    const int posts_before = posts;

    const bool came = dispatch_until([&] { return b.ran == 1; });

    EXPECT_TRUE(came);
    EXPECT_EQ(pool_timer_ms, 100u);
    EXPECT_EQ(posts, posts_before + 1);
}

TEST_F(ThreadWindow, GoesOnWhereNoTimerCanBeSet)
{
    busy_window b;
    say_queue_status(input_waits);
    timers_are_refused = true;

    dispatch_one();

    EXPECT_EQ(b.ran, 1);
}

TEST_F(ThreadWindow, IgnoresAPostWhileItsTimerIsOutstanding)
{
    busy_window b;
    say_queue_status(input_waits);
    dispatch_one();
    ASSERT_EQ(timers, 1);

    SendMessageW(thread_window_handle(b.w), THREAD_WINDOW_WAKE, 0, 0);

    EXPECT_EQ(b.ran, 0);
    EXPECT_EQ(timers, 1);
    dispatch_until([&] { return b.ran == 1; });
    EXPECT_EQ(b.ran, 1);
}

TEST_F(ThreadWindow, TakesItsTimerBackWhenItHasFired)
{
    busy_window b;
    say_queue_status(input_waits);
    dispatch_until([&] { return b.ran == 1; });
    ASSERT_EQ(timers, 1);

    int later = 0, ticks = 0;
    MSG message;
    const UINT_PTR timer = SetTimer(nullptr, 0, 10, nullptr);
    while (ticks < 3 && GetMessageW(&message, nullptr, 0, 0))
    {
        ticks += !message.hwnd;
        later += message.hwnd == thread_window_handle(b.w);
    }
    KillTimer(nullptr, timer);

    EXPECT_EQ(later, 0);
}

TEST_F(ThreadWindow, SetsNoTimerWhereNoTaskWaitsAnyMore)
{
    busy_window b;
    say_queue_status(input_waits);
    thread_window_withdraw(b.w, &b.waiting);

    dispatch_all();

    EXPECT_EQ(timers, 0);
}

TEST_F(ThreadWindow, LeavesATimerOfTheThreadItsTurnInAFlood)
{
    own_window w;
    int ticks = 0, ran = 0;
    action endless(
        [&]
        {
            ran++;
            thread_window_post(w, &endless);
            work_for_a_millisecond();
        });
    thread_window_post(w, &endless);
    const UINT_PTR timer = SetTimer(nullptr, 0, 20, nullptr);

    const ULONGLONG deadline = GetTickCount64() + 10000;
    MSG message;
    while ((ticks < 3 || ran <= 10) && GetTickCount64() < deadline && GetMessageW(&message, nullptr, 0, 0))
    {
        ticks += message.message == WM_TIMER && !message.hwnd;
        DispatchMessageW(&message);
    }

    EXPECT_GE(ticks, 3);
    EXPECT_GT(ran, 10);
    KillTimer(nullptr, timer);
    thread_window_withdraw(w, &endless);
}

} // namespace

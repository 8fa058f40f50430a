#include "support/deliver/thread_window_fixture.h"

namespace
{

/* ---- one window a thread ---- */

TEST_F(ThreadWindow, IsSharedByAllOnItsThread)
{
    own_window first;

    own_window second;

    EXPECT_EQ(first.w, second.w);
    EXPECT_EQ(window_class_count(), 1u);
}

TEST_F(ThreadWindow, IsAnotherOnAnotherThread)
{
    own_window here;
    ui_thread other;

    other.run(
        [&]
        {
            own_window there;

            EXPECT_NE(here.w, there.w);
            EXPECT_TRUE(thread_window_is_here(there));
            EXPECT_FALSE(thread_window_is_here(here));
        });

    EXPECT_TRUE(thread_window_is_here(here));
}

TEST_F(ThreadWindow, IsMessageOnly)
{
    own_window w;

    const HWND window = thread_window_handle(w);

    EXPECT_EQ(FindWindowExW(HWND_MESSAGE, nullptr, class_of(window).c_str(), nullptr), window);
}

/* ---- destroyed by other code of its thread ---- */

TEST_F(ThreadWindow, IsMadeAnewWhenOtherCodeDestroysIt)
{
    own_window w;
    const HWND window = thread_window_handle(w);

    DestroyWindow(window);

    EXPECT_FALSE(IsWindow(window));
    EXPECT_TRUE(IsWindow(thread_window_handle(w)));
    EXPECT_TRUE(thread_window_is_here(w));
    EXPECT_EQ(own_window().w, w.w);
}

TEST_F(ThreadWindow, RunsWhatWaitedWhenOtherCodeDestroyedIt)
{
    own_window w;
    int ran = 0;
    action waiting([&] { ran++; }), of_another([&] { ran += 10; }), run([&] { ran += 100; }, [&] { ran += 10000; });
    thread_window_post(w, &waiting);
    std::thread([&] { thread_window_run(w, &run); }).join();

    DestroyWindow(thread_window_handle(w));
    std::thread([&] { EXPECT_TRUE(thread_window_post(w, &of_another)); }).join();
    dispatch_all();

    EXPECT_EQ(ran, 111);
}

TEST_F(ThreadWindow, RunsWhatWaitedWhenATaskDestroyedIt)
{
    own_window w;
    int ran = 0;
    action destroys([&] { DestroyWindow(thread_window_handle(w)); }), next([&] { ran++; }), held([&] { ran += 10; });
    thread_window_post(w, &destroys);
    thread_window_post(w, &next);
    thread_window_hold_back(w, &held);

    EXPECT_TRUE(dispatch_until([&] { return ran == 11; }));

    EXPECT_FALSE(thread_window_is_held_back(w));
}

TEST_F(ThreadWindow, ThatIsPostedToWhileItIsMadeAnewPostsAgain)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });
    refusal = ERROR_INVALID_WINDOW_HANDLE;
    refusals = 1;
    pool_timer_fires_at_once = true;

    std::thread([&] { EXPECT_TRUE(thread_window_post(w, &a)); }).join();

    EXPECT_TRUE(dispatch_until([&] { return ran == 1; }));
}

TEST_F(ThreadWindow, DestroyedOverAndOverCountsAsTheEndOfItsThread)
{
    thread_window *w = thread_window_get();
    unsigned destroyed = 0;
    int abandoned = 0;
    action a([] {}, [&] { abandoned++; });
    std::thread([&] { thread_window_run(w, &a); }).join();

    for (; destroyed < 1000 && IsWindow(thread_window_handle(w)); destroyed++)
        DestroyWindow(thread_window_handle(w));

    EXPECT_EQ(destroyed, 101u);
    EXPECT_EQ(abandoned, 1);
    EXPECT_FALSE(thread_window_is_here(w));
    EXPECT_FALSE(thread_window_post(w, &a));
    own_window later;
    EXPECT_NE(later.w, w);
    EXPECT_TRUE(thread_window_is_here(later));
    thread_window_release(w);
}

TEST_F(ThreadWindow, NoLaterThreadHasTheIdOfItsOwnWhileItIsHeld)
{
    std::vector<thread_window *> windows;
    std::set<DWORD> ids;

    for (int i = 0; i < 20; i++)
        std::thread(
            [&]
            {
                EXPECT_TRUE(ids.insert(GetCurrentThreadId()).second);
                windows.push_back(thread_window_get());
            })
            .join();

    for (thread_window *w : windows)
        thread_window_release(w);
}

/* ---- tasks ---- */

TEST_F(ThreadWindow, RunsTasksInTheOrderOfTheirPosting)
{
    own_window w;
    std::string order;
    action a([&] { order += 'a'; }), b([&] { order += 'b'; }), c([&] { order += 'c'; });

    thread_window_post(w, &b);
    thread_window_post(w, &c);
    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_EQ(order, "bca");
}

TEST_F(ThreadWindow, RunsNothingInsideThePost)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });

    EXPECT_TRUE(thread_window_post(w, &a));

    EXPECT_EQ(ran, 0);
    dispatch_all();
    EXPECT_EQ(ran, 1);
}

TEST_F(ThreadWindow, RunsATaskThatWasPostedTwiceOnce)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });

    EXPECT_TRUE(thread_window_post(w, &a));
    EXPECT_TRUE(thread_window_post(w, &a));
    dispatch_all();

    EXPECT_EQ(ran, 1);
}

TEST_F(ThreadWindow, RunsATaskAgainThatQueuesItselfAgain)
{
    own_window w;
    int ran = 0;
    action a(
        [&]
        {
            if (++ran < 5)
                thread_window_post(w, &a);
        });

    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_EQ(ran, 5);
}

TEST_F(ThreadWindow, LetsATaskFreeItself)
{
    own_window w;
    int ran = 0;
    std::unique_ptr<action> a;
    a = std::make_unique<action>(
        [&]
        {
            ran++;
            std::unique_ptr<action> end_of_scope = std::move(a);
        });

    thread_window_post(w, a.get());
    dispatch_all();

    EXPECT_EQ(ran, 1);
}

TEST_F(ThreadWindow, DoesNotRunAWithdrawnTask)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });
    thread_window_post(w, &a);

    EXPECT_TRUE(thread_window_withdraw(w, &a));
    EXPECT_FALSE(thread_window_withdraw(w, &a));
    dispatch_all();

    EXPECT_EQ(ran, 0);
}

TEST_F(ThreadWindow, CannotWithdrawATaskThatRuns)
{
    own_window w;
    bool withdrawn = true;
    action a([&] { withdrawn = thread_window_withdraw(w, &a); });

    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_FALSE(withdrawn);
}

TEST_F(ThreadWindow, LetsATaskWithdrawTheNext)
{
    own_window w;
    int ran = 0;
    action second([&] { ran++; });
    action first([&] { thread_window_withdraw(w, &second); });

    thread_window_post(w, &first);
    thread_window_post(w, &second);
    dispatch_all();

    EXPECT_EQ(ran, 0);
}

TEST_F(ThreadWindow, RunsEveryTaskOfManyThreadsOnceAndInTheirOrder)
{
    constexpr int threads = 8, tasks = 500;
    own_window w;
    std::vector<int> last(threads, -1);
    int ran = 0, out_of_order = 0;
    std::vector<std::unique_ptr<action>> actions;
    std::vector<std::thread> posters;
    for (int i = 0; i < threads * tasks; i++)
        actions.push_back(std::make_unique<action>(
            [&, i]
            {
                ran++;
                out_of_order += last[i / tasks] != i % tasks - 1;
                last[i / tasks] = i % tasks;
            }));

    for (int thread = 0; thread < threads; thread++)
        posters.emplace_back(
            [&, thread]
            {
                for (int i = 0; i < tasks; i++)
                    thread_window_post(w, actions[thread * tasks + i].get());
            });
    dispatch_until([&] { return ran == threads * tasks; });
    for (std::thread &poster : posters)
        poster.join();

    EXPECT_EQ(ran, threads * tasks);
    EXPECT_EQ(out_of_order, 0);
    dispatch_all();
    EXPECT_EQ(ran, threads * tasks);
}

/* ---- tasks that are held back ---- */

TEST_F(ThreadWindow, RunsATaskThatIsHeldBackLaterFromTheMessageLoop)
{
    own_window w;
    int ran = 0;
    action a(
        [&]
        {
            if (!ran++)
                thread_window_hold_back(w, &a);
        });
    timers_are_short = true;
    thread_window_post(w, &a);

    dispatch_until([&] { return ran == 1; });
    EXPECT_TRUE(thread_window_is_held_back(w));
    EXPECT_EQ(timer_ms, 50u);
    dispatch_until([&] { return ran == 2; });

    EXPECT_EQ(ran, 2);
    EXPECT_EQ(timers, 1);
    EXPECT_FALSE(thread_window_is_held_back(w));
}

TEST_F(ThreadWindow, RunsWhatIsNotHeldBackMeanwhile)
{
    own_window w;
    bool while_held = false;
    action held([] {}), other([&] { while_held = thread_window_is_held_back(w); });

    thread_window_hold_back(w, &held);
    thread_window_post(w, &other);
    dispatch_until([&] { return while_held; });

    EXPECT_TRUE(while_held);
    thread_window_withdraw(w, &held);
}

TEST_F(ThreadWindow, RunsATaskThatIsHeldBackAlsoWhereThereIsNoTimer)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });
    timers_are_refused = pool_timer_fires_at_once = true;

    thread_window_hold_back(w, &a);

    EXPECT_TRUE(dispatch_until([&] { return ran == 1; }));
    EXPECT_FALSE(thread_window_is_held_back(w));
}

ULONGLONG told_ticks;

ULONGLONG WINAPI tell_ticks()
{
    return told_ticks;
}

TEST_F(ThreadWindow, HoldsATaskBackFor50MsWhereThereIsNoTimerAlsoIfAWakeUpIsUnderWay)
{
    own_window w;
    int ran = 0;
    action a(
        [&]
        {
            if (!ran++)
                thread_window_hold_back(w, &a);
        });
    action other([] {});
    timers_are_refused = true;
    thread_window_system.get_tick_count = tell_ticks;
    told_ticks = 1000;
    thread_window_post(w, &a);
    thread_window_post(w, &other); /* the wake-up for `other` is under way when `a` is held back */
    dispatch_until([&] { return ran == 1; });
    dispatch_all();

    told_ticks += 49;
    dispatch_all();
    EXPECT_EQ(ran, 1);
    EXPECT_TRUE(thread_window_is_held_back(w));
    told_ticks++;

    EXPECT_TRUE(dispatch_until([&] { return ran == 2; }));
    EXPECT_FALSE(thread_window_is_held_back(w));
}

} // namespace

#include "support/deliver/thread_window_fixture.h"

namespace
{

/* ---- its end ---- */

TEST_F(ThreadWindow, IsDestroyedAtOnceByTheLastReleaseOnItsThread)
{
    thread_window *w = thread_window_get();
    const HWND window = thread_window_handle(w);
    thread_window_hold(w);

    thread_window_release(w);
    EXPECT_TRUE(IsWindow(window));
    thread_window_release(w);

    EXPECT_FALSE(IsWindow(window));
    EXPECT_EQ(window_class_count(), 0u);
}

TEST_F(ThreadWindow, IsDestroyedOnItsThreadByTheLastReleaseOnAnother)
{
    thread_window *w = thread_window_get();
    const HWND window = thread_window_handle(w);

    std::thread([&] { thread_window_release(w); }).join();
    EXPECT_TRUE(IsWindow(window));
    dispatch_all();

    EXPECT_FALSE(IsWindow(window));
    EXPECT_TRUE(dispatch_until([] { return window_class_count() == 0; }));
}

TEST_F(ThreadWindow, IsDestroyedAfterATaskThatReleasedItLast)
{
    thread_window *w = thread_window_get();
    const HWND window = thread_window_handle(w);
    bool there_in_the_task = false;
    action a(
        [&]
        {
            thread_window_release(w);
            dispatch_all();
            there_in_the_task = IsWindow(window);
        });

    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_TRUE(there_in_the_task);
    EXPECT_FALSE(IsWindow(window));
}

TEST_F(ThreadWindow, IsMadeAnewWhileAnEarlierOneIsOnItsWayOut)
{
    thread_window *earlier = thread_window_get();
    std::thread([&] { thread_window_release(earlier); }).join();
    int ran = 0;
    action a([&] { ran++; });

    own_window w;
    EXPECT_TRUE(thread_window_post(w, &a));
    dispatch_until([&] { return window_class_count() == 1; });

    EXPECT_EQ(ran, 1);
    EXPECT_TRUE(thread_window_is_here(w));
}

TEST_F(ThreadWindow, IsDestroyedAlsoWhereTheRequestWasRefusedAtFirst)
{
    thread_window *w = thread_window_get();
    const HWND window = thread_window_handle(w);
    refusals = 2;
    pool_timer_fires_at_once = true;

    std::thread([&] { thread_window_release(w); }).join();
    const bool gone = dispatch_until([&] { return !IsWindow(window); });

    EXPECT_TRUE(gone);
    EXPECT_EQ(refusals, 0);
}

TEST_F(ThreadWindow, CanBeReleasedWhileARefusedPostWaitsToBeTriedAgain)
{
    int ran = 0;
    action a([&] { ran++; });

    {
        own_window w;
        refusals = 1;
        thread_window_post(w, &a);
        thread_window_withdraw(w, &a);
    }

    EXPECT_EQ(window_class_count(), 0u);
    EXPECT_EQ(ran, 0);
}

TEST_F(ThreadWindow, TakesItsClassAlongWithTheLastOne)
{
    ui_thread other;
    thread_window *here = thread_window_get(), *there = nullptr;
    other.run([&] { there = thread_window_get(); });
    const std::wstring name = class_of(thread_window_handle(here));

    thread_window_release(here);
    EXPECT_TRUE(class_is_registered(name));
    other.run([&] { thread_window_release(there); });

    EXPECT_FALSE(class_is_registered(name));
}

TEST_F(ThreadWindow, TakesItsClassAlongAlsoWhereAnotherThreadReleasedIt)
{
    thread_window *w = thread_window_get();
    const std::wstring name = class_of(thread_window_handle(w));

    std::thread([&] { thread_window_release(w); }).join();
    EXPECT_TRUE(dispatch_until([] { return window_class_count() == 0; }));

    EXPECT_FALSE(class_is_registered(name));
}

/* ---- the end of its thread ---- */

TEST_F(ThreadWindow, RefusesTasksWhenItsThreadHasEnded)
{
    thread_window *w = nullptr;
    std::thread([&] { w = thread_window_get(); }).join();
    action a([] {});

    EXPECT_FALSE(thread_window_post(w, &a));

    EXPECT_FALSE(list_linked(&a.link));
    EXPECT_EQ(posts, 0);
    thread_window_release(w);
}

TEST_F(ThreadWindow, RefusesTasksWhenItsThreadHasEndedWithAWakeUpOutstanding)
{
    thread_window *w = nullptr;
    action a([] {}), b([] {});
    std::thread(
        [&]
        {
            w = thread_window_get();
            thread_window_post(w, &a);
        })
        .join();

    EXPECT_FALSE(thread_window_post(w, &b));
    EXPECT_FALSE(thread_window_post(w, &a));

    EXPECT_TRUE(thread_window_withdraw(w, &a));
    thread_window_release(w);
}

/* The windows of a thread go before the thread does. */
TEST_F(ThreadWindow, RefusesTasksWhenItsThreadEndsAfterAPostThatFoundNoWindow)
{
    thread_window *w = nullptr;
    action a([] {}), b([] {});
    refusal = ERROR_INVALID_WINDOW_HANDLE;
    refusals = 1;
    std::thread(
        [&]
        {
            w = thread_window_get();
            std::thread([&] { thread_window_post(w, &a); }).join();
        })
        .join();

    EXPECT_FALSE(thread_window_post(w, &b));

    EXPECT_FALSE(list_linked(&b.link));
    EXPECT_TRUE(thread_window_withdraw(w, &a));
    thread_window_release(w);
}

TEST_F(ThreadWindow, AbandonsATaskThatIsToRunOnAThreadThatHasEnded)
{
    int ran = 0, abandoned = 0;
    action a([&] { ran++; }, [&] { abandoned++; });
    thread_window *w = nullptr;
    std::thread([&] { w = thread_window_get(); }).join();

    thread_window_run(w, &a);

    EXPECT_EQ(ran, 0);
    EXPECT_EQ(abandoned, 1);
    thread_window_release(w);
}

TEST_F(ThreadWindow, AbandonsATaskWhoseThreadEndsAfterAPostThatFoundNoWindow)
{
    int ran = 0, abandoned = 0;
    action a([&] { ran++; }, [&] { abandoned++; });
    thread_window *w = nullptr;
    refusal = ERROR_INVALID_WINDOW_HANDLE;
    refusals = 1;
    std::thread(
        [&]
        {
            w = thread_window_get();
            std::thread([&] { thread_window_run(w, &a); }).join();
        })
        .join();

    thread_window_reap();

    EXPECT_EQ(ran, 0);
    EXPECT_EQ(abandoned, 1);
    thread_window_release(w);
}

/* What the task is a field of may be freed by it, and holds the window. */
TEST_F(ThreadWindow, AbandonsATaskThatWaitedWhenItsThreadEnded)
{
    thread_window *w = nullptr;
    int ran = 0, abandoned = 0;
    action silent([&] { ran++; });
    action a([&] { ran++; },
             [&]
             {
                 abandoned++;
                 thread_window_release(w);
             });
    std::thread(
        [&]
        {
            w = thread_window_get();
            std::thread(
                [&]
                {
                    thread_window_post(w, &silent);
                    thread_window_run(w, &a);
                })
                .join();
        })
        .join();
    EXPECT_EQ(abandoned, 0);

    thread_window_reap();
    thread_window_reap();

    EXPECT_EQ(ran, 0);
    EXPECT_EQ(abandoned, 1);
    EXPECT_EQ(window_class_count(), 0u);
}

TEST_F(ThreadWindow, ThatIsMadeLaterAbandonsWhatWaitedForEndedThreads)
{
    thread_window *w = nullptr;
    int abandoned = 0;
    action a([] {}, [&] { abandoned++; });
    std::thread(
        [&]
        {
            w = thread_window_get();
            std::thread([&] { thread_window_run(w, &a); }).join();
        })
        .join();

    own_window later;

    EXPECT_EQ(abandoned, 1);
    thread_window_release(w);
}

TEST_F(ThreadWindow, LeavesNothingBehindWhenItsThreadHasEnded)
{
    thread_window *w = nullptr;
    std::wstring name;
    std::thread(
        [&]
        {
            w = thread_window_get();
            name = class_of(thread_window_handle(w));
        })
        .join();

    thread_window_release(w);

    EXPECT_EQ(window_class_count(), 0u);
    EXPECT_FALSE(class_is_registered(name));
}

TEST_F(ThreadWindow, LeavesNothingBehindWhenItsThreadEndsOnceItWasReleasedElsewhere)
{
    std::thread(
        []
        {
            thread_window *w = thread_window_get();
            std::thread([&] { thread_window_release(w); }).join();
        })
        .join();

    EXPECT_TRUE(dispatch_until([] { return window_class_count() == 0; }));
}

TEST_F(ThreadWindow, SurvivesThreadsThatPostWhileItsThreadEnds)
{
    std::atomic<bool> refused{false};
    thread_window *w = nullptr;
    std::unique_ptr<ui_thread> owner = std::make_unique<ui_thread>();
    owner->run([&] { w = thread_window_get(); });
    action a([] {});
    std::thread poster(
        [&]
        {
            while (thread_window_post(w, &a))
                ;
            refused = true;
        });

    owner.reset();
    poster.join();

    EXPECT_TRUE(refused);
    thread_window_withdraw(w, &a);
    thread_window_release(w);
}

TEST_F(ThreadWindow, CallsEachTaskOnceWhichMeetsTheEndOfItsThread)
{
    constexpr int tasks = 300;
    std::atomic<int> called{0}, twice{0};
    std::vector<std::unique_ptr<action>> actions;
    thread_window *w = nullptr;
    std::unique_ptr<ui_thread> owner = std::make_unique<ui_thread>();
    owner->run([&] { w = thread_window_get(); });
    for (int i = 0; i < tasks; i++)
    {
        auto calls = std::make_shared<std::atomic<int>>(0);
        auto count = [&, calls]
        {
            called++;
            twice += ++*calls > 1;
        };
        actions.push_back(std::make_unique<action>(count, count));
    }
    std::thread poster(
        [&]
        {
            for (auto &a : actions)
                thread_window_run(w, a.get());
        });
    std::thread reaper(
        [&]
        {
            while (called < tasks / 2)
                thread_window_reap();
        });

    owner.reset();
    poster.join();
    thread_window_reap();
    reaper.join();

    EXPECT_EQ(called, tasks);
    EXPECT_EQ(twice, 0);
    thread_window_release(w);
}

} // namespace

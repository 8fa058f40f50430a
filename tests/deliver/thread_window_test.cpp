extern "C" {
#include "deliver/thread_window.h"
}

#include "support/deliver/ui_thread.h"
#include "support/leaks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>

namespace
{

/* ---- the system calls, counted, and on demand refused ---- */

std::atomic<int> posts;                 /* of wake-ups, tried */
std::atomic<int> refusals;              /* how many of the next posts are refused */
DWORD refusal = ERROR_NOT_ENOUGH_QUOTA; /* with this error */
std::atomic<int> swallowed;             /* how many of the next posts never come */
std::atomic<int> timers;                /* WM_TIMER wake-ups, set */
bool timers_never_fire, timers_are_refused;
DWORD queue_status; /* what GetQueueStatus says, where a test says it */

constexpr DWORD input_waits = MAKELONG(0, QS_KEY);
constexpr DWORD input_came_and_was_seen = MAKELONG(QS_KEY, 0);

BOOL WINAPI counted_post(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    posts += message == THREAD_WINDOW_WAKE;
    if (swallowed > 0)
    {
        swallowed--;
        return TRUE;
    }
    if (refusals > 0)
    {
        refusals--;
        SetLastError(refusal);
        return FALSE;
    }
    return PostMessageW(window, message, wparam, lparam);
}

UINT_PTR WINAPI counted_timer(HWND window, UINT_PTR id, UINT ms, TIMERPROC procedure)
{
    if (timers_are_refused)
        return 0;
    timers++;
    return timers_never_fire ? 1 : SetTimer(window, id, ms, procedure);
}

DWORD WINAPI said_queue_status(UINT)
{
    return queue_status;
}

class ThreadWindow : public testing::Test
{
  protected:
    void SetUp() override
    {
        check = std::make_unique<leak_check>(std::vector<leak_check::counter>{
            {"windows", [] { return static_cast<long long>(thread_window_count()); }, 0, 1}});
        system = thread_window_system;
        thread_window_system.post_message = counted_post;
        thread_window_system.set_timer = counted_timer;
        posts = refusals = swallowed = timers = 0;
        refusal = ERROR_NOT_ENOUGH_QUOTA;
        timers_never_fire = timers_are_refused = false;
        queue_status = 0;
    }

    void TearDown() override
    {
        dispatch_until([] { return thread_window_count() == 0; });
        thread_window_system = system;
        check.reset();
    }

    void say_queue_status(DWORD status)
    {
        thread_window_system.get_queue_status = said_queue_status;
        queue_status = status;
    }

  private:
    std::unique_ptr<leak_check> check;
    thread_window_calls system;
};

/* ---- tasks and windows ---- */

struct action : task
{
    explicit action(std::function<void()> what) : task(), what(std::move(what))
    {
        run = [](task *t) { static_cast<action *>(t)->what(); };
    }

    std::function<void()> what;
};

/* A window of the thread that makes it. */
struct own_window
{
    own_window() : w(thread_window_get())
    {
    }

    ~own_window()
    {
        thread_window_release(w);
    }

    operator thread_window *() const
    {
        return w;
    }

    thread_window *w;
};

LONGLONG microseconds()
{
    LARGE_INTEGER now, per_second;

    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&per_second);
    return now.QuadPart * 1000000 / per_second.QuadPart;
}

void work_for_a_millisecond()
{
    const LONGLONG end = microseconds() + 1000;

    while (microseconds() < end)
        ;
}

void work_until_the_slice_is_over(thread_window *w)
{
    while (!thread_window_slice_is_over(w))
        ;
}

/* A window after a stretch of 10 ms and more, with a task that waits: `ran` counts its runs. */
struct busy_window
{
    busy_window() : busy([this] { work_until_the_slice_is_over(w); }), waiting([this] { ran++; })
    {
        thread_window_post(w, &busy);
        thread_window_post(w, &waiting);
        dispatch_one();
    }

    own_window w;
    action busy, waiting;
    int ran = 0;
};

std::wstring class_of(HWND window)
{
    WCHAR name[100] = L"";

    GetClassNameW(window, name, 100);
    return name;
}

bool class_is_registered(const std::wstring &name)
{
    WNDCLASSEXW c = {};

    c.cbSize = sizeof(c);
    return GetClassInfoExW(GetModuleHandleW(nullptr), name.c_str(), &c) != 0;
}

} // namespace

/* ---- one window a thread ---- */

TEST_F(ThreadWindow, IsSharedByAllOnItsThread)
{
    own_window first;

    own_window second;

    EXPECT_EQ(first.w, second.w);
    EXPECT_EQ(thread_window_count(), 1u);
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

TEST_F(ThreadWindow, OfAnEarlierThreadWithTheSameIdIsNotFound)
{
    thread_window *earlier = thread_window_get();
    DestroyWindow(thread_window_handle(earlier)); /* as the end of its thread does */

    own_window later;

    EXPECT_NE(later.w, earlier);
    EXPECT_TRUE(IsWindow(thread_window_handle(later)));
    EXPECT_FALSE(thread_window_is_here(earlier));
    thread_window_release(earlier);
}

TEST_F(ThreadWindow, NoLaterThreadHasTheIdOfItsOwnWhileItIsHeld)
{
    std::vector<thread_window *> windows;
    std::set<DWORD> ids;

    for (int i = 0; i < 50; i++)
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
    constexpr int threads = 8, tasks = 2000;
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

/* ---- wake-ups ---- */

TEST_F(ThreadWindow, HasOneWakeUpOutstandingHoweverManyTasksWait)
{
    own_window w;
    int ran = 0;
    std::vector<std::unique_ptr<action>> tasks;
    for (int i = 0; i < 100000; i++)
        tasks.push_back(std::make_unique<action>([&] { ran++; }));

    for (auto &t : tasks)
        thread_window_post(w, t.get());

    EXPECT_EQ(posts, 1);
    dispatch_all();
    EXPECT_EQ(ran, 100000);
}

TEST_F(ThreadWindow, RunsTheFollowingTasksInsideOneThatPumps)
{
    own_window w;
    std::string order;
    action b([&] { order += 'b'; }), c([&] { order += 'c'; });
    action a(
        [&]
        {
            order += '(';
            dispatch_all();
            order += ')';
        });

    thread_window_post(w, &a);
    thread_window_post(w, &b);
    thread_window_post(w, &c);
    dispatch_all();

    EXPECT_EQ(order, "(bc)");
}

TEST_F(ThreadWindow, RunsATaskAgainInsideItselfIfItQueuedItselfBeforeItPumps)
{
    own_window w;
    int depth = 0, deepest = 0, left = 3;
    action a(
        [&]
        {
            if (--left > 0)
                thread_window_post(w, &a);
            deepest = std::max(deepest, ++depth);
            dispatch_all();
            depth--;
        });

    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_EQ(left, 0);
    EXPECT_EQ(deepest, 3);
}

TEST_F(ThreadWindow, HasTheNextWakeUpOutBeforeTheFirstTaskRuns)
{
    own_window w;
    int posts_seen = 0;
    action a([&] { posts_seen = posts; }), b([] {});

    thread_window_post(w, &a);
    thread_window_post(w, &b);
    dispatch_all();

    EXPECT_EQ(posts_seen, 2);
    EXPECT_EQ(posts, 2);
}

TEST_F(ThreadWindow, PostsNoWakeUpForASingleTask)
{
    own_window w;
    action a([] {});

    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_EQ(posts, 1);
}

TEST_F(ThreadWindow, PostsOnceAStretchInASteadyFlow)
{
    own_window w;
    int left = 5000;
    action a(
        [&]
        {
            if (--left > 0)
                thread_window_post(w, &a);
            const LONGLONG end = microseconds() + 20;
            while (microseconds() < end)
                ;
        });

    thread_window_post(w, &a);
    const int stretches = static_cast<int>(dispatch_all(THREAD_WINDOW_WAKE));

    EXPECT_EQ(left, 0);
    EXPECT_LE(posts, stretches + 1);
    EXPECT_LT(posts, 1000);
}

TEST_F(ThreadWindow, TakesWakeUpsFromAnybodyWithoutHarm)
{
    own_window w;
    const HWND window = thread_window_handle(w);
    std::string order;
    action a([&] { order += 'a'; }), b([&] { order += 'b'; });

    std::thread(
        [&]
        {
            for (int i = 0; i < 100; i++)
                for (UINT message : {UINT{THREAD_WINDOW_WAKE}, UINT{WM_TIMER}, UINT{WM_CLOSE}})
                    PostMessageW(window, message, i, 0);
        })
        .join();
    thread_window_post(w, &a);
    thread_window_post(w, &b);
    dispatch_all();

    EXPECT_EQ(order, "ab");
    EXPECT_LE(posts, 3);
    EXPECT_TRUE(thread_window_is_here(w));
}

TEST_F(ThreadWindow, TriesARefusedPostAgain)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });
    refusals = 2;

    EXPECT_TRUE(thread_window_post(w, &a));
    const bool came = dispatch_until([&] { return ran == 1; });

    EXPECT_TRUE(came);
    EXPECT_EQ(posts, 3);
}

TEST_F(ThreadWindow, TriesARefusedPostAgainInTheMiddleOfAStretch)
{
    own_window w;
    std::string order;
    action b([&] { order += 'b'; });
    action a(
        [&]
        {
            order += 'a';
            refusals = 1;
            thread_window_post(w, &b);
            work_until_the_slice_is_over(w);
        });

    thread_window_post(w, &a);
    const bool came = dispatch_until([&] { return order == "ab"; });

    EXPECT_TRUE(came);
}

/* ---- slices ---- */

TEST_F(ThreadWindow, YieldsAfterTenMilliseconds)
{
    own_window w;
    int ran = 0;
    std::vector<std::unique_ptr<action>> tasks;
    for (int i = 0; i < 50; i++)
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
    dispatch_until([&] { return ran == 50; });
    EXPECT_EQ(ran, 50);
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
    timers_never_fire = true;
    const int posts_before = posts;

    const LONGLONG begun = microseconds();
    const bool came = dispatch_until([&] { return b.ran == 1; });

    EXPECT_TRUE(came);
    EXPECT_GE(microseconds() - begun, 90000);
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
    while (ticks < 5 && GetMessageW(&message, nullptr, 0, 0))
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
    const UINT_PTR timer = SetTimer(nullptr, 0, 50, nullptr);

    const ULONGLONG deadline = GetTickCount64() + 10000;
    MSG message;
    while (ticks < 5 && GetTickCount64() < deadline && GetMessageW(&message, nullptr, 0, 0))
    {
        ticks += message.message == WM_TIMER && !message.hwnd;
        DispatchMessageW(&message);
    }

    EXPECT_EQ(ticks, 5);
    EXPECT_GT(ran, 10);
    KillTimer(nullptr, timer);
    thread_window_withdraw(w, &endless);
}

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
    EXPECT_EQ(thread_window_count(), 0u);
}

TEST_F(ThreadWindow, IsDestroyedOnItsThreadByTheLastReleaseOnAnother)
{
    thread_window *w = thread_window_get();
    const HWND window = thread_window_handle(w);

    std::thread([&] { thread_window_release(w); }).join();
    EXPECT_TRUE(IsWindow(window));
    dispatch_all();

    EXPECT_FALSE(IsWindow(window));
    EXPECT_TRUE(dispatch_until([] { return thread_window_count() == 0; }));
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
    dispatch_until([&] { return thread_window_count() == 1; });

    EXPECT_EQ(ran, 1);
    EXPECT_TRUE(thread_window_is_here(w));
}

TEST_F(ThreadWindow, IsDestroyedAlsoWhereTheRequestWasRefusedAtFirst)
{
    thread_window *w = thread_window_get();
    const HWND window = thread_window_handle(w);
    refusals = 2;

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

    EXPECT_EQ(thread_window_count(), 0u);
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
    EXPECT_TRUE(dispatch_until([] { return thread_window_count() == 0; }));

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

TEST_F(ThreadWindow, RefusesTasksWhenThePostFindsNoWindow)
{
    own_window w;
    action a([] {}), b([] {});
    refusal = ERROR_INVALID_WINDOW_HANDLE;
    refusals = 1;

    EXPECT_FALSE(thread_window_post(w, &a));

    EXPECT_FALSE(list_linked(&a.link));
    EXPECT_FALSE(thread_window_post(w, &b));
    EXPECT_EQ(posts, 1);
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

    EXPECT_EQ(thread_window_count(), 0u);
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

    EXPECT_TRUE(dispatch_until([] { return thread_window_count() == 0; }));
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

namespace
{

/* ---- a filter of the host's that swallows the wake-up ---- */

ULONGLONG said_ticks;

ULONGLONG WINAPI say_ticks()
{
    return said_ticks;
}

TEST_F(ThreadWindow, PostsAWakeUpAgainWithTheNextTaskWhereItHasNotComeForASecond)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; }), b([&] { ran++; }), c([&] { ran++; });
    thread_window_system.get_tick_count = say_ticks;
    said_ticks = 5000;
    swallowed = 1;
    thread_window_post(w, &a);
    dispatch_all();

    said_ticks += 999;
    thread_window_post(w, &b);
    dispatch_all();
    EXPECT_EQ(posts, 1);
    EXPECT_EQ(ran, 0);
    said_ticks += 1;
    thread_window_post(w, &c);
    EXPECT_EQ(posts, 2);
    dispatch_all();

    EXPECT_EQ(ran, 3);
}

TEST_F(ThreadWindow, PostsItAgainAlsoWithATaskThatIsQueued)
{
    own_window w;
    int ran = 0;
    action a([&] { ran++; });
    thread_window_system.get_tick_count = say_ticks;
    said_ticks = 5000;
    swallowed = 1;
    thread_window_post(w, &a);

    said_ticks += 1000;
    thread_window_post(w, &a);
    dispatch_all();

    EXPECT_EQ(ran, 1);
}

/* ---- a thread on a desktop of its own: functions of its window fail elsewhere ---- */

const HDESK usual_desktop = reinterpret_cast<HDESK>(1), its_desktop = reinterpret_cast<HDESK>(2);
std::atomic<DWORD> thread_that_cannot_leave;
thread_local bool is_on_its_desktop;

HDESK WINAPI say_desktop(DWORD)
{
    return is_on_its_desktop ? its_desktop : usual_desktop; /* only the calling thread is ever asked for */
}

BOOL WINAPI change_desktop(HDESK desktop)
{
    if (GetCurrentThreadId() == thread_that_cannot_leave)
        return FALSE;
    is_on_its_desktop = desktop == its_desktop;
    return TRUE;
}

BOOL WINAPI post_within_desktop(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (is_on_its_desktop)
        return counted_post(window, message, wparam, lparam);
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return FALSE;
}

class ThreadWindowOnADesktop : public ThreadWindow
{
  protected:
    void SetUp() override
    {
        ThreadWindow::SetUp();
        thread_that_cannot_leave = 0;
        thread_window_system.get_thread_desktop = say_desktop;
        thread_window_system.set_thread_desktop = change_desktop;
        thread_window_system.post_message = post_within_desktop;
        its_thread.run(
            [&]
            {
                is_on_its_desktop = true;
                w = thread_window_get();
            });
    }
    void TearDown() override
    {
        its_thread.run([&] { thread_window_release(w); });
        ThreadWindow::TearDown();
    }
    bool runs_a_task()
    {
        HANDLE ran = CreateEventW(nullptr, TRUE, FALSE, nullptr);
        action a([&] { SetEvent(ran); });
        const bool posted = thread_window_post(w, &a);
        const bool done = posted && WaitForSingleObject(ran, 10000) == WAIT_OBJECT_0;

        thread_window_withdraw(w, &a);
        CloseHandle(ran);
        return done;
    }

    thread_window *w = nullptr;
    ui_thread its_thread;
};

TEST_F(ThreadWindowOnADesktop, IsPostedToFromItsOwn)
{
    EXPECT_TRUE(runs_a_task());
    EXPECT_FALSE(is_on_its_desktop) << "this thread is back on its own";
}

TEST_F(ThreadWindowOnADesktop, IsPostedToByAnotherThreadWhereThisOneCannotLeaveItsOwn)
{
    thread_that_cannot_leave = GetCurrentThreadId();

    EXPECT_TRUE(runs_a_task());
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
    thread_window_post(w, &a);

    dispatch_until([&] { return ran == 1; });
    EXPECT_TRUE(thread_window_is_held_back(w));
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
    timers_are_refused = true;

    thread_window_hold_back(w, &a);

    EXPECT_TRUE(dispatch_until([&] { return ran == 1; }));
    EXPECT_FALSE(thread_window_is_held_back(w));
}

} // namespace

#include "support/deliver/thread_window_fixture.h"

namespace
{

/* ---- wake-ups ---- */

struct counting_task : task
{
    explicit counting_task(int *count) : task(), count(count)
    {
        run = [](task *t) { ++*static_cast<counting_task *>(t)->count; };
    }

    int *count;
};

TEST_F(ThreadWindow, HasOneWakeUpOutstandingHoweverManyTasksWait)
{
    own_window w;
    int ran = 0; /* of twice as many as messages may wait on Windows */
    std::vector<counting_task> tasks(20000, counting_task(&ran));

    for (counting_task &t : tasks)
        thread_window_post(w, &t);

    EXPECT_EQ(posts, 1);
    dispatch_all();
    EXPECT_EQ(ran, 20000);
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
    int left = 1500;
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
    EXPECT_LT(posts, 300);
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
    pool_timer_fires_at_once = true;

    EXPECT_TRUE(thread_window_post(w, &a));
    const bool came = dispatch_until([&] { return ran == 1; });

    EXPECT_TRUE(came);
    EXPECT_EQ(posts, 3);
    EXPECT_EQ(pool_timer_ms, 100u);
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
    pool_timer_fires_at_once = true;

    thread_window_post(w, &a);
    const bool came = dispatch_until([&] { return order == "ab"; });

    EXPECT_TRUE(came);
}

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

/* By the system's own means: those of the C++ library would leave something behind on a thread of the pool. */
const DWORD slot = TlsAlloc();

bool is_on_its_desktop()
{
    return TlsGetValue(slot) != nullptr;
}

void be_on(HDESK desktop)
{
    TlsSetValue(slot, desktop == its_desktop ? desktop : nullptr);
}

HDESK WINAPI say_desktop(DWORD)
{
    return is_on_its_desktop() ? its_desktop : usual_desktop; /* only the calling thread is ever asked for */
}

BOOL WINAPI change_desktop(HDESK desktop)
{
    if (GetCurrentThreadId() == thread_that_cannot_leave)
        return FALSE;
    be_on(desktop);
    return TRUE;
}

BOOL WINAPI post_within_desktop(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (is_on_its_desktop())
        return ThreadWindow::counted_post(window, message, wparam, lparam);
    SetLastError(ERROR_INVALID_WINDOW_HANDLE);
    return FALSE;
}

class ThreadWindowOnADesktop : public ThreadWindow
{
  protected:
    void SetUp() override
    {
        its_thread.run([] {}); /* it waits for messages: the system's handle for that is not to be taken for a leak */
        ThreadWindow::SetUp();
        thread_that_cannot_leave = 0;
        desktop_system.get_thread_desktop = say_desktop;
        desktop_system.set_thread_desktop = change_desktop;
        thread_window_system.post_message = post_within_desktop;
        its_thread.run(
            [&]
            {
                be_on(its_desktop);
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
    EXPECT_FALSE(is_on_its_desktop()) << "this thread is back on its own";
}

TEST_F(ThreadWindowOnADesktop, IsPostedToByAnotherThreadWhereThisOneCannotLeaveItsOwn)
{
    thread_that_cannot_leave = GetCurrentThreadId();
    pool_timer_fires_at_once = true;

    EXPECT_TRUE(runs_a_task());
}

} // namespace

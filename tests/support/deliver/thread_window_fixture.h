/* thread_window_fixture.h: windows of threads whose system calls are counted, and refused where a test says so. Each
 * test leaves no window, handle or thread behind. */

#ifndef SUPPORT_DELIVER_THREAD_WINDOW_FIXTURE_H
#define SUPPORT_DELIVER_THREAD_WINDOW_FIXTURE_H

extern "C" {
#include "deliver/desktop.h"
#include "deliver/thread_window.h"
#include "deliver/window_class.h"
}

#include "support/deliver/ui_thread.h"
#include "support/leaks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>

constexpr DWORD input_waits = MAKELONG(0, QS_KEY);
constexpr DWORD input_came_and_was_seen = MAKELONG(QS_KEY, 0);

class ThreadWindow : public testing::Test
{
  public:
    static std::atomic<int> posts;     /* of wake-ups, tried */
    static std::atomic<int> refusals;  /* how many of the next posts are refused */
    static DWORD refusal;              /* with this error */
    static std::atomic<int> swallowed; /* how many of the next posts never come */
    static std::atomic<int> timers;    /* WM_TIMER wake-ups, set */
    static UINT timer_ms;              /* of the last of them */
    static bool timers_never_fire, timers_are_refused, timers_are_short;
    static DWORD pool_timer_ms; /* in which the pool timer was to fire, when it was set last */
    static bool pool_timer_fires_at_once;
    static DWORD queue_status; /* what GetQueueStatus says, where a test says it */

    static BOOL WINAPI counted_post(HWND window, UINT message, WPARAM wparam, LPARAM lparam);

  protected:
    void SetUp() override;
    void TearDown() override;

    static void say_queue_status(DWORD status);

  private:
    std::unique_ptr<leak_check> check;
    thread_window_calls system;
    desktop_calls desktops;
};

struct action : task
{
    explicit action(std::function<void()> what);
    action(std::function<void()> what, std::function<void()> instead); /* `instead`: if its thread has ended */

    std::function<void()> what, instead;
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

LONGLONG microseconds();
void work_for_a_millisecond();
void work_until_the_slice_is_over(thread_window *w);

/* A window after a stretch of 10 ms and more, with a task that waits: `ran` counts its runs. */
struct busy_window
{
    busy_window();

    own_window w;
    action busy, waiting;
    int ran = 0;
};

std::wstring class_of(HWND window);
bool class_is_registered(const std::wstring &name);

#endif

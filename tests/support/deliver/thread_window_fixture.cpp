#include "support/deliver/thread_window_fixture.h"

/* ---- the system calls ---- */

std::atomic<int> ThreadWindow::posts, ThreadWindow::refusals, ThreadWindow::swallowed, ThreadWindow::timers;
DWORD ThreadWindow::refusal, ThreadWindow::queue_status, ThreadWindow::pool_timer_ms;
UINT ThreadWindow::timer_ms;
bool ThreadWindow::timers_never_fire, ThreadWindow::timers_are_refused, ThreadWindow::timers_are_short,
    ThreadWindow::pool_timer_fires_at_once;

BOOL WINAPI ThreadWindow::counted_post(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
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

namespace
{

UINT_PTR WINAPI counted_timer(HWND window, UINT_PTR id, UINT ms, TIMERPROC procedure)
{
    if (ThreadWindow::timers_are_refused)
        return 0;
    ThreadWindow::timers++;
    ThreadWindow::timer_ms = ms;
    if (ThreadWindow::timers_never_fire)
        return 1;
    return SetTimer(window, id, ThreadWindow::timers_are_short ? USER_TIMER_MINIMUM : ms, procedure);
}

VOID WINAPI counted_pool_timer(PTP_TIMER timer, FILETIME *due, DWORD period, DWORD window)
{
    ULARGE_INTEGER time;
    FILETIME at_once = {};

    time.LowPart = due->dwLowDateTime;
    time.HighPart = due->dwHighDateTime;
    ThreadWindow::pool_timer_ms = static_cast<DWORD>(-static_cast<LONGLONG>(time.QuadPart) / 10000);
    SetThreadpoolTimer(timer, ThreadWindow::pool_timer_fires_at_once ? &at_once : due, period, window);
}

DWORD WINAPI said_queue_status(UINT)
{
    return ThreadWindow::queue_status;
}

} // namespace

void ThreadWindow::SetUp()
{
    check = std::make_unique<leak_check>(std::vector<leak_check::counter>{
        {"windows", [] { return static_cast<long long>(window_class_count()); }, 0, 1}});
    system = thread_window_system;
    desktops = desktop_system;
    thread_window_system.post_message = counted_post;
    thread_window_system.set_timer = counted_timer;
    thread_window_system.set_pool_timer = counted_pool_timer;
    posts = refusals = swallowed = timers = 0;
    refusal = ERROR_NOT_ENOUGH_QUOTA;
    timers_never_fire = timers_are_refused = timers_are_short = pool_timer_fires_at_once = false;
    queue_status = timer_ms = pool_timer_ms = 0;
}

void ThreadWindow::TearDown()
{
    dispatch_until([] { return window_class_count() == 0; });
    thread_window_system = system;
    desktop_system = desktops;
    check.reset();
}

void ThreadWindow::say_queue_status(DWORD status)
{
    thread_window_system.get_queue_status = said_queue_status;
    queue_status = status;
}

/* ---- tasks and windows ---- */

action::action(std::function<void()> what) : task(), what(std::move(what))
{
    run = [](task *t) { static_cast<action *>(t)->what(); };
}

action::action(std::function<void()> what, std::function<void()> instead) : action(std::move(what))
{
    this->instead = std::move(instead);
    abandon = [](task *t) { static_cast<action *>(t)->instead(); };
}

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

busy_window::busy_window() : busy([this] { work_until_the_slice_is_over(w); }), waiting([this] { ran++; })
{
    thread_window_post(w, &busy);
    thread_window_post(w, &waiting);
    dispatch_one();
}

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

/* ui_thread.h: threads with a message loop, as a form has one, and the loop itself for the test's own thread. */

#ifndef SUPPORT_DELIVER_UI_THREAD_H
#define SUPPORT_DELIVER_UI_THREAD_H

#include <windows.h>

#include <functional>
#include <thread>

/* Dispatches the oldest message of the calling thread. Its number; WM_NULL where none waits. */
UINT dispatch_one();

/* Dispatches messages until none waits. How many of the number `counted` there were. */
unsigned dispatch_all(UINT counted = WM_NULL);

/* Dispatches messages until `done` says so; false after `ms` milliseconds. */
bool dispatch_until(const std::function<bool()> &done, DWORD ms = 10000);

/* A thread that dispatches messages until it is destroyed. */
class ui_thread
{
  public:
    ui_thread();

    /* Ends the thread and waits for it. */
    ~ui_thread();

    /* Runs `what` on the thread, from its loop, and returns when it was run. */
    void run(std::function<void()> what);

  private:
    void loop();

    HANDLE work, done, end;
    std::function<void()> next;
    std::thread thread;
};

#endif

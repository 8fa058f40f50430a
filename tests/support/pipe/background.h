/* background.h: a thread for a test, joined at the latest when it goes out of scope. By CreateThread: what std::thread
 * keeps for later would look like a leak. */

#ifndef SUPPORT_PIPE_BACKGROUND_H
#define SUPPORT_PIPE_BACKGROUND_H

#include <windows.h>

#include <functional>

class background
{
  public:
    explicit background(std::function<void()> run);
    background(background &&other) noexcept;
    ~background();

    /* False if it has not ended after `ms`. */
    bool join(DWORD ms = INFINITE);

  private:
    HANDLE thread;
};

/* What a test waits for: set once for all who wait, until reset. */
class latch
{
  public:
    latch();
    latch(const latch &) = delete;
    ~latch();

    void set();
    void reset();
    bool wait(DWORD ms);
    HANDLE handle() const;

  private:
    HANDLE event;
};

/* Where a handler or a hook blocks its thread until the test lets it go on. From then on it blocks nobody. */
class blocking_point
{
  public:
    /* By the thread that is blocked. Only where a test fails does it go on by itself. */
    void block(DWORD ms = 20000);

    /* By the test. */
    bool wait_until_blocked(DWORD ms = 20000);
    void unblock();

  private:
    latch reached, opened;
};

#endif

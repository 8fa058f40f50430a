/* beats.h: time as a loaded machine gives it: the beats of a thread that waits 10 ms each time. Where the machine
 * stands still or has others to serve, there are fewer of them in a second. So a limit in beats holds on any machine,
 * and what hangs still goes past it. */

#ifndef SUPPORT_LONG_BEATS_H
#define SUPPORT_LONG_BEATS_H

#include "support/pipe/background.h"

#include <atomic>

class beats
{
  public:
    static constexpr LONG a_second = 100;

    beats();
    beats(const beats &) = delete;
    ~beats();

    LONG now() const
    {
        return count;
    }

  private:
    std::atomic<LONG> count{0};
    latch over;
    background thread;
};

#endif

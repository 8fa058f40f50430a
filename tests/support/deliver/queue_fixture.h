/* queue_fixture.h: queues with runs whose workers are real and have no pipes. */

#ifndef SUPPORT_DELIVER_QUEUE_FIXTURE_H
#define SUPPORT_DELIVER_QUEUE_FIXTURE_H

extern "C" {
#include "base/list.h"
#include "deliver/loop.h"
#include "deliver/run.h"
#include "pipe/engine.h"
}

#include "support/deliver/lanes.h"
#include "support/deliver/ui_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

/* How long a test waits for what must come, in milliseconds. */
constexpr DWORD patience = 10000;

/* An owner whose events go to a function of the test's, by name. */
struct test_owner : queue_owner
{
    std::function<raised(const std::string &name)> handler;
};

/* A lane of a run that is no test_run. */
struct own_lane : lane
{
    own_lane(::run *r, ::audience *a);
};

class Queue : public testing::Test
{
  protected:
    Queue();
    ~Queue() override;

    /* A run without a pipe, open; one reference. */
    run *start(queue_way way, unsigned threads = 1);
    /* Ends the run's workers and gives the reference back. */
    void end(run *r);
    void push(run *r, lane &l, const std::string &name);

    queue *q;
    audience heard_by; /* it has a sink */
    test_owner owner;
};

/* A queue of this thread's window, with a run; its handler notes names and answers `how`. */
class WindowQueue : public Queue
{
  protected:
    WindowQueue();
    ~WindowQueue() override;

    run *r;
    namelist names;
    raised how = RAISED_ALL;
};

struct manual_event
{
    manual_event();
    ~manual_event();
    void set();
    bool wait(DWORD ms = patience);

    HANDLE handle;
};

/* The clock of base and deliver, which stands while this lives, but for what the test moves it. Before any run starts. */
struct standing_clock
{
    standing_clock();
    ~standing_clock();

    static std::atomic<ULONGLONG> ms;
};

/* Tries of a sink that refuses `many` times, and takes all after that. */
struct refusals
{
    raised operator()(const std::string &name);
    /* Whether there were no more than one every 50 ms, but for the clock's own steps. */
    bool are_apart() const;

    int many;
    std::vector<ULONGLONG> tries;
    namelist names;
};

/* A thread's function: a loop of the queue, which does not dispatch messages. */
DWORD WINAPI enter_loop(void *q);

#endif

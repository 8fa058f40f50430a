/* queue_fixture.h: queues with runs whose workers are real; they have no pipes unless a test gives them one. */

#ifndef SUPPORT_DELIVER_QUEUE_FIXTURE_H
#define SUPPORT_DELIVER_QUEUE_FIXTURE_H

extern "C" {
#include "base/list.h"
#include "deliver/loop.h"
#include "deliver/run.h"
#include "deliver/window_class.h"
#include "pipe/engine.h"
}

#include "support/deliver/lanes.h"
#include "support/deliver/ui_thread.h"
#include "support/pipe/raw_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

/* An owner whose events go to a function of the test's, by name. */
struct test_owner : queue_owner
{
    std::function<raised(const std::string &name)> handler;
    std::function<raised(pipe_event *event)> on_event; /* where it is set, instead */
    std::atomic<int> forgotten{0};
    bool is_about_to_be_freed = false;
    bool uses_events = false; /* what `forget` is called for ends later, by queue_end_event */
};

/* A run whose memory is a test's, counted. */
struct counted_run : run
{
    counted_run();
    ~counted_run();

    std::function<lane *(connection *c)> connected;
    DWORD begin_error = 0; /* of its workers */
    std::atomic<int> begun{0};
    std::atomic<int> *ended = nullptr; /* counts workers, where it is set */

    static std::atomic<int> living;
};

extern const run_calls run_calls_of_test;

/* A lane of a run that is no test_run. */
struct own_lane : lane
{
    own_lane(::run *r, ::audience *a);
    /* Waits until nobody holds it: the thread that pushed its last event may be a little behind. */
    bool is_let_go() const;

    std::atomic<int> holds{0};
};

class Queue : public testing::Test
{
  protected:
    Queue();
    ~Queue() override; /* no run is left */

    /* A run without a pipe, open; one reference. */
    run *start(queue_way way, unsigned threads = 1);
    /* Ends the run's workers and gives the reference back. */
    void end(run *r);
    void push(run *r, lane &l, const std::string &name);
    void push(run *r, lane &l, pipe_event_kind kind, const std::string &name);
    /* Names of what the consumer is given, until there is nothing. */
    namelist taken_by_consumer();
    /* A handler that notes names and answers RAISED_ALL. */
    void note_names();

    queue *q;
    audience heard_by; /* it has a sink */
    test_owner owner;
    namelist noted;
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

/* The clock of base and deliver, which moves by the test alone while this lives. Made before any run starts. */
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

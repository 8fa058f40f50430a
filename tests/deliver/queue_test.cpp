/* Queues with runs whose workers are real and have no pipes. */

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
#include <mutex>
#include <thread>

namespace
{

constexpr DWORD patience = 10000;

struct test_owner : queue_owner
{
    std::function<raised(const std::string &name)> handler;
};

raised raise_to_test(queue_owner *owner, pipe_event *event)
{
    const std::string name = static_cast<test_event *>(event)->name;

    return static_cast<test_owner *>(owner)->handler(name);
}

const queue_calls calls_of_test = {
    raise_to_test,
    [](queue_owner *, pipe_event *) {},
    [](queue_owner *) { return true; },
    [](queue_owner *) {},
};

const run_calls run_calls_of_test = {
    [](run *, connection *) -> lane * { return nullptr; },
    [](run *) -> DWORD { return 0; },
    [](run *) {},
    [](run *r) { delete r; },
};

/* A lane of a run that is no test_run. */
struct own_lane : lane
{
    own_lane(::run *r, ::audience *a) : lane()
    {
        lane_init(
            this, &r->state, a, [](lane *) {}, [](lane *) {});
    }
};

class Queue : public testing::Test
{
  protected:
    Queue()
    {
        test_event::living = 0;
        owner.calls = &calls_of_test;
        audience_init(&heard_by);
        q = queue_create(&owner, nullptr);
        queue_set_has_sinks(q, &heard_by, true);
    }

    ~Queue() override
    {
        queue_silence(q);
        queue_release(q);
    }

    run *start(queue_way way, unsigned threads = 1)
    {
        run_settings settings = {};
        run *r = new run();

        settings.engine.threads = threads;
        settings.way = way;
        EXPECT_EQ(run_start(r, &settings, &run_calls_of_test, q, &heard_by), 0u);
        run_open(r);
        return r;
    }
    void end(run *r)
    {
        run_begin_close(r, CLOSE_AT_ONCE);
        EXPECT_EQ(WaitForSingleObject(run_ended(r), patience), WAIT_OBJECT_0);
        run_release(r);
    }
    void push(run *r, lane &l, const std::string &name)
    {
        queue_push(q, &l, make_event(PIPE_SERVER_ERROR, name, engine_hold(r->state.engine)));
    }

    queue *q;
    audience heard_by;
    test_owner owner;
};

struct manual_event
{
    ~manual_event()
    {
        CloseHandle(handle);
    }
    void set()
    {
        SetEvent(handle);
    }
    bool wait(DWORD ms = patience)
    {
        return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0;
    }

    HANDLE handle = CreateEventW(nullptr, TRUE, FALSE, nullptr);
};

TEST_F(Queue, AThreadThatWaitsIsToldWhenAWorkersHandlerHasReturned)
{
    manual_event inside, go_on;
    run *r = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        inside.set();
        EXPECT_TRUE(go_on.wait());
        return RAISED_ALL;
    };
    push(r, l, "in its handler");
    push(r, l, "the consumer's");
    ASSERT_TRUE(inside.wait());
    waiter *w = queue_waiter_begin(q, false);
    queue_set_has_sinks(q, &heard_by, false); /* the rest is the consumer's, once the handler has returned */
    ASSERT_EQ(WaitForSingleObject(w->changed, 0), WAIT_OBJECT_0);
    ASSERT_EQ(queue_take_for_consumer(q), nullptr);

    go_on.set();

    EXPECT_EQ(WaitForSingleObject(w->changed, patience), WAIT_OBJECT_0);
    pipe_event *event = queue_take_for_consumer(q);
    ASSERT_NE(event, nullptr);
    queue_end_event(q, event);
    bool left;
    EXPECT_TRUE(queue_waiter_end(q, w, &left));
    end(r);
}

/* Something that a worker does between two looks at the queue, as it handles what a pipe says. */
struct on_worker : operation
{
    on_worker(port *p, std::function<void()> what) : operation(), what(std::move(what))
    {
        port_expect(p, this, [](operation *op, DWORD, DWORD) { static_cast<on_worker *>(op)->what(); });
        port_started(p, this, ERROR_NO_DATA);
    }

    std::function<void()> what;
};

TEST_F(Queue, ASecondWorkerIsToldWhereASecondLaneIsReady)
{
    manual_event first_is_inside, second_is_inside;
    std::atomic<int> inside{0};
    run *r = start(QUEUE_WORKERS, 2);
    own_lane first(r, &heard_by), second(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        (name == "first" ? first_is_inside : second_is_inside).set();
        EXPECT_TRUE((name == "first" ? second_is_inside : first_is_inside).wait()) << "both at once";
        inside++;
        return RAISED_ALL;
    };

    on_worker both(r->state.engine->port,
                   [&]
                   {
                       push(r, first, "first");
                       push(r, second, "second");
                   });

    EXPECT_TRUE(first_is_inside.wait() && second_is_inside.wait());
    end(r);
    EXPECT_EQ(inside, 2);
}

TEST_F(Queue, WhatARunThatHasEndedLeftIsRaisedByTheWorkersOfTheNext)
{
    manual_event raised_it;
    std::atomic<int> raised_too_early{0};
    run *old = start(QUEUE_WORKERS);
    own_lane l(old, &heard_by);
    owner.handler = [&](const std::string &)
    {
        raised_too_early++;
        return RAISED_ALL;
    };
    queue_set_has_sinks(q, &heard_by, false);
    push(old, l, "left");
    run *fresh = start(QUEUE_WORKERS);
    run_hold(old);
    end(old);
    EXPECT_EQ(raised_too_early, 0);
    owner.handler = [&](const std::string &)
    {
        raised_it.set();
        return RAISED_ALL;
    };

    queue_set_has_sinks(q, &heard_by, true);

    EXPECT_TRUE(raised_it.wait());
    end(fresh);
    run_release(old);
}

TEST_F(Queue, WhatAWorkerOfAStoppedRunPutBackIsRaisedByTheNextRunsOnceThatHasEnded)
{
    manual_event refused, go_on, raised_it;
    bool refuses = true;
    run *old = start(QUEUE_WORKERS), *fresh = start(QUEUE_WORKERS);
    own_lane l(old, &heard_by);
    owner.handler = [&](const std::string &)
    {
        if (!refuses)
            return raised_it.set(), RAISED_ALL;
        refuses = false;
        refused.set();
        EXPECT_TRUE(go_on.wait());
        return RAISED_NONE;
    };
    push(old, l, "refused");
    ASSERT_TRUE(refused.wait());
    run_hold(old);
    run_begin_close(old, CLOSE_AT_ONCE);
    EXPECT_FALSE(raised_it.wait(0));

    go_on.set();

    EXPECT_TRUE(raised_it.wait());
    end(old);
    end(fresh);
    run_release(old);
}

TEST_F(Queue, AWorkerWhoseSinkRefusesWhatAnEndedRunLeftEndsWithItsOwnRun)
{
    manual_event refused;
    run *old = start(QUEUE_WORKERS);
    own_lane l(old, &heard_by);
    owner.handler = [&](const std::string &)
    {
        refused.set();
        return RAISED_NONE;
    };
    queue_set_has_sinks(q, &heard_by, false);
    push(old, l, "left");
    run *fresh = start(QUEUE_WORKERS);
    run_hold(old);
    end(old);

    queue_set_has_sinks(q, &heard_by, true);
    ASSERT_TRUE(refused.wait());

    end(fresh);
    run_silence(old); /* what it left goes with it */
    run_release(old);
}

DWORD WINAPI loop(void *argument)
{
    return loop_enter(static_cast<queue *>(argument), false, INFINITE);
}

TEST_F(Queue, WhereTheRaisingThreadEndsInsideAHandlerAnotherThreadGoesOn)
{
    std::vector<std::string> names;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        if (name == "ends its thread")
            ExitThread(0);
        names.push_back(name);
        return RAISED_ALL;
    };
    push(r, l, "ends its thread");
    push(r, l, "next");
    HANDLE thread = CreateThread(nullptr, 0, loop, q, 0, nullptr);
    ASSERT_EQ(WaitForSingleObject(thread, patience), WAIT_OBJECT_0);
    CloseHandle(thread);

    EXPECT_FALSE(queue_has_waiters(q)) << "it does not count as being inside any more";
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(names, std::vector<std::string>{"next"});
    EXPECT_FALSE(queue_is_in_handler(q));
    end(r);
}

TEST_F(Queue, AThreadThatWaitsGoesOnWhereTheRaisingOneEndsInsideAHandler)
{
    manual_event inside, end_it;
    std::vector<std::string> names;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        if (name == "ends its thread")
        {
            inside.set();
            EXPECT_TRUE(end_it.wait());
            ExitThread(0);
        }
        names.push_back(name);
        queue_leave(q, true);
        return RAISED_ALL;
    };
    push(r, l, "ends its thread");
    HANDLE raises = CreateThread(nullptr, 0, loop, q, 0, nullptr);
    ASSERT_TRUE(inside.wait());
    push(r, l, "next");
    HANDLE waits = CreateThread(nullptr, 0, loop, q, 0, nullptr);
    EXPECT_EQ(WaitForSingleObject(waits, 100), static_cast<DWORD>(WAIT_TIMEOUT)) << "the other one raises";

    end_it.set();

    EXPECT_EQ(WaitForSingleObject(waits, patience), WAIT_OBJECT_0);
    EXPECT_EQ(names, std::vector<std::string>{"next"});
    CloseHandle(waits);
    CloseHandle(raises);
    end(r);
}

TEST_F(Queue, WhileOneThreadRaisesAnotherRaisesNothing)
{
    manual_event inside, go_on;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        inside.set();
        EXPECT_TRUE(go_on.wait());
        return RAISED_ALL;
    };
    push(r, l, "first");
    push(r, another, "second");
    std::thread raising([&] { queue_raise_one(q, &no_limit); });
    ASSERT_TRUE(inside.wait());
    waiter *w = queue_waiter_begin(q, false);

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);

    go_on.set();
    EXPECT_EQ(WaitForSingleObject(w->changed, patience), WAIT_OBJECT_0) << "it is told that it may";
    raising.join();
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    bool left;
    EXPECT_TRUE(queue_waiter_end(q, w, &left));
    end(r);
}

/* ---- a thread with a window ---- */

class WindowQueue : public Queue
{
  protected:
    WindowQueue()
    {
        queue_release(q);
        q = queue_create(&owner, thread_window_get());
        queue_set_has_sinks(q, &heard_by, true);
        r = start(QUEUE_WINDOW);
        owner.handler = [this](const std::string &name)
        {
            names.push_back(name);
            return how;
        };
    }
    ~WindowQueue() override
    {
        end(r);
    }

    run *r;
    std::vector<std::string> names;
    raised how = RAISED_ALL;
};

TEST_F(WindowQueue, WhatCameWhileTheThreadWasHushedIsRaisedAfterwards)
{
    own_lane l(r, &heard_by);
    queue_hold_window_back(q, true);
    push(r, l, "hushed");
    dispatch_all();
    EXPECT_TRUE(names.empty());

    queue_hold_window_back(q, false);
    dispatch_all();

    EXPECT_EQ(names, std::vector<std::string>{"hushed"});
}

TEST_F(WindowQueue, AHandlerThatPumpsIsEnteredAgainByTheNextEvent)
{
    own_lane l(r, &heard_by);
    owner.handler = [this](const std::string &name)
    {
        names.push_back(name + " begins");
        if (name == "outer")
            dispatch_all();
        names.push_back(name + " ends");
        return RAISED_ALL;
    };
    push(r, l, "outer");
    push(r, l, "inner");

    dispatch_all();

    EXPECT_EQ(names, (std::vector<std::string>{"outer begins", "inner begins", "inner ends", "outer ends"}));
}

TEST_F(WindowQueue, WhatIsRefusedIsTriedAgainFromTheMessageLoopAndNothingElseMeanwhile)
{
    own_lane l(r, &heard_by), another(r, &heard_by);
    how = RAISED_NONE;
    push(r, l, "refused");
    push(r, another, "another");
    dispatch_until([&] { return !names.empty(); });
    how = RAISED_ALL;
    queue_drain_window(q, &no_limit);
    EXPECT_EQ(names.size(), 1u) << "a Stop does not wait for it";

    dispatch_until([&] { return names.size() == 3; });

    EXPECT_EQ(names, (std::vector<std::string>{"refused", "refused", "another"}));
}

TEST_F(WindowQueue, WhatARunOfWorkersHasLeftIsRaisedOnTheThreadWhereNoOtherWorkersAre)
{
    run *old = start(QUEUE_WORKERS);
    own_lane l(old, &heard_by);
    queue_set_has_sinks(q, &heard_by, false);
    push(old, l, "left");
    run_hold(old);
    end(old);

    queue_set_has_sinks(q, &heard_by, true);

    EXPECT_TRUE(names.empty());
    EXPECT_TRUE(dispatch_until([&] { return !names.empty(); }));
    EXPECT_EQ(names, std::vector<std::string>{"left"});
    run_release(old);
}

TEST_F(WindowQueue, ADrainTakesNothingOfANewerRun)
{
    run *newer = start(QUEUE_WINDOW);
    own_lane l(r, &heard_by), of_newer(newer, &heard_by);
    const backlog_limit stop = {no_limit.sequence, r->state.number};
    push(newer, of_newer, "newer");
    push(r, l, "stopped");

    queue_drain_window(q, &stop);

    EXPECT_EQ(names, std::vector<std::string>{"stopped"});
    dispatch_all();
    EXPECT_EQ(names.size(), 2u);
    end(newer);
}

TEST_F(Queue, ANewRunIsPausedWhileTheEventsOfAnOldOneFillTheQueue)
{
    run *old = start(QUEUE_WAITERS);
    own_lane l(old, &heard_by);
    owner.handler = [](const std::string &) { return RAISED_ALL; };
    for (int i = 0; i <= 131072; i++)
        push(old, l, "");
    ASSERT_TRUE(old->state.engine->paused);

    run *fresh = start(QUEUE_WAITERS);

    EXPECT_TRUE(fresh->state.engine->paused);
    while (queue_raise_one(q, &no_limit) == STEP_RAISED)
        ;
    EXPECT_FALSE(fresh->state.engine->paused);
    EXPECT_FALSE(old->state.engine->paused);
    end(old);
    end(fresh);
}

/* Many audiences that nobody hears, each with all that may wait of it. */
class UnheardQueue : public Queue
{
  protected:
    static constexpr int audiences = 130, events = 1024;

    UnheardQueue()
    {
        for (audience &a : all)
            audience_init(&a);
        r = start(QUEUE_WAITERS);
        for (audience &a : all)
            lanes.push_back(std::make_unique<own_lane>(r, &a));
        owner.handler = [](const std::string &) { return RAISED_ALL; };
    }
    ~UnheardQueue() override
    {
        run_silence(r);
        end(r);
    }

    void fill()
    {
        for (auto &l : lanes)
            for (int i = 0; i < events; i++)
                push(r, *l, "");
    }
    bool is_paused() const
    {
        return r->state.engine->paused;
    }

    audience all[audiences];
    std::vector<std::unique_ptr<own_lane>> lanes;
    run *r;
};

TEST_F(UnheardQueue, WhatNobodyHearsDoesNotPause)
{
    fill();

    EXPECT_FALSE(is_paused());
}

TEST_F(UnheardQueue, WhatTheConsumerTakesHimselfDoesPauseUntilTheNextStart)
{
    queue_note_waiting(q);
    fill();
    EXPECT_TRUE(is_paused());

    queue_forget_leave(q);

    EXPECT_FALSE(is_paused());
}

TEST_F(UnheardQueue, WhereSinksComeWhatWaitedPausesWithTheNextEventUntilTheyGo)
{
    fill();
    for (audience &a : all)
        queue_set_has_sinks(q, &a, true);
    push(r, *lanes[0], "");
    EXPECT_TRUE(is_paused());

    for (audience &a : all)
        queue_set_has_sinks(q, &a, false);

    for (DWORD begin = GetTickCount(); is_paused() && GetTickCount() - begin < patience;)
        SwitchToThread(); /* a worker lets it go on */
    EXPECT_FALSE(is_paused());
}

/* A lane that does something when the first of its events has ended. */
struct telling_lane : own_lane
{
    telling_lane(::run *r, ::audience *a) : own_lane(r, a)
    {
        release = [](lane *l)
        {
            if (std::function<void()> tell = std::exchange(static_cast<telling_lane *>(l)->when_released, nullptr))
                tell();
        };
    }

    std::function<void()> when_released;
};

TEST_F(UnheardQueue, ARunThatIsPausedAgainBeforeItHasGoneOnIsPaused)
{
    telling_lane heard(r, &heard_by);
    fill();
    for (int i = 0; i <= 131072; i++)
        push(r, heard, "");
    ASSERT_TRUE(is_paused());
    heard.when_released = [&]
    {
        EXPECT_FALSE(is_paused()) << "what counted is gone";
        for (audience &a : all)
            queue_set_has_sinks(q, &a, true);
        push(r, *lanes[0], "");
    };

    queue_silence_lane(q, &heard);

    EXPECT_TRUE(is_paused());
    while (queue_raise_one(q, &no_limit) == STEP_RAISED)
        ;
    EXPECT_FALSE(is_paused());
}

TEST_F(Queue, WhatIsRefusedWaitsAndIsRaisedAgainFirst)
{
    std::vector<std::string> names;
    bool refuses = true;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        names.push_back(name);
        return refuses ? RAISED_NONE : RAISED_ALL;
    };
    push(r, l, "refused");
    push(r, another, "another");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);
    refuses = false;
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);
    push(r, another, "later");
    for (DWORD ms = queue_retry(q); ms != INFINITE; ms = queue_retry(q))
        EXPECT_LE(ms, 50u);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(names, (std::vector<std::string>{"refused", "another", "refused", "later"}));
    end(r);
}

/* Tries of a sink that refuses `many` times, and takes all after that. */
struct refusals
{
    raised operator()(const std::string &name)
    {
        tries.push_back(GetTickCount64());
        names.push_back(name);
        return static_cast<int>(tries.size()) <= many ? RAISED_NONE : RAISED_ALL;
    }
    /* Whether there were no more than one every 50 ms, but for the clock's own steps. */
    bool are_apart() const
    {
        for (size_t i = 1; i < tries.size(); i++)
            if (tries[i] - tries[i - 1] < 50)
                return false;
        return true;
    }

    int many;
    std::vector<ULONGLONG> tries;
    std::vector<std::string> names;
};

TEST_F(Queue, ALoopTriesWhatIsRefusedAgainEvery50MillisecondsThoughNothingChanges)
{
    refusals sink{3, {}, {}};
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        const raised how = sink(name);
        if (how == RAISED_ALL)
            queue_leave(q, true);
        return how;
    };
    push(r, l, "refused");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(sink.names, std::vector<std::string>(4, "refused"));
    EXPECT_TRUE(sink.are_apart());
    run_silence(r); /* what waits is of a lane that goes now */
    end(r);
}

TEST_F(Queue, ALoopEndsWhereItsHandlerLetsTheLastReferenceGo)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        queue_silence(q);
        return RAISED_ALL;
    };
    push(r, l, "the last");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT) << "nobody could end it any more";

    end(r);
}

TEST_F(Queue, AWaitForTheConsumersEventTriesWhatIsRefusedAgainEvery50Milliseconds)
{
    refusals sink{2, {}, {}};
    audience nobody;
    audience_init(&nobody);
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), without_sinks(r, &nobody);
    owner.handler = [&](const std::string &name)
    {
        const raised how = sink(name);
        if (how == RAISED_ALL)
            push(r, without_sinks, "the consumer's");
        return how;
    };
    push(r, l, "refused");

    pipe_event *event = loop_wait_event(
        q, false, patience, [](void *) { return true; }, nullptr);

    ASSERT_NE(event, nullptr);
    queue_end_event(q, event);
    EXPECT_EQ(sink.names, std::vector<std::string>(3, "refused"));
    EXPECT_TRUE(sink.are_apart());
    end(r);
}

TEST_F(Queue, ALoopRaisesWhatANewerRunHasWhileASinkRefusesWhatAnOlderOneLeft)
{
    std::vector<std::string> names;
    run *old = start(QUEUE_WAITERS), *fresh = start(QUEUE_WAITERS);
    own_lane of_old(old, &heard_by), of_fresh(fresh, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        names.push_back(name);
        if (name == "refused")
            return RAISED_NONE;
        if (name == "newer")
            push(fresh, of_fresh, "newest");
        else
            queue_leave(q, true);
        return RAISED_ALL;
    };
    push(old, of_old, "refused");
    push(fresh, of_fresh, "newer");
    run_hold(old);
    end(old);

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(names.front(), "refused");
    EXPECT_EQ(names.back(), "newest");
    run_silence(old);
    run_release(old);
    end(fresh);
}

TEST_F(Queue, WhatIsRefusedIsTriedAgainThoughMoreComesAllTheTime)
{
    bool taken = false;
    int tries = 0;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), floods(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        taken |= name == "refused" && ++tries == 2;
        if (name == "refused")
            return taken ? RAISED_ALL : RAISED_NONE;
        if (taken)
            queue_leave(q, true);
        else
            push(r, floods, "more");
        return RAISED_ALL;
    };
    push(r, l, "refused");
    push(r, floods, "more");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_TRUE(taken);
    end(r);
}

TEST_F(Queue, AfterALeaveWhatIsRefusedHoldsUpNothingThatWasQueuedBefore)
{
    std::vector<std::string> names;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        names.push_back(name);
        if (name == "refused")
            return RAISED_NONE;
        if (name == "leaves")
        {
            push(r, l, "refused");
            push(r, another, "before");
            queue_leave(q, true);
        }
        return RAISED_ALL;
    };
    push(r, l, "leaves");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(names, (std::vector<std::string>{"leaves", "refused", "before"}));
    run_silence(r);
    end(r);
}

TEST_F(Queue, AnOnlyWorkerRaisesItsOwnRunsWhileASinkRefusesWhatAnOlderOneLeftAndTriesThatAgain)
{
    manual_event taken;
    refusals sink{3, {}, {}};
    size_t tries_before_own = 0;
    run *old = start(QUEUE_WORKERS);
    own_lane of_old(old, &heard_by);
    owner.handler = [&](const std::string &name)
    {
        if (name == "own")
            return tries_before_own = sink.tries.size(), RAISED_ALL;
        const raised how = sink(name);
        if (how == RAISED_ALL)
            taken.set();
        return how;
    };
    queue_set_has_sinks(q, &heard_by, false);
    push(old, of_old, "left");
    run *fresh = start(QUEUE_WORKERS);
    own_lane of_fresh(fresh, &heard_by);
    push(fresh, of_fresh, "own");
    run_hold(old);
    end(old);

    queue_set_has_sinks(q, &heard_by, true);

    EXPECT_TRUE(taken.wait());
    EXPECT_EQ(tries_before_own, 1u);
    EXPECT_EQ(sink.names, std::vector<std::string>(4, "left"));
    EXPECT_TRUE(sink.are_apart());
    end(fresh);
    run_silence(old);
    run_release(old);
}

TEST_F(Queue, TheConsumerDoesNotGetWhatASinkHasHadWhereTheOneThatRefusedItHasGone)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [](const std::string &) { return RAISED_IN_PART; };
    push(r, l, "had");
    push(r, l, "nobody's");
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);

    queue_set_has_sinks(q, &heard_by, false);

    pipe_event *event = queue_take_for_consumer(q);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(static_cast<test_event *>(event)->name, "nobody's");
    queue_end_event(q, event);
    EXPECT_EQ(queue_take_for_consumer(q), nullptr);
    EXPECT_EQ(test_event::living, 0);
    end(r);
}

/* ---- sinks that go before they are called ---- */

/* An owner whose only sink goes between an event's being taken and its call, once; then there may be another. */
class NobodyThere : public Queue
{
  protected:
    NobodyThere()
    {
        owner.handler = [this](const std::string &name)
        {
            if (gone)
                return names.push_back(name), RAISED_ALL;
            gone = true;
            if (meanwhile)
                meanwhile();
            if (!is_replaced)
                queue_set_has_sinks(q, &heard_by, false);
            went.set();
            return RAISED_TO_NOBODY;
        };
    }
    /* Names of what the consumer is given, until there is nothing. */
    std::vector<std::string> taken_by_consumer()
    {
        std::vector<std::string> all;

        while (pipe_event *event = queue_take_for_consumer(q))
        {
            all.push_back(static_cast<test_event *>(event)->name);
            queue_end_event(q, event);
        }
        return all;
    }

    bool gone = false, is_replaced = false;
    std::function<void()> meanwhile;
    manual_event went;
    std::vector<std::string> names;
};

using namelist = std::vector<std::string>;

TEST_F(NobodyThere, TheConsumerGetsTheEventWhichIsFirstOfItsLane)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    push(r, l, "first");
    push(r, l, "second");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);
    EXPECT_EQ(queue_retry(q), INFINITE) << "nobody refused it";
    EXPECT_EQ(taken_by_consumer(), (namelist{"first", "second"}));
    end(r);
}

TEST_F(NobodyThere, ASinkThatComesIsRaisedTheEvent)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    push(r, l, "first");
    push(r, l, "second");
    queue_raise_one(q, &no_limit);

    queue_set_has_sinks(q, &heard_by, true);

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(names, (namelist{"first", "second"}));
    end(r);
}

TEST_F(NobodyThere, ALoopRaisesItToASinkThatHasTakenTheOnesPlace)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    is_replaced = true;
    meanwhile = [&] { queue_leave(q, true); };
    push(r, l, "first");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    EXPECT_EQ(names, namelist{"first"});
    end(r);
}

TEST_F(NobodyThere, AConsumerWhoWaitsOnAnotherThreadThanTheWorkerGetsIt)
{
    run *r = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by);
    queue_note_waiting(q);
    push(r, l, "first");
    ASSERT_TRUE(went.wait());

    pipe_event *event = loop_wait_event(
        q, false, patience, [](void *) { return true; }, nullptr);

    ASSERT_NE(event, nullptr);
    EXPECT_EQ(static_cast<test_event *>(event)->name, "first");
    queue_end_event(q, event);
    end(r);
}

/* A thread that waits is raising; what it has taken comes back, and is still the first. */
TEST_F(NobodyThere, NothingBehindItIsTakenMeanwhileOnAnotherThread)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    pipe_event *of_another = nullptr;
    queue_note_waiting(q);
    push(r, l, "first");
    push(r, l, "second");
    meanwhile = [&]
    {
        queue_set_has_sinks(q, &heard_by, false);
        push(r, another, "another's");
        std::thread(
            [&]
            {
                of_another = queue_take_for_consumer(q);
                EXPECT_EQ(queue_take_for_consumer(q), nullptr) << "the lane's handler has not returned";
            })
            .join();
    };

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    ASSERT_NE(of_another, nullptr);
    EXPECT_EQ(static_cast<test_event *>(of_another)->name, "another's");
    queue_end_event(q, of_another);
    EXPECT_EQ(taken_by_consumer(), (namelist{"first", "second"}));
    end(r);
}

TEST_F(NobodyThere, AConsumerWhoWaitsOnAnotherThreadThanTheOneThatRaisesGetsItFirst)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    std::string given;
    std::thread consumer;
    std::atomic<bool> returned{false};
    queue_note_waiting(q);
    push(r, l, "first");
    push(r, l, "second");
    meanwhile = [&]
    {
        queue_set_has_sinks(q, &heard_by, false);
        consumer = std::thread(
            [&]
            {
                pipe_event *event = loop_wait_event(
                    q, false, patience, [](void *) { return true; }, nullptr);

                given = event ? static_cast<test_event *>(event)->name : "nothing";
                if (event)
                    queue_end_event(q, event);
                returned = true;
            });
        while (!queue_has_waiters(q) && !returned)
            SwitchToThread();
    };

    queue_raise_one(q, &no_limit);

    consumer.join();
    EXPECT_EQ(given, "first");
    EXPECT_EQ(taken_by_consumer(), namelist{"second"});
    end(r);
}

TEST_F(NobodyThere, AWaitInsideTheHandlerGetsWhatIsBehind)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    namelist inside;
    push(r, l, "first");
    push(r, l, "second");
    owner.handler = [&](const std::string &)
    {
        queue_set_has_sinks(q, &heard_by, false);
        inside = taken_by_consumer();
        return RAISED_ALL;
    };

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(inside, namelist{"second"});
    end(r);
}

TEST_F(NobodyThere, AWorkerRaisesItToASinkThatHasTakenTheOnesPlace)
{
    manual_event raised_it;
    run *r = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by);
    is_replaced = true;
    auto sink = owner.handler;
    owner.handler = [&](const std::string &name)
    {
        const raised how = sink(name);
        if (how == RAISED_ALL)
            raised_it.set();
        return how;
    };

    push(r, l, "first");

    EXPECT_TRUE(raised_it.wait());
    end(r);
    EXPECT_EQ(names, namelist{"first"});
}

TEST_F(NobodyThere, WhatWaitsOfAStoppedRunStaysForTheConsumer)
{
    run *r = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by);
    run_hold(r);
    meanwhile = [&] { run_begin_close(r, CLOSE_AT_ONCE); };
    push(r, l, "first");
    ASSERT_TRUE(went.wait());

    end(r);

    EXPECT_EQ(taken_by_consumer(), namelist{"first"});
    run_release(r);
}

TEST_F(NobodyThere, TheEventIsTheOldestThatGoesWhere1024Wait)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    meanwhile = [&]
    {
        for (int i = 0; i < WITHOUT_SINKS_MAX; i++)
            push(r, l, "later");
    };
    push(r, l, "first");

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(taken_by_consumer(), namelist(WITHOUT_SINKS_MAX, "later"));
    end(r);
}

TEST_F(NobodyThere, NothingIsDroppedWhereTheConsumerWaitsForEvents)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    queue_note_waiting(q);
    meanwhile = [&]
    {
        for (int i = 0; i < WITHOUT_SINKS_MAX; i++)
            push(r, l, "later");
    };
    push(r, l, "first");

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(taken_by_consumer().size(), WITHOUT_SINKS_MAX + 1u);
    end(r);
}

TEST_F(NobodyThere, AConnectedWhoseDisconnectedWasDroppedMeanwhileIsNotKept)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    meanwhile = [&]
    {
        queue_set_has_sinks(q, &heard_by, false);
        queue_push(q, &l, make_event(PIPE_DISCONNECTED, "disconnected", engine_hold(r->state.engine)));
        for (int i = 0; i < WITHOUT_SINKS_MAX; i++)
            push(r, another, "later");
    };
    queue_push(q, &l, make_event(PIPE_CONNECTED, "connected", engine_hold(r->state.engine)));

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(taken_by_consumer(), namelist(WITHOUT_SINKS_MAX, "later"));
    end(r);
}

TEST_F(NobodyThere, TheEventIsNotKeptWhereTheConsumerHasTakenTheNextMeanwhile)
{
    namelist taken;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    meanwhile = [&]
    {
        queue_set_has_sinks(q, &heard_by, false);
        taken = taken_by_consumer();
    };
    push(r, l, "first");
    push(r, l, "second");

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(taken, namelist{"second"});
    EXPECT_EQ(taken_by_consumer(), namelist{});
    EXPECT_EQ(test_event::living, 0);
    end(r);
}

TEST_F(NobodyThere, OfASilencedRunNothingIsKept)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    meanwhile = [&] { run_silence(r); };
    push(r, l, "first");

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(test_event::living, 0);
    end(r);
}

TEST_F(WindowQueue, WhatFoundNobodyIsRaisedToASinkThatHasTakenTheOnesPlaceAlsoWhereTheTimeIsOver)
{
    own_lane l(r, &heard_by);
    owner.handler = [this](const std::string &name)
    {
        names.push_back(name);
        if (names.size() > 1)
            return RAISED_ALL;
        for (ULONGLONG begin = GetTickCount64(); GetTickCount64() - begin < 30;)
            SwitchToThread(); /* longer than a stretch of the window's */
        return RAISED_TO_NOBODY;
    };
    push(r, l, "first");

    EXPECT_TRUE(dispatch_until([&] { return names.size() == 2; }));

    EXPECT_EQ(names, (std::vector<std::string>{"first", "first"}));
}

TEST_F(Queue, ALoopThatIsLeftEndsAlsoWhereItsRestIsRefused)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        queue_leave(q, true);
        return RAISED_NONE;
    };
    push(r, l, "refused");

    EXPECT_EQ(loop_enter(q, false, patience), LOOP_LEFT);

    run_silence(r); /* what waits is of a lane that goes now */
    end(r);
}

TEST_F(Queue, OfASilencedRunWhatIsRefusedIsNotKept)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        run_silence(r);
        return RAISED_NONE;
    };
    push(r, l, "refused");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(test_event::living, 0);
    end(r);
}

} // namespace

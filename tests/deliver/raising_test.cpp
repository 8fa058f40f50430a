#include "support/deliver/queue_fixture.h"

namespace
{

/* ---- on workers ---- */

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

TEST_F(Queue, AnOnlyWorkerRaisesItsOwnRunsWhileASinkRefusesWhatAnOlderOneLeftAndTriesThatAgain)
{
    manual_event taken;
    refusals sink{2, {}, {}};
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
    EXPECT_EQ(sink.names, namelist(3, "left"));
    EXPECT_TRUE(sink.are_apart());
    end(fresh);
    run_silence(old);
    run_release(old);
}

/* ---- on threads that wait ---- */

TEST_F(Queue, WhereTheRaisingThreadEndsInsideAHandlerAnotherThreadGoesOn)
{
    namelist names;
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
    HANDLE thread = CreateThread(nullptr, 0, enter_loop, q, 0, nullptr);
    ASSERT_EQ(WaitForSingleObject(thread, patience), WAIT_OBJECT_0);
    CloseHandle(thread);

    EXPECT_FALSE(queue_has_waiters(q)) << "it does not count as being inside any more";
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(names, namelist{"next"});
    EXPECT_FALSE(queue_is_in_handler(q));
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

TEST_F(Queue, WhatIsRefusedWaitsAndIsRaisedAgainFirst)
{
    namelist names;
    bool refuses = true;
    standing_clock clock;
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
    clock.ms += 49;
    EXPECT_EQ(queue_retry(q), 1u);
    EXPECT_EQ(queue_retry(q), 1u) << "nothing of it is tried before";
    clock.ms += 1;
    EXPECT_EQ(queue_retry(q), INFINITE);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(names, (namelist{"refused", "another", "refused", "later"}));
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

/* ---- on the window's thread ---- */

TEST_F(WindowQueue, WhatCameWhileTheThreadWasHushedIsRaisedAfterwards)
{
    own_lane l(r, &heard_by);
    queue_hold_window_back(q, true);
    push(r, l, "hushed");
    dispatch_all();
    EXPECT_TRUE(names.empty());

    queue_hold_window_back(q, false);
    dispatch_all();

    EXPECT_EQ(names, namelist{"hushed"});
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

    EXPECT_EQ(names, (namelist{"outer begins", "inner begins", "inner ends", "outer ends"}));
}

/* The timers of windows fire as soon as the system knows to. */
struct short_timers
{
    static UINT_PTR WINAPI set_short_timer(HWND window, UINT_PTR id, UINT, TIMERPROC procedure)
    {
        return SetTimer(window, id, USER_TIMER_MINIMUM, procedure);
    }
    short_timers()
    {
        thread_window_system.set_timer = set_short_timer;
    }
    ~short_timers()
    {
        thread_window_system.set_timer = SetTimer;
    }
};

TEST_F(WindowQueue, WhatIsRefusedIsTriedAgainFromTheMessageLoopAndNothingElseMeanwhile)
{
    own_lane l(r, &heard_by), another(r, &heard_by);
    const short_timers its_50_milliseconds;
    how = RAISED_NONE;
    push(r, l, "refused");
    push(r, another, "another");
    dispatch_until([&] { return !names.empty(); });
    how = RAISED_ALL;
    queue_drain_window(q, &no_limit);
    EXPECT_EQ(names.size(), 1u) << "a Stop does not wait for it";

    dispatch_until([&] { return names.size() == 3; });

    EXPECT_EQ(names, (namelist{"refused", "refused", "another"}));
}

TEST_F(WindowQueue, WhileASinkOfTheThreadRefusesTheEventsOfAnotherQueueWaitToo)
{
    const short_timers its_50_milliseconds;
    own_lane l(r, &heard_by);
    test_owner of_another;
    of_another.calls = owner.calls;
    of_another.handler = [this](const std::string &name)
    {
        names.push_back(name);
        return RAISED_ALL;
    };
    queue *const of_test = q, *const another = queue_create(&of_another, thread_window_get());
    q = another;
    run *its = start(QUEUE_WINDOW);
    own_lane its_lane(its, &heard_by);
    q = of_test;
    how = RAISED_NONE;
    push(r, l, "refused");
    dispatch_until([&] { return !names.empty(); });
    how = RAISED_ALL;

    queue_push(another, &its_lane, make_event(PIPE_SERVER_ERROR, "another's", engine_hold(its->state.engine)));
    dispatch_one(); /* its wake-up */
    EXPECT_EQ(names, namelist{"refused"});

    EXPECT_TRUE(dispatch_until([&] { return names.size() == 3; }));
    EXPECT_EQ(names, (namelist{"refused", "refused", "another's"}));
    end(its);
    queue_release(another);
}

TEST_F(WindowQueue, ADrainTakesNothingOfANewerRun)
{
    run *newer = start(QUEUE_WINDOW);
    own_lane l(r, &heard_by), of_newer(newer, &heard_by);
    const backlog_limit stop = {no_limit.sequence, r->state.number};
    push(newer, of_newer, "newer");
    push(r, l, "stopped");

    queue_drain_window(q, &stop);

    EXPECT_EQ(names, namelist{"stopped"});
    dispatch_all();
    EXPECT_EQ(names.size(), 2u);
    end(newer);
}

TEST_F(WindowQueue, WhatFoundNobodyIsRaisedToASinkThatHasTakenTheOnesPlaceAlsoWhereTheTimeIsOver)
{
    own_lane l(r, &heard_by);
    owner.handler = [this](const std::string &name)
    {
        names.push_back(name);
        if (names.size() > 1)
            return RAISED_ALL;
        while (!thread_window_slice_is_over(queue_get_window(q)))
            SwitchToThread();
        return RAISED_TO_NOBODY;
    };
    push(r, l, "first");

    EXPECT_TRUE(dispatch_until([&] { return names.size() == 2; }));

    EXPECT_EQ(names, (namelist{"first", "first"}));
}

TEST_F(WindowQueue, IsHeldBackUntilTheLastWhoAskedForThatIsContent)
{
    own_lane l(r, &heard_by);
    queue_hold_window_back(q, true);
    queue_hold_window_back(q, true);
    push(r, l, "event");

    queue_hold_window_back(q, false);
    dispatch_all();
    EXPECT_TRUE(names.empty());
    queue_hold_window_back(q, false);
    dispatch_all();

    EXPECT_EQ(names, namelist{"event"});
}

TEST_F(WindowQueue, OthersOfTheThreadHaveTheirTurnAfterAStretch)
{
    own_lane l(r, &heard_by);
    owner.handler = [this](const std::string &name)
    {
        while (!thread_window_slice_is_over(queue_get_window(q)))
            ;
        names.push_back(name);
        return RAISED_ALL;
    };
    push(r, l, "first");
    push(r, l, "second");

    dispatch_one();

    EXPECT_EQ(names, namelist{"first"});
    dispatch_all();
    EXPECT_EQ(names.size(), 2u);
}

TEST_F(WindowQueue, ADrainIsNestedInAHandlerToo)
{
    own_lane l(r, &heard_by);
    owner.handler = [this](const std::string &name)
    {
        names.push_back(name + " begins");
        if (name == "outer")
            queue_drain_window(q, &no_limit);
        names.push_back(name + " ends");
        return RAISED_ALL;
    };
    push(r, l, "outer");
    push(r, l, "inner");

    queue_drain_window(q, &no_limit);

    EXPECT_EQ(names, (namelist{"outer begins", "inner begins", "inner ends", "outer ends"}));
}

/* ---- what its owner is told ---- */

TEST_F(Queue, WhatIsRememberedOfAnEventIsForgottenOnceItIsRaised)
{
    standing_clock clock;
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    int remembered;
    owner.on_event = [&](pipe_event *event)
    {
        if (event->progress)
            return RAISED_ALL;
        event->progress = &remembered;
        return RAISED_IN_PART;
    };
    push(r, l, "refused");
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);
    EXPECT_EQ(owner.forgotten, 0);

    clock.ms += 50;
    queue_retry(q);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(owner.forgotten, 1);
    end(r);
}

TEST_F(Queue, WhatIsRememberedOfAnEventIsForgottenWhereItIsDropped)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    int remembered;
    owner.on_event = [&](pipe_event *event)
    {
        event->progress = &remembered;
        return RAISED_IN_PART;
    };
    push(r, l, "refused");
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);

    run_silence(r);

    EXPECT_EQ(owner.forgotten, 1);
    end(r);
}

TEST_F(Queue, AnEventThatAHandlerStillUsesIsEndedByItsOwner)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    pipe_event *used = nullptr;
    int remembered;
    owner.uses_events = true;
    owner.on_event = [&](pipe_event *event)
    {
        used = event;
        event->progress = &remembered;
        return RAISED_IN_PART;
    };
    push(r, l, "used");
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);

    run_silence(r);
    EXPECT_EQ(test_event::living, 1);
    EXPECT_FALSE(l.is_let_go());
    queue_end_event(q, used);

    EXPECT_EQ(test_event::living, 0);
    EXPECT_EQ(owner.forgotten, 1);
    end(r);
}

TEST_F(Queue, AnEventThatItsOwnerHasLetGoIsRaisedAndEndedByIt)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    pipe_event *used = nullptr;
    owner.on_event = [&](pipe_event *event)
    {
        used = event;
        return RAISED_LET_GO;
    };
    push(r, l, "used");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(test_event::living, 1);
    queue_end_event(q, used);

    EXPECT_EQ(test_event::living, 0);
    end(r);
}

TEST_F(WindowQueue, OfAnOwnerThatIsAboutToBeFreedNothingIsRaised)
{
    own_lane l(r, &heard_by);
    owner.is_about_to_be_freed = true;
    push(r, l, "event");

    dispatch_all();
    queue_drain_window(q, &no_limit);

    EXPECT_TRUE(names.empty());
    run_silence(r);
}

/* ---- one thread at a time ---- */

TEST_F(Queue, WhatIsNestedInAHandlerLetsNoOtherThreadIn)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    queue_step nested = STEP_NOTHING, elsewhere = STEP_RAISED;
    owner.handler = [&](const std::string &name)
    {
        if (name != "outer")
            return RAISED_ALL;
        nested = queue_raise_one(q, &no_limit);
        std::thread([&] { elsewhere = queue_raise_one(q, &no_limit); }).join();
        return RAISED_ALL;
    };
    push(r, l, "outer");
    push(r, l, "nested");
    push(r, l, "last");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);

    EXPECT_EQ(nested, STEP_RAISED);
    EXPECT_EQ(elsewhere, STEP_NOTHING);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    end(r);
}

TEST_F(Queue, TheThreadThatRaisesIsTheOneThatOthersMayWaitFor)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    HANDLE here = nullptr, elsewhere = nullptr;
    owner.handler = [&](const std::string &)
    {
        here = queue_open_raiser(q);
        std::thread([&] { elsewhere = queue_open_raiser(q); }).join();
        return RAISED_ALL;
    };
    push(r, l, "event");
    EXPECT_EQ(queue_open_raiser(q), nullptr) << "none raises";

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(here, nullptr) << "it does not wait for itself";
    ASSERT_NE(elsewhere, nullptr);
    EXPECT_EQ(WaitForSingleObject(elsewhere, 0), static_cast<DWORD>(WAIT_TIMEOUT)) << "it lives";
    CloseHandle(elsewhere);
    EXPECT_EQ(queue_open_raiser(q), nullptr);
    end(r);
}

TEST_F(Queue, NothingThatCameAfterALimitIsRaised)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    note_names();
    push(r, l, "before");
    const backlog_limit leave = {q->backlog.sequence, no_limit.run};
    push(r, l, "after");

    EXPECT_EQ(queue_raise_one(q, &leave), STEP_RAISED);
    EXPECT_EQ(queue_raise_one(q, &leave), STEP_NOTHING);

    EXPECT_EQ(noted, namelist{"before"});
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    end(r);
}

} // namespace

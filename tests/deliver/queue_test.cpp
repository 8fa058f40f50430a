#include "support/deliver/queue_fixture.h"

namespace
{

/* ---- runs ---- */

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
    EXPECT_EQ(names, namelist{"left"});
    run_release(old);
}

/* ---- reports of handlers that failed ---- */

/* Notes the code of each event. */
struct codes : std::vector<DWORD>
{
    explicit codes(test_owner &owner)
    {
        owner.on_event = [this](pipe_event *event)
        {
            push_back(event->error);
            return answer;
        };
    }
    raised answer = RAISED_ALL;
};

TEST_F(Queue, AReportOfAHandlersFailureIsDroppedWhileAnotherWaits)
{
    codes raised_codes(owner);
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);

    queue_set_has_sinks(q, r->state.own_lane.audience, true);
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL));
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL));
    EXPECT_TRUE(run_report(&l, ERROR_NO_DATA, NULL));
    while (queue_raise_one(q, &no_limit) == STEP_RAISED)
        ;
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL));
    raised_codes.answer = RAISED_NONE;
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL)) << "and it is dropped: the refused one waits again";

    EXPECT_EQ(raised_codes, (std::vector<DWORD>{PIPE_ERROR_HANDLER_FAILED, ERROR_NO_DATA, PIPE_ERROR_HANDLER_FAILED}));
    EXPECT_EQ(q->backlog.count, 1u);
    run_silence(r);
    end(r);
}

/* The sink that has received the first would not be told of the second failure. */
TEST_F(Queue, AReportOfAHandlersFailureIsKeptBehindOneThatASinkHasReceived)
{
    codes raised_codes(owner);
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);

    queue_set_has_sinks(q, r->state.own_lane.audience, true);
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL));
    raised_codes.answer = RAISED_IN_PART;
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_REFUSED);
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL));
    EXPECT_EQ(q->backlog.count, 2u);
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL)) << "and it is dropped: the second waits";
    EXPECT_EQ(q->backlog.count, 2u);
    run_silence(r);
    end(r);
}

/* A Stop raises what its workers have left, and what the handlers that fail then report. */
TEST_F(WindowQueue, AReportAfterTheEndOfItsRunIsRaisedOnTheThread)
{
    run *old = start(QUEUE_WORKERS);
    own_lane l(old, &heard_by);
    codes raised_codes(owner);

    queue_set_has_sinks(q, old->state.own_lane.audience, true);
    run_hold(old);
    end(old);
    EXPECT_TRUE(run_report(&l, PIPE_ERROR_HANDLER_FAILED, NULL));

    EXPECT_TRUE(dispatch_until([&] { return !raised_codes.empty(); }));
    run_release(old);
}

/* ---- pausing ---- */

TEST_F(Queue, ANewRunIsPausedWhileTheEventsOfAnOldOneFillTheQueue)
{
    run *another = start(QUEUE_WAITERS), *old = start(QUEUE_WAITERS);
    own_lane of_another(another, &heard_by), l(old, &heard_by);
    owner.handler = [](const std::string &) { return RAISED_ALL; };
    for (int i = 0; i < 131072; i++)
        push(old, l, "");
    EXPECT_FALSE(old->state.engine->paused);
    push(old, l, "");
    ASSERT_TRUE(old->state.engine->paused);

    run *fresh = start(QUEUE_WAITERS);

    EXPECT_TRUE(fresh->state.engine->paused);
    EXPECT_FALSE(another->state.engine->paused) << "nothing of it has come";
    for (int i = 0; i < 65536; i++)
        queue_raise_one(q, &no_limit);
    push(another, of_another, "");
    EXPECT_TRUE(another->state.engine->paused) << "it would fill the queue again";
    queue_raise_one(q, &no_limit);
    EXPECT_EQ(q->backlog.count, 65537u);
    queue_raise_one(q, &no_limit);
    EXPECT_TRUE(fresh->state.engine->paused);
    queue_raise_one(q, &no_limit);
    for (const run *r : {fresh, old, another})
        EXPECT_FALSE(r->state.engine->paused) << "half of it is gone";
    while (queue_raise_one(q, &no_limit) == STEP_RAISED)
        ;
    end(another);
    end(old);
    end(fresh);
}

TEST_F(Queue, ARunThatEndsIsPausedNoMore)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    for (int i = 0; i <= 131072; i++)
        push(r, l, "");
    ASSERT_TRUE(r->state.engine->paused);

    run_begin_close(r, CLOSE_AT_ONCE);
    ASSERT_EQ(WaitForSingleObject(run_ended(r), patience), WAIT_OBJECT_0);
    push(r, l, "what it left");

    EXPECT_FALSE(list_linked(&r->state.paused)) << "nobody may come who ends the pause";
    run_silence(r);
    end(r);
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

/* ---- what comes ---- */

TEST_F(Queue, AThreadThatWaitsIsToldOfAllThatChanges)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    waiter *w = queue_waiter_begin(q, false);
    bool left;
    const auto told_by = [&](const std::function<void()> &change)
    {
        change();
        return WaitForSingleObject(w->changed, 0) == WAIT_OBJECT_0;
    };
    EXPECT_EQ(WaitForSingleObject(w->changed, 0), static_cast<DWORD>(WAIT_TIMEOUT));

    EXPECT_TRUE(told_by([&] { push(r, l, "event"); }));
    EXPECT_TRUE(told_by([&] { queue_set_has_sinks(q, &heard_by, false); }));
    EXPECT_TRUE(told_by([&] { queue_silence_lane(q, &l); }));
    EXPECT_TRUE(told_by([&] { queue_open_run(q, &r->state); }));
    EXPECT_TRUE(told_by([&] { run_silence(r); }));
    EXPECT_TRUE(told_by([&] { queue_leave(q, false); }));
    queue_waiter_end(q, w, &left);
    end(r);
}

TEST_F(Queue, NothingIsRaisedBeforeItsRunIsOpen)
{
    run_settings settings = {};
    run *r = new counted_run();
    settings.engine.threads = 1;
    settings.way = QUEUE_WAITERS;
    ASSERT_EQ(run_start(r, &settings, &run_calls_of_test, q, &heard_by), 0u);
    own_lane l(r, &heard_by);
    note_names();
    push(r, l, "early");
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);

    run_open(r);

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(noted, namelist{"early"});
    end(r);
}

TEST_F(Queue, WhatWaitsIsHandedOverToTheFirstSink)
{
    run *r = start(QUEUE_WORKERS, 2);
    own_lane first(r, &heard_by), second(r, &heard_by);
    manual_event first_is_inside, second_is_inside;
    owner.handler = [&](const std::string &name)
    {
        (name == "first" ? first_is_inside : second_is_inside).set();
        EXPECT_TRUE((name == "first" ? second_is_inside : first_is_inside).wait()) << "by as many workers as there are";
        return RAISED_ALL;
    };
    queue_set_has_sinks(q, &heard_by, false);
    push(r, first, "first");
    push(r, second, "second");

    queue_set_has_sinks(q, &heard_by, true);

    EXPECT_TRUE(first_is_inside.wait() && second_is_inside.wait());
    end(r);
}

/* One of the engine's own is used again. */
TEST_F(Queue, AnEventThatComesAgainIsANewOne)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    pipe_event *event = make_event(PIPE_SERVER_ERROR, "again", engine_hold(r->state.engine));
    event->heard = true;
    queue_set_has_sinks(q, &heard_by, false);

    queue_push(q, &l, event);

    EXPECT_EQ(taken_by_consumer(), namelist{"again"});
    end(r);
}

TEST_F(Queue, OfWorkersAnEventIsBehindOthersOfItsLaneAlone)
{
    manual_event inside, go_on;
    run *r = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    owner.handler = [&](const std::string &)
    {
        inside.set();
        EXPECT_TRUE(go_on.wait());
        return RAISED_ALL;
    };
    EXPECT_FALSE(queue_is_behind(q, &l));
    push(r, l, "event");
    ASSERT_TRUE(inside.wait());

    EXPECT_TRUE(queue_is_behind(q, &l)) << "its handler runs";
    EXPECT_FALSE(queue_is_behind(q, &another));
    push(r, another, "event");
    EXPECT_TRUE(queue_is_behind(q, &another));

    go_on.set();
    end(r);
}

TEST_F(Queue, OnOneThreadAnEventIsBehindAllOthers)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    note_names();
    EXPECT_FALSE(queue_is_behind(q, &l));

    push(r, another, "event");

    EXPECT_TRUE(queue_is_behind(q, &l));
    queue_raise_one(q, &no_limit);
    EXPECT_FALSE(queue_is_behind(q, &l));
    end(r);
}

TEST_F(Queue, WhereNobodyIsThereAnEventIsBehind)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);

    queue_set_has_sinks(q, &heard_by, false);

    EXPECT_TRUE(queue_is_behind(q, &l));
    end(r);
}

TEST_F(Queue, WhereNobodyIsThereTheOldestBeyond1024OfAnAudienceGo)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    queue_set_has_sinks(q, &heard_by, false);

    for (int i = 0; i < 1026; i++)
        push(r, l, std::to_string(i));

    const namelist left = taken_by_consumer();
    EXPECT_EQ(left.size(), 1024u);
    EXPECT_EQ(left.front(), "2");
    end(r);
}

TEST_F(Queue, IsNotToBeHadWithoutMemory)
{
    const auto allocate = win32.allocate;
    win32.allocate = [](size_t) -> void * { return nullptr; };

    queue *none = queue_create(&owner, nullptr);

    win32.allocate = allocate;
    EXPECT_EQ(none, nullptr);
}

/* ---- silence ---- */

TEST_F(Queue, OfASilencedLaneNothingIsKept)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), another(r, &heard_by);
    note_names();
    push(r, l, "waits");
    push(r, another, "another's");

    queue_silence_lane(q, &l);
    push(r, l, "comes");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(noted, namelist{"another's"});
    EXPECT_EQ(test_event::living, 0);
    EXPECT_EQ(l.holds, 0);
    end(r);
}

TEST_F(WindowQueue, WhereALaneIsSilencedTheNextOneOfItsHandleGoesOn)
{
    own_lane earlier(r, &heard_by), later(r, &heard_by);
    earlier.handle = later.handle = reinterpret_cast<HANDLE>(0x64);
    push(r, earlier, PIPE_CONNECTED, "earlier");
    push(r, later, PIPE_CONNECTED, "later");
    dispatch_all();
    EXPECT_EQ(names, namelist{"earlier"});

    queue_silence_lane(q, &earlier);

    dispatch_all();
    EXPECT_EQ(names, (namelist{"earlier", "later"}));
    queue_silence_lane(q, &later);
}

TEST_F(Queue, OfASilencedRunNothingThatWaitsOrComesIsKept)
{
    run *r = start(QUEUE_WAITERS), *another = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by), of_another(another, &heard_by);
    note_names();
    push(r, l, "waits");
    push(another, of_another, "another's");

    run_silence(r);
    push(r, l, "comes");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_RAISED);
    EXPECT_EQ(noted, namelist{"another's"});
    EXPECT_EQ(test_event::living, 0);
    end(r);
    end(another);
}

TEST_F(Queue, OfASilencedQueueNothingIsKept)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    push(r, l, "waits");

    queue_silence(q);
    push(r, l, "comes");

    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);
    EXPECT_EQ(test_event::living, 0);
    end(r);
}

TEST_F(Queue, WhereItsWindowsThreadHasEndedARunIsSilenced)
{
    run *r = nullptr;
    queue *of_thread = nullptr;
    std::thread([&] { of_thread = queue_create(&owner, thread_window_get()); }).join();
    std::swap(q, of_thread);
    queue_set_has_sinks(q, &heard_by, false);
    queue_set_has_sinks(q, &heard_by, true);
    r = start(QUEUE_WINDOW);
    own_lane l(r, &heard_by);

    push(r, l, "nobody's");

    EXPECT_TRUE(r->state.silenced);
    EXPECT_EQ(test_event::living, 0);
    end(r);
    std::swap(q, of_thread);
    queue_release(of_thread);
}

decltype(win32.release) real_release;

void spoil_and_release(void *memory)
{
    memset(memory, 0xdd, HeapSize(GetProcessHeap(), 0, memory));
    real_release(memory);
}

TEST_F(Queue, WithTheLastReferenceNothingOfItsIsOnItsWayToTheWindow)
{
    queue *const of_test = q;
    q = queue_create(&owner, thread_window_get());
    run *r = start(QUEUE_WINDOW);
    own_lane l(r, &heard_by);
    push(r, l, "event"); /* its task waits for a message loop */
    run_silence(r);
    end(r);

    thread_window *const kept = thread_window_get();
    real_release = win32.release;
    win32.release = spoil_and_release;

    queue_release(q);

    win32.release = real_release;
    q = of_test;
    dispatch_all(); /* the task would be run in memory that was freed */
    thread_window_release(kept);
    EXPECT_EQ(window_class_count(), 0u);
}

} // namespace

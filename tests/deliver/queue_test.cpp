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

/* ---- pausing ---- */

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

} // namespace

#include "support/deliver/queue_fixture.h"

namespace
{

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

    bool gone = false, is_replaced = false;
    std::function<void()> meanwhile;
    manual_event went;
    namelist names;
};

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
        push(r, l, PIPE_DISCONNECTED, "disconnected");
        for (int i = 0; i < WITHOUT_SINKS_MAX; i++)
            push(r, another, "later");
    };
    push(r, l, PIPE_CONNECTED, "connected");

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

} // namespace

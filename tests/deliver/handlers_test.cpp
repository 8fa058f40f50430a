#include "support/deliver/queue_fixture.h"

namespace
{

class Handlers : public Queue
{
  protected:
    /* What a handler of the way's finds, asked on its own thread and on another one. */
    struct found
    {
        bool here, of_worker, held_up, elsewhere;
    };

    found ask(const run *r)
    {
        found f = {};

        f.here = queue_is_in_handler(q);
        f.of_worker = queue_is_in_worker_handler(q);
        f.held_up = queue_holds_up(q, &r->state);
        std::thread([&] { f.elsewhere = queue_is_in_handler(q); }).join();
        return f;
    }
    /* Raises one event of the lane on a worker; what its handler found. */
    found ask_in_worker_handler(run *of, lane &l, const run *about)
    {
        manual_event asked;
        found f = {};

        owner.handler = [&](const std::string &)
        {
            f = ask(about);
            asked.set();
            return RAISED_ALL;
        };
        push(of, l, "event");
        EXPECT_TRUE(asked.wait());
        return f;
    }
};

TEST_F(Handlers, OfAThreadThatWaitsAreThatThreadsAndNoWorkers)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    found in_it = {};
    owner.handler = [&](const std::string &)
    {
        in_it = ask(r);
        return RAISED_ALL;
    };
    push(r, l, "event");

    queue_raise_one(q, &no_limit);

    EXPECT_TRUE(in_it.here);
    EXPECT_FALSE(in_it.elsewhere);
    EXPECT_FALSE(in_it.of_worker);
    EXPECT_FALSE(in_it.held_up) << "no worker waits for this thread";
    EXPECT_FALSE(queue_is_in_handler(q)) << "it has returned";
    end(r);
}

TEST_F(Handlers, OfAWorkerHoldUpTheEndOfItsRunAlone)
{
    run *r = start(QUEUE_WORKERS), *another = start(QUEUE_WORKERS);
    own_lane l(r, &heard_by);

    const found own = ask_in_worker_handler(r, l, r), others = ask_in_worker_handler(r, l, another);

    EXPECT_TRUE(own.here);
    EXPECT_FALSE(own.elsewhere);
    EXPECT_TRUE(own.of_worker);
    EXPECT_TRUE(own.held_up);
    EXPECT_FALSE(others.held_up);
    end(r);
    end(another);
}

TEST_F(Handlers, OfWhatAnEndedRunLeftMayHoldUpTheEndOfAnyOther)
{
    run *old = start(QUEUE_WORKERS), *fresh = start(QUEUE_WORKERS);
    own_lane l(old, &heard_by);
    run_hold(old);
    end(old);

    EXPECT_TRUE(ask_in_worker_handler(old, l, fresh).held_up);

    end(fresh);
    run_release(old);
}

TEST_F(Handlers, ThatRunOnAnotherThreadAreThatThreads)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    running_handler f = {};

    EXPECT_TRUE(running_handler_begin(q, &f, &l));
    const found in_it = ask(r);
    running_handler_end(q, &f);
    running_handler_end(q, &f); /* twice is once */

    EXPECT_TRUE(in_it.here);
    EXPECT_FALSE(in_it.elsewhere);
    EXPECT_FALSE(queue_is_in_handler(q));
    end(r);
}

TEST_F(Handlers, OfASilencedRunDoNotBegin)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    running_handler f = {};
    run_silence(r);

    EXPECT_FALSE(running_handler_begin(q, &f, &l));

    EXPECT_FALSE(queue_is_in_handler(q));
    end(r);
}

TEST_F(Handlers, OfASilencedQueueDoNotBegin)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    running_handler f = {};
    queue_silence(q);

    EXPECT_FALSE(running_handler_begin(q, &f, &l));

    end(r);
}

TEST_F(Handlers, HoldTheirLane)
{
    run *r = start(QUEUE_WAITERS);
    own_lane l(r, &heard_by);
    int inside = 0;
    owner.handler = [&](const std::string &)
    {
        queue_silence_lane(q, &l);
        inside = l.holds;
        return RAISED_ALL;
    };
    push(r, l, "event");
    EXPECT_EQ(l.holds, 1) << "the event's";

    queue_raise_one(q, &no_limit);

    EXPECT_EQ(inside, 2) << "the event's and the handler's";
    EXPECT_EQ(l.holds, 0);
    end(r);
}

} // namespace

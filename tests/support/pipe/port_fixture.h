/* port_fixture.h: a port that counts what its threads say, and operations and timers that count their deliveries. */

#ifndef SUPPORT_PIPE_PORT_FIXTURE_H
#define SUPPORT_PIPE_PORT_FIXTURE_H

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "support/leaks.h"
#include "support/pipe/background.h"
#include "support/pipe/hook.h"
#include "support/pipe/raw_client.h"
#include "support/pipe/seams.h"

extern "C" {
#include "base/lock.h"
#include "pipe/port.h"
}

/* An operation that counts its deliveries. */
struct counted_operation : operation
{
    port *at = nullptr;
    latch delivered;
    std::atomic<unsigned> deliveries = 0;
    std::atomic<bool> starting = false, delivered_inside = false;
    DWORD error = 0, bytes = 0, thread = 0;
    std::function<void()> on_done;

    counted_operation() : operation()
    {
    }

    static void done(operation *op, DWORD error, DWORD bytes)
    {
        counted_operation *self = static_cast<counted_operation *>(op);

        self->error = error;
        self->bytes = bytes;
        self->thread = GetCurrentThreadId();
        self->deliveries++;
        if (self->starting)
            self->delivered_inside = true;
        if (self->on_done)
            self->on_done();
        self->delivered.set();
    }

    /* Starts what is answered with `error` at once. */
    void refuse(port *p, DWORD error)
    {
        port_expect(p, this, done);
        starting = true;
        port_started(p, this, error);
        starting = false;
    }
};

struct counted_timer : port_timer
{
    latch fired_once;
    std::atomic<unsigned> times = 0;
    std::function<void()> on_fired;

    counted_timer() : port_timer()
    {
        fired = [](port_timer *timer)
        {
            counted_timer *self = static_cast<counted_timer *>(timer);

            self->times++;
            if (self->on_fired)
                self->on_fired();
            self->fired_once.set();
        };
    }
};

class port_test : public test_with_hooks
{
  private:
    leak_check leaks;

  protected:
    seams system;
    port *p = nullptr;
    unsigned threads = 2;
    lock guard = {};
    unsigned begun = 0, begun_at_joined = 0, joined = 0, ended_workers = 0;
    std::atomic<unsigned> ended = 0, turns = 0;
    latch all_ended;
    hook<void()> on_joined, on_turn;

    static port_test *self(void *owner)
    {
        return static_cast<port_test *>(owner);
    }

    static void count(port_test *o, unsigned &what)
    {
        lock_acquire(&o->guard);
        what++;
        lock_release(&o->guard);
    }

    static const port_calls *calls()
    {
        static const port_calls table = {
            [](void *owner) { count(self(owner), self(owner)->begun); },
            [](void *owner) { count(self(owner), self(owner)->ended_workers); },
            [](void *owner)
            {
                port_test *o = self(owner);
                o->begun_at_joined = o->begun;
                count(o, o->joined);
                if (o->on_joined)
                    o->on_joined();
            },
            [](void *owner)
            {
                port_test *o = self(owner);
                o->turns++;
                if (o->on_turn)
                    o->on_turn();
            },
            [](void *owner)
            {
                port_test *o = self(owner);
                o->ended++;
                o->all_ended.set();
            },
        };
        return &table;
    }

    void open()
    {
        ASSERT_EQ(port_open(threads, calls(), this, &p), 0u);
    }

    void run()
    {
        open();
        ASSERT_EQ(port_run(p), 0u);
    }

    void end()
    {
        if (!p)
            return;
        port_let_go(p);
        ASSERT_TRUE(all_ended.wait(patience)) << "the threads have not ended";
        EXPECT_EQ(ended, 1u);
        EXPECT_EQ(begun, ended_workers);
        port_close(p);
        p = nullptr;
    }

    void TearDown() override
    {
        end();
    }
};

#endif

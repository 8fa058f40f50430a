extern "C" {
#include "base/deadline.h"
}

#include "support/deliver/queue_fixture.h"
#include "support/pipe/engine_fixture.h"

#include <mutex>
#include <set>

namespace
{

/* Buffers of the heap. */
buffer *alloc_buffer(buffer_source *, DWORD size)
{
    buffer *b = static_cast<buffer *>(malloc(sizeof(buffer) + size));

    b->data = reinterpret_cast<BYTE *>(b + 1);
    b->capacity = size;
    return b;
}

void free_buffer(buffer_source *, buffer *b)
{
    free(b);
}

/* The handles of pipes that were closed, while this lives. */
struct closed_handles
{
    closed_handles()
    {
        all.clear();
        win32.close_handle = close;
    }
    ~closed_handles()
    {
        win32.close_handle = CloseHandle;
    }
    static BOOL WINAPI close(HANDLE pipe)
    {
        std::lock_guard<std::mutex> guard(access);

        all.insert(pipe);
        return CloseHandle(pipe);
    }
    static bool has(HANDLE pipe)
    {
        std::lock_guard<std::mutex> guard(access);

        return all.count(pipe) != 0;
    }

    static inline std::mutex access;
    static inline std::set<HANDLE> all;
};

/* Runs of one server, whose events are raised by this thread or, of QUEUE_WORKERS, by workers. */
class Run : public Queue
{
  protected:
    Run()
    {
        settings.engine.path = path.c_str();
        settings.engine.threads = 2;
        settings.engine.backlog = 1;
        settings.engine.flow.buffer_size = 1024;
        settings.engine.flow.read_continuously = true;
        settings.way = QUEUE_WAITERS;
        settings.buffers = &buffers;
        r->ended = &workers_ended;
        r->connected = [this](connection *)
        {
            client = std::make_unique<own_lane>(r, &heard_by);
            client->holds = 1; /* the connection's */
            return client.get();
        };
        owner.on_event = [this](pipe_event *event)
        {
            kinds.push_back(event->kind);
            return RAISED_ALL;
        };
    }

    DWORD begin()
    {
        return run_start(r, &settings, &run_calls_of_test, q, &heard_by);
    }
    void open()
    {
        ASSERT_EQ(begin(), 0u);
        run_open(r);
    }
    /* Raises on this thread until `count` events were. */
    bool raise(size_t count)
    {
        waiter *w = queue_waiter_begin(q, false);
        const deadline until = deadline_in(patience);
        bool left;

        while (kinds.size() < count && !deadline_has_passed(until))
            if (queue_raise_one(q, &no_limit) == STEP_NOTHING)
                WaitForSingleObject(w->changed, deadline_left(until));
        queue_waiter_end(q, w, &left);
        return kinds.size() == count;
    }

    /* Sequence of the newest event; how many wait. */
    LONGLONG newest()
    {
        lock_acquire(&q->lock);
        const LONGLONG sequence = q->backlog.sequence;
        lock_release(&q->lock);
        return sequence;
    }
    unsigned waiting()
    {
        lock_acquire(&q->lock);
        const unsigned count = q->backlog.count;
        lock_release(&q->lock);
        return count;
    }
    static bool comes(const std::function<bool()> &done)
    {
        const deadline until = deadline_in(patience);

        while (!done() && !deadline_has_passed(until))
            SwitchToThread();
        return done();
    }

    std::wstring path = unique_pipe_path();
    buffer_source buffers = {alloc_buffer, free_buffer};
    run_settings settings = {};
    counted_run *r = new counted_run();
    std::atomic<int> workers_ended{0};
    std::unique_ptr<own_lane> client;
    std::vector<pipe_event_kind> kinds;
};

using kindlist = std::vector<pipe_event_kind>;

TEST_F(Run, RaisesNothingBeforeItIsOpenAndThenReadyFirst)
{
    ASSERT_EQ(begin(), 0u);
    raw_client c(path);
    ASSERT_EQ(c.write("early"), 0u);
    EXPECT_EQ(queue_raise_one(q, &no_limit), STEP_NOTHING);

    run_open(r);

    EXPECT_TRUE(raise(3));
    EXPECT_EQ(kinds, (kindlist{PIPE_READY, PIPE_CONNECTED, PIPE_MESSAGE}));
    c.close();
    EXPECT_TRUE(raise(4));
    EXPECT_TRUE(client->is_let_go());
    end(r);
}

TEST_F(Run, GivesTheConnectionsOwnHoldOnItsLaneBackWithItsLastEvent)
{
    open();
    raw_client c(path);
    ASSERT_TRUE(raise(2));
    EXPECT_EQ(client->holds, 1);

    c.close();

    EXPECT_TRUE(raise(3));
    EXPECT_EQ(kinds.back(), PIPE_DISCONNECTED);
    EXPECT_TRUE(client->is_let_go());
    end(r);
}

TEST_F(Run, LetsAClientGoForWhichThereIsNoLane)
{
    r->connected = [](connection *) { return nullptr; };
    open();

    raw_client c(path);

    EXPECT_EQ(c.wait_until_closed(), 0u);
    EXPECT_TRUE(raise(1));
    EXPECT_EQ(kinds, kindlist{PIPE_READY}) << "nobody hears of it";
    end(r);
}

/* Windows gives the handle's value to the next client, which must not be told of before this one's end. */
TEST_F(Run, OfWorkersClosesAHandleOnlyOnceTheDisconnectedHandlersHaveReturned)
{
    closed_handles closed;
    manual_event inside, go_on;
    settings.way = QUEUE_WORKERS;
    owner.on_event = [&](pipe_event *event)
    {
        if (event->kind != PIPE_DISCONNECTED)
            return RAISED_ALL;
        inside.set();
        EXPECT_TRUE(go_on.wait());
        return RAISED_ALL;
    };
    open();
    raw_client c(path);
    ASSERT_TRUE(c.is_open());
    c.close();
    ASSERT_TRUE(inside.wait());
    const HANDLE handle = client->handle;
    EXPECT_NE(handle, nullptr);
    EXPECT_FALSE(closed.has(handle));

    go_on.set();

    EXPECT_TRUE(comes([&] { return closed.has(handle); }));
    end(r);
}

TEST_F(Run, ElseClosesAHandleBeforeDisconnectedIsRaised)
{
    closed_handles closed;
    open();
    raw_client c(path);
    ASSERT_TRUE(raise(2));

    c.close();

    EXPECT_TRUE(comes([&] { return closed.has(client->handle); }));
    EXPECT_TRUE(raise(3));
    end(r);
}

TEST_F(Run, OfWorkersDoesNotStartWhereOneOfThemFails)
{
    settings.way = QUEUE_WORKERS;
    r->begin_error = ERROR_GEN_FAILURE;

    EXPECT_EQ(begin(), static_cast<DWORD>(ERROR_GEN_FAILURE));

    EXPECT_TRUE(comes([] { return counted_run::living == 0; })) << "its last worker frees it";
    EXPECT_EQ(workers_ended, 2) << "also of those that failed";
}

TEST_F(Run, OfWorkersStartsOnceAllHaveBegun)
{
    settings.way = QUEUE_WORKERS;
    settings.engine.threads = 4;

    ASSERT_EQ(begin(), 0u);

    EXPECT_EQ(r->begun, 4);
    end(r);
    EXPECT_EQ(workers_ended, 4);
}

HANDLE WINAPI have_no_port(HANDLE, HANDLE, ULONG_PTR, DWORD)
{
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return nullptr;
}

TEST_F(Run, IsFreedWhereThereIsNoPort)
{
    win32.create_io_completion_port = have_no_port;

    const DWORD error = begin();

    win32.create_io_completion_port = CreateIoCompletionPort;
    EXPECT_NE(error, 0u);
    EXPECT_EQ(counted_run::living, 0);
}

TEST_F(Run, HasFiveSecondsOfPatienceFromItsStopOrFromTheLastBeginOrEndOfAHandler)
{
    standing_clock clock;
    settings.engine.path = nullptr;
    open();
    own_lane l(r, &heard_by);
    const ULONGLONG stop = clock.ms;
    DWORD in_handler = 0;
    owner.on_event = [&](pipe_event *)
    {
        in_handler = run_patience(r, stop);
        clock.ms += 1000;
        return RAISED_ALL;
    };
    push(r, l, "event");

    EXPECT_EQ(run_patience(r, stop), 5000u);
    clock.ms += 4000;
    EXPECT_EQ(run_patience(r, stop), 1000u);
    queue_raise_one(q, &no_limit);
    EXPECT_EQ(in_handler, 5000u);
    EXPECT_EQ(run_patience(r, stop), 5000u);
    clock.ms += 5000;
    EXPECT_EQ(run_patience(r, stop), 0u);
    end(r);
}

TEST_F(Run, HasPatienceFromTheLastBeginOrEndOfAHandlerOnAnotherThreadToo)
{
    standing_clock clock;
    settings.engine.path = nullptr;
    open();
    own_lane l(r, &heard_by);
    const ULONGLONG stop = clock.ms;
    running_handler f = {};

    clock.ms += 5000;
    EXPECT_TRUE(running_handler_begin(q, &f, &l));
    EXPECT_EQ(run_patience(r, stop), 5000u);
    clock.ms += 1000;
    running_handler_end(q, &f);
    EXPECT_EQ(run_patience(r, stop), 5000u);
    end(r);
}

TEST_F(Run, ReadsOnWhatTheReceiveLimitHasStoppedWhereTheSinksGo)
{
    settings.engine.flow.receive_limit = 100;
    open();
    raw_client c(path);
    ASSERT_TRUE(raise(2));
    for (int i = 0; i < 3; i++)
        ASSERT_EQ(c.write(message_of(100, i)), 0u);

    queue_set_has_sinks(q, &heard_by, false);

    EXPECT_TRUE(comes([this] { return newest() == 5; })) << "all three were read";
    run_silence(r);
    end(r);
}

TEST_F(Run, ReadsOnWhatTheReceiveLimitWouldStopWhereNobodyIsThere)
{
    settings.engine.flow.receive_limit = 100;
    open();
    raw_client c(path);
    ASSERT_TRUE(raise(2));
    queue_set_has_sinks(q, &heard_by, false);

    for (int i = 0; i < 3; i++)
        ASSERT_EQ(c.write(message_of(100, i)), 0u);

    EXPECT_TRUE(comes([this] { return newest() == 5; })) << "all three were read";
    EXPECT_EQ(waiting(), 1u) << "and of 200 bytes the oldest was dropped";
    run_silence(r);
    end(r);
}

/* A message counts for the limit until it begins to be delivered. */
TEST_F(Run, ReadsOnWhileTheHandlersOfAMessageRun)
{
    settings.engine.flow.receive_limit = 100;
    open();
    raw_client c(path);
    ASSERT_TRUE(raise(2));
    ASSERT_EQ(c.write(message_of(100, 1)), 0u);
    ASSERT_EQ(c.write(message_of(100, 2)), 0u);
    bool came = false;
    owner.on_event = [&](pipe_event *event)
    {
        kinds.push_back(event->kind);
        came = came || comes([this] { return newest() == 4; });
        return RAISED_ALL;
    };

    EXPECT_TRUE(raise(3));

    EXPECT_TRUE(came);
    run_silence(r);
    end(r);
}

TEST_F(Run, ReadsOnWhereTheConsumerHasTakenAMessage)
{
    settings.engine.flow.receive_limit = 100;
    queue_set_has_sinks(q, &heard_by, false);
    queue_note_waiting(q);
    open();
    raw_client c(path);
    ASSERT_EQ(c.write(message_of(100, 1)), 0u);
    ASSERT_EQ(c.write(message_of(100, 2)), 0u);
    pipe_event *event = nullptr;

    while (kinds.size() < 3 && (event = loop_wait_event(
                                    q, false, patience, [](void *) { return true; }, nullptr)))
    {
        kinds.push_back(event->kind);
        if (event->kind != PIPE_MESSAGE)
            queue_end_event(q, event);
    }

    ASSERT_EQ(kinds, (kindlist{PIPE_READY, PIPE_CONNECTED, PIPE_MESSAGE}));
    EXPECT_TRUE(comes([this] { return newest() == 4; })) << "though the event has not ended";
    queue_end_event(q, event);
    run_silence(r);
    end(r);
}

TEST_F(Run, OfWorkersRaisesNothingElseWhereReadyWasRefused)
{
    manual_event refused;
    raw_client c;
    settings.way = QUEUE_WORKERS;
    owner.on_event = [&](pipe_event *event)
    {
        kinds.push_back(event->kind);
        EXPECT_EQ(c.connect(path), 0u);
        EXPECT_TRUE(comes([this] { return newest() == 2; })) << "CONNECTED waits";
        refused.set();
        return RAISED_NONE;
    };
    open();
    ASSERT_TRUE(refused.wait());
    run_hold(r);

    end(r);

    EXPECT_EQ(kinds, kindlist{PIPE_READY});
    run_silence(r);
    run_release(r);
}

TEST_F(Run, GoesOnWithWhatCameWhileItWasPaused)
{
    open();
    ASSERT_TRUE(raise(1));
    own_lane fills(r, &heard_by);
    for (int i = 0; i <= 131072; i++)
        push(r, fills, "");
    ASSERT_TRUE(r->state.engine->paused);
    raw_client c(path);
    const LONGLONG before = newest();

    queue_silence_lane(q, &fills);

    EXPECT_TRUE(comes([&] { return newest() == before + 1; })) << "CONNECTED";
    EXPECT_TRUE(raise(2));
    run_silence(r);
    end(r);
}

TEST_F(Run, IsClosingOnceItIsClosedAtOnce)
{
    open();

    run_begin_close(r, CLOSE_GRACEFULLY);
    EXPECT_EQ(r->state.closing, 0);
    run_begin_close(r, CLOSE_AT_ONCE);
    EXPECT_EQ(r->state.closing, 1);

    EXPECT_EQ(WaitForSingleObject(run_ended(r), patience), WAIT_OBJECT_0);
    run_silence(r);
    run_release(r);
}

TEST_F(Run, KeepsAShortMessageThatHasToWaitInABufferOfItsOwnSize)
{
    std::vector<DWORD> capacities;
    owner.on_event = [&](pipe_event *event)
    {
        kinds.push_back(event->kind);
        if (event->kind == PIPE_MESSAGE)
            capacities.push_back(event->buffer->capacity);
        return RAISED_ALL;
    };
    open();
    raw_client c(path);
    ASSERT_TRUE(raise(2));
    ASSERT_EQ(c.write("first"), 0u);
    EXPECT_TRUE(comes([this] { return newest() == 3; }));
    ASSERT_EQ(c.write("other"), 0u);

    EXPECT_TRUE(comes([this] { return newest() == 4; }));

    EXPECT_TRUE(raise(4));
    EXPECT_EQ(capacities, (std::vector<DWORD>{1024, 5}));
    run_silence(r);
    end(r);
}

} // namespace

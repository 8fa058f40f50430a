#include "support/deliver/queue_fixture.h"

namespace
{

raised raise_to_test(queue_owner *owner, pipe_event *event)
{
    test_owner *test = static_cast<test_owner *>(owner);

    if (test->on_event)
        return test->on_event(event);
    const std::string name = static_cast<test_event *>(event)->name;
    return test->handler(name);
}

const queue_calls calls_of_test = {
    raise_to_test,
    [](queue_owner *owner, pipe_event *event)
    {
        auto *test = static_cast<test_owner *>(owner);

        event->progress = nullptr;
        test->forgotten++;
        return !test->uses_events;
    },
    [](queue_owner *owner) { return !static_cast<test_owner *>(owner)->is_about_to_be_freed; },
    [](queue_owner *) {},
};

lane *connect_in_test(run *r, connection *c)
{
    return static_cast<counted_run *>(r)->connected(c);
}

DWORD begin_worker_in_test(run *r)
{
    static_cast<counted_run *>(r)->begun++;
    return static_cast<counted_run *>(r)->begin_error;
}

void end_worker_in_test(run *r)
{
    if (static_cast<counted_run *>(r)->ended)
        ++*static_cast<counted_run *>(r)->ended;
}

} // namespace

const run_calls run_calls_of_test = {
    connect_in_test,
    nullptr,
    nullptr,
    nullptr, /* nothing is noticed */
    begin_worker_in_test,
    end_worker_in_test,
    [](run *r) { delete static_cast<counted_run *>(r); },
};

std::atomic<int> counted_run::living;

counted_run::counted_run() : run()
{
    living++;
}

counted_run::~counted_run()
{
    living--;
}

own_lane::own_lane(::run *r, ::audience *a) : lane()
{
    lane_init(
        this, &r->state, a, [](lane *l) { static_cast<own_lane *>(l)->holds++; },
        [](lane *l) { static_cast<own_lane *>(l)->holds--; });
}

bool own_lane::is_let_go() const
{
    for (DWORD waited = 0; holds && waited < patience; waited += 10)
        Sleep(10);
    return !holds;
}

/* ---- Queue ---- */

Queue::Queue()
{
    test_event::living = counted_run::living = 0;
    owner.calls = &calls_of_test;
    audience_init(&heard_by);
    q = queue_create(&owner, nullptr);
    queue_set_has_sinks(q, &heard_by, true);
}

Queue::~Queue()
{
    queue_silence(q);
    queue_release(q);
    EXPECT_EQ(counted_run::living, 0);
}

run *Queue::start(queue_way way, unsigned threads)
{
    run_settings settings = {};
    run *r = new counted_run();

    settings.engine.threads = threads;
    settings.way = way;
    EXPECT_EQ(run_start(r, &settings, &run_calls_of_test, q, &heard_by), 0u);
    run_open(r);
    return r;
}

void Queue::end(run *r)
{
    run_begin_close(r, CLOSE_AT_ONCE);
    EXPECT_EQ(WaitForSingleObject(run_ended(r), patience), WAIT_OBJECT_0);
    run_release(r);
}

void Queue::push(run *r, lane &l, const std::string &name)
{
    push(r, l, PIPE_SERVER_ERROR, name);
}

void Queue::push(run *r, lane &l, pipe_event_kind kind, const std::string &name)
{
    queue_push(q, &l, make_event(kind, name, engine_hold(r->state.engine)));
}

namelist Queue::taken_by_consumer()
{
    namelist all;

    while (pipe_event *event = queue_take_for_consumer(q))
    {
        all.push_back(static_cast<test_event *>(event)->name);
        queue_end_event(q, event);
    }
    return all;
}

void Queue::note_names()
{
    owner.handler = [this](const std::string &name)
    {
        noted.push_back(name);
        return RAISED_ALL;
    };
}

/* ---- WindowQueue ---- */

WindowQueue::WindowQueue()
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

WindowQueue::~WindowQueue()
{
    end(r);
}

/* ---- manual_event ---- */

manual_event::manual_event() : handle(CreateEventW(nullptr, TRUE, FALSE, nullptr))
{
}

manual_event::~manual_event()
{
    CloseHandle(handle);
}

void manual_event::set()
{
    SetEvent(handle);
}

bool manual_event::wait(DWORD ms)
{
    return WaitForSingleObject(handle, ms) == WAIT_OBJECT_0;
}

/* ---- standing_clock ---- */

std::atomic<ULONGLONG> standing_clock::ms;

static ULONGLONG WINAPI said_tick_count()
{
    return standing_clock::ms;
}

standing_clock::standing_clock()
{
    ms = 1000000;
    win32.tick_count = said_tick_count;
}

standing_clock::~standing_clock()
{
    win32.tick_count = GetTickCount64;
}

/* ---- refusals ---- */

raised refusals::operator()(const std::string &name)
{
    tries.push_back(GetTickCount64());
    names.push_back(name);
    return static_cast<int>(tries.size()) <= many ? RAISED_NONE : RAISED_ALL;
}

bool refusals::are_apart() const
{
    for (size_t i = 1; i < tries.size(); i++)
        if (tries[i] - tries[i - 1] < 50)
            return false;
    return true;
}

DWORD WINAPI enter_loop(void *q)
{
    return loop_enter(static_cast<queue *>(q), false, INFINITE);
}

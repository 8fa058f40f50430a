#include "support/deliver/queue_fixture.h"

namespace
{

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

} // namespace

own_lane::own_lane(::run *r, ::audience *a) : lane()
{
    lane_init(
        this, &r->state, a, [](lane *) {}, [](lane *) {});
}

/* ---- Queue ---- */

Queue::Queue()
{
    test_event::living = 0;
    owner.calls = &calls_of_test;
    audience_init(&heard_by);
    q = queue_create(&owner, nullptr);
    queue_set_has_sinks(q, &heard_by, true);
}

Queue::~Queue()
{
    queue_silence(q);
    queue_release(q);
}

run *Queue::start(queue_way way, unsigned threads)
{
    run_settings settings = {};
    run *r = new run();

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
    queue_push(q, &l, make_event(PIPE_SERVER_ERROR, name, engine_hold(r->state.engine)));
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

#include "support/deliver/lanes.h"

int test_event::living;

namespace
{

void hold_lane(lane *l)
{
    static_cast<test_lane *>(l)->holds++;
}

void release_lane(lane *l)
{
    static_cast<test_lane *>(l)->holds--;
}

void hold_nothing(lane *)
{
}

void free_event(pipe_event *event)
{
    test_event::living--;
    delete static_cast<test_event *>(event);
}

} // namespace

test_run::test_run(backlog *b, queue_way its_way) : run_state(), of(b)
{
    audience_init(&heard_by);
    heard_by.has_sinks = true;
    way = its_way;
    threads = 1;
    backlog_add_run(b, this, &heard_by, hold_nothing, hold_nothing);
    open = ready_delivered = true;
}

test_run::~test_run()
{
    clear(&own_lane);
}

void test_run::clear(lane *l)
{
    list dropped;

    list_init(&dropped);
    backlog_clear_lane(of, l, &dropped);
    names_and_free(&dropped);
}

test_lane::~test_lane()
{
    static_cast<test_run *>(run)->clear(this);
}

test_lane::test_lane(test_run &r, ::audience *a) : lane()
{
    lane_init(this, &r, a, hold_lane, release_lane);
}

test_lane::test_lane(test_run &r, HANDLE with_handle) : test_lane(r, &r.heard_by)
{
    handle = with_handle;
}

pipe_event *make_event(pipe_event_kind kind, const std::string &name, engine *e)
{
    test_event *event = new test_event();

    test_event::living++;
    event->kind = kind;
    event->engine = e;
    event->free = free_event;
    event->name = name;
    return event;
}

std::string name_and_free(pipe_event *event)
{
    if (!event)
        return "-";
    const std::string name = static_cast<test_event *>(event)->name;
    free_event(event);
    return name;
}

namelist names_and_free(list *events)
{
    namelist names;

    for (list_link *link = list_take_first(events); link; link = list_take_first(events))
        names.push_back(
            name_and_free(reinterpret_cast<pipe_event *>(reinterpret_cast<char *>(link) - offsetof(pipe_event, link))));
    return names;
}

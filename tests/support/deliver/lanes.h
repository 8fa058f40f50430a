/* lanes.h: runs, lanes and events of a test's own: no pipe, no COM, no threads. */

#ifndef SUPPORT_DELIVER_LANES_H
#define SUPPORT_DELIVER_LANES_H

extern "C" {
#include "deliver/backlog.h"
}

#include <string>
#include <vector>

using namelist = std::vector<std::string>;

/* A run that is open, and has told that it is ready unless the test says otherwise. */
struct test_run : run_state
{
    test_run(backlog *b, queue_way way);
    test_run(const test_run &) = delete;
    ~test_run(); /* what waits goes with its lane */

    void clear(lane *l);

    audience heard_by; /* heard */
    backlog *of;
};

struct test_lane : lane
{
    explicit test_lane(test_run &r, HANDLE with_handle = nullptr);
    test_lane(test_run &r, ::audience *a);
    test_lane(const test_lane &) = delete;
    ~test_lane();

    int holds = 0; /* by events */
};

/* An event with a name, which counts the living. It is freed by whoever took it. */
struct test_event : pipe_event
{
    std::string name;

    static int living;
};

pipe_event *make_event(pipe_event_kind kind, const std::string &name, engine *e = nullptr);

/* The name of an event that was taken, which is freed; "-" for none. */
std::string name_and_free(pipe_event *event);

/* Names of what stands in a list by `link`, all freed. */
namelist names_and_free(list *events);

#endif

/* backlog_fixture.h: a backlog of a test's own, with a clock that stands until the test moves it. */

#ifndef SUPPORT_DELIVER_BACKLOG_FIXTURE_H
#define SUPPORT_DELIVER_BACKLOG_FIXTURE_H

#include "support/deliver/lanes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

class Backlog : public testing::Test
{
  protected:
    Backlog();
    void TearDown() override; /* nothing of it is left */

    void push(lane &l, pipe_event_kind kind, const std::string &name, LONGLONG charge = 0);
    /* A message. */
    void push(lane &l, const std::string &name);
    /* name1, name2, ... */
    void push_many(lane &l, const std::string &name, int many);

    /* Names of what is taken; "-" for nothing. */
    std::string take(queue_way way = QUEUE_WINDOW, const backlog_limit &limit = no_limit);
    std::string take_unheard();
    /* The event that a worker of `r` takes; it is this test's, its lane busy. */
    pipe_event *begin(const run_state &r);
    std::string end(pipe_event *event);
    /* Names of what is left, in the order in which it is taken. */
    namelist rest(const backlog_limit &limit = no_limit);
    namelist drop_unheard(lane &l);

    backlog b;
    list dropped;
    LONGLONG now = 1000000;
};

/* Takes the next event for threads that wait, which is refused. */
class RefusedBacklog : public Backlog
{
  protected:
    void refuse(LONGLONG until = 50);
    std::string take();
};

const HANDLE one = reinterpret_cast<HANDLE>(0x64), other = reinterpret_cast<HANDLE>(0x68);

#endif

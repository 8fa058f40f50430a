#include "support/deliver/backlog_fixture.h"

Backlog::Backlog()
{
    backlog_init(&b);
    list_init(&dropped);
    test_event::living = 0;
}

void Backlog::TearDown()
{
    EXPECT_EQ(test_event::living, 0);
    EXPECT_EQ(b.count, 0u);
}

void Backlog::push(lane &l, pipe_event_kind kind, const std::string &name, LONGLONG charge)
{
    pipe_event *event = make_event(kind, name);

    event->lane = &l;
    event->receive_charge = charge;
    backlog_append(&b, event);
}

void Backlog::push(lane &l, const std::string &name)
{
    push(l, PIPE_MESSAGE, name);
}

void Backlog::push_many(lane &l, const std::string &name, int many)
{
    for (int i = 1; i <= many; i++)
        push(l, name + std::to_string(i));
}

std::string Backlog::take(queue_way way, const backlog_limit &limit)
{
    return name_and_free(backlog_take(&b, way, nullptr, &limit, now));
}

std::string Backlog::take_unheard()
{
    return name_and_free(backlog_take_without_sinks(&b, now));
}

pipe_event *Backlog::begin(const run_state &r)
{
    return backlog_take(&b, QUEUE_WORKERS, &r, &no_limit, now);
}

std::string Backlog::end(pipe_event *event)
{
    backlog_give_back(&b, event->lane, event->kind, now);
    return name_and_free(event);
}

namelist Backlog::rest(const backlog_limit &limit)
{
    namelist all;

    for (std::string name = take(QUEUE_WINDOW, limit); name != "-"; name = take(QUEUE_WINDOW, limit))
        all.push_back(name);
    return all;
}

namelist Backlog::drop_unheard(lane &l)
{
    backlog_drop_without_sinks(&b, &l, &dropped);
    return names_and_free(&dropped);
}

/* ---- RefusedBacklog ---- */

void RefusedBacklog::refuse(LONGLONG until)
{
    pipe_event *event = backlog_take(&b, QUEUE_WAITERS, nullptr, &no_limit, now);

    backlog_put_back(&b, event, true);
    backlog_hold_back(&b, event->lane, QUEUE_WAITERS, until);
}

std::string RefusedBacklog::take()
{
    return Backlog::take(QUEUE_WAITERS);
}

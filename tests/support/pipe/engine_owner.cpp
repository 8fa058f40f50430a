#include "support/pipe/engine_owner.h"

#include <gtest/gtest.h>

#include <ostream>

void PrintTo(pipe_event_kind kind, std::ostream *out)
{
    static const char *const names[] = {"READY",        "CONNECTED",    "MESSAGE",     "SENT",
                                        "CLIENT_ERROR", "DISCONNECTED", "SERVER_ERROR"};

    if (kind == NO_EVENT)
        *out << "no event";
    else
        *out << names[kind];
}

std::string recorded_event::text() const
{
    return text_of(data);
}

const engine_calls recording_owner::calls_table = {
    event_cb, would_wait_cb, worker_begins_cb, worker_ends_cb, turn_cb, ended_cb, nullptr,
};

recording_owner::recording_owner()
{
    calls = &calls_table;
    source_of_buffers.alloc = buffer_alloc_cb;
    source_of_buffers.free = buffer_free_cb;
    source_of_buffers.owner = this;
    buffers = &source_of_buffers;
    cookie_free = cookie_free_cb;
}

recording_owner::~recording_owner() = default;

recording_owner *recording_owner::self(engine_owner *owner)
{
    return static_cast<recording_owner *>(owner);
}

void recording_owner::complain(const std::string &what)
{
    broken += what + "\n";
}

/* ---- events ---- */

/* The rules of pipe.h that hold for every event of every engine. */
void recording_owner::check_order(pipe_event *event, seen &s)
{
    std::string which = testing::PrintToString(event->kind);

    if (s.busy_thread)
        complain(which + " was handed over while another event of its connection was");
    if (event->kind == PIPE_CONNECTED ? s.connected : !s.connected && !dials)
        complain(which + (s.connected ? " came twice" : " came before CONNECTED"));
    if (s.disconnected)
        complain(which + " came after DISCONNECTED");
    s.connected = true;
    s.disconnected = event->kind == PIPE_DISCONNECTED;
}

/* Records it; its number. */
size_t recording_owner::begin(pipe_event *event)
{
    recorded_event r;
    guarded g(guard);

    r.kind = event->kind;
    r.from = event->connection;
    r.error = event->error;
    r.cookie = number_of(event->cookie);
    r.thread = GetCurrentThreadId();
    if (event->kind == PIPE_MESSAGE && event->bytes > event->buffer->capacity)
        complain("a message is longer than its buffer");
    if (event->kind == PIPE_MESSAGE)
        r.data.assign(event->buffer->data, event->buffer->data + event->bytes);
    if ((event->kind == PIPE_READY) != events.empty() && !dials)
        complain("READY is not the first event");
    if (ended_count)
        complain("an event came after `ended`");
    if (r.from)
    {
        seen &s = connections[r.from];

        check_order(event, s);
        s.busy_thread = r.thread;
        s.events.push_back(events.size());
        if (event->kind == PIPE_CONNECTED && keeps_connections)
            arrived.push_back(connection_hold(r.from));
    }
    else if (event->kind != PIPE_READY && event->kind != PIPE_SERVER_ERROR)
        complain("an event of no connection");
    events.push_back(std::move(r));
    WakeAllConditionVariable(&changed);
    return events.size() - 1;
}

/* Handled: true if it is not to be released yet. */
bool recording_owner::keep(pipe_event *event)
{
    guarded g(guard);

    if (event->connection)
        connections[event->connection].busy_thread = 0;
    if (event->kind == PIPE_DISCONNECTED && !keeps_connections)
        connections.erase(event->connection);
    if (!held_kinds.count(event->kind))
        return false;
    held.push_back(event);
    return true;
}

void recording_owner::finish(size_t number)
{
    guarded g(guard);

    events[number].done = true;
    handled[events[number].kind]++;
    WakeAllConditionVariable(&changed);
}

void recording_owner::event_cb(engine_owner *owner, pipe_event *event)
{
    recording_owner *o = self(owner);
    size_t number = o->begin(event);

    if (o->on_event)
        o->on_event(event);
    if (event->kind == PIPE_DISCONNECTED && o->closes_handles)
        connection_close_handle(event->connection);
    if (!o->keep(event))
        pipe_event_release(event);
    o->finish(number);
}

void recording_owner::hold(pipe_event_kind kind)
{
    guarded g(guard);

    held_kinds.insert(kind);
}

size_t recording_owner::let_go(size_t count)
{
    std::deque<pipe_event *> taken;

    {
        guarded g(guard);
        for (; count > 0 && !held.empty(); count--)
        {
            taken.push_back(held.front());
            held.pop_front();
        }
    }
    for (pipe_event *event : taken)
        pipe_event_release(event);
    return taken.size();
}

void recording_owner::hold_nothing()
{
    {
        guarded g(guard);
        held_kinds.clear();
    }
    let_go();
}

/* ---- workers, and the end ---- */

void recording_owner::worker_begins_cb(engine_owner *owner)
{
    recording_owner *o = self(owner);

    {
        guarded g(o->guard);
        o->begun++;
        o->workers.insert(GetCurrentThreadId());
        if (!o->events.empty() && !o->dials)
            o->complain("an event came before the last worker had begun");
    }
    if (o->on_worker_begins)
        o->on_worker_begins();
}

void recording_owner::worker_ends_cb(engine_owner *owner)
{
    recording_owner *o = self(owner);

    {
        guarded g(o->guard);
        o->ended_workers++;
        if (!o->workers.count(GetCurrentThreadId()))
            o->complain("worker_ends on a thread that was no worker");
    }
    if (o->on_worker_ends)
        o->on_worker_ends();
}

void recording_owner::turn_cb(engine_owner *owner)
{
    recording_owner *o = self(owner);

    {
        guarded g(o->guard);
        o->turn_count++;
        if (!o->workers.count(GetCurrentThreadId()))
            o->complain("turn on a thread that is no worker");
        WakeAllConditionVariable(&o->changed);
    }
    if (o->on_turn)
        o->on_turn();
}

void recording_owner::ended_cb(engine_owner *owner)
{
    recording_owner *o = self(owner);

    if (o->on_ended)
        o->on_ended();
    guarded g(o->guard);
    o->ended_count++;
    if (o->begun != o->ended_workers)
        o->complain("ended before the last worker");
    for (const auto &entry : o->connections)
        if (!entry.second.disconnected)
            o->complain("a connection had no DISCONNECTED");
    WakeAllConditionVariable(&o->changed);
}

/* ---- waiting ---- */

/* Until something changed; false once `ms` have passed since `since`. Locked. */
bool recording_owner::wait(ULONGLONG since, DWORD ms)
{
    ULONGLONG passed = GetTickCount64() - since;

    if (passed >= ms)
        return false;
    lock_wait(&guard, &changed, static_cast<DWORD>(ms - passed));
    return true;
}

recorded_event recording_owner::next(DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    guarded g(guard);

    while (given == events.size() || !events[given].done)
        if (!wait(since, ms))
            return recorded_event();
    return events[given++];
}

recorded_event recording_owner::next(connection *of, DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    guarded g(guard);
    seen &s = connections[of];

    while (s.given == s.events.size() || !events[s.events[s.given]].done)
        if (!wait(since, ms))
            return recorded_event();
    return events[s.events[s.given++]];
}

connection *recording_owner::accept(DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    guarded g(guard);

    while (arrived.empty())
        if (!wait(since, ms))
            return nullptr;
    accepted.push_back(arrived.front());
    arrived.pop_front();
    return accepted.back();
}

size_t recording_owner::count(pipe_event_kind kind) const
{
    guarded g(guard);
    size_t n = 0;

    for (const recorded_event &r : events)
        n += r.kind == kind;
    return n;
}

bool recording_owner::wait_for(pipe_event_kind kind, size_t wanted, DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    guarded g(guard);

    while (handled[kind] < wanted)
        if (!wait(since, ms))
            return false;
    return true;
}

std::vector<recorded_event> recording_owner::all() const
{
    guarded g(guard);

    return events;
}

std::vector<recorded_event> recording_owner::all_of(connection *c) const
{
    std::vector<recorded_event> of;
    guarded g(guard);
    auto found = connections.find(c);

    if (found != connections.end())
        for (size_t i : found->second.events)
            of.push_back(events[i]);
    return of;
}

bool recording_owner::stays_quiet(DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    guarded g(guard);
    size_t before = events.size();

    while (events.size() == before)
        if (!wait(since, ms))
            return true;
    return false;
}

bool recording_owner::wait_until_ended(DWORD ms)
{
    ULONGLONG since = GetTickCount64();
    guarded g(guard);

    while (!ended_count)
        if (!wait(since, ms))
            return false;
    return true;
}

/* ---- counts ---- */

unsigned recording_owner::workers_begun() const
{
    guarded g(guard);

    return begun;
}

unsigned recording_owner::workers_ended() const
{
    guarded g(guard);

    return ended_workers;
}

unsigned recording_owner::turns() const
{
    guarded g(guard);

    return turn_count;
}

std::set<DWORD> recording_owner::worker_threads() const
{
    guarded g(guard);

    return workers;
}

unsigned recording_owner::ended_calls() const
{
    guarded g(guard);

    return ended_count;
}

void recording_owner::forget()
{
    std::vector<connection *> all;

    hold_nothing();
    {
        guarded g(guard);
        all.swap(accepted);
        all.insert(all.end(), arrived.begin(), arrived.end());
        arrived.clear();
    }
    for (connection *c : all)
        connection_release(c);
}

std::string recording_owner::complaints() const
{
    guarded g(guard);

    return broken;
}

/* engine_owner.h: the owner of an engine in a test. It records the events in the order in which they are handed over,
 * hands out buffers and cookies and counts what has not come back.
 *
 * Events are recorded on the engine's threads; what a test asks may be asked on any. By default an event is released as
 * soon as it was recorded; hold keeps those of a kind, as a consumer's full queue would. Whatever the rules of pipe.h
 * forbid is a failure of the test, whichever test it is: see `complaints`. */

#ifndef SUPPORT_PIPE_ENGINE_OWNER_H
#define SUPPORT_PIPE_ENGINE_OWNER_H

#include <windows.h>

#include <atomic>
#include <deque>
#include <functional>
#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <vector>

extern "C" {
#include "base/lock.h"
#include "pipe/pipe.h"
}

#include "support/pipe/hook.h"
#include "support/pipe/raw_client.h"

void PrintTo(pipe_event_kind kind, std::ostream *out);

/* Instead of an event that did not come in time. */
constexpr pipe_event_kind NO_EVENT = static_cast<pipe_event_kind>(-1);

struct recorded_event
{
    pipe_event_kind kind = NO_EVENT;
    connection *from = nullptr;
    message data;
    int cookie = 0; /* 0: none */
    DWORD error = 0;
    DWORD thread = 0;
    bool done = false; /* handled, and released or kept */

    std::string text() const; /* of the data */
};

/* Holds a lock for the length of a scope. */
struct guarded
{
    lock &l;
    explicit guarded(lock &l) : l(l)
    {
        lock_acquire(&l);
    }
    ~guarded()
    {
        lock_release(&l);
    }
};

class recording_owner : public engine_owner
{
  public:
    recording_owner();
    recording_owner(const recording_owner &) = delete;
    ~recording_owner();

    /* ---- what it does; but for the hooks, set before the engine runs ---- */

    /* Called for each event, after it was recorded; it may do whatever a consumer's handler may. */
    hook<void(pipe_event *event)> on_event;
    /* Whether there is memory for a buffer of so many bytes. */
    hook<bool(DWORD size)> may_allocate;
    hook<void()> on_turn, on_worker_begins, on_worker_ends, on_ended;
    /* At DISCONNECTED, as an owner that nothing holds up: the handle is closed. */
    bool closes_handles = true;
    /* Every event would have to wait behind others. */
    bool is_behind = true;
    /* Each connection is held until `forget`, and `accept` and `next` know it. Not for tests with thousands of
     * clients. */
    bool keeps_connections = true;
    /* Its engine dials: there is no READY, events do not wait for the workers, and a connection may fail before it was
     * CONNECTED. */
    bool dials = false;

    /* Keeps the events of one kind, not taken, from now on. */
    void hold(pipe_event_kind kind);
    /* Takes and releases the oldest `count` of those kept; how many it were. */
    size_t let_go(size_t count = SIZE_MAX);
    void hold_nothing();

    /* ---- what it has seen ---- */

    /* The next event that `next` has not given yet: of all, or of one connection. It was handled and released, or is
     * kept. */
    recorded_event next(DWORD ms = patience);
    recorded_event next(connection *of, DWORD ms = patience);
    /* The connection of the next CONNECTED that `accept` has not given yet, NULL if none comes. Held until `forget`. */
    connection *accept(DWORD ms = patience);

    /* Until so many of a kind were handled; how many have begun to be. */
    bool wait_for(pipe_event_kind kind, size_t count, DWORD ms = patience);
    size_t count(pipe_event_kind kind) const;
    std::vector<recorded_event> all() const;
    std::vector<recorded_event> all_of(connection *c) const;
    /* Whether nothing happens for so long. */
    bool stays_quiet(DWORD ms = 300);

    bool wait_until_ended(DWORD ms = patience);

    /* ---- what it hands out ---- */

    void *make_cookie(int number);
    static int number_of(void *cookie);
    void drop_cookie(void *cookie); /* one that the engine did not take */

    LONG buffers_out() const;
    LONG cookies_out() const;
    unsigned workers_begun() const;
    unsigned workers_ended() const;
    unsigned turns() const;
    std::set<DWORD> worker_threads() const;
    unsigned ended_calls() const;

    /* Releases what it holds of connections and events, as the last consumer. */
    void forget();
    /* The rules that were broken, one a line; "" for none. */
    std::string complaints() const;

  private:
    struct seen
    {
        bool connected = false, disconnected = false;
        DWORD busy_thread = 0;
        size_t given = 0; /* by next(connection) */
        std::vector<size_t> events;
    };

    struct source : buffer_source
    {
        recording_owner *owner;
    };

    static const engine_calls calls_table;
    static recording_owner *self(engine_owner *owner);
    static void event_cb(engine_owner *owner, pipe_event *event);
    static buffer *buffer_alloc_cb(buffer_source *s, DWORD size);
    static void buffer_free_cb(buffer_source *s, buffer *b);
    static bool would_wait_cb(engine_owner *owner, connection *c);
    static void cookie_free_cb(void *cookie);
    static void worker_begins_cb(engine_owner *owner);
    static void worker_ends_cb(engine_owner *owner);
    static void turn_cb(engine_owner *owner);
    static void ended_cb(engine_owner *owner);

    size_t begin(pipe_event *event);
    bool keep(pipe_event *event);
    void finish(size_t number);
    void check_order(pipe_event *event, seen &s);
    void complain(const std::string &what);
    bool wait(ULONGLONG since, DWORD ms);

    source source_of_buffers;
    mutable lock guard = {};
    CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
    std::vector<recorded_event> events;
    std::map<pipe_event_kind, size_t> handled; /* how many of each kind are done */
    std::map<connection *, seen> connections;
    std::deque<connection *> arrived; /* each held */
    std::vector<connection *> accepted;
    std::deque<pipe_event *> held;
    std::set<pipe_event_kind> held_kinds;
    std::set<DWORD> workers;
    std::string broken;
    size_t given = 0;
    unsigned begun = 0, ended_workers = 0, turn_count = 0, ended_count = 0;
    std::atomic<LONG> buffer_count = 0, cookie_count = 0;
};

#endif

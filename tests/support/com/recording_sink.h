/* recording_sink.h: a consumer's handler of the events of a server or a client, which notes each call and lets a test
 * act inside it.
 *
 * What it notes is one string a call: "ready", "connected 1", "message 1 hello", "sent 1", "disconnected 1", "client
 * error 1", "server error", where the number is the connection's ID; for a client "connected", "message hello", "sent",
 * "disconnected", "error". The log is asked on any thread. */

#ifndef SUPPORT_COM_RECORDING_SINK_H
#define SUPPORT_COM_RECORDING_SINK_H

#include "support/com/bare_sink.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

/* How long a test waits for what must come: only a failing one waits so long. In ms. */
constexpr DWORD event_patience = 15000;

struct told_event
{
    NamedPipeEventKind kind = NamedPipeEventServerError;
    LONG connection = 0; /* its ID; 0: none */
    std::string text;    /* of the data, or the description */
    variant cookie;
    DWORD thread = 0;
    bool by_reference = false; /* its first argument came so */

    std::string str() const;
};

/* What all sinks that share it were told, in the order in which their calls began. */
class event_log
{
  public:
    event_log();

    void add(const told_event &event);

    std::vector<std::string> all() const;
    std::vector<told_event> events() const;
    std::vector<DWORD> threads() const; /* of each call */
    size_t count(NamedPipeEventKind kind) const;
    size_t count() const;

    /* Waits without pumping until so many came. */
    bool wait_for(NamedPipeEventKind kind, size_t many = 1, DWORD ms = event_patience) const;
    /* The same, dispatching the calling thread's messages. */
    bool pump_for(NamedPipeEventKind kind, size_t many = 1, DWORD ms = event_patience) const;

    /* Sinks of it that live, and the thread on which the last one went. */
    volatile LONG sinks = 0;
    volatile DWORD released_on = 0;

  private:
    mutable SRWLOCK lock = SRWLOCK_INIT;
    mutable CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
    std::vector<told_event> told;
};

/* Called inside each call, with no lock held. `connection` is null for the server's own events. */
using event_handler = std::function<void(const told_event &event, INamedPipeServerConnection *connection)>;

com_ptr<IDispatch> make_recording_sink(std::shared_ptr<event_log> log, sink_nature nature = sink_nature::bound,
                                       event_handler handler = nullptr);

/* A handler that acts in each event of this kind, and does nothing in others. */
event_handler when(NamedPipeEventKind kind, std::function<void()> act);

/* The handler, or none for null, and what its sink does when its last reference goes. */
event_handler with_end(event_handler handler, std::function<void()> at_the_end);

/* What an event object of WaitEvent's says, in the same words; "nothing" for null. */
std::string str_of(INamedPipeEvent *event);

#endif

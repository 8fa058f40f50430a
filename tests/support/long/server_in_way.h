/* server_in_way.h: a server whose events are raised in one of the ways there are, counted, and given to one function
 * of the test. The same test then runs in each way.
 *
 * For a thread that is in the way's apartment. */

#ifndef SUPPORT_LONG_SERVER_IN_WAY_H
#define SUPPORT_LONG_SERVER_IN_WAY_H

#include "support/com/server_in_mode.h"

#include <atomic>
#include <functional>
#include <string_view>

enum class way
{
    window,       /* of an STA that dispatches messages */
    loop,         /* on a thread of the MTA inside ManualMessageLoopEnter */
    wait_event,   /* the same inside WaitEvent, without a handler */
    free_threaded /* on the workers */
};

const char *name_of(way w);
DWORD apartment_of(way w);

struct raised_event
{
    NamedPipeEventKind kind;
    INamedPipeServerConnection *connection; /* null for the server's own */
    std::string_view data;
};

class server_in_way : public server_in_mode
{
  public:
    /* `handler` is called for each event, with no lock held, where the way has it. */
    server_in_way(way w, std::function<void(const raised_event &)> handler, LONG threads = 1);
    ~server_in_way();

    LONG count(NamedPipeEventKind kind) const;
    LONG count() const;

    /* Raises events, or lets the workers, until `done` says so, which it asks at least every 20 ms. False where for a
     * minute none came. */
    bool run_until(const std::function<bool()> &done);
    /* Raises the events that wait, or lets workers, for 20 ms at most. */
    void run_for_a_while();

  private:
    void take_one();

    way w;
    std::function<void(const raised_event &)> handler;
    DWORD advised = 0;
    std::atomic<LONG> counted[NamedPipeEventServerError + 1] = {};
};

/* Sends the bytes to the client. */
HRESULT send(INamedPipeServerConnection *connection, std::string_view data);

/* A handler that sends each message back. */
void send_back(const raised_event &event);

#endif

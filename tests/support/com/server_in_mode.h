/* server_in_mode.h: a NamedPipeServer for tests of the ways in which events are raised, with a pipe name of its own. */

#ifndef SUPPORT_COM_SERVER_IN_MODE_H
#define SUPPORT_COM_SERVER_IN_MODE_H

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/recording_sink.h"
#include "support/deliver/ui_thread.h"
#include "support/pipe/background.h"
#include "support/pipe/raw_client.h"

#include "NamedPipeServer.h"

#include <gtest/gtest.h>

enum class event_mode
{
    by_default,
    free_threaded
};

/* A server or a manager of clients: an object with WaitEvent. */
template <typename Interface> class with_events
{
  public:
    Interface *operator->() const
    {
        return object.get();
    }

    /* WaitEvent's event; a failure is the test's failure. */
    com_ptr<INamedPipeEvent> wait_event(LONG ms = static_cast<LONG>(event_patience))
    {
        com_ptr<INamedPipeEvent> event;

        EXPECT_EQ(object->WaitEvent(ms, event.put()), S_OK);
        return event;
    }
    /* The same in words: "message 1 hello", "nothing". */
    std::string next(LONG ms = static_cast<LONG>(event_patience))
    {
        return str_of(wait_event(ms).get());
    }

    com_ptr<Interface> object;
};

/* The object itself, for the calling thread's apartment; any thread may use it. */
class server_in_mode : public with_events<INamedPipeServer>
{
  public:
    explicit server_in_mode(event_mode mode = event_mode::by_default, LONG threads = 1);

    HRESULT start();
    HRESULT stop(LONG drain_ms = 0);
    bool is_running() const;

    DWORD advise(IDispatch *sink);
    /* A recording sink. */
    DWORD advise(std::shared_ptr<event_log> log, event_handler handler = nullptr,
                 sink_nature nature = sink_nature::bound);
    HRESULT unadvise(DWORD cookie);

    /* A client that has connected; whether its ClientConnected came is another matter. */
    raw_client connect() const;

    /* `next` until nothing comes for a look. */
    std::vector<std::string> rest();

    bool enter_loop(LONG ms = static_cast<LONG>(event_patience));

    /* The only connection there is, or the one with this ID. */
    com_ptr<INamedPipeServerConnection> connection(LONG id = 0) const;
    /* Waits until it is there. What an only worker did before it came is queued then. */
    com_ptr<INamedPipeServerConnection> await_connection(LONG id) const;
    /* Waits until it has dropped. */
    void await_drop(LONG id) const;
    LONG broadcast(const char *text, const VARIANT &cookie = variant::missing());

    std::wstring path;
};

/* Starts the server; a client comes, says hello and goes, of all of which `log` is told. */
void expect_a_client_to_be_told(server_in_mode &server, const event_log &log);

/* Sends a text to the client. */
HRESULT write_text(INamedPipeServerConnection *connection, const wchar_t *text,
                   const VARIANT &cookie = variant::missing());

/* A thread of the MTA. */
background in_mta(std::function<void()> run);
/* A thread of an STA of its own, which pumps only where `run` does. */
background in_sta(std::function<void()> run);

/* An STA that pumps and lasts as long as the process: of one that ends after an interface of it was passed on, Wine
 * keeps two handles. With it there is always a stub of IDispatch: where the last one of the process goes, Wine 8 may
 * wait for ever for a call that has ended, on the STA's thread (server_in_mode.cpp says how). */
sta_thread &lasting_sta();

/* Until no window of ours is left that was not there before the test; what has to end on this thread ends there. */
bool pump_until_windows_are_gone();

/* What Windows makes once and keeps is made before anything is counted. */
struct first_use
{
    first_use();
};

/* Turns of lanes end by the number of events alone, not by what a slow machine took for them, while this is there. */
struct stopped_clock
{
    stopped_clock();
    ~stopped_clock();

    /* For what a sink may do for so many seconds. */
    void advance(unsigned seconds);
};

/* The ground of a test: COM on its thread, and nothing left at the end. */
class mode_test
{
  protected:
    stopped_clock clock;
    first_use first;
    com_leak_check leaks;
};

class test_in_sta : public mode_test
{
  protected:
    apartment sta{COINIT_APARTMENTTHREADED};
    struct at_the_end
    {
        ~at_the_end();
    } windows;
};

class test_in_mta : public mode_test
{
  protected:
    apartment mta{COINIT_MULTITHREADED};
};

/* The same in the MTA for what is not counted, since Wine itself keeps something: a stub for each call for a proxy
 * that a message filter has rejected, and handles of a thread that ends after an interface of its STA was passed
 * on. */
class uncounted_test_in_mta
{
  protected:
    first_use first;
    apartment mta{COINIT_MULTITHREADED};
};

#endif

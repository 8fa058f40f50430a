/* window_server.h: the ground of a test of the default mode: the test's own thread is an STA with a window, a server on
 * it with a sink, and clients. Events come only while the test pumps. */

#ifndef SUPPORT_COM_WINDOW_SERVER_H
#define SUPPORT_COM_WINDOW_SERVER_H

#include "support/com/server_in_mode.h"

#include <gtest/gtest.h>

constexpr HRESULT not_connected = static_cast<HRESULT>(NamedPipeErrorNotConnected);
constexpr HRESULT send_queue_full = static_cast<HRESULT>(NamedPipeErrorSendQueueFull);
constexpr HRESULT name_in_use = static_cast<HRESULT>(NamedPipeErrorNameInUse);

using server_connection_ptr = com_ptr<INamedPipeServerConnection>;
using lines = std::vector<std::string>;

/* What a property says; `get` is a member such as &INamedPipeServer::get_IsRunning. */
template <typename Interface, typename Value>
Value value_of(Interface *object, HRESULT (STDMETHODCALLTYPE Interface::*get)(Value *value))
{
    Value value = {};

    EXPECT_EQ((object->*get)(&value), S_OK);
    return value;
}

template <typename Interface, typename Value>
Value value_of(const com_ptr<Interface> &object, HRESULT (STDMETHODCALLTYPE Interface::*get)(Value *value))
{
    return value_of(object.get(), get);
}

std::wstring last_event_error(INamedPipeServer *server);
LONG id_of(const server_connection_ptr &connection);
bool is_connected(const server_connection_ptr &connection);
HRESULT write_bytes(INamedPipeServerConnection *connection, const message &m,
                    const VARIANT &cookie = variant::missing());

class window_server_test : public test_in_sta, public testing::Test
{
  protected:
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    server_in_mode server;
    raw_client client;
    server_connection_ptr c; /* the server's end of `client` */
    DWORD advised = 0;       /* the cookie of the sink that `listen` made */

    void TearDown() override; /* unadvises, then stops */

    /* A sink that writes `log` and then calls the handler. */
    void listen(event_handler handler = nullptr);
    /* A sink of the test's own; its cookie. */
    DWORD listen_bare(bare_handler handler, sink_nature nature = sink_nature::bound);
    void start();
    /* Starts where it is stopped, connects a client and waits until its event was told. */
    void connect(raw_client &another);
    void start_with_client();

    bool pump_for(NamedPipeEventKind kind, size_t many = 1, DWORD ms = event_patience);
    bool pump_until(std::function<bool()> done, DWORD ms = event_patience);
    /* Dispatches what waits now. */
    void pump();

    /* Of the client that came last. */
    server_connection_ptr newest();

  private:
    std::vector<DWORD> cookies; /* of all sinks that were made here */
};

/* A handler that sends each message back. */
event_handler echo();

#endif

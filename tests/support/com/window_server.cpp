#include "support/com/window_server.h"

std::wstring last_event_error(INamedPipeServer *server)
{
    bstr text;

    EXPECT_EQ(server->get_LastEventError(text.put()), S_OK);
    return text.str();
}

LONG id_of(const server_connection_ptr &connection)
{
    return value_of(connection, &INamedPipeServerConnection::get_ID);
}

bool is_connected(const server_connection_ptr &connection)
{
    return value_of(connection, &INamedPipeServerConnection::get_IsConnected) != VARIANT_FALSE;
}

HRESULT write_bytes(INamedPipeServerConnection *connection, const message &m, const VARIANT &cookie)
{
    return connection->AsyncWrite(variant(m), cookie);
}

/* What a handler has captured of its test is gone by now. */
void window_server_test::TearDown()
{
    if (!server.object)
        return;
    for (DWORD cookie : cookies)
        server.unadvise(cookie);
    server->put_EventSink(nullptr);
    EXPECT_EQ(server.stop(), S_OK);
}

void window_server_test::listen(event_handler handler)
{
    advised = server.advise(log, std::move(handler));
    cookies.push_back(advised);
}

DWORD window_server_test::listen_bare(bare_handler handler, sink_nature nature)
{
    cookies.push_back(server.advise(make_bare_sink(std::move(handler), nature).get()));
    return cookies.back();
}

void window_server_test::start()
{
    ASSERT_EQ(server.start(), S_OK);
}

void window_server_test::connect(raw_client &another)
{
    const size_t before = log->count(NamedPipeEventClientConnected);

    if (!server.is_running())
        start();
    ASSERT_EQ(another.connect(server.path), 0u);
    ASSERT_TRUE(pump_for(NamedPipeEventClientConnected, before + 1));
}

void window_server_test::start_with_client()
{
    if (!advised)
        listen();
    connect(client);
    ASSERT_FALSE(HasFatalFailure());
    c = newest();
    ASSERT_TRUE(c);
}

bool window_server_test::pump_for(NamedPipeEventKind kind, size_t many, DWORD ms)
{
    return log->pump_for(kind, many, ms);
}

bool window_server_test::pump_until(std::function<bool()> done, DWORD ms)
{
    return dispatch_until(done, ms);
}

void window_server_test::pump()
{
    dispatch_all();
}

server_connection_ptr window_server_test::newest()
{
    LONG id = 0;

    for (const told_event &event : log->events())
        id = event.kind == NamedPipeEventClientConnected ? event.connection : id;
    return server.connection(id);
}

event_handler echo()
{
    return [](const told_event &event, INamedPipeServerConnection *connection)
    {
        if (event.kind != NamedPipeEventClientMessageReceived)
            return;
        EXPECT_EQ(write_bytes(connection, message(event.text.begin(), event.text.end())), S_OK);
    };
}

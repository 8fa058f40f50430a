/* TraceFile and TraceData of servers and managers. */

#include "support/com/client_in_mode.h"
#include "support/com/trace_text.h"
#include "support/com/window_server.h"

extern "C" {
#include "com/trace_file.h"
}

#include <algorithm>

namespace
{

bool has(const lines &all, const std::string &event)
{
    return std::find(all.begin(), all.end(), event) != all.end();
}

std::wstring page_of(INamedPipeServer *server)
{
    bstr page;

    EXPECT_EQ(server->Diagnose(page.put()), S_OK);
    return page.str();
}

std::atomic<bool> disk_is_full;
decltype(trace_file_system.write_file) real_write;

BOOL WINAPI write_while_there_is_room(HANDLE file, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    if (!disk_is_full)
        return real_write(file, data, size, done, overlapped);
    SetLastError(ERROR_DISK_FULL);
    return FALSE;
}

class Tracing : public window_server_test
{
  protected:
    trace_path trace;
    client_in_mode manager;

    void SetUp() override
    {
        disk_is_full = false;
        real_write = trace_file_system.write_file;
        trace_file_system.write_file = write_while_there_is_room;
    }
    void TearDown() override
    {
        window_server_test::TearDown();
        trace_file_system.write_file = real_write;
    }

    HRESULT put_file(const std::wstring &path)
    {
        return server->put_TraceFile(bstr(path).get());
    }
    void echo_once()
    {
        start_with_client();
        client.write("hello");
        EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
        EXPECT_EQ(write_text(c.get(), L"answer"), S_OK);
        EXPECT_TRUE(pump_for(NamedPipeEventClientMessageSent));
    }
};

TEST_F(Tracing, IsOffAtFirst)
{
    bstr path;

    EXPECT_EQ(server->get_TraceFile(path.put()), S_OK);

    EXPECT_NE(path.get(), nullptr);
    EXPECT_EQ(path.str(), L"");
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_TraceData), VARIANT_FALSE);
    EXPECT_EQ(value_of(manager.object, &INamedPipeClientManager::get_TraceData), VARIANT_FALSE);
}

TEST_F(Tracing, ReadsWhatWasLastPut)
{
    bstr path;

    EXPECT_EQ(put_file(trace.path), S_OK);
    EXPECT_EQ(server->put_TraceData(1), S_OK);

    EXPECT_EQ(server->get_TraceFile(path.put()), S_OK);
    EXPECT_EQ(path.str(), trace.path);
    EXPECT_EQ(value_of(server.object, &INamedPipeServer::get_TraceData), VARIANT_TRUE);
}

TEST_F(Tracing, RefusesNullPointers)
{
    EXPECT_EQ(server->get_TraceFile(nullptr), E_POINTER);
    EXPECT_EQ(server->get_TraceData(nullptr), E_POINTER);
    EXPECT_EQ(manager->get_TraceFile(nullptr), E_POINTER);
    EXPECT_EQ(manager->Diagnose(nullptr), E_POINTER);
    EXPECT_EQ(server->put_TraceFile(nullptr), S_OK) << "no text is an empty one";
}

TEST_F(Tracing, HasALineForEachEventOfAServer)
{
    ASSERT_EQ(put_file(trace.path), S_OK);

    echo_once();
    client.close();
    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    server.stop();

    lines all = trace.events();
    for (const char *event :
         {"started", "ready", "raised ServerReady", "returned ServerReady", "raised ClientConnected", "received 5",
          "raised ClientMessageReceived", "write 6", "sent 6", "raised ClientMessageSent",
          "disconnected the other end has left", "raised ClientDisconnected", "stop", "stopped"})
        EXPECT_TRUE(has(all, event)) << event;
}

TEST_F(Tracing, HasTimeProcessThreadObjectAndConnection)
{
    ASSERT_EQ(put_file(trace.path), S_OK);

    echo_once();

    lines all = trace.lines();
    auto received = std::find_if(
        all.begin(), all.end(), [](const std::string &line) { return line.find("\treceived\t") != std::string::npos; });
    ASSERT_NE(received, all.end());
    EXPECT_EQ(std::count(received->begin(), received->end(), '\t'), 8);
    EXPECT_EQ((*received)[4], '-');
    EXPECT_EQ((*received)[19], '.') << *received;
    EXPECT_NE(received->find("\t" + std::to_string(GetCurrentProcessId()) + "\t"), std::string::npos);
    EXPECT_NE(received->find("\t1\treceived\t5\t\t"), std::string::npos) << *received;
}

TEST_F(Tracing, NeverShowsAMessageUnlessAsked)
{
    ASSERT_EQ(put_file(trace.path), S_OK);

    echo_once();

    EXPECT_EQ(trace.content().find("hello"), std::string::npos);
    EXPECT_EQ(trace.content().find("answer"), std::string::npos);
}

TEST_F(Tracing, ShowsTheBeginningsOfMessagesWhereAsked)
{
    ASSERT_EQ(put_file(trace.path), S_OK);
    ASSERT_EQ(server->put_TraceData(VARIANT_TRUE), S_OK);

    echo_once();

    EXPECT_TRUE(has(trace.events(), "received 5 \"hello\""));
    EXPECT_TRUE(has(trace.events(), "write 6 \"answer\""));
}

TEST_F(Tracing, BeginsAndEndsWhileTheServerRuns)
{
    start_with_client();

    ASSERT_EQ(put_file(trace.path), S_OK);
    client.write("one");
    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    ASSERT_EQ(put_file(L""), S_OK);
    client.write("longer");
    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));

    EXPECT_TRUE(has(trace.events(), "received 3"));
    EXPECT_FALSE(has(trace.events(), "received 6"));
}

TEST_F(Tracing, OfAManagerTellsOfItsConnectionsAndCalls)
{
    ASSERT_EQ(manager->put_TraceFile(bstr(trace.path).get()), S_OK);
    start();
    client_ptr connection = manager.connect(server.path);
    EXPECT_TRUE(pump_until([&] { return is_connected(connection); }));

    write_text(connection, L"hello");
    connection->AsyncClose(VARIANT_FALSE);
    EXPECT_TRUE(pump_until([&] { return trace.count("disconnected") == 1; }));
    EXPECT_EQ(manager.call_name(L"NoSuchPipe", L"x"), "(0x800A0035)");

    lines all = trace.events();
    std::string path = "\\\\.\\pipe\\";
    for (const char *event : {"write 5", "close", "disconnected by AsyncClose", "write 1", "call failed 2"})
        EXPECT_TRUE(has(all, event)) << event;
    EXPECT_TRUE(has(all, "call " + path + "NoSuchPipe"));
    EXPECT_EQ(trace.count("dial"), 1u);
    EXPECT_EQ(trace.count("connected"), 1u);
}

TEST_F(Tracing, OfTwoObjectsMayGoIntoOneFile)
{
    ASSERT_EQ(put_file(trace.path), S_OK);
    ASSERT_EQ(manager->put_TraceFile(bstr(trace.path).get()), S_OK);

    EXPECT_EQ(trace.count("trace"), 2u);
}

TEST_F(Tracing, TellsOfAHandlerThatFails)
{
    ASSERT_EQ(put_file(trace.path), S_OK);
    listen_bare([](bare_call &) { return E_ACCESSDENIED; });

    start();
    EXPECT_TRUE(pump_until([&] { return trace.count("handler failed") > 0; }));

    EXPECT_TRUE(has(trace.events(), "returned 0x80070005 ServerReady"));
}

TEST_F(Tracing, IntoAFileThatCannotBeWrittenIsASentence)
{
    std::wstring path = trace.path + L"\\missing\\x";

    EXPECT_EQ(put_file(path), S_OK);
    echo_once();

    bstr kept;
    EXPECT_EQ(server->get_TraceFile(kept.put()), S_OK);
    EXPECT_EQ(kept.str(), path);
    EXPECT_NE(page_of(server.object.get()).find(L"The trace \"" + path + L"\" cannot be opened"), std::wstring::npos);
}

TEST_F(Tracing, EndsWithASentenceWhereTheDiskIsFullAndHarmsNothing)
{
    ASSERT_EQ(put_file(trace.path), S_OK);
    start_with_client();

    disk_is_full = true;
    client.write("hello");
    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_EQ(write_text(c.get(), L"answer"), S_OK);
    EXPECT_EQ(client.read(), message_of("answer"));

    std::wstring page = page_of(server.object.get());
    EXPECT_NE(page.find(L"\" cannot be written any more, and has ended; make room"), std::wstring::npos) << page;
    EXPECT_NE(page.find(L", which is not written"), std::wstring::npos);
    disk_is_full = false;
    EXPECT_EQ(put_file(trace.path), S_OK);
    EXPECT_EQ(page_of(server.object.get()).find(L", which is not written"), std::wstring::npos);
}

TEST_F(Tracing, MayBePutByEachHandler)
{
    trace_path second;
    ASSERT_EQ(put_file(trace.path), S_OK);
    listen([&](const told_event &, INamedPipeServerConnection *) { EXPECT_EQ(put_file(second.path), S_OK); });

    start();
    EXPECT_TRUE(pump_for(NamedPipeEventServerReady));

    EXPECT_TRUE(has(trace.events(), "raised ServerReady"));
    EXPECT_TRUE(has(second.events(), "returned ServerReady"));
}

TEST_F(Tracing, MayBePutWhileOthersWriteIt)
{
    trace_path second;
    server_in_mode busy(event_mode::free_threaded, 2);
    ASSERT_EQ(busy->put_TraceFile(bstr(trace.path).get()), S_OK);
    ASSERT_EQ(busy.start(), S_OK);
    raw_client one = busy.connect();
    std::atomic<bool> ends{false};

    {
        background writer(
            [&]
            {
                while (!ends)
                    one.write("x");
            });
        for (int i = 0; i < 200; i++)
            EXPECT_EQ(busy->put_TraceFile(bstr(i % 2 ? trace.path : second.path).get()), S_OK);
        ends = true;
    }

    busy.stop();
    for (const std::string &line : second.lines())
        EXPECT_EQ(std::count(line.begin(), line.end(), '\t'), 8) << line;
}

} // namespace

/* The page of Diagnose: that it is given in every state, and what it says. */

#include "support/com/client_in_mode.h"
#include "support/com/flood.h"
#include "support/com/vba6.h"
#include "support/com/window_server.h"
#include "support/pipe/seams.h"

extern "C" {
#include "base/win32.h"
}

#include <atomic>
#include <memory>

namespace
{

std::atomic<LONG> countdown; /* the request for memory that brings it to 0 is refused */
decltype(win32.allocate) real_allocate;

template <typename Interface> std::wstring page_of(Interface *object)
{
    bstr page;

    EXPECT_EQ(object->Diagnose(page.put()), S_OK);
    return page.str();
}

/* What stands below "What looks wrong". */
template <typename Interface> std::wstring findings_of(Interface *object)
{
    std::wstring page = page_of(object);
    size_t begin = page.find(L"What looks wrong"), end = page.find(L"Where it runs");

    return begin == std::wstring::npos || end == std::wstring::npos ? page : page.substr(begin, end - begin);
}

bool contains(const std::wstring &text, const std::wstring &part)
{
    return text.find(part) != std::wstring::npos;
}

#define EXPECT_SAYS(text, part) EXPECT_PRED2(contains, text, std::wstring(part))
#define EXPECT_DOES_NOT_SAY(text, part) EXPECT_FALSE(contains(text, part)) << part

class Diagnose : public window_server_test
{
  protected:
    client_in_mode manager;

    std::wstring page()
    {
        return page_of(server.object.get());
    }
    std::wstring findings()
    {
        return findings_of(server.object.get());
    }
};

TEST_F(Diagnose, RefusesANullPointer)
{
    EXPECT_EQ(server->Diagnose(nullptr), E_POINTER);
}

TEST_F(Diagnose, TellsWhereItRuns)
{
    std::wstring text = page();

    EXPECT_SAYS(text, L"NamedPipeServer 1.0.0 " + std::wstring(sizeof(void *) == 8 ? L"x64" : L"x86"));
    EXPECT_SAYS(text, L"  Library: ");
    EXPECT_SAYS(text, L"com_tests.exe");
    EXPECT_SAYS(text, L"  Process: " + std::to_wstring(GetCurrentProcessId()));
    EXPECT_SAYS(text, L"  Object made on thread: " + std::to_wstring(GetCurrentThreadId()) +
                          L", a single-threaded apartment");
    EXPECT_SAYS(text, L"  Raised: on thread " + std::to_wstring(GetCurrentThreadId()));
    EXPECT_SAYS(text, L"  Break mode: no Basic with a debugger is loaded");
}

TEST_F(Diagnose, TellsTheSettingsAndTheSecurityInWords)
{
    server->put_ListenBacklog(9);
    server->put_Framing(NamedPipeFramingLines);
    server->put_Security(NamedPipeSecurityEveryone);
    server->put_AllowRemoteClients(VARIANT_TRUE);

    std::wstring text = page();

    EXPECT_SAYS(text, L"  ListenBacklog: 9 (was set)\r\n");
    EXPECT_SAYS(text, L"  MaxConnections: 0\r\n");
    EXPECT_SAYS(text, L"  Framing: NamedPipeFramingLines (1)\r\n");
    EXPECT_SAYS(text, L"  Who may open the pipe: everybody (Security 2), of every computer\r\n");
    EXPECT_DOES_NOT_SAY(text, L"  ReconnectMs: ");
    EXPECT_DOES_NOT_SAY(page_of(manager.object.get()), L"  ListenBacklog: ");
}

TEST_F(Diagnose, TellsADescriptorAsItWasPut)
{
    server->put_SecurityDescriptor(bstr(L"D:(A;;FA;;;OW)").get());

    EXPECT_SAYS(page(), L"by SecurityDescriptor: D:(A;;FA;;;OW); of this computer alone");
}

TEST_F(Diagnose, BeforeStartSaysThatItIsNotStarted)
{
    EXPECT_SAYS(findings(), L"The server is not started");
    EXPECT_SAYS(page(), L"  Running: no\r\n");
}

TEST_F(Diagnose, OfARunningServerInOrderFindsNothing)
{
    listen();
    start_with_client();

    EXPECT_SAYS(findings(), L"  - Nothing.\r\n");
    EXPECT_SAYS(page(), L"  Connections: 1 open, 0 opening, 0 ending\r\n");
}

TEST_F(Diagnose, CountsWhatWasCarried)
{
    listen();
    start_with_client();
    client.write("hello");
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    std::wstring text = page();

    EXPECT_SAYS(text, L"  Received: 1 messages, 5 bytes\r\n");
    EXPECT_SAYS(text, L"  - 1: open, error 0, process " + std::to_wstring(GetCurrentProcessId()) +
                          L", received 1 messages (5 bytes), sent 0 (0), to be sent 0 bytes\r\n");
}

TEST_F(Diagnose, NeverShowsAMessage)
{
    listen();
    start_with_client();
    client.write("a secret");
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    client.write("another secret"); /* which waits */
    write_text(c.get(), L"my secret");

    EXPECT_DOES_NOT_SAY(page(), L"secret");
}

TEST_F(Diagnose, AfterStopTellsWhatTheLastRunCarried)
{
    listen();
    start_with_client();
    server.stop();

    EXPECT_SAYS(page(), L"  Clients since Start: 1\r\n");
    EXPECT_SAYS(findings(), L"not started");
}

TEST_F(Diagnose, OfAManagerWithoutConnectionsIsGiven)
{
    std::wstring text = page_of(manager.object.get());

    EXPECT_SAYS(text, L": manager ");
    EXPECT_SAYS(text, L"  - Nothing.\r\n");
    EXPECT_SAYS(text, L"  Running: no\r\n");
}

TEST_F(Diagnose, OfAManagerTellsItsConnections)
{
    listen();
    start();
    client_ptr open = manager.connect(server.path), opening = manager.connect(server.path + L".missing");
    ASSERT_TRUE(pump_until([&] { return is_connected(open); }));

    std::wstring text = page_of(manager.object.get()), name = name_in(server.path);

    EXPECT_SAYS(text, L"  - 1, " + name + L": open, ");
    EXPECT_SAYS(text, L"  - 2, " + name + L".missing: opening, ");
    EXPECT_SAYS(text, L"sent 0 (0), to be sent 0 bytes, no handler\r\n");
}

TEST_F(Diagnose, TellsAtMost20Connections)
{
    std::vector<client_ptr> many;

    for (int i = 0; i < 25; i++)
        many.push_back(manager.connect(server.path + L".missing"));

    std::wstring text = page_of(manager.object.get());
    EXPECT_SAYS(text, L"The newest connections\r\n  - 25, ");
    EXPECT_SAYS(text, L"  - 6, ");
    EXPECT_DOES_NOT_SAY(text, L"  - 5, ");
}

/* ---- in every state ---- */

TEST_F(Diagnose, IsGivenInsideAHandler)
{
    std::wstring inside;

    listen(when(NamedPipeEventClientConnected, [&] { inside = page(); }));
    start_with_client();

    EXPECT_SAYS(inside, L"  Running: yes\r\n");
    EXPECT_SAYS(inside, L"  Handlers that run: 1, one of them on thread " + std::to_wstring(GetCurrentThreadId()));
}

TEST_F(Diagnose, IsGivenInsideAHandlerOnAWorker)
{
    server_in_mode free(event_mode::free_threaded);
    auto free_log = std::make_shared<event_log>();
    std::wstring inside;
    DWORD cookie = free.advise(free_log, when(NamedPipeEventServerReady, [&] { inside = page_of(free.object.get()); }),
                               sink_nature::agile);

    ASSERT_EQ(free.start(), S_OK);
    ASSERT_TRUE(free_log->wait_for(NamedPipeEventServerReady));
    free.stop();

    EXPECT_SAYS(inside, L"  Raised: on worker threads (FreeThreadingEvents)\r\n");
    EXPECT_SAYS(inside, L"may be called on every thread");
    free.unadvise(cookie);
}

TEST_F(Diagnose, IsGivenToAnotherThreadWhileAStopWaitsForAHandler)
{
    server_in_mode free(event_mode::free_threaded);
    auto free_log = std::make_shared<event_log>();
    blocking_point inside;
    std::wstring meanwhile;
    DWORD cookie = free.advise(free_log, when(NamedPipeEventServerReady, [&] { inside.block(); }), sink_nature::agile);
    ASSERT_EQ(free.start(), S_OK);
    ASSERT_TRUE(inside.wait_until_blocked());

    {
        background stopper = in_mta([&] { EXPECT_EQ(free.stop(), S_OK); });
        DWORD began = GetTickCount();
        background asker = in_mta([&] { meanwhile = page_of(free.object.get()); });
        EXPECT_TRUE(asker.join(event_patience));
        EXPECT_LT(GetTickCount() - began, 4000u) << "it waits for no Stop";
        inside.unblock();
    }

    EXPECT_SAYS(meanwhile, L"  Handlers that run: 1");
    free.unadvise(cookie);
}

TEST_F(Diagnose, IsGivenWhileServersStartAndStop)
{
    server_in_mode free(event_mode::free_threaded, 2);
    std::atomic<bool> ends{false};

    {
        background asker = in_mta(
            [&]
            {
                while (!ends)
                    EXPECT_SAYS(page_of(free.object.get()), L"What looks wrong");
            });
        for (int i = 0; i < 20; i++)
        {
            EXPECT_EQ(free.start(), S_OK);
            raw_client one = free.connect();
            one.write("hello");
            EXPECT_EQ(free.stop(), S_OK);
        }
        ends = true;
    }
}

TEST_F(Diagnose, IsGivenInTheMta)
{
    in_mta(
        []
        {
            server_in_mode mta;
            EXPECT_SAYS(page_of(mta.object.get()), L"  Raised: on threads inside ManualMessageLoopEnter or WaitEvent");
            EXPECT_EQ(mta.start(), S_OK);
            EXPECT_SAYS(page_of(mta.object.get()), L"in the multithreaded apartment");
            mta.stop();
        });
}

TEST_F(Diagnose, IsAWholePageOrErrorSevenWhereMemoryIsShort)
{
    HRESULT hr = S_OK;
    listen();
    start_with_client();
    real_allocate = win32.allocate;
    win32.allocate = [](size_t size) { return --countdown == 0 ? nullptr : real_allocate(size); };

    for (LONG nth = 1; nth < 200; nth++)
    {
        bstr text;
        countdown = nth;
        hr = server->Diagnose(text.put());
        EXPECT_TRUE(hr == E_OUTOFMEMORY ? !text.get() : hr == S_OK && contains(text.str(), L"The last errors")) << nth;
        if (countdown > 0)
            break;
    }

    win32.allocate = real_allocate;
    EXPECT_EQ(hr, S_OK);
}

TEST_F(Diagnose, ByNameIsAMethodWithoutArguments)
{
    com_ptr<IDispatch> late = com_ptr<INamedPipeServer>(server.object).as<IDispatch>(IID_IDispatch);
    DISPPARAMS none = {};
    variant page;

    ASSERT_EQ(late->Invoke(60, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &none, &page, nullptr, nullptr), S_OK);

    ASSERT_EQ(V_VT(&page), VT_BSTR);
    EXPECT_SAYS(V_BSTR(&page), L"What looks wrong");
}

/* ---- what looks wrong ---- */

TEST_F(Diagnose, FindsAStartThatFailed)
{
    server->put_NumThreadsIOCP(99);
    EXPECT_NE(server.start(), S_OK);

    EXPECT_SAYS(findings(), L"Start has failed: NumThreadsIOCP is 99;");
    EXPECT_SAYS(findings(), L"NumThreadsIOCP is 99, which Start will refuse. Give 1 to 64.");
    server->put_NumThreadsIOCP(1);
    EXPECT_EQ(server.start(), S_OK);
    EXPECT_DOES_NOT_SAY(findings(), L"Start has failed");
}

TEST_F(Diagnose, FindsThatNobodyReceivesTheEvents)
{
    start();

    EXPECT_SAYS(findings(), L"Nobody receives the events");
    server.next(0);
    EXPECT_DOES_NOT_SAY(findings(), L"Nobody receives the events");
}

TEST_F(Diagnose, FindsAThreadThatDoesNotDispatch)
{
    listen();
    start();
    pump();
    raw_client one = server.connect(); /* an event waits; this thread sleeps */

    Sleep(2500);

    EXPECT_SAYS(findings(), L"has not dispatched messages for 2");
    pump();
    EXPECT_DOES_NOT_SAY(findings(), L"has not dispatched");
}

TEST_F(Diagnose, FindsThatNoThreadWaitsInTheMta)
{
    in_mta(
        []
        {
            server_in_mode mta;
            auto mta_log = std::make_shared<event_log>();
            DWORD cookie = mta.advise(mta_log);
            EXPECT_EQ(mta.start(), S_OK);
            raw_client one = mta.connect();
            mta.await_connection(1);

            EXPECT_SAYS(findings_of(mta.object.get()), L"no thread is inside WaitEvent or ManualMessageLoopEnter");
            mta.stop();
            mta.unadvise(cookie);
        });
}

TEST_F(Diagnose, FindsWorkersThatAreAllInHandlers)
{
    server_in_mode free(event_mode::free_threaded);
    auto free_log = std::make_shared<event_log>();
    blocking_point inside;
    DWORD cookie =
        free.advise(free_log, when(NamedPipeEventClientMessageReceived, [&] { inside.block(); }), sink_nature::agile);
    ASSERT_EQ(free.start(), S_OK);
    raw_client one = free.connect();
    one.write("first");
    ASSERT_TRUE(inside.wait_until_blocked());
    free.broadcast("to be sent"); /* its event waits for the handler */

    std::wstring text = findings_of(free.object.get());

    EXPECT_SAYS(text, L"As many handlers run as there are worker threads (1), and ");
    inside.unblock();
    free.stop();
    free.unadvise(cookie);
}

TEST_F(Diagnose, FindsConnectionsThatNobodyReads)
{
    listen();
    server->put_ContinuouslyReadFromPipe(VARIANT_FALSE);
    start_with_client();

    EXPECT_SAYS(findings(), L"On 1 connections nothing is read: ContinuouslyReadFromPipe is False");
    EXPECT_EQ(c->AsyncRead(variant::missing()), S_OK);
    EXPECT_DOES_NOT_SAY(findings(), L"nothing is read");
}

TEST_F(Diagnose, FindsAFrameWhoseEndDoesNotCome)
{
    listen();
    server->put_Framing(NamedPipeFramingLines);
    start_with_client();
    client.write("no line end");

    EXPECT_TRUE(pump_until([&] { return contains(findings(), L"On 1 connections bytes have come, and no whole"); }));
    client.write("\n");
    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_DOES_NOT_SAY(findings(), L"no whole message");
}

TEST_F(Diagnose, FindsEventsOfAConnectionThatNobodyReceives)
{
    start();
    client_ptr connection = manager.connect(server.path);
    ASSERT_TRUE(pump_until([&] { return is_connected(connection); }));

    EXPECT_SAYS(findings_of(manager.object.get()), L"1 events of connections wait, and nobody receives them");
    manager.next(0);
    EXPECT_DOES_NOT_SAY(findings_of(manager.object.get()), L"nobody receives");
}

TEST_F(Diagnose, FindsAPause)
{
    listen();
    start_with_client();

    flood_server(server.object.get(), 0, 131074);

    EXPECT_SAYS(findings(), L"More than 131072 events wait, so nothing is read and no client is let in");
    EXPECT_SAYS(page(), L"and on all since too many events wait\r\n");
}

TEST_F(Diagnose, TellsWhyAConnectionHasEnded)
{
    server->put_Framing(NamedPipeFramingLength);
    manager->put_Framing(NamedPipeFramingPipe);
    listen();
    start_with_client();
    client.write("hello"); /* whose first four bytes are a length of 1.8 GB */

    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_SAYS(page(), L"  - 1: a message was too long, error -2147220987, ");
    EXPECT_SAYS(page(), L", connection 1: ClientError: -2147220987 (0x80040205): ");
}

TEST_F(Diagnose, TellsOfAFrameThatWasWrong)
{
    server->put_Framing(NamedPipeFramingHeader);
    listen();
    start_with_client();
    client.write("hello\n\n");

    EXPECT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_SAYS(page(), L"  - 1: a frame was wrong, error -2147220986, ");
    EXPECT_SAYS(page(), L", connection 1: ClientError: -2147220986 (0x80040206): ");
}

TEST_F(Diagnose, TellsOfACallThatWasGivenUp)
{
    listen();
    start();
    client_ptr connection = manager.connect(server.path);
    bstr answer;

    EXPECT_EQ(connection->CallText(bstr(L"hello").get(), 200, 65001, answer.put()),
              static_cast<HRESULT>(NamedPipeErrorTimedOut));

    EXPECT_TRUE(pump_until([&] { return contains(page_of(manager.object.get()), L": a Call was given up, "); }));
    EXPECT_SAYS(page(), L" NamedPipeClientConnection.CallText: -2147220988 (0x80040204): ");
}

TEST_F(Diagnose, TellsOfAConnectionThatIsOnlyAsked)
{
    listen(echo());
    start();
    client_ptr connection = manager.connect(server.path);
    bstr answer;

    ASSERT_EQ(connection->CallText(bstr(L"hello").get(), 15000, 65001, answer.put()), S_OK);

    EXPECT_SAYS(page_of(manager.object.get()), L", is used by Call alone\r\n");
}

TEST_F(Diagnose, TellsOfAWriteAfterTheEnd)
{
    listen();
    start_with_client();
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    EXPECT_EQ(write_text(c.get(), L"too late"), not_connected);

    EXPECT_SAYS(page(), L" NamedPipeServerConnection.AsyncWriteText: -2147220991 (0x80040201): ");
    EXPECT_SAYS(page(), L"  - 1: the other end has left, ");
}

TEST_F(Diagnose, SaysThatTheNameIsInUse)
{
    seams system;
    const std::wstring name = name_in(server.path);
    system.create_named_pipe = [] { return DWORD{ERROR_ACCESS_DENIED}; };
    system.list_pipes = [&] { return std::vector<std::wstring>{name}; };

    EXPECT_EQ(server.start(), name_in_use);

    EXPECT_SAYS(findings(), L"Start has failed: Another server owns a pipe of this name");
}

TEST_F(Diagnose, FindsAFullServer)
{
    listen();
    server->put_MaxConnections(1);
    start_with_client();

    EXPECT_SAYS(findings(), L"MaxConnections (1) clients are there");
}

TEST_F(Diagnose, FindsAConnectionWhoseEventsHaveReachedTheLimit)
{
    listen();
    server->put_ReceiveQueueLimit(1000);
    start_with_client();
    for (int i = 0; i < 8; i++)
        client.write(message_of(400, 1));

    EXPECT_TRUE(c);
    for (int i = 0; i < 1000 && !contains(findings(), L"have reached ReceiveQueueLimit"); i++)
        Sleep(10); /* nothing is pumped, so that the events wait */
    EXPECT_SAYS(findings(), L"On 1 connections nothing is read, since their waiting events have reached");
}

TEST_F(Diagnose, FindsAnOtherEndThatDoesNotRead)
{
    listen();
    server->put_SendQueueLimit(1000000);
    start_with_client();

    EXPECT_EQ(write_bytes(c.get(), message_of(800000, 1)), S_OK);

    EXPECT_SAYS(findings(), L"800000 bytes wait to be sent, on 1 connections");
}

TEST_F(Diagnose, FindsAHandlerThatFailed)
{
    listen_bare([](bare_call &call) { return call.event == NamedPipeEventServerReady ? E_ACCESSDENIED : S_OK; });
    start();
    EXPECT_TRUE(pump_until([&] { return contains(findings(), L"A handler has failed"); }));

    EXPECT_SAYS(findings(), L"the last time ServerReady: 0x80070005");
    EXPECT_SAYS(page(), L": handler of ServerReady: ");
}

TEST_F(Diagnose, NamesTheModuleForWhichHandlersAreCalledOnTheirOwnThread)
{
    hosted_vba6 vba6;
    listen();

    EXPECT_SAYS(page(), L"  Handler of events: is called on its own thread " + std::to_wstring(GetCurrentThreadId()) +
                            L" alone, because of vba6.dll\r\n");
    EXPECT_SAYS(page(), L"  Break mode: vba6.dll is loaded: while its debugger has stopped the code, events wait");
}

TEST_F(Diagnose, FindsAServerThatCannotListenAnyMore)
{
    seams system;
    listen();
    start();
    pump();
    system.create_named_pipe = [] { return DWORD{ERROR_ACCESS_DENIED}; };
    raw_client one = server.connect();

    EXPECT_TRUE(pump_for(NamedPipeEventServerError));
    EXPECT_SAYS(findings(), L"No further client can come for now");
    EXPECT_SAYS(page(), L": ServerError: ");
    system.create_named_pipe = nullptr;
    server.stop();
}

TEST_F(Diagnose, TellsOfMembersThatFailedWithTheirSentence)
{
    listen();
    start_with_client();

    EXPECT_NE(c->AsyncWrite(variant::of_type(VT_NULL), variant::missing()), S_OK);

    EXPECT_SAYS(page(), L" NamedPipeServerConnection.AsyncWrite: -2147352571 (0x80020005): Data is no bytes;");
    EXPECT_EQ(manager.call_name(L"NoSuchPipe", L"x"), "(0x800A0035)");
    EXPECT_SAYS(page(), L" NamedPipeClientManager.CallText: -2146828235 (0x800A0035): There is no such pipe;");
}

TEST_F(Diagnose, LeavesTheSentenceOfAnEarlierFailureToNobody)
{
    server->put_NumThreadsIOCP(99);
    EXPECT_NE(server.start(), S_OK);

    std::wstring text = page();

    EXPECT_SAYS(text, L" NamedPipeServer.Start: -2146828283 (0x800A0005): NumThreadsIOCP is 99;");
}

/* At each point of a Connect where memory is asked for, another thread looks. Where a lock is held there, that thread
 * has to wait. */
constexpr DWORD look_ms = 200;
std::function<void()> look;
std::unique_ptr<background> looker;
DWORD connecting_thread;
int allocations_until_look;

void *looking_allocate(size_t size)
{
    if (GetCurrentThreadId() == connecting_thread && allocations_until_look-- == 0)
    {
        auto looked = std::make_shared<latch>();
        looker = std::make_unique<background>(
            [looked]
            {
                look();
                looked->set();
            });
        looked->wait(look_ms);
    }
    return real_allocate(size);
}

TEST_F(Diagnose, OnAnotherThreadFindsNoConnectionThatIsBeingMade)
{
    INamedPipeClientManager *m = manager.object.get();

    look = [m]
    {
        bstr page;
        EXPECT_EQ(m->Diagnose(page.put()), S_OK);
    };
    real_allocate = win32.allocate;
    connecting_thread = GetCurrentThreadId();
    for (int i = 0; i < 6; i++)
    {
        allocations_until_look = i;
        win32.allocate = looking_allocate;
        client_ptr c = manager.connect(L"nobody.makes.this.pipe");
        win32.allocate = real_allocate;
        looker.reset();
        EXPECT_LT(allocations_until_look, 0) << "there are fewer allocations";
    }
    look = nullptr;
}

} // namespace

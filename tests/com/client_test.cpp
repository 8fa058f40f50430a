/* Clients of ours, in every way in which events are raised, against a server of anybody's. */

#include "support/com/client_in_mode.h"
#include "support/com/consumer_object.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/scripted_peer.h"
#include "support/pipe/seams.h"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{

constexpr size_t MIB = 1024 * 1024;

class client_test
{
  protected:
    std::wstring path = unique_pipe_path();
    std::shared_ptr<event_log> log = std::make_shared<event_log>();

    /* Dispatches until the log has as many of this kind. */
    bool pump_for(NamedPipeEventKind kind, size_t many = 1)
    {
        return log->pump_for(kind, many);
    }
};

/* ---- by WaitEvent, on an STA ---- */

class Client : public testing::Test, public test_in_sta, public client_test
{
  protected:
    client_in_mode manager;
    client_ptr client;

    /* Connected, and told so. */
    client_ptr connect_another(raw_server &server)
    {
        client_ptr made = manager.connect(path);

        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(manager.next(), "connected");
        return made;
    }
    void connect_to(raw_server &server)
    {
        client = connect_another(server);
    }

    /* Then any thread may wait for events, and else that of the manager alone. */
    bool is_free_threaded()
    {
        HRESULT hr = E_FAIL;

        in_mta(
            [&]
            {
                com_ptr<INamedPipeEvent> event;
                hr = manager->WaitEvent(0, event.put());
            })
            .join();
        return SUCCEEDED(hr);
    }
};

TEST_F(Client, TalksToAServerInMessages)
{
    raw_server server(path);

    connect_to(server);
    EXPECT_TRUE(is_connected(client));
    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(write_text(client, L"ask"), S_OK);
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(server.read_text(), "ask");
    server.write("answer");
    EXPECT_EQ(manager.next(), "message answer");
    server.close();
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(reason_of(client), NamedPipeReasonServerClosed);
    EXPECT_FALSE(is_connected(client));
    EXPECT_EQ(manager.next(0), "nothing");
}

TEST_F(Client, TellsWhereItIsConnectedTo)
{
    raw_server server(path);
    bstr name, computer;

    connect_to(server);
    EXPECT_EQ(client->get_PipeName(name.put()), S_OK);
    EXPECT_EQ(client->get_ServerName(computer.put()), S_OK);
    EXPECT_EQ(name.str(), name_in(path));
    EXPECT_EQ(computer.str(), L".");
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_ServerProcessId), LONG(GetCurrentProcessId()));
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessageMode), VARIANT_TRUE);
    EXPECT_NE(value_of(client, &INamedPipeClientConnection::get_Handle), 0);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_LastError), 0);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_PendingSendBytes), 0.0);
}

TEST_F(Client, IsTheConnectionOfItsEvents)
{
    raw_server server(path);
    com_ptr<IDispatch> about;

    client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);
    com_ptr<INamedPipeEvent> event = manager.wait_event();
    ASSERT_TRUE(event);
    event->get_Connection(about.put());
    EXPECT_EQ(about.get(), client.as<IDispatch>(IID_IDispatch).get());
}

TEST_F(Client, CarriesACookieWithEachMessage)
{
    raw_server server(path);
    variant cookie;

    connect_to(server);
    EXPECT_EQ(write_text(client, L"x", variant(7)), S_OK);
    com_ptr<INamedPipeEvent> sent = manager.wait_event();
    ASSERT_TRUE(sent);
    sent->get_Cookie(&cookie);
    EXPECT_EQ(V_I4(&cookie), 7);
}

TEST_F(Client, AConnectThatFailsIsOneErrorAndNothingElse)
{
    bstr description;
    LONG number = 0;

    client = manager.connect(path, 50);
    EXPECT_TRUE(is_opening(client));
    com_ptr<INamedPipeEvent> failed = manager.wait_event();
    ASSERT_TRUE(failed);
    EXPECT_EQ(str_of(failed.get()), "error");
    EXPECT_EQ(write_text(client, L"x"), not_connected) << "what counts is what was told";
    failed->get_Number(&number);
    failed->get_Description(description.put());
    EXPECT_EQ(number, ERROR_FILE_NOT_FOUND);
    EXPECT_THAT(description.str(), HasSubstr(L"no such pipe"));
    EXPECT_EQ(manager.next(200), "nothing");
    EXPECT_EQ(reason_of(client), NamedPipeReasonConnectFailed);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_LastError), ERROR_FILE_NOT_FOUND);
    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(write_text(client, L"x"), not_connected);
}

TEST_F(Client, ABusyPipeThatStaysBusyTimesOut)
{
    raw_server server(path);
    raw_client other(path);
    LONG number = 0;
    bstr description;

    ASSERT_EQ(server.accept(), 0u);
    client = manager.connect(path, 100);
    com_ptr<INamedPipeEvent> failed = manager.wait_event();
    ASSERT_TRUE(failed);
    failed->get_Number(&number);
    failed->get_Description(description.put());
    EXPECT_EQ(number, LONG(NamedPipeErrorTimedOut));
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_LastError), LONG(NamedPipeErrorTimedOut));
    EXPECT_THAT(description.str(), HasSubstr(L"instances of the pipe are busy"));
}

TEST_F(Client, ImpossibleNamesAreErrorFive)
{
    std::wstring longest(248, L'x');

    for (const wchar_t *name : {L"", L"/leading", L"\\leading", L"\\\\.\\pipe\\\\x", L"\\\\.\\pipe\\",
                                L"..\\C:\\victim.txt", L"../x", L"a/../b", L"x.", L"x ", L"a\\\\b", longest.c_str()})
    {
        EXPECT_EQ(manager.try_connect(name), vb_error(5)) << name;
        EXPECT_EQ(manager.call_name(name, L"x"), "(0x800A0005)") << name;
    }
    EXPECT_EQ(manager.try_connect(L"\\x"), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"PipeName \"\\x\" cannot be"));
    for (const wchar_t *computer : {L"\\\\server", L"a\\b", L"a/b", L"?", L".."})
        EXPECT_EQ(manager.try_connect(L"x", computer), vb_error(5)) << computer;
    EXPECT_EQ(manager.try_connect(L"x", L"a\\b"), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"ServerName \"a\\b\" cannot be"));
    EXPECT_EQ(manager.try_connect(L"x", L".", -2), vb_error(5));
    EXPECT_EQ(manager.next(0), "nothing");
}

TEST_F(Client, ANameThatLeavesThePipesOpensNothing)
{
    SAFEARRAY *answer = nullptr;
    std::vector<std::wstring> opened;
    seams system;

    system.create_file = [&](const WCHAR *name, DWORD, DWORD)
    {
        opened.push_back(name);
        return ERROR_FILE_NOT_FOUND;
    };
    EXPECT_EQ(manager.try_connect(L"..\\C:\\victim.txt"), vb_error(5));
    EXPECT_EQ(manager.call_name(L"..\\C:\\victim.txt", L"HELLO"), "(0x800A0005)");
    EXPECT_EQ(manager->Call(bstr(L"\\\\.\\pipe\\../x").get(), variant(L"x"), 0, bstr(L".").get(), &answer),
              vb_error(5));
    EXPECT_THAT(opened, ElementsAre());
}

TEST_F(Client, ANameMayBeGivenInFull)
{
    bstr name, computer;

    for (const wchar_t *prefix : {L"\\\\.\\pipe\\", L"\\\\?\\PIPE\\", L"//./pipe/"})
    {
        raw_server server(path);

        EXPECT_EQ(manager->Connect(bstr(std::wstring(prefix) + name_in(path)).get(), LONG(event_patience),
                                   bstr(L".").get(), client.put()),
                  S_OK);
        ASSERT_EQ(server.accept(), 0u);
        ASSERT_EQ(manager.next(), "connected");
        EXPECT_EQ(client->get_PipeName(name.put()), S_OK);
        EXPECT_EQ(client->get_ServerName(computer.put()), S_OK);
        EXPECT_EQ(name.str(), name_in(path));
        EXPECT_EQ(computer.str(), L".");
        client.reset();
    }
}

TEST_F(Client, GoesToTheComputerThatTheNameInFullSays)
{
    bstr name, computer;
    std::wstring opened;
    latch tried;
    seams system;

    system.create_file = [&](const WCHAR *asked, DWORD, DWORD)
    {
        opened = asked;
        tried.set();
        return ERROR_BAD_NETPATH;
    };
    EXPECT_EQ(manager->Connect(bstr(L"//PC7/pipe/a/b").get(), 100, bstr(L".").get(), client.put()), S_OK);
    EXPECT_EQ(client->get_PipeName(name.put()), S_OK);
    EXPECT_EQ(client->get_ServerName(computer.put()), S_OK);
    EXPECT_EQ(name.str(), L"a\\b");
    EXPECT_EQ(computer.str(), L"PC7");
    EXPECT_TRUE(tried.wait(event_patience));
    EXPECT_EQ(manager.next(), "error");
    EXPECT_EQ(opened, L"\\\\PC7\\pipe\\a\\b");
    manager->Stop(); /* what the seams stand in front of goes on no more */
}

TEST_F(Client, ItsOwnComputerIsNoOther)
{
    raw_server server(path);
    bstr computer;
    WCHAR own[256];
    DWORD size = 256;

    ASSERT_TRUE(GetComputerNameExW(ComputerNameDnsHostname, own, &size));
    EXPECT_EQ(manager->Connect(bstr(name_in(path)).get(), 100, bstr(own).get(), client.put()), S_OK);
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");
    EXPECT_EQ(client->get_ServerName(computer.put()), S_OK);
    EXPECT_EQ(computer.str(), L".");
}

TEST_F(Client, ANameInFullThatContradictsTheComputerIsErrorFive)
{
    EXPECT_EQ(manager.try_connect(L"\\\\PC7\\pipe\\x", L"PC8"), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"not on the computer that ServerName \"PC8\" names"));
    EXPECT_EQ(manager.try_connect(L"\\\\.\\pipe\\x", L"PC7"), vb_error(5));
}

TEST_F(Client, ConnectTakesTheTimeoutBeforeTheComputer)
{
    LPOLESTR member = const_cast<LPOLESTR>(L"Connect");
    VARIANT arguments[] = {variant(100), variant(name_in(path))}; /* the last first */
    DISPPARAMS params = {arguments, nullptr, 2, 0};
    variant result;
    DISPID id;
    bstr computer;

    arguments[1].vt = VT_BSTR;
    arguments[1].bstrVal = SysAllocString(name_in(path));
    ASSERT_EQ(manager->GetIDsOfNames(IID_NULL, &member, 1, 0, &id), S_OK);
    EXPECT_EQ(id, 50);
    ASSERT_EQ(manager->Invoke(id, IID_NULL, 0, DISPATCH_METHOD, &params, &result, nullptr, nullptr), S_OK);
    SysFreeString(arguments[1].bstrVal);
    V_DISPATCH(&result)->QueryInterface(IID_INamedPipeClientConnection, client.put_void());
    EXPECT_EQ(client->get_ServerName(computer.put()), S_OK);
    EXPECT_EQ(computer.str(), L".");
    EXPECT_EQ(manager.next(), "error") << "after 100 ms";
    result.clear();
}

TEST_F(Client, SettingsOutOfRangeAreErrorFive)
{
    manager->put_NumThreadsIOCP(65);
    EXPECT_EQ(manager.try_connect(L"x"), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"NumThreadsIOCP is 65"));
}

TEST_F(Client, SettingsOfTheFirstConnectOutOfRangeHarmNoLaterOne)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);

    connect_to(server);
    manager->put_NumThreadsIOCP(0);
    raw_server another(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);
    client_ptr second = connect_another(another);
    EXPECT_EQ(manager->Stop(), S_OK);

    EXPECT_EQ(manager.try_connect(L"x"), vb_error(5)) << "it is read again";
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"NumThreadsIOCP is 0"));
    manager->put_NumThreadsIOCP(1);
    EXPECT_EQ(manager.try_connect(L"x"), S_OK);
}

TEST_F(Client, SettingsOfAConnectionOutOfRangeFailALaterConnectToo)
{
    raw_server server(path);

    connect_to(server);
    manager->put_MessageBufferSize(1);

    EXPECT_EQ(manager.try_connect(L"x"), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"MessageBufferSize is 1"));
    EXPECT_TRUE(is_connected(client));
}

TEST_F(Client, ReadsItsLimitsAtEachConnect)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);

    connect_to(server);
    manager->put_SendQueueLimit(1000);
    raw_server another(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);
    client_ptr second = connect_another(another);

    for (const client_ptr &each : {client, second})
        EXPECT_EQ(each->AsyncWrite(variant(message_of(MIB, 1)), variant::missing()), S_OK);
    EXPECT_EQ(write_text(client, L"x"), S_OK) << "of the limit at its Connect";
    EXPECT_EQ(write_text(second, L"x"), static_cast<HRESULT>(NamedPipeErrorSendQueueFull));
}

TEST_F(Client, TheModeIsThatOfTheFirstConnectAfterStop)
{
    raw_server server(path);

    manager->put_FreeThreadingEvents(VARIANT_TRUE);
    connect_to(server);
    manager->put_FreeThreadingEvents(VARIANT_FALSE);
    EXPECT_EQ(manager.try_connect(L"x"), S_OK);
    EXPECT_TRUE(is_free_threaded());
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_EQ(manager.next(), "disconnected");
    server.disconnect();
    connect_to(server);
    EXPECT_FALSE(is_free_threaded());
}

static std::wstring take_source()
{
    com_ptr<IErrorInfo> info;
    bstr source;

    if (GetErrorInfo(0, info.put()) != S_OK)
        return L"none";
    info->GetSource(source.put());
    return source.str();
}

TEST_F(Client, ErrorsNameTheClassThatRaisedThem)
{
    com_ptr<INamedPipeNames> names;
    bstr text;
    seams system;

    system.list_pipes = [] { return std::vector<std::wstring>{}; };
    EXPECT_EQ(manager.try_connect(L"\\x"), vb_error(5));
    EXPECT_EQ(take_source(), L"NamedPipeServerLib.NamedPipeClientManager");
    EXPECT_EQ(manager.call_name(L"\\x", L"x"), "(0x800A0005)");
    EXPECT_EQ(take_source(), L"NamedPipeServerLib.NamedPipeClientManager");
    EXPECT_EQ(manager->BytesToText(variant(5), 65001, text.put()), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_source(), L"NamedPipeServerLib.NamedPipeClientManager");
    EXPECT_EQ(manager->FindNamedPipes(nullptr, names.put()), S_OK);
    EXPECT_EQ(names->get_Item(1, text.put()), vb_error(9));
    EXPECT_EQ(take_source(), L"NamedPipeServerLib.NamedPipeNames");
    client = manager.connect(path, -1);
    EXPECT_EQ(client->AsyncWrite(variant(5), variant::missing()), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_source(), L"NamedPipeServerLib.NamedPipeClientConnection");
    manager->Stop();
}

TEST_F(Client, ErrorsNameTheClassAlsoWhereTheyAreLateBound)
{
    variant number(5);
    DISPPARAMS params = {&number, nullptr, 1, 0};
    EXCEPINFO exception = {};
    variant result;

    EXPECT_EQ(manager->Invoke(49, IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, nullptr),
              DISP_E_EXCEPTION);
    EXPECT_STREQ(exception.bstrSource, L"NamedPipeServerLib.NamedPipeClientManager");
    EXPECT_THAT(std::wstring(exception.bstrDescription), HasSubstr(L"Data is no bytes"));
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
}

TEST_F(Client, BeyondTheSendLimitTheErrorNamesItsOwnEvent)
{
    manager->put_SendQueueLimit(1000);
    client = manager.connect(path, -1);

    EXPECT_EQ(client->AsyncWrite(variant(message_of(2000, 1)), variant::missing()), S_OK);
    EXPECT_EQ(write_text(client, L"x"), send_queue_full);
    EXPECT_EQ(take_error_sentence(),
              L"What waits to be sent has reached SendQueueLimit; wait for MessageSent, or raise the limit.");
}

TEST_F(Client, ConvertsTextAndBytes)
{
    SAFEARRAY *bytes = nullptr;
    variant elements;
    bstr text;

    EXPECT_EQ(manager->TextToBytes(bstr(L"\xE4").get(), 65001, &bytes), S_OK);
    EXPECT_THAT(elements_of(bytes), ElementsAre(0xC3, 0xA4));
    SafeArrayDestroy(bytes);
    EXPECT_EQ(manager->BytesToText(variant(message_of("a")), 1252, text.put()), S_OK);
    EXPECT_EQ(text.str(), L"a");
    EXPECT_EQ(manager->BytesToArray(variant(message_of("ab")), &elements), S_OK);
    EXPECT_EQ(elements.vt, VT_ARRAY | VT_VARIANT);
    EXPECT_EQ(elements.parray->rgsabound[0].cElements, 2u);
    EXPECT_EQ(manager->BytesToText(variant(), 77777, text.put()), vb_error(5));
}

TEST_F(Client, StopEndsAConnectThatIsUnderWay)
{
    client = manager.connect(path, -1);
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(reason_of(client), NamedPipeReasonClientClosed);
    EXPECT_EQ(manager.next(), "nothing") << "at once, since it is stopped";
}

TEST_F(Client, AsyncCloseEndsAConnectThatIsUnderWay)
{
    client = manager.connect(path, -1);
    EXPECT_EQ(client->AsyncClose(VARIANT_FALSE), S_OK);
    EXPECT_EQ(manager.next(200), "nothing");
    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(write_text(client, L"x"), not_connected);
}

TEST_F(Client, StopClosesAllAndConnectWorksAgain)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);

    connect_to(server);
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(reason_of(client), NamedPipeReasonClientClosed);
    server.disconnect();
    connect_to(server);
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_EQ(manager->Stop(), S_OK) << "nothing to stop";
}

TEST_F(Client, AGracefulCloseSendsWhatIsQueued)
{
    raw_server server(path);
    message m = message_of(MIB, 1);

    connect_to(server);
    EXPECT_EQ(client->AsyncWrite(variant(m), variant::missing()), S_OK);
    EXPECT_EQ(client->AsyncClose(VARIANT_TRUE), S_OK);
    EXPECT_TRUE(server.read() == m);
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(reason_of(client), NamedPipeReasonClientClosed);
}

TEST_F(Client, AGracefulCloseDuringAConnectConnectsAndSendsFirst)
{
    client = manager.connect(path);
    EXPECT_EQ(write_text(client, L"last words"), S_OK);
    EXPECT_EQ(client->AsyncClose(VARIANT_TRUE), S_OK);
    EXPECT_TRUE(is_opening(client));
    EXPECT_EQ(write_text(client, L"too late"), not_connected);

    raw_server server(path);

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "last words");
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(manager.next(), "connected");
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(reason_of(client), NamedPipeReasonClientClosed);
}

TEST_F(Client, AGracefulCloseDuringAConnectThatFailsIsOneError)
{
    client = manager.connect(path, 100);
    EXPECT_EQ(write_text(client, L"never"), S_OK);
    EXPECT_EQ(client->AsyncClose(VARIANT_TRUE), S_OK);

    EXPECT_EQ(manager.next(), "error");
    EXPECT_EQ(manager.next(200), "nothing");
    EXPECT_EQ(reason_of(client), NamedPipeReasonConnectFailed);
}

TEST_F(Client, TheLastReleaseClosesInSilence)
{
    raw_server server(path);

    connect_to(server);
    server.write("never told");
    client.reset();
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(manager.next(200), "nothing");
}

TEST_F(Client, TheManagersLastReleaseEndsNothingThatIsHeld)
{
    raw_server server(path);

    client = manager.connect(path);
    advise_client(client, log);
    manager.object.reset();
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_TRUE(pump_for(NamedPipeEventConnected)) << "also where Connect is under way";
    EXPECT_EQ(write_text(client, L"still here"), S_OK);
    EXPECT_EQ(server.read_text(), "still here");
    server.write("heard");
    EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));
    client.reset();
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(log->count(NamedPipeEventDisconnected), 0u);
}

TEST_F(Client, TriesAgainWhereThePipeIsNotThereYet)
{
    client = manager.connect(path);
    EXPECT_EQ(write_text(client, L"early"), S_OK) << "waits for the pipe";
    EXPECT_EQ(manager.next(100), "nothing");

    raw_server server(path);

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");
    EXPECT_EQ(server.read_text(), "early");
}

TEST_F(Client, WaitsForItsServerUnlessItIsToldNotTo)
{
    EXPECT_EQ(value_of(manager.object, &INamedPipeClientManager::get_WaitForServer), VARIANT_TRUE);
    EXPECT_EQ(manager->put_WaitForServer(VARIANT_FALSE), S_OK);
    EXPECT_EQ(value_of(manager.object, &INamedPipeClientManager::get_WaitForServer), VARIANT_FALSE);
    EXPECT_EQ(manager->get_WaitForServer(nullptr), E_POINTER);

    client = manager.connect(path, -1);
    manager->put_WaitForServer(VARIANT_TRUE);
    client_ptr patient = manager.connect(path, -1);

    com_ptr<INamedPipeEvent> failed = manager.wait_event();
    ASSERT_TRUE(failed);
    EXPECT_EQ(str_of(failed.get()), "error");
    EXPECT_EQ(value_of(failed, &INamedPipeEvent::get_Number), ERROR_FILE_NOT_FOUND);
    EXPECT_EQ(reason_of(client), NamedPipeReasonConnectFailed);
    EXPECT_FALSE(is_opening(client));
    EXPECT_TRUE(is_opening(patient)) << "it is read by each Connect";
    raw_server server(path);
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");
}

TEST_F(Client, WithoutWaitingForItsServerWaitsForABusyPipe)
{
    raw_server server(path);
    raw_client other(path);
    ASSERT_EQ(server.accept(), 0u);
    manager->put_WaitForServer(VARIANT_FALSE);

    client = manager.connect(path, -1);
    EXPECT_EQ(manager.next(100), "nothing");
    other.close();
    server.disconnect();

    ASSERT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");
}

TEST_F(Client, SaysThatAServerInByteModeGivesChunks)
{
    raw_server server(path, pipe_mode::bytes);

    connect_to(server);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessageMode), VARIANT_FALSE);
    server.write("chunk");
    EXPECT_EQ(manager.next(), "message chunk");
}

TEST_F(Client, SaysThatAServerOfOneDirectionGoesOneWay)
{
    {
        raw_server server(path, pipe_mode::messages, PIPE_ACCESS_OUTBOUND);

        connect_to(server);
        EXPECT_EQ(write_text(client, L"x"), vb_error(70));
        EXPECT_THAT(take_error_sentence(), HasSubstr(L"only sends"));
        client.reset();
    }
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_INBOUND);

    connect_to(server);
    EXPECT_EQ(client->AsyncRead(variant::missing()), vb_error(70));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"only receives"));
    EXPECT_EQ(write_text(client, L"x"), S_OK);
    EXPECT_EQ(server.read_text(), "x");
}

TEST_F(Client, ReadsWhatIsAskedForWhereItDoesNotReadContinuously)
{
    raw_server server(path);
    variant cookie;

    manager->put_ContinuouslyReadFromPipe(VARIANT_FALSE);
    connect_to(server);
    server.write("one");
    EXPECT_EQ(manager.next(200), "nothing");
    EXPECT_EQ(client->AsyncRead(variant(3)), S_OK);
    com_ptr<INamedPipeEvent> event = manager.wait_event();
    ASSERT_TRUE(event);
    event->get_Cookie(&cookie);
    EXPECT_EQ(str_of(event.get()), "message one");
    EXPECT_EQ(V_I4(&cookie), 3);
}

TEST_F(Client, AMessageOf256MiBArrivesWhole)
{
    raw_server server(path);
    SAFEARRAY *data = nullptr;

    connect_to(server);
    {
        message m = message_of(256 * MIB, 9);
        background peer([&] { EXPECT_EQ(server.write(m, 60000), 0u); });
        com_ptr<INamedPipeEvent> event = manager.wait_event(60000);

        ASSERT_TRUE(event);
        event->get_Data(&data);
        peer.join();
        ASSERT_EQ(data->rgsabound[0].cElements, 256 * MIB);
        EXPECT_EQ(memcmp(data->pvData, m.data(), m.size()), 0);
    }
    SafeArrayDestroy(data);
}

TEST_F(Client, KeepsCustomData)
{
    raw_server server(path);
    variant value;

    connect_to(server);
    EXPECT_EQ(client->put_CustomData(variant(L"mine")), S_OK);
    EXPECT_EQ(client->get_CustomData(&value), S_OK);
    EXPECT_STREQ(V_BSTR(&value), L"mine");
}

/* ---- with a sink, on the thread that made it ---- */

class WindowClient : public Client
{
  protected:
    void listen(event_handler handler = nullptr, sink_nature nature = sink_nature::bound)
    {
        advise_client(client, log, std::move(handler), nature);
    }
};

TEST_F(WindowClient, EventsBeforeTheFirstSinkWaitForIt)
{
    raw_server server(path);

    client = manager.connect(path);
    ASSERT_EQ(server.accept(), 0u);
    server.write("early");
    while (!is_connected(client))
        SwitchToThread();
    listen();
    EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));
    EXPECT_THAT(log->all(), ElementsAre("connected", "message early"));
    EXPECT_EQ(log->threads()[0], GetCurrentThreadId());
}

TEST_F(WindowClient, AnEventSinkIsCalledByTheNamesOfTheEvents)
{
    for (sink_nature nature : {sink_nature::names, sink_nature::names_ex, sink_nature::names_agile})
    {
        raw_server server(path);

        log = std::make_shared<event_log>();
        client = manager.connect(path);
        ASSERT_EQ(client->put_EventSink(make_recording_sink(log, nature).get()), S_OK);
        ASSERT_EQ(server.accept(), 0u);
        EXPECT_EQ(write_text(client, L"x"), S_OK);
        server.write("hello");
        EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));
        EXPECT_TRUE(pump_for(NamedPipeEventMessageSent));
        server.close();
        EXPECT_TRUE(pump_for(NamedPipeEventDisconnected));
        EXPECT_EQ(log->count(), 4u);
        client.reset();
    }
}

TEST_F(WindowClient, AnEventSinkWithoutAMethodOfTheClientsIsRefused)
{
    raw_server server(path);
    auto fate = std::make_shared<object_fate>();

    client = manager.connect(path);
    EXPECT_EQ(client->put_EventSink(make_consumer_object(fate).get()), vb_error(5));
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"MessageReceived"));
}

TEST_F(WindowClient, EachConnectionHasItsOwnSinks)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2), second(path + L"2");
    client_ptr other;

    client = manager.connect(path);
    other = manager.connect(path + L"2");
    listen();
    ASSERT_EQ(server.accept(), 0u);
    ASSERT_EQ(second.accept(), 0u);
    EXPECT_TRUE(pump_for(NamedPipeEventConnected));
    second.write("for WaitEvent");
    server.write("for the sink");
    EXPECT_EQ(manager.next(), "connected");
    EXPECT_EQ(manager.next(), "message for WaitEvent");
    EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));
    EXPECT_THAT(log->all(), ElementsAre("connected", "message for the sink"));
}

TEST_F(WindowClient, WithoutASinkTheNewestEventsAreKeptAndNobodyElseIsHeldUp)
{
    raw_server server(path), second(path + L"2");
    client_ptr other;

    manager->put_ReceiveQueueLimit(0);
    client = manager.connect(path);
    other = manager.connect(path + L"2");
    listen();
    ASSERT_EQ(server.accept(), 0u);
    ASSERT_EQ(second.accept(), 0u);
    for (int i = 1; i < 1100; i++)
        ASSERT_EQ(second.write(std::to_string(i).c_str()), 0u);
    ASSERT_EQ(second.write(message_of(MIB, 1)), 0u); /* ends when it was read, and with it all before */
    server.write("heard");
    EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));

    log = std::make_shared<event_log>();
    advise_client(other, log);
    second.write("last");
    EXPECT_TRUE(dispatch_until([&] { return log->count() && log->all().back() == "message last"; }, event_patience));
    EXPECT_EQ(log->all().front(), "connected");
    EXPECT_LE(log->count(NamedPipeEventMessageReceived), 1026u) << "the long one may just be coming";
    EXPECT_GE(log->count(NamedPipeEventMessageReceived), 1024u);
}

TEST_F(WindowClient, StopInAHandlerDeliversTheEndNested)
{
    raw_server server(path);

    client = manager.connect(path);
    listen(when(NamedPipeEventConnected, [&] { manager->Stop(); }));
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_TRUE(pump_for(NamedPipeEventDisconnected));
    EXPECT_THAT(log->all(), ElementsAre("connected", "disconnected"));
}

TEST_F(WindowClient, CloseInAHandlerIsFollowedByTheEndAlone)
{
    raw_server server(path);

    client = manager.connect(path);
    listen(when(NamedPipeEventMessageReceived, [&] { client->AsyncClose(VARIANT_FALSE); }));
    ASSERT_EQ(server.accept(), 0u);
    server.write("one");
    server.write("two");
    EXPECT_TRUE(pump_for(NamedPipeEventDisconnected));
    EXPECT_THAT(log->all(), ElementsAre("connected", "message one", "disconnected"));
}

TEST_F(WindowClient, MayBeReleasedInEachHandler)
{
    for (NamedPipeEventKind at : {NamedPipeEventConnected, NamedPipeEventMessageReceived, NamedPipeEventError})
    {
        raw_server server(at == NamedPipeEventError ? path + L"elsewhere" : path);

        log = std::make_shared<event_log>();
        client = manager.connect(path, 300);
        listen(
            [&, at](const told_event &event, INamedPipeServerConnection *)
            {
                if (event.kind == at)
                    client.reset();
            });
        if (at != NamedPipeEventError)
        {
            ASSERT_EQ(server.accept(), 0u);
            server.write("x");
        }
        EXPECT_TRUE(pump_for(at));
        EXPECT_FALSE(client);
        if (at != NamedPipeEventError)
        {
            EXPECT_EQ(server.wait_until_closed(), 0u);
        }
        EXPECT_EQ(log->events().back().kind, at);
    }
}

TEST_F(WindowClient, TheManagerMayBeReleasedInAHandlerWithTheClient)
{
    raw_server server(path);

    client = manager.connect(path);
    listen(
        [&](const told_event &, INamedPipeServerConnection *)
        {
            manager.object.reset();
            client.reset();
        });
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_TRUE(pump_for(NamedPipeEventConnected));
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(log->count(), 1u);
}

TEST_F(WindowClient, ConnectInAHandlerWorks)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2), second(path + L"2");
    client_ptr next;

    client = manager.connect(path);
    listen(when(NamedPipeEventDisconnected, [&] { next = manager.connect(path + L"2"); }));
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_TRUE(pump_for(NamedPipeEventConnected));
    server.close();
    EXPECT_TRUE(pump_for(NamedPipeEventDisconnected));
    ASSERT_TRUE(next);
    EXPECT_EQ(second.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");
}

TEST_F(WindowClient, AFailureOfAHandlerIsTheManagersLastEventError)
{
    raw_server server(path);
    com_ptr<IConnectionPointContainer> container;
    bstr said;
    auto fate = std::make_shared<object_fate>();

    client = manager.connect(path);
    com_ptr<IDispatch> fails = make_consumer_object(fate, agility::bound, DIID__INamedPipeClientConnectionEvents);
    advise_client(client, fails.get());
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_TRUE(dispatch_until([&] { return fate->calls > 0; }, event_patience));
    EXPECT_EQ(fate->last_dispid, 1);
    EXPECT_EQ(manager->get_LastEventError(said.put()), S_OK);
}

TEST_F(WindowClient, ServerAndClientOnOneThreadTalkByEvents)
{
    server_in_mode server;
    auto served = std::make_shared<event_log>();

    path = server.path;
    server.advise(served, echo());
    ASSERT_EQ(server.start(), S_OK);
    client = manager.connect(path);
    listen(when(NamedPipeEventConnected, [&] { write_text(client, L"to and fro"); }));
    EXPECT_TRUE(pump_for(NamedPipeEventMessageReceived));
    EXPECT_EQ(log->events().back().text, "to and fro");
    EXPECT_EQ(server.stop(), S_OK);
    EXPECT_TRUE(pump_for(NamedPipeEventDisconnected));
}

/* ---- Call ---- */

class ClientCall : public Client
{
};

TEST_F(ClientCall, IsAnsweredByAServerOnTheSameThread)
{
    server_in_mode server;

    server.advise(log, echo());
    ASSERT_EQ(server.start(), S_OK);
    EXPECT_EQ(manager.call(server.path, L"round trip"), "round trip");
    EXPECT_EQ(server.stop(), S_OK);
}

TEST_F(ClientCall, InAHandlerOfAnotherIsAnswered)
{
    server_in_mode server, inner;
    std::string answer;

    inner.advise(log, echo());
    server.advise(log,
                  [&](const told_event &event, INamedPipeServerConnection *connection)
                  {
                      if (event.kind != NamedPipeEventClientMessageReceived)
                          return;
                      answer = manager.call(inner.path, L"inner");
                      write_text(connection, L"outer");
                  });
    ASSERT_EQ(inner.start(), S_OK);
    ASSERT_EQ(server.start(), S_OK);
    EXPECT_EQ(manager.call(server.path, L"ask"), "outer");
    EXPECT_EQ(answer, "inner");
    server.stop();
    inner.stop();
}

TEST_F(ClientCall, GivesBytes)
{
    raw_server server(path);
    SAFEARRAY *answer = nullptr;
    scripted_peer peer(server, {hears("ab"), says("cd"), sees_its_client_leave()});

    EXPECT_EQ(manager->Call(bstr(name_in(path)).get(), variant(message_of("ab")), 10000, bstr(L".").get(), &answer),
              S_OK);
    EXPECT_THAT(elements_of(answer), ElementsAre('c', 'd'));
    SafeArrayDestroy(answer);
}

TEST_F(ClientCall, FailsWithASentence)
{
    raw_server server(path);

    EXPECT_EQ(manager.call(path + L"missing", L"x", 100), "(0x800A0035)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"no such pipe"));
    EXPECT_EQ(manager.call(path, L"x", 100), "(0x80040204)");
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"time is up"));
    EXPECT_EQ(manager.call(L"\\\\.\\pipe\\\\x", L"x"), "(0x800A0005)");
    EXPECT_EQ(manager.call(path, L"x", -2), "(0x800A0005)");
    EXPECT_EQ(server.accept(), 0u);
    server.disconnect();
    {
        scripted_peer peer(server, {hears("x"), leaves()});

        EXPECT_EQ(manager.call(path, L"x"), "(0x80040201)");
    }
    EXPECT_THAT(take_error_sentence(), HasSubstr(L"closed the pipe without an answer"));
}

TEST_F(ClientCall, ToABusyPipeSaysThatAllItsInstancesAre)
{
    raw_server server(path);
    raw_client other(path);

    ASSERT_EQ(server.accept(), 0u);
    for (LONG timeout : {0, 100})
    {
        EXPECT_EQ(manager.call(path, L"x", timeout), "(0x80040204)");
        EXPECT_THAT(take_error_sentence(), HasSubstr(L"instances of the pipe are busy"));
    }
}

TEST_F(ClientCall, EndsWithTheProgram)
{
    raw_server server(path);
    MSG message;

    PostQuitMessage(5);
    EXPECT_EQ(manager.call(path, L"x"), "(0x800704C7)");
    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_QUIT, WM_QUIT, PM_REMOVE)) << "it is posted again";
    EXPECT_EQ(message.wParam, WPARAM(5));
}

/* ---- names ---- */

TEST_F(Client, FindsTheNamesOfPipes)
{
    seams system;
    com_ptr<INamedPipeNames> names;
    com_ptr<IUnknown> all;
    bstr first;
    LONG count = 0;

    system.list_pipes = [] { return std::vector<std::wstring>{L"one", L"two"}; };
    ASSERT_EQ(manager->FindNamedPipes(bstr(L"*").get(), names.put()), S_OK);
    names->get_Count(&count);
    EXPECT_EQ(count, 2);
    EXPECT_EQ(names->get_Item(1, first.put()), S_OK);
    EXPECT_EQ(first.str(), L"one");
    EXPECT_EQ(names->get_Item(3, first.put()), vb_error(9));
    EXPECT_EQ(names->get__NewEnum(all.put()), S_OK);
    com_ptr<IEnumVARIANT> each = all.as<IEnumVARIANT>(IID_IEnumVARIANT);
    variant item;
    EXPECT_EQ(each->Skip(1), S_OK);
    EXPECT_EQ(each->Next(1, &item, nullptr), S_OK);
    EXPECT_STREQ(V_BSTR(&item), L"two");
}

TEST_F(Client, FindsNoNamesWhereThereAreNone)
{
    seams system;
    com_ptr<INamedPipeNames> names;
    LONG count = -1;

    system.list_pipes = [] { return std::vector<std::wstring>{}; };
    ASSERT_EQ(manager->FindNamedPipes(nullptr, names.put()), S_OK);
    names->get_Count(&count);
    EXPECT_EQ(count, 0);
    EXPECT_EQ(manager->FindNamedPipes(bstr(L"\\x").get(), names.put()), vb_error(5));
}

TEST_F(Client, FindsNamesByAPatternThatCanNotLeaveTheList)
{
    std::vector<std::wstring> asked;
    seams system;
    auto find = [&](const wchar_t *pattern)
    {
        com_ptr<INamedPipeNames> names;
        std::wstring found;
        LONG count = 0;

        EXPECT_EQ(manager->FindNamedPipes(bstr(pattern).get(), names.put()), S_OK) << pattern;
        names->get_Count(&count);
        for (LONG i = 1; i <= count; i++)
        {
            bstr name;
            names->get_Item(i, name.put());
            found += name.str() + L";";
        }
        return found;
    };

    system.list_pipes = [] { return std::vector<std::wstring>{L"lsass", L"sql\\query", L"SQL\\other", L"a.b"}; };
    system.find_first_file = [&](const WCHAR *pattern) { asked.push_back(pattern); };
    EXPECT_EQ(find(L"sql\\*"), L"sql\\query;SQL\\other;");
    EXPECT_EQ(find(L"SQL/?????"), L"sql\\query;SQL\\other;");
    EXPECT_EQ(find(L"\\\\.\\pipe\\*a*"), L"lsass;a.b;");
    EXPECT_EQ(find(L"*.*"), find(L"*"));
    EXPECT_EQ(find(L"*.*"), L"lsass;sql\\query;SQL\\other;a.b;");
    EXPECT_EQ(find(L"..\\Z:\\dir\\*"), L"");
    for (const std::wstring &one : asked)
        EXPECT_EQ(one, L"\\\\.\\pipe\\*");
}

/* ---- in the MTA, and free-threaded ---- */

class MtaClient : public testing::Test, public test_in_mta, public client_test
{
};

TEST_F(MtaClient, RaisesEventsInALoop)
{
    raw_server server(path);
    client_in_mode manager;
    client_ptr client = manager.connect(path);
    VARIANT_BOOL left = VARIANT_FALSE;

    advise_client(client, log, when(NamedPipeEventMessageReceived, [&] { manager->ManualMessageLoopLeave(); }),
                  sink_nature::agile);
    ASSERT_EQ(server.accept(), 0u);
    server.write("hello");
    EXPECT_EQ(manager->ManualMessageLoopEnter(LONG(event_patience), &left), S_OK);
    EXPECT_EQ(left, VARIANT_TRUE);
    EXPECT_THAT(log->all(), ElementsAre("connected", "message hello"));
    EXPECT_EQ(log->threads()[0], GetCurrentThreadId());
}

class FreeThreadedClient : public testing::Test, public test_in_mta, public client_test
{
  protected:
    client_in_mode manager{event_mode::free_threaded, 2};
};

TEST_F(FreeThreadedClient, RaisesEventsOnAWorkerInOrder)
{
    raw_server server(path);
    client_ptr client = manager.connect(path);

    advise_client(client, log, nullptr, sink_nature::agile);
    ASSERT_EQ(server.accept(), 0u);
    for (int i = 0; i < 100; i++)
        server.write(std::to_string(i).c_str());
    EXPECT_TRUE(log->wait_for(NamedPipeEventMessageReceived, 100));
    EXPECT_NE(log->threads()[0], GetCurrentThreadId());
    EXPECT_EQ(log->all().back(), "message 99");
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_EQ(log->all().back(), "disconnected");
}

TEST_F(FreeThreadedClient, MayStopAndBeReleasedInAHandler)
{
    raw_server server(path);
    latch released; /* the pipe is closed before that */
    client_ptr client = manager.connect(path);

    advise_client(client, log,
                  when(NamedPipeEventConnected,
                       [&]
                       {
                           manager->Stop();
                           client.reset();
                           manager.object.reset();
                           released.set();
                       }),
                  sink_nature::agile);
    ASSERT_EQ(server.accept(), 0u);
    EXPECT_TRUE(log->wait_for(NamedPipeEventConnected));
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_TRUE(released.wait(event_patience));
}

TEST_F(FreeThreadedClient, IsHandedWhatWaitedForItsFirstSink)
{
    raw_server server(path);
    client_ptr client = manager.connect(path);

    ASSERT_EQ(server.accept(), 0u);
    server.write("early");
    while (!is_connected(client))
        SwitchToThread();
    advise_client(client, log, nullptr, sink_nature::agile);
    EXPECT_TRUE(log->wait_for(NamedPipeEventMessageReceived));
    EXPECT_THAT(log->all(), ElementsAre("connected", "message early"));
}

TEST_F(FreeThreadedClient, CallWorksInAHandler)
{
    server_in_mode server(event_mode::free_threaded, 2);
    raw_server peer(path);
    std::string answer;
    latch done;

    server.advise(std::make_shared<event_log>(), echo(), sink_nature::agile);
    ASSERT_EQ(server.start(), S_OK);
    client_ptr client = manager.connect(path);
    advise_client(client, log,
                  when(NamedPipeEventConnected,
                       [&]
                       {
                           answer = manager.call(server.path, L"from a worker");
                           done.set();
                       }),
                  sink_nature::agile);
    ASSERT_EQ(peer.accept(), 0u);
    EXPECT_TRUE(done.wait(event_patience));
    EXPECT_EQ(answer, "from a worker");
    manager->Stop();
    server.stop();
}

/* The stop comes when Connect has its run already and makes the object: with its second piece of memory, after the
 * path. Freed memory is filled by these seams, so that a look at it is seen. */
TEST_F(FreeThreadedClient, AConnectThatAStopOvertakesIsOneOfTheNextRun)
{
    seams system;
    const DWORD thread = GetCurrentThreadId();
    int pieces = 0;

    manager.connect(path, -1); /* a run without connections: it is let go at once */
    system.allocate = [&](size_t)
    {
        if (GetCurrentThreadId() == thread && ++pieces == 2)
            in_mta([&] { manager->Stop(); }).join();
        return true;
    };
    client_ptr client = manager.connect(path, -1);
    EXPECT_GT(pieces, 4) << "of a start";
    EXPECT_TRUE(client && is_opening(client));
    manager->Stop();
    client.reset();
    manager.object.reset();
}

/* Four threads connect, write, close, release and stop at random; servers come and go. */
TEST_F(FreeThreadedClient, OfManyThreadsEndsWithoutATrace)
{
    server_in_mode server(event_mode::free_threaded, 2);
    auto work = [&](unsigned seed)
    {
        std::vector<client_ptr> held;

        for (unsigned i = 0; i < 60; i++)
        {
            seed = seed * 1664525u + 1013904223u;
            switch ((seed >> 24) % 8)
            {
            case 0:
            case 1:
            case 2:
                held.push_back(manager.connect(server.path, 200));
                advise_client(held.back(), log, nullptr, sink_nature::agile);
                break;
            case 3:
                if (!held.empty())
                    write_text(held.back(), L"hello");
                break;
            case 4:
                if (!held.empty())
                    held.back()->AsyncClose(VARIANT_FALSE);
                break;
            case 5:
                if (!held.empty())
                    held.pop_back();
                break;
            case 6: manager->Stop(); break;
            default: server.broadcast("to all"); break;
            }
        }
    };

    server.advise(std::make_shared<event_log>(), echo(), sink_nature::agile);
    ASSERT_EQ(server.start(), S_OK);
    {
        background a = in_mta([&] { work(1); }), b = in_mta([&] { work(2); }), c = in_mta([&] { work(3); }),
                   d = in_mta([&] { work(GetTickCount()); });
    }
    EXPECT_EQ(manager->Stop(), S_OK);
    EXPECT_EQ(server.stop(), S_OK);
}

} // namespace

/* ReconnectMs: a client connection that comes back when its server does. */

#include "support/com/client_in_mode.h"
#include "support/com/window_server.h"
#include "support/deliver/ui_thread.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/scripted_peer.h"
#include "support/pipe/seams.h"

#include <aclapi.h>
#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{

constexpr LONG longest_pause = 200;
constexpr DWORD a_while = 700; /* ms; several tries would have been made */
constexpr HRESULT not_sent = static_cast<HRESULT>(NamedPipeErrorNotSent);

class reconnect
{
  protected:
    std::wstring path = unique_pipe_path();
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    client_ptr client;
};

/* A pipe that this account owns, such as the user of this process, or the group of administrators, as whose member it
 * may make one. Wine tells the owner only of a pipe that was made with one. */
class pipe_of : public raw_client
{
  public:
    pipe_of(const std::wstring &path, PSID owner)
    {
        SECURITY_DESCRIPTOR descriptor;
        SECURITY_ATTRIBUTES attributes = {sizeof(attributes), &descriptor, FALSE};

        InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
        SetSecurityDescriptorDacl(&descriptor, TRUE, nullptr, FALSE);
        SetSecurityDescriptorOwner(&descriptor, owner, FALSE);
        adopt(CreateNamedPipeW(path.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED,
                               PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 65536, 65536, 0, &attributes));
    }
};

struct this_user
{
    this_user()
    {
        HANDLE token = nullptr;
        DWORD size = 0;

        OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
        GetTokenInformation(token, TokenUser, block, sizeof(block), &size);
        CloseHandle(token);
    }
    PSID sid()
    {
        return reinterpret_cast<TOKEN_USER *>(block)->User.Sid;
    }

    alignas(TOKEN_USER) BYTE block[256];
};

struct administrators
{
    administrators()
    {
        DWORD size = sizeof(block);

        CreateWellKnownSid(WinBuiltinAdministratorsSid, nullptr, block, &size);
    }
    PSID sid()
    {
        return block;
    }

    BYTE block[SECURITY_MAX_SID_SIZE];
};

std::string number_of(INamedPipeEvent *event)
{
    LONG number = 0;
    char text[16];

    if (event)
        event->get_Number(&number);
    wsprintfA(text, "0x%08X", static_cast<unsigned>(number));
    return text;
}

std::wstring description_of(INamedPipeEvent *event)
{
    bstr description;

    if (event)
        event->get_Description(description.put());
    return description.str();
}

double reconnects_of(const client_ptr &client)
{
    return value_of(client, &INamedPipeClientConnection::get_Reconnects);
}

/* ---- by WaitEvent, on an STA ---- */

class Reconnect : public testing::Test, public test_in_sta, public reconnect
{
  protected:
    client_in_mode manager;

    Reconnect()
    {
        manager->put_ReconnectMs(longest_pause);
    }

    void connect_to(raw_server &server)
    {
        client = manager.connect(path);
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(manager.next(), "connected");
    }

    /* The server leaves, and the consumer is told. */
    void lose(raw_server &server)
    {
        server.close();
        EXPECT_EQ(manager.next(), "disconnected");
    }

    void come_back(raw_server &server)
    {
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_EQ(manager.next(), "connected");
    }

    /* Nobody dials any more, and nothing is told. */
    void expect_nobody()
    {
        raw_server server(path);

        EXPECT_EQ(server.accept(a_while), DWORD(WAIT_TIMEOUT));
        EXPECT_EQ(manager.next(0), "nothing");
    }
};

TEST_F(Reconnect, TheSameObjectIsConnectedAgainWhenItsServerIsBack)
{
    raw_server server(path);
    connect_to(server);
    EXPECT_EQ(reconnects_of(client), 0);

    lose(server);
    EXPECT_TRUE(is_opening(client));
    EXPECT_FALSE(is_connected(client));
    EXPECT_EQ(reason_of(client), NamedPipeReasonServerClosed);
    EXPECT_EQ(reconnects_of(client), 0);
    raw_server second(path);
    come_back(second);

    EXPECT_TRUE(is_connected(client));
    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(reason_of(client), NamedPipeReasonNone);
    EXPECT_EQ(reconnects_of(client), 1);
    EXPECT_EQ(write_text(client, L"ask"), S_OK);
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(second.read_text(), "ask");
    second.write("answer");
    EXPECT_EQ(manager.next(), "message answer");
}

TEST_F(Reconnect, ItsEventsComeSessionAfterSession)
{
    raw_server server(path);
    connect_to(server);
    server.write("last of the first");
    server.close();
    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);
    second.write("first of the second");
    second.close();
    raw_server third(path);
    EXPECT_EQ(third.accept(), 0u);

    EXPECT_EQ(manager.next(), "message last of the first");
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_TRUE(is_opening(client)) << "its Connected is still to be told";
    EXPECT_EQ(manager.next(), "connected");
    EXPECT_FALSE(is_connected(client)) << "the second has left, too";
    EXPECT_EQ(manager.next(), "message first of the second");
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(manager.next(), "connected");
    EXPECT_TRUE(is_connected(client));
    EXPECT_EQ(reconnects_of(client), 2);
}

TEST_F(Reconnect, HandleIsThatOfTheSession)
{
    raw_server server(path);
    connect_to(server);
    const auto first = value_of(client, &INamedPipeClientConnection::get_Handle);
    lose(server);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_Handle), first) << "a key until the next Connected";
    std::vector<HANDLE> takes_its_value;
    for (int i = 0; i < 100; i++)
        takes_its_value.push_back(CreateEventW(nullptr, TRUE, FALSE, nullptr));

    raw_server second(path);
    come_back(second);

    const auto handle = value_of(client, &INamedPipeClientConnection::get_Handle);
    EXPECT_NE(handle, first);
    EXPECT_TRUE(GetNamedPipeInfo(reinterpret_cast<HANDLE>(handle), nullptr, nullptr, nullptr, nullptr));
    for (HANDLE h : takes_its_value)
        CloseHandle(h);
}

TEST_F(Reconnect, MessageModeIsThatOfTheSession)
{
    raw_server server(path);
    connect_to(server);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessageMode), VARIANT_TRUE);
    lose(server);

    raw_server second(path, pipe_mode::bytes);
    come_back(second);

    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessageMode), VARIANT_FALSE);
}

TEST_F(Reconnect, CountersRunOn)
{
    raw_server server(path);
    connect_to(server);
    EXPECT_EQ(write_text(client, L"one"), S_OK);
    EXPECT_EQ(manager.next(), "sent");
    EXPECT_EQ(server.read_text(), "one");
    server.write("four");
    EXPECT_EQ(manager.next(), "message four");
    lose(server);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_BytesSent), 3.0);

    raw_server second(path);
    come_back(second);
    EXPECT_EQ(write_text(client, L"fifth"), S_OK);
    EXPECT_EQ(manager.next(), "sent");

    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_BytesSent), 8.0);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessagesSent), 2.0);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_MessagesReceived), 1.0);
    EXPECT_EQ(value_of(client, &INamedPipeClientConnection::get_BytesReceived), 4.0);
}

TEST_F(Reconnect, CustomDataStays)
{
    raw_server server(path);
    variant kept;
    connect_to(server);
    EXPECT_EQ(client->put_CustomData(variant(7)), S_OK);
    lose(server);

    raw_server second(path);
    come_back(second);

    EXPECT_EQ(client->get_CustomData(&kept), S_OK);
    EXPECT_EQ(V_I4(&kept), 7);
}

/* ---- what was not sent ---- */

TEST_F(Reconnect, WhatTheServerHasNotTakenIsToldByOneErrorBeforeDisconnected)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 1, 0);
    connect_to(server);
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(write_text(client, L"not taken"), S_OK);
    server.close();
    EXPECT_TRUE(dispatch_until([&] { return !is_connected(client); }));
    EXPECT_EQ(write_text(client, L"in vain"), S_OK) << "the consumer was not told of the end yet";

    com_ptr<INamedPipeEvent> event = manager.wait_event();

    EXPECT_EQ(str_of(event.get()), "error");
    EXPECT_EQ(number_of(event.get()), "0x80040208");
    EXPECT_THAT(description_of(event.get()), HasSubstr(L": 4."));
    EXPECT_EQ(write_text(client, L"too late"), not_connected);
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_EQ(write_text(client, L"too late"), not_connected);
    raw_server second(path);
    come_back(second);
    EXPECT_EQ(write_text(client, L"again"), S_OK);
    EXPECT_EQ(second.read_text(), "again") << "what was not sent is not sent later";
}

TEST_F(Reconnect, WhereAllWasTakenNothingIsToldOfIt)
{
    raw_server server(path);
    connect_to(server);
    EXPECT_EQ(write_text(client, L"taken"), S_OK);
    EXPECT_EQ(manager.next(), "sent");

    server.close();

    EXPECT_EQ(manager.next(), "disconnected");
}

TEST_F(Reconnect, WithoutReconnectMsNothingIsToldOfWhatWasNotSent)
{
    manager->put_ReconnectMs(0);
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 1, 0);
    connect_to(server);
    EXPECT_EQ(write_text(client, L"not taken"), S_OK);

    server.close();

    EXPECT_EQ(manager.next(), "disconnected");
    expect_nobody();
}

/* ---- Call ---- */

TEST_F(Reconnect, CallsBetweenSessionsAreNotConnected)
{
    raw_server server(path);
    bstr answer;
    connect_to(server);
    lose(server);

    EXPECT_EQ(client->CallText(bstr(L"ask").get(), 5000, 65001, answer.put()), not_connected);

    raw_server second(path);
    come_back(second);
    scripted_peer peer(second, {hears("ask"), says("answer")});
    EXPECT_EQ(client->CallText(bstr(L"ask").get(), 5000, 65001, answer.put()), S_OK);
    EXPECT_EQ(answer.str(), L"answer");
}

TEST_F(Reconnect, ACallThatTimedOutIsFollowedByANewSession)
{
    raw_server server(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);
    bstr answer;
    connect_to(server);
    EXPECT_EQ(client->CallText(bstr(L"ask").get(), 50, 65001, answer.put()), HRESULT(NamedPipeErrorTimedOut));

    EXPECT_EQ(manager.next(), "disconnected");

    EXPECT_EQ(reason_of(client), NamedPipeReasonTimedOut);
    raw_server second(path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);
    come_back(second);
}

TEST_F(Reconnect, WhoOnlyCallsGoesOnWithoutBeingToldOfAnything)
{
    client_in_mode another;
    raw_server server(path);
    bstr answer;
    another->put_ReconnectMs(longest_pause);
    client = another.connect(path);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_TRUE(dispatch_until([&] { return is_connected(client); }));
    server.close();
    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);

    EXPECT_TRUE(dispatch_until([&] { return is_connected(client); }));

    scripted_peer peer(second, {hears("ask"), says("answer")});
    EXPECT_EQ(client->CallText(bstr(L"ask").get(), 5000, 65001, answer.put()), S_OK);
    EXPECT_EQ(reconnects_of(client), 1);
    EXPECT_EQ(another.next(), "connected");
    EXPECT_EQ(another.next(), "disconnected");
    EXPECT_EQ(another.next(), "connected");
    EXPECT_EQ(reconnects_of(client), 1) << "what is told late takes nothing back";
    client = client_ptr();
}

TEST_F(Reconnect, WhoTakesConnectedOnceAndThenOnlyCallsGoesOn)
{
    raw_server server(path);
    bstr first, again;
    connect_to(server);
    {
        scripted_peer peer(server, {hears("ask"), says("answer")});
        EXPECT_EQ(client->CallText(bstr(L"ask").get(), 5000, 65001, first.put()), S_OK);
    }
    server.close();
    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);

    EXPECT_TRUE(dispatch_until([&] { return is_connected(client); }));

    scripted_peer peer(second, {hears("ask"), says("another")});
    EXPECT_EQ(client->CallText(bstr(L"ask").get(), 5000, 65001, again.put()), S_OK);
    EXPECT_EQ(std::string(again.get(), again.get() + SysStringLen(again.get())), "another");
    client = client_ptr();
}

/* ---- what ends it, and what does not begin it ---- */

TEST_F(Reconnect, AConnectThatFailsIsNotTriedAgain)
{
    client = manager.connect(path, 50);
    EXPECT_EQ(manager.next(), "error");

    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(reason_of(client), NamedPipeReasonConnectFailed);
    expect_nobody();
}

TEST_F(Reconnect, WaitForServerIsNoMatterOnceItWasConnected)
{
    manager->put_WaitForServer(VARIANT_FALSE);
    raw_server server(path);
    connect_to(server);
    lose(server);
    Sleep(0);

    EXPECT_EQ(manager.next(a_while), "nothing");
    raw_server second(path);
    come_back(second);
}

TEST_F(Reconnect, AsyncCloseBetweenSessionsEndsItWithoutAnEvent)
{
    raw_server server(path);
    connect_to(server);
    lose(server);

    EXPECT_EQ(client->AsyncClose(VARIANT_FALSE), S_OK);

    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(reason_of(client), NamedPipeReasonServerClosed);
    EXPECT_EQ(write_text(client, L"x"), not_connected);
    expect_nobody();
    client = client_ptr();
    manager->Stop();
}

/* Its pipe is open already, and the consumer does not know. What it has read comes behind its Connected, so that is
 * queued. */
TEST_F(Reconnect, ASessionThatWasNotToldOfBeforeAsyncCloseIsNeverToldOf)
{
    raw_server server(path);
    connect_to(server);
    lose(server);
    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);
    EXPECT_EQ(second.write("hello"), 0u);
    EXPECT_TRUE(dispatch_until([&] { return value_of(client, &INamedPipeClientConnection::get_BytesReceived) == 5; }));
    EXPECT_TRUE(is_opening(client));

    EXPECT_EQ(client->AsyncClose(VARIANT_FALSE), S_OK);

    EXPECT_EQ(second.wait_until_closed(), 0u);
    EXPECT_EQ(manager.next(a_while), "nothing");
    EXPECT_EQ(reconnects_of(client), 0);
}

TEST_F(Reconnect, AGracefulAsyncCloseBetweenSessionsEndsItToo)
{
    raw_server server(path);
    connect_to(server);
    lose(server);

    EXPECT_EQ(client->AsyncClose(VARIANT_TRUE), S_OK);

    EXPECT_FALSE(is_opening(client));
    expect_nobody();
}

TEST_F(Reconnect, AfterTheConsumersOwnCloseNoSessionFollows)
{
    raw_server server(path);
    connect_to(server);

    EXPECT_EQ(client->AsyncClose(VARIANT_FALSE), S_OK);
    EXPECT_EQ(manager.next(), "disconnected");

    server.close();
    EXPECT_FALSE(is_opening(client));
    expect_nobody();
}

TEST_F(Reconnect, AfterAnEndByALimitNoSessionFollows)
{
    manager->put_MaxMessageSize(3);
    raw_server server(path);
    connect_to(server);
    server.write("too long");
    EXPECT_EQ(manager.next(), "error");

    EXPECT_EQ(manager.next(), "disconnected");

    server.close();
    EXPECT_FALSE(is_opening(client));
    expect_nobody();
}

TEST_F(Reconnect, AStopBetweenSessionsEndsItWithoutAnEvent)
{
    raw_server server(path);
    connect_to(server);
    lose(server);

    EXPECT_EQ(manager->Stop(), S_OK);

    EXPECT_FALSE(is_opening(client));
    EXPECT_EQ(reason_of(client), NamedPipeReasonServerClosed);
    expect_nobody();
    client = client_ptr();
}

TEST_F(Reconnect, TheLastReleaseBetweenSessionsEndsItWithNothingLeft)
{
    raw_server server(path);
    connect_to(server);
    lose(server);

    client = client_ptr();

    expect_nobody();
    manager->Stop();
}

TEST_F(Reconnect, TheLastReleaseWithAllEventsUntoldLeavesNothing)
{
    raw_server server(path);
    connect_to(server);
    server.close();
    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);
    second.close();
    raw_server third(path);
    EXPECT_EQ(third.accept(), 0u);

    client = client_ptr();

    EXPECT_EQ(third.wait_until_closed(), 0u);
    third.close();
    expect_nobody();
    manager->Stop();
}

TEST_F(Reconnect, OfManySessionsNothingIsLeft)
{
    raw_server server(path);
    connect_to(server);
    lose(server);
    for (int i = 1; i <= 5; i++)
    {
        raw_server next(path);
        come_back(next);
        EXPECT_EQ(reconnects_of(client), i);
        lose(next);
    }
    client = client_ptr();
    manager->Stop();
}

TEST_F(Reconnect, ReconnectMsIsJudgedByConnect)
{
    for (LONG wrong : {-1, 1, 99, 600001})
    {
        EXPECT_EQ(manager->put_ReconnectMs(wrong), S_OK);
        EXPECT_EQ(value_of(manager.object, &INamedPipeClientManager::get_ReconnectMs), wrong);
        EXPECT_EQ(manager.try_connect(name_in(path)), HRESULT(0x800A0005));
    }
    for (LONG right : {0, 100, 600000})
    {
        EXPECT_EQ(manager->put_ReconnectMs(right), S_OK);
        EXPECT_EQ(manager.try_connect(name_in(path)), S_OK);
    }
}

/* ---- whose pipe it is ---- */

TEST_F(Reconnect, APipeOfAnotherOwnerIsToldOnceAndLeftAlone)
{
    this_user mine;
    administrators others;
    pipe_of server(path, mine.sid());
    client = manager.connect(path);
    EXPECT_EQ(manager.next(), "connected");
    server.close();
    EXPECT_EQ(manager.next(), "disconnected");
    pipe_of other(path, others.sid());
    ASSERT_TRUE(other.is_open());

    com_ptr<INamedPipeEvent> event = manager.wait_event();

    EXPECT_EQ(str_of(event.get()), "error");
    EXPECT_EQ(number_of(event.get()), "0x00000005");
    EXPECT_THAT(description_of(event.get()), HasSubstr(L"another user"));
    EXPECT_TRUE(is_opening(client));
    EXPECT_EQ(manager.next(a_while), "nothing");
    other.close();
    pipe_of second(path, mine.sid());
    EXPECT_EQ(manager.next(), "connected");
}

/* ---- to sinks, on the window's thread ---- */

class ReconnectToSinks : public Reconnect
{
  protected:
    /* The events of the first session. */
    void begin(raw_server &server, event_handler handler = nullptr)
    {
        client = manager.connect(path);
        advise_client(client, log, handler);
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_TRUE(log->pump_for(NamedPipeEventConnected));
    }
};

TEST_F(ReconnectToSinks, TheSinkStays)
{
    raw_server server(path);
    begin(server);
    server.close();
    EXPECT_TRUE(log->pump_for(NamedPipeEventDisconnected));

    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);
    second.write("hello");

    EXPECT_TRUE(log->pump_for(NamedPipeEventMessageReceived));
    EXPECT_THAT(log->all(), ElementsAre("connected", "disconnected", "connected", "message hello"));
}

TEST_F(ReconnectToSinks, AHandlerOfDisconnectedFindsThatItIsOpening)
{
    raw_server server(path);
    bool opening = false;
    begin(server, when(NamedPipeEventDisconnected, [&] { opening = is_opening(client); }));

    server.close();

    EXPECT_TRUE(log->pump_for(NamedPipeEventDisconnected));
    EXPECT_TRUE(opening);
}

TEST_F(ReconnectToSinks, AHandlerOfDisconnectedThatWaitsIsReEnteredByConnected)
{
    raw_server server(path);
    bool connected = false;
    begin(server, when(NamedPipeEventDisconnected,
                       [&]
                       {
                           if (connected)
                               return;
                           raw_server second(path);
                           EXPECT_EQ(second.accept(), 0u);
                           connected = dispatch_until([&] { return is_connected(client); });
                           client->AsyncClose(VARIANT_FALSE);
                       }));

    server.close();

    EXPECT_TRUE(log->pump_for(NamedPipeEventDisconnected, 2));
    EXPECT_TRUE(connected);
    EXPECT_THAT(log->all(), ElementsAre("connected", "disconnected", "connected", "disconnected"));
}

TEST_F(ReconnectToSinks, AHandlerOfConnectedSignsInAgain)
{
    raw_server server(path);
    begin(server, when(NamedPipeEventConnected, [&] { EXPECT_EQ(write_text(client, L"sign in"), S_OK); }));
    EXPECT_EQ(server.read_text(), "sign in");
    server.close();
    EXPECT_TRUE(log->pump_for(NamedPipeEventDisconnected));

    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);
    EXPECT_TRUE(log->pump_for(NamedPipeEventConnected, 2));

    EXPECT_EQ(second.read_text(), "sign in");
}

TEST_F(ReconnectToSinks, AHandlerOfDisconnectedMayCloseIt)
{
    raw_server server(path);
    begin(server, when(NamedPipeEventDisconnected, [&] { client->AsyncClose(VARIANT_FALSE); }));

    server.close();
    EXPECT_TRUE(log->pump_for(NamedPipeEventDisconnected));

    EXPECT_FALSE(is_opening(client));
    expect_nobody();
}

TEST_F(ReconnectToSinks, AHandlerMayReleaseTheObject)
{
    for (NamedPipeEventKind kind : {NamedPipeEventDisconnected, NamedPipeEventConnected})
    {
        auto told = std::make_shared<event_log>();
        bool first = true;
        raw_server server(path);
        client = manager.connect(path);
        advise_client(client, told,
                      when(kind,
                           [&]
                           {
                               if (!first || kind == NamedPipeEventDisconnected)
                                   client = client_ptr();
                               first = false;
                           }));
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_TRUE(told->pump_for(NamedPipeEventConnected));
        server.close();
        EXPECT_TRUE(told->pump_for(NamedPipeEventDisconnected));
        if (kind == NamedPipeEventConnected)
        {
            raw_server second(path);
            EXPECT_EQ(second.accept(), 0u);
            EXPECT_TRUE(told->pump_for(NamedPipeEventConnected, 2));
        }
        EXPECT_FALSE(client);
        expect_nobody();
        manager->Stop();
    }
}

TEST_F(ReconnectToSinks, AStopInsideAHandlerEndsIt)
{
    raw_server server(path);
    begin(server, when(NamedPipeEventDisconnected, [&] { EXPECT_EQ(manager->Stop(), S_OK); }));

    server.close();
    EXPECT_TRUE(log->pump_for(NamedPipeEventDisconnected));

    EXPECT_FALSE(is_opening(client));
    expect_nobody();
    EXPECT_THAT(log->all(), ElementsAre("connected", "disconnected"));
}

/* ---- in the MTA ---- */

class MtaReconnect : public testing::Test, public test_in_mta, public reconnect
{
  protected:
    client_in_mode manager;
};

TEST_F(MtaReconnect, ComesBackForWhoWaitsForEvents)
{
    manager->put_ReconnectMs(longest_pause);
    raw_server server(path);
    client = manager.connect(path);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(manager.next(), "connected");
    server.close();
    EXPECT_EQ(manager.next(), "disconnected");
    EXPECT_TRUE(is_opening(client));

    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);

    EXPECT_EQ(manager.next(), "connected");
    EXPECT_EQ(write_text(client, L"x"), S_OK);
    EXPECT_EQ(second.read_text(), "x");
}

/* ---- free-threaded ---- */

class FreeThreadedReconnect : public testing::Test, public test_in_mta, public reconnect
{
  protected:
    client_in_mode manager{event_mode::free_threaded, 4};

    FreeThreadedReconnect()
    {
        manager->put_ReconnectMs(longest_pause);
    }

    void begin(raw_server &server, event_handler handler = nullptr)
    {
        client = manager.connect(path);
        advise_client(client, log, handler, sink_nature::agile);
        EXPECT_EQ(server.accept(), 0u);
        EXPECT_TRUE(log->wait_for(NamedPipeEventConnected));
    }
};

TEST_F(FreeThreadedReconnect, ComesBack)
{
    raw_server server(path);
    begin(server);
    server.close();
    EXPECT_TRUE(log->wait_for(NamedPipeEventDisconnected));

    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);

    EXPECT_TRUE(log->wait_for(NamedPipeEventConnected, 2));
    EXPECT_EQ(write_text(client, L"x"), S_OK);
    EXPECT_EQ(second.read_text(), "x");
    manager->Stop();
}

TEST_F(FreeThreadedReconnect, TheNextSessionBeginsWhenTheHandlersOfTheEndHaveReturned)
{
    blocking_point ends;
    raw_server server(path);
    begin(server, when(NamedPipeEventDisconnected, [&] { ends.block(); }));
    server.close();
    EXPECT_TRUE(ends.wait_until_blocked());
    raw_server second(path);
    EXPECT_EQ(second.accept(), 0u);

    EXPECT_FALSE(log->wait_for(NamedPipeEventConnected, 2, 200));

    ends.unblock();
    EXPECT_TRUE(log->wait_for(NamedPipeEventConnected, 2));
    manager->Stop();
}

TEST_F(FreeThreadedReconnect, AHandlerMayReleaseTheObject)
{
    raw_server server(path);
    client = manager.connect(path);
    auto told = std::make_shared<event_log>();
    advise_client(client, told, when(NamedPipeEventDisconnected, [&] { client = client_ptr(); }), sink_nature::agile);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_TRUE(told->wait_for(NamedPipeEventConnected));

    server.close();
    EXPECT_TRUE(told->wait_for(NamedPipeEventDisconnected));

    raw_server second(path);
    EXPECT_EQ(second.accept(a_while), DWORD(WAIT_TIMEOUT));
    manager->Stop();
}

} // namespace

/* WaitEvent: the consumer takes the events himself, on the creating thread of a server made in an STA. */

#include "support/com/flood.h"
#include "support/com/server_in_mode.h"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;

namespace
{

volatile LONG fired;

void CALLBACK note_timer(HWND, UINT, UINT_PTR, DWORD)
{
    fired = 1;
}

/* A window that posts itself the next message with each. */
LRESULT CALLBACK flood(HWND window, UINT number, WPARAM wparam, LPARAM lparam)
{
    if (number == WM_APP)
        PostMessageW(window, WM_APP, 0, 0);
    return DefWindowProcW(window, number, wparam, lparam);
}

class WaitEvent : public testing::Test, public test_in_sta
{
  protected:
    server_in_mode server;
    std::shared_ptr<event_log> log = std::make_shared<event_log>();

    /* A started server, and a client whose coming was told. */
    raw_client start_with_client()
    {
        EXPECT_EQ(server.start(), S_OK);
        raw_client client = server.connect();
        EXPECT_EQ(server.next(), "ready");
        EXPECT_EQ(server.next(), "connected 1");
        return client;
    }

    HRESULT wait(LONG ms)
    {
        com_ptr<INamedPipeEvent> event;

        return server->WaitEvent(ms, event.put());
    }
};

TEST_F(WaitEvent, GivesEveryEventOfAClientInOrder)
{
    raw_client client = start_with_client();

    client.write("hello");
    EXPECT_EQ(server.next(), "message 1 hello");
    EXPECT_EQ(write_text(server.connection().get(), L"answer"), S_OK);
    EXPECT_EQ(server.next(), "sent 1");
    EXPECT_EQ(client.read_text(), "answer");
    client.close();

    EXPECT_EQ(server.next(), "disconnected 1");
    EXPECT_EQ(server.next(0), "nothing");
}

TEST_F(WaitEvent, GivesTheNameTheDataTheTextAndTheCookieOfAMessage)
{
    raw_client client = start_with_client();
    bstr name, text;
    variant cookie;
    SAFEARRAY *data = nullptr;
    LONG number = 1;

    server.connection()->AsyncRead(variant(42));
    client.write("ab");
    com_ptr<INamedPipeEvent> event = server.wait_event();
    ASSERT_TRUE(event);

    event->get_Name(name.put());
    event->get_Text(text.put());
    event->get_Cookie(&cookie);
    event->get_Data(&data);
    event->get_Number(&number);
    EXPECT_EQ(name.str(), L"ClientMessageReceived");
    EXPECT_EQ(text.str(), L"ab");
    EXPECT_EQ(V_I4(&cookie), 42);
    EXPECT_THAT(elements_of(data), ElementsAre('a', 'b'));
    EXPECT_EQ(number, 0);
    SafeArrayDestroy(data);
}

/* What a Class_Terminate with a DoEvents does. */
void dispatch_what_waits()
{
    MSG m;

    while (PeekMessageW(&m, nullptr, 0, 0, PM_REMOVE))
        DispatchMessageW(&m);
}

TEST_F(WaitEvent, GivesWhatWaitsWhileTheLastSinkGoesAndPumps)
{
    DWORD cookie = server.advise(log, with_end(nullptr, dispatch_what_waits));
    server.start();
    ASSERT_TRUE(log->pump_for(NamedPipeEventServerReady));
    flood_server(server.object.get(), 1, 2);

    EXPECT_EQ(server.unadvise(cookie), S_OK);

    EXPECT_THAT(server.rest(), ElementsAre("server error", "server error"));
    EXPECT_THAT(log->all(), ElementsAre("ready"));
}

TEST_F(WaitEvent, GivesWhatWaitsWhileTheEventSinkGoesAndPumps)
{
    server->put_EventSink(make_recording_sink(log, sink_nature::names, with_end(nullptr, dispatch_what_waits)).get());
    server.start();
    ASSERT_TRUE(log->pump_for(NamedPipeEventServerReady));
    flood_server(server.object.get(), 1, 2);

    EXPECT_EQ(server->put_EventSink(nullptr), S_OK);

    EXPECT_THAT(server.rest(), ElementsAre("server error", "server error"));
    EXPECT_THAT(log->all(), ElementsAre("ready"));
}

TEST_F(WaitEvent, GivesTheCookieOfAWriteWithItsEvent)
{
    raw_client client = start_with_client();
    variant cookie;
    com_ptr<INamedPipeEvent> event;

    write_text(server.connection().get(), L"x", variant(L"mine"));
    event = server.wait_event();
    ASSERT_EQ(str_of(event.get()), "sent 1");

    event->get_Cookie(&cookie);
    EXPECT_STREQ(V_BSTR(&cookie), L"mine");
}

TEST_F(WaitEvent, GivesNumberAndDescriptionOfAnError)
{
    LONG number = 0;
    bstr description;
    com_ptr<INamedPipeEvent> event;

    server->put_SendQueueLimit(300);
    raw_client client = start_with_client();
    write_text(server.connection().get(), std::wstring(100000, L'x').c_str());
    EXPECT_EQ(server.broadcast("more"), 0);
    event = server.wait_event();
    ASSERT_EQ(str_of(event.get()), "client error 1");

    event->get_Number(&number);
    event->get_Description(description.put());
    EXPECT_EQ(number, static_cast<LONG>(NamedPipeErrorSendQueueFull));
    EXPECT_THAT(description.str(), HasSubstr(L"SendQueueLimit"));
}

TEST_F(WaitEvent, GivesAnEmptyArrayAndNoConnectionWhereThereIsNone)
{
    com_ptr<IDispatch> connection;
    SAFEARRAY *data = nullptr;
    variant cookie;

    server.start();
    com_ptr<INamedPipeEvent> event = server.wait_event();
    ASSERT_EQ(str_of(event.get()), "ready");

    event->get_Connection(connection.put());
    event->get_Data(&data);
    event->get_Cookie(&cookie);
    EXPECT_FALSE(connection);
    EXPECT_THAT(elements_of(data), ElementsAre());
    EXPECT_EQ(V_VT(&cookie), VT_EMPTY);
    SafeArrayDestroy(data);
}

TEST_F(WaitEvent, GivesAnEmptyMessageAsAnEvent)
{
    raw_client client = start_with_client();

    client.write(message());

    EXPECT_EQ(server.next(), "message 1 ");
}

TEST_F(WaitEvent, ReturnsNothingWhenTheTimeIsOver)
{
    server.start();
    server.next();
    ULONGLONG begun = GetTickCount64();

    EXPECT_EQ(server.next(60), "nothing");
    EXPECT_GE(GetTickCount64() - begun, 50u);
}

TEST_F(WaitEvent, OfNoTimeReturnsAtOnce)
{
    server.start();
    server.next();
    ULONGLONG begun = GetTickCount64();

    EXPECT_EQ(server.next(0), "nothing");
    EXPECT_LT(GetTickCount64() - begun, 1000u);
}

TEST_F(WaitEvent, RefusesOtherNegativeTimes)
{
    server.start();

    EXPECT_EQ(wait(-2), vb_error(5));
    EXPECT_EQ(take_error_sentence(), L"TimeoutMs is -2; give -1 to wait for ever, or a number of milliseconds.");
}

TEST_F(WaitEvent, ReturnsNothingAtOnceWhereTheServerNeverRan)
{
    EXPECT_EQ(server.next(-1), "nothing");
}

TEST_F(WaitEvent, ReturnsNothingAtOnceWhenStoppedAndAllWasGiven)
{
    raw_client client = start_with_client();

    server.stop();

    EXPECT_EQ(server.next(-1), "disconnected 1");
    EXPECT_EQ(server.next(-1), "nothing");
}

TEST_F(WaitEvent, IsWokenByAStopOnAnotherThread)
{
    server.start();
    EXPECT_EQ(server.next(), "ready");
    background stopper = in_mta([&] { server.stop(); });

    EXPECT_EQ(server.next(-1), "nothing");
    EXPECT_FALSE(server.is_running());
}

TEST_F(WaitEvent, GivesWhatWaitedAtStopAfterwardsInOrder)
{
    raw_client client = start_with_client();

    client.write("one");
    client.write("two");
    ASSERT_EQ(server.next(), "message 1 one");
    server.stop();

    EXPECT_THAT(server.rest(),
                testing::AnyOf(ElementsAre("message 1 two", "disconnected 1"), ElementsAre("disconnected 1")));
    EXPECT_EQ(server.next(-1), "nothing");
}

TEST_F(WaitEvent, GivesTheEventsOfTheRunBeforeAheadOfThoseOfTheNew)
{
    raw_client client = start_with_client();

    server.stop();
    server.start();

    EXPECT_EQ(server.next(), "disconnected 1");
    EXPECT_EQ(server.next(), "ready");
}

TEST_F(WaitEvent, GivesWhatHappenedBeforeItWasFirstCalled)
{
    server.start();
    raw_client client = server.connect();
    client.write("early");
    EXPECT_EQ(client.write("and then"), 0u);

    EXPECT_EQ(server.next(), "ready");
    EXPECT_EQ(server.next(), "connected 1");
    EXPECT_EQ(server.next(), "message 1 early");
    EXPECT_EQ(server.next(), "message 1 and then");
}

TEST_F(WaitEvent, LiftsTheLimitOfEventsThatNobodyTakes)
{
    raw_client client = start_with_client();

    for (int i = 0; i < 1500; i++)
        ASSERT_EQ(client.write(std::to_string(i).c_str()), 0u);

    for (int i = 0; i < 1500; i++)
        ASSERT_EQ(server.next(), "message 1 " + std::to_string(i));
}

TEST_F(WaitEvent, FindsTheNewestThousandWhereItWasNotCalledBefore)
{
    server.start();
    raw_client client = server.connect();
    for (int i = 0; i < 1500; i++)
        ASSERT_EQ(client.write(std::to_string(i).c_str()), 0u);
    server.await_connection(1);
    client.close();
    server.await_drop(1);
    raw_client second = server.connect();
    server.await_connection(2);

    std::vector<std::string> all = server.rest();

    EXPECT_LE(all.size(), 1025u);
    EXPECT_THAT(all, testing::IsSupersetOf({"message 1 1499", "disconnected 1"}));
    EXPECT_THAT(all, testing::Not(testing::Contains("message 1 0")));
}

TEST_F(WaitEvent, GivesTheReceiveLimitBackWhenItHandsOut)
{
    server->put_ReceiveQueueLimit(2000);
    raw_client client = start_with_client();

    for (int i = 0; i < 100; i++)
        ASSERT_EQ(client.write(message_of(500, static_cast<unsigned>(i))), 0u);

    int given = 0;
    while (server.next(given < 100 ? static_cast<LONG>(event_patience) : 0) != "nothing")
        given++;
    EXPECT_EQ(given, 100);
}

TEST_F(WaitEvent, GivesTheSendLimitBackWhenItHandsOut)
{
    server->put_SendQueueLimit(600);
    raw_client client = start_with_client();
    com_ptr<INamedPipeServerConnection> connection = server.connection();
    write_text(connection.get(), L"one");
    write_text(connection.get(), L"two");
    EXPECT_EQ(client.read_text(), "one");
    EXPECT_EQ(client.read_text(), "two");
    EXPECT_EQ(write_text(connection.get(), L"three"), static_cast<HRESULT>(NamedPipeErrorSendQueueFull));

    EXPECT_EQ(server.next(), "sent 1");
    EXPECT_EQ(server.next(), "sent 1");

    EXPECT_EQ(write_text(connection.get(), L"three"), S_OK);
}

TEST_F(WaitEvent, AfterAnOwnCloseGivesOnlyTheEnd)
{
    raw_client client = start_with_client();
    com_ptr<INamedPipeServerConnection> connection = server.connection();

    client.write("unread");
    write_text(connection.get(), L"unsaid");
    connection->AsyncClose(VARIANT_FALSE);

    EXPECT_EQ(server.next(), "disconnected 1");
    EXPECT_EQ(server.next(0), "nothing");
}

TEST_F(WaitEvent, LeavesTheEventToTheSinkWhereThereIsOne)
{
    server.advise(log);
    server.start();
    raw_client client = server.connect();
    client.write("for the sink");
    background later = in_mta(
        [&]
        {
            log->wait_for(NamedPipeEventClientMessageReceived);
            server.stop();
        });

    EXPECT_EQ(server.next(-1), "nothing");

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 for the sink", "disconnected 1"));
    EXPECT_THAT(log->threads(), testing::Each(GetCurrentThreadId()));
}

TEST_F(WaitEvent, GivesTheNextEventOnceTheSinkIsGone)
{
    DWORD cookie = server.advise(log);
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->pump_for(NamedPipeEventClientConnected));

    server.unadvise(cookie);
    client.write("for the taker");

    EXPECT_EQ(server.next(), "message 1 for the taker");
    EXPECT_EQ(log->count(), 2u);
}

TEST_F(WaitEvent, EndsWithWmQuitWhichIsPostedAgain)
{
    MSG message = {};

    server.start();
    server.next();
    PostQuitMessage(7);

    EXPECT_EQ(server.next(-1), "nothing");
    EXPECT_FALSE(GetMessageW(&message, nullptr, 0, 0));
    EXPECT_EQ(message.wParam, 7u);
}

TEST_F(WaitEvent, PumpsTimersAndMessages)
{
    fired = 0;
    UINT_PTR timer = SetTimer(nullptr, 0, 10, note_timer);
    server.start();
    server.next();

    for (int i = 0; i < 100 && !fired; i++)
        server.next(50);

    EXPECT_TRUE(fired);
    KillTimer(nullptr, timer);
}

TEST_F(WaitEvent, KeepsItsTimeInAFloodOfMessages)
{
    HWND window = CreateWindowExW(0, L"STATIC", nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, nullptr, nullptr);
    SetWindowLongPtrW(window, GWLP_WNDPROC, reinterpret_cast<LONG_PTR>(flood));
    server.start();
    server.next();
    latch over;
    background end_of_the_flood(
        [&]
        {
            if (!over.wait(5000))
                PostMessageW(window, WM_CLOSE, 0, 0);
        });
    PostMessageW(window, WM_APP, 0, 0);
    ULONGLONG begun = GetTickCount64();

    EXPECT_EQ(server.next(100), "nothing");
    EXPECT_FALSE(server.enter_loop(100));

    EXPECT_LT(GetTickCount64() - begun, 4000u);
    over.set();
    end_of_the_flood.join();
    DestroyWindow(window);
}

TEST_F(WaitEvent, RefusesAnotherThreadThanTheCreatingOne)
{
    HRESULT hr = S_OK;
    std::wstring sentence;

    server.start();
    in_mta(
        [&]
        {
            hr = wait(0);
            sentence = take_error_sentence();
        })
        .join();

    EXPECT_EQ(hr, vb_error(5));
    EXPECT_EQ(sentence, L"WaitEvent was called on another thread; call it on the thread that created this object.");
}

TEST_F(WaitEvent, NeedsAPointerForItsResult)
{
    EXPECT_EQ(server->WaitEvent(0, nullptr), E_POINTER);
}

TEST_F(WaitEvent, GivesAnEventThatStaysReadableWhenAllElseIsGone)
{
    raw_client client = start_with_client();
    client.write("kept");
    com_ptr<INamedPipeEvent> event = server.wait_event();
    com_ptr<IDispatch> connection;
    com_ptr<INamedPipeServer> gone;

    client.close();
    server.object.reset();

    EXPECT_EQ(str_of(event.get()), "message 1 kept");
    event->get_Connection(connection.put());
    connection.as<INamedPipeServerConnection>(IID_INamedPipeServerConnection)->get_Server(gone.put());
    EXPECT_FALSE(gone);
}

TEST_F(WaitEvent, ReportsAConnectionAsEndedOnceItsEndIsHandedOut)
{
    raw_client client = start_with_client();
    com_ptr<INamedPipeServerConnection> connection = server.connection();
    VARIANT_BOOL connected = VARIANT_TRUE;

    client.close();
    ASSERT_TRUE(dispatch_until(
        [&]
        {
            connection->get_IsConnected(&connected);
            return !connected;
        }));
    EXPECT_EQ(write_text(connection.get(), L"to nobody"), S_OK);
    EXPECT_EQ(server.next(), "disconnected 1");

    EXPECT_EQ(write_text(connection.get(), L"to nobody"), static_cast<HRESULT>(NamedPipeErrorNotConnected));
}

} // namespace

/* A handler that fails is told by an event: ServerError of a server, Error of a client's connection. */

#include "support/com/client_in_mode.h"
#include "support/com/window_server.h"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace
{

constexpr LONG handler_failed = static_cast<LONG>(NamedPipeErrorHandlerFailed);

/* What the reports said, in their order. */
struct reports
{
    std::vector<std::wstring> said;
    std::vector<LONG> numbers;

    void add(const bare_call &call)
    {
        numbers.push_back(call.number);
        said.push_back(call.description);
    }
};

HRESULT fail_saying(bare_call &call, const wchar_t *sentence)
{
    call.exception->scode = static_cast<HRESULT>(0x800A000D);
    call.exception->bstrDescription = SysAllocString(sentence);
    return DISP_E_EXCEPTION;
}

class FailureReport : public window_server_test
{
  protected:
    reports told;

    /* Fails in events of this kind, and notes each ServerError. */
    bare_handler failing_at(NamedPipeEventKind kind)
    {
        return [this, kind](bare_call &call)
        {
            if (call.event == NamedPipeEventServerError)
                told.add(call);
            return call.event == kind ? fail_saying(call, L"Type mismatch") : S_OK;
        };
    }
};

TEST_F(FailureReport, TellsWhichEventFailedWithItsCodeAndSentence)
{
    listen_bare(failing_at(NamedPipeEventClientMessageReceived));
    start_with_client();
    client.write("hello");

    EXPECT_TRUE(pump_until([&] { return !told.said.empty(); }));

    EXPECT_THAT(told.said, ElementsAre(L"ClientMessageReceived failed: 0x800A000D: Type mismatch"));
    EXPECT_THAT(told.numbers, ElementsAre(handler_failed));
    EXPECT_EQ(last_event_error(server.object.get()), L"ClientMessageReceived: 0x800A000D: Type mismatch");
}

TEST_F(FailureReport, OfAFailedReportIsNone)
{
    listen_bare(
        [this](bare_call &call)
        {
            if (call.event == NamedPipeEventServerError)
                told.add(call);
            return call.event == NamedPipeEventServerError || call.event == NamedPipeEventClientMessageReceived
                       ? fail_saying(call, L"Overflow")
                       : S_OK;
        });
    start_with_client();
    client.write("hello");
    EXPECT_TRUE(pump_until([&] { return !told.said.empty(); }));
    pump();

    EXPECT_EQ(told.said.size(), 1u);
    EXPECT_EQ(last_event_error(server.object.get()), L"ServerError: 0x800A000D: Overflow");
}

/* The failures come nested, while the first report waits behind them. */
TEST_F(FailureReport, IsOneWhileItWaits)
{
    int failures = 0;

    listen_bare(
        [&](bare_call &call)
        {
            if (call.event == NamedPipeEventServerError)
                told.add(call);
            if (call.event != NamedPipeEventClientMessageReceived)
                return S_OK;
            failures++;
            return fail_saying(call, std::to_wstring(failures).c_str());
        });
    start_with_client();
    server.stop(); /* events wait for this thread */
    EXPECT_EQ(failures, 0);
    start_with_client();
    for (int i = 0; i < 5; i++)
        client.write("hello");
    EXPECT_TRUE(pump_until([&] { return failures == 5 && !told.said.empty(); }));
    pump();

    EXPECT_LT(told.said.size(), 5u);
    EXPECT_THAT(told.said[0], HasSubstr(L": 1"));
    EXPECT_EQ(last_event_error(server.object.get()), L"ClientMessageReceived: 0x800A000D: 5");
}

TEST_F(FailureReport, ComesBeforeStopReturnsWhereTheEndOfAClientFails)
{
    listen_bare(failing_at(NamedPipeEventClientDisconnected));
    start_with_client();

    server.stop();

    EXPECT_THAT(told.said, ElementsAre(L"ClientDisconnected failed: 0x800A000D: Type mismatch"));
}

TEST_F(FailureReport, IsNoneWhereNothingHandlesIt)
{
    bool failed = false;

    listen_bare(
        [&](bare_call &call)
        {
            if (call.event == NamedPipeEventClientMessageReceived)
                failed = true;
            return call.event == NamedPipeEventClientMessageReceived ? DISP_E_EXCEPTION : DISP_E_MEMBERNOTFOUND;
        });
    start_with_client();
    client.write("hello");
    EXPECT_TRUE(pump_until([&] { return failed; }));
    pump();

    EXPECT_EQ(last_event_error(server.object.get()),
              L"ClientMessageReceived: 0x80020009: the handler gave no description")
        << "a report that no method takes must not hide what it reports";
}

TEST_F(FailureReport, ReachesAHandlerOnAWorker)
{
    server_in_mode free_threaded(event_mode::free_threaded);
    auto heard = std::make_shared<event_log>();
    com_ptr<IDispatch> fails = make_bare_sink(
        [](bare_call &call)
        { return call.event == NamedPipeEventClientConnected ? fail_saying(call, L"Out of stack space") : S_OK; },
        sink_nature::agile);

    free_threaded.advise(fails.get());
    free_threaded.advise(heard, nullptr, sink_nature::agile);
    ASSERT_EQ(free_threaded.start(), S_OK);
    raw_client another = free_threaded.connect();

    ASSERT_TRUE(heard->wait_for(NamedPipeEventServerError));
    EXPECT_EQ(heard->events().back().text, "ClientConnected failed: 0x800A000D: Out of stack space");
    free_threaded.stop();
}

/* ---- of a client's connection ---- */

class ClientFailureReport : public testing::Test, public test_in_sta
{
  protected:
    server_in_mode server;
    client_in_mode manager;
    client_ptr client;
    reports told;
    DWORD cookie = 0;

    void listen(NamedPipeEventKind fails)
    {
        ASSERT_EQ(server.start(), S_OK);
        client = manager.connect(server.path);
        cookie = advise_client(client, make_bare_sink(
                                           [this, fails](bare_call &call)
                                           {
                                               if (call.event == NamedPipeEventError)
                                                   told.add(call);
                                               return call.event == fails ? fail_saying(call, L"Overflow") : S_OK;
                                           })
                                           .get());
    }

    void TearDown() override
    {
        if (client)
            unadvise_client(client, cookie);
        manager->Stop();
        server.stop();
    }
};

TEST_F(ClientFailureReport, IsTheErrorOfTheConnection)
{
    listen(NamedPipeEventConnected);

    EXPECT_TRUE(dispatch_until([&] { return !told.said.empty(); }, event_patience));

    EXPECT_THAT(told.said, ElementsAre(L"Connected failed: 0x800A000D: Overflow"));
    EXPECT_THAT(told.numbers, ElementsAre(handler_failed));
}

TEST_F(ClientFailureReport, OfTheLastEventIsNone)
{
    bool over = false;

    listen(NamedPipeEventDisconnected);
    EXPECT_TRUE(dispatch_until([&] { return is_connected(client); }, event_patience));
    manager->Stop();
    over = dispatch_until([&] { return !is_connected(client); }, event_patience);

    EXPECT_TRUE(over);
    EXPECT_THAT(told.said, IsEmpty());
}

/* ---- for those who wait for events ---- */

TEST_F(ClientFailureReport, IsAnEventOfWaitEventIfTheSinksHaveGoneMeanwhile)
{
    DWORD second = 0;

    listen(NamedPipeEventConnected);
    second = advise_client(client, make_bare_sink(
                                       [&](bare_call &)
                                       {
                                           unadvise_client(client, cookie); /* the first sink has just failed */
                                           unadvise_client(client, second);
                                           return S_OK;
                                       })
                                       .get());
    EXPECT_TRUE(dispatch_until([&] { return is_connected(client); }, event_patience));

    com_ptr<INamedPipeEvent> event = manager.wait_event();
    ASSERT_TRUE(event);
    EXPECT_EQ(value_of(event, &INamedPipeEvent::get_Number), handler_failed);
    EXPECT_EQ(str_of(event.get()), "error");
    variant of_event;
    EXPECT_EQ(event->get_Cookie(&of_event), S_OK);
    EXPECT_EQ(V_VT(&of_event), VT_EMPTY) << "the sentence is no cookie";
}

} // namespace

/* COM ends a call through a gate while the handler runs on: a message filter has cancelled the call, or the handler's
 * thread has left COM. Wine does neither, so the test ends the call in place of COM. */

#include "support/com/dispatch_stub.h"
#include "support/com/stand_in.h"
#include "support/com/uncounted.h"
#include "support/com/window_server.h"

#include <gmock/gmock.h>

#include <memory>

extern "C" HRESULT (*gate_invoke)(IDispatch *proxy, LONG number);

using testing::ElementsAre;

namespace
{

/* Ends the next call, once `arm` was called, as soon as its thread has come to `inside`. */
class early_end
{
  public:
    explicit early_end(blocking_point &inside) : inside(inside), real(gate_invoke)
    {
        current = this;
        gate_invoke = invoke;
    }
    ~early_end()
    {
        gate_invoke = real;
        way.reset(); /* waits for the real call */
    }

    void arm(HRESULT how = RPC_E_CALL_CANCELED)
    {
        result = how;
        armed = true;
    }
    /* The real call never ends. */
    void give_up()
    {
        way.release();
    }

    std::atomic<int> ended{0};
    std::atomic<HRESULT> last{S_OK}; /* of a call that was not ended here */

  private:
    static HRESULT invoke(IDispatch *proxy, LONG number)
    {
        if (current->armed.exchange(false))
            return current->end_early(proxy, number);
        current->last = current->real(proxy, number);
        if (current->last == static_cast<HRESULT>(EXCEPTION_ACCESS_VIOLATION)) /* Wine's answer */
            return RPC_E_SERVERFAULT;
        return current->last;
    }

    HRESULT end_early(IDispatch *proxy, LONG number)
    {
        IStream *stream = nullptr;

        EXPECT_EQ(CoMarshalInterThreadInterfaceInStream(IID_IDispatch, proxy, &stream), S_OK);
        way = std::make_unique<background>([this, stream, number] { call(stream, number); });
        EXPECT_TRUE(inside.wait_until_blocked());
        ended++;
        return result;
    }

    void call(IStream *stream, LONG number)
    {
        apartment mta(COINIT_MULTITHREADED);
        com_ptr<IDispatch> proxy;

        EXPECT_EQ(CoGetInterfaceAndReleaseStream(stream, IID_IDispatch, proxy.put_void()), S_OK);
        real(proxy.get(), number);
    }

    static early_end *current;

    blocking_point &inside;
    HRESULT (*real)(IDispatch *proxy, LONG number);
    HRESULT result = S_OK;
    std::atomic<bool> armed{false};
    std::unique_ptr<background> way;
};

early_end *early_end::current;

/* Cancels calls that the calling thread has sent, once `cancels` is set. */
class cancelling_filter final : public uncounted<IMessageFilter, IID_IMessageFilter>
{
  public:
    cancelling_filter()
    {
        CoRegisterMessageFilter(this, nullptr);
    }
    ~cancelling_filter()
    {
        CoRegisterMessageFilter(nullptr, nullptr);
    }

    std::atomic<bool> cancels{false};

    DWORD STDMETHODCALLTYPE HandleInComingCall(DWORD, HTASK, DWORD, LPINTERFACEINFO) override
    {
        return SERVERCALL_ISHANDLED;
    }
    DWORD STDMETHODCALLTYPE RetryRejectedCall(HTASK, DWORD, DWORD) override
    {
        return static_cast<DWORD>(-1);
    }
    DWORD STDMETHODCALLTYPE MessagePending(HTASK, DWORD, DWORD) override
    {
        return cancels ? PENDINGMSG_CANCELCALL : PENDINGMSG_WAITDEFPROCESS;
    }
};

/* An EventSink that has every name. */
class touchy_sink : public dispatch_stub
{
  public:
    explicit touchy_sink(reference_count references) : dispatch_stub(agility::bound, std::move(references))
    {
    }

    std::function<void()> when_touched; /* runs once, inside the next AddRef or QueryInterface */

  protected:
    HRESULT find(const wchar_t *, DISPID *id) override
    {
        return *id = 1, S_OK;
    }
    HRESULT call(DISPID, DISPPARAMS &, EXCEPINFO *) override
    {
        return S_OK;
    }
    void touched() override
    {
        if (auto act = std::exchange(when_touched, nullptr))
            act();
    }
};

/* A server of the test's own STA; its handler is in another STA and blocks in the message "first". `log` has the
 * handler's events as they end. */
class EndedCall : public window_server_test
{
  protected:
    blocking_point inside;
    early_end early{inside};
    sta_thread &home = lasting_sta();
    HRESULT answer = S_OK; /* of the handler that was blocked, the first time */
    std::shared_ptr<event_log> here = std::make_shared<event_log>(); /* of a sink of this STA */
    std::function<void()> before_return;

    void TearDown() override
    {
        inside.unblock();
        window_server_test::TearDown();
    }

    /* Notes the event by what its arguments hold at the end, after it was blocked. */
    HRESULT handle(bare_call &call)
    {
        const bool blocks = call.data && call.text() == "first";
        HRESULT hr = S_OK;
        told_event event;
        LONG id = 0;

        if (blocks)
        {
            inside.block();
            hr = std::exchange(answer, S_OK);
            if (before_return)
                before_return();
        }
        if (call.connection)
            (*call.connection_slot)->QueryInterface(IID_INamedPipeServerConnection, connection_again.put_void());
        if (connection_again)
            connection_again->get_ID(&id);
        connection_again.reset();
        event.kind = call.event;
        event.connection = id;
        event.text = call.data ? call.text() : "";
        log->add(event);
        return hr;
    }

    DWORD listen_at_home(sink_nature nature = sink_nature::bound)
    {
        DWORD cookie = 0;

        home.run([&] { cookie = listen_bare([this](bare_call &call) { return handle(call); }, nature); });
        return cookie;
    }

    void listen_here()
    {
        server.advise(here);
    }

    /* A client, whose first message is being handled, although COM has ended the call. */
    void start_and_end_the_call(HRESULT how = RPC_E_CALL_CANCELED)
    {
        ASSERT_NO_FATAL_FAILURE(connect(client));
        c = newest();
        early.arm(how);
        ASSERT_EQ(client.write("first"), 0u);
        ASSERT_TRUE(pump_until([&] { return early.ended > 0; }));
    }

    void send_second_and_leave()
    {
        ASSERT_EQ(client.write("second"), 0u);
        client = raw_client();
        server.await_drop(1);
    }

    void expect_the_next_event_to_wait()
    {
        start_and_end_the_call();
        ASSERT_FALSE(HasFatalFailure());
        send_second_and_leave();
        EXPECT_FALSE(pump_for(NamedPipeEventClientDisconnected, 1, 200));

        inside.unblock();

        ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
        EXPECT_THAT(log->all(),
                    ElementsAre("ready", "connected 1", "message 1 first", "message 1 second", "disconnected 1"));
    }

    server_connection_ptr connection_again;
};

TEST_F(EndedCall, TheNextEventWaitsUntilTheHandlerHasReturned)
{
    listen_at_home();
    expect_the_next_event_to_wait();
    EXPECT_EQ(last_event_error(server.object.get()), L"");
}

TEST_F(EndedCall, TheNextSinkWaitsUntilTheHandlerHasReturned)
{
    listen_at_home();
    listen_here();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_FALSE(here->pump_for(NamedPipeEventClientMessageReceived, 1, 200));

    inside.unblock();

    ASSERT_TRUE(here->pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_THAT(here->all(), ElementsAre("ready", "connected 1", "message 1 first"));
}

TEST_F(EndedCall, AHandlerThatRefusesAfterAllIsCalledAgain)
{
    answer = RPC_E_CANTCALLOUT_ININPUTSYNCCALL;
    listen_at_home();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());

    inside.unblock();

    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 first", "message 1 first"));
}

TEST_F(EndedCall, StopReturnsAndTheRestFollowsTheHandler)
{
    listen_at_home();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());

    EXPECT_EQ(server.stop(), S_OK);
    EXPECT_FALSE(server.is_running());
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 0u);
    inside.unblock();

    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 first", "disconnected 1"));
}

TEST_F(EndedCall, AfterTheLastReleaseTheHandlerStillHasItsArguments)
{
    listen_at_home();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());

    c.reset();
    server.object.reset();
    pump();
    inside.unblock();

    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 first"));
    EXPECT_TRUE(pump_until_windows_are_gone());
}

TEST_F(EndedCall, AHandlerMayReleaseTheServerWhenNobodyWaitsForIt)
{
    before_return = [&] { server.object.reset(); };
    listen_at_home();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());

    c.reset();
    inside.unblock();

    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_TRUE(pump_until_windows_are_gone());
}

TEST_F(EndedCall, AHandlerWhoseSinkIsUnadvisedIsWaitedForAllTheSame)
{
    DWORD cookie = listen_at_home();
    listen_here();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());

    EXPECT_EQ(server.unadvise(cookie), S_OK);
    send_second_and_leave();
    EXPECT_FALSE(here->pump_for(NamedPipeEventClientDisconnected, 1, 200));
    inside.unblock();

    ASSERT_TRUE(here->pump_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(here->all(),
                ElementsAre("ready", "connected 1", "message 1 first", "message 1 second", "disconnected 1"));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 first"));
}

TEST_F(EndedCall, AfterTheConsumerHasClosedDisconnectedWaitsForTheHandler)
{
    listen_at_home();
    start_and_end_the_call();
    ASSERT_FALSE(HasFatalFailure());

    EXPECT_EQ(c->AsyncClose(VARIANT_FALSE), S_OK);
    server.await_drop(1);
    EXPECT_FALSE(pump_for(NamedPipeEventClientDisconnected, 1, 200));
    inside.unblock();

    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 first", "disconnected 1"));
}

TEST_F(EndedCall, ASinkWhoseThreadHasLeftComIsDroppedWhenTheHandlerHasReturned)
{
    DWORD cookie = listen_at_home();
    listen_here();
    start_and_end_the_call(RPC_E_SERVER_DIED);
    ASSERT_FALSE(HasFatalFailure());
    send_second_and_leave();
    EXPECT_FALSE(here->pump_for(NamedPipeEventClientMessageReceived, 1, 200));

    inside.unblock();

    ASSERT_TRUE(here->pump_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 first"));
    EXPECT_EQ(server.unadvise(cookie), CONNECT_E_NOCONNECTION);
}

TEST_F(EndedCall, AMessageFilterMayCancelTheCall)
{
    const DWORD this_thread = GetCurrentThreadId();
    cancelling_filter filter;
    latch returned;
    listen_at_home();
    ASSERT_NO_FATAL_FAILURE(connect(client));
    c = newest();
    background user(
        [&]
        {
            EXPECT_TRUE(inside.wait_until_blocked());
            filter.cancels = true;
            for (int tries = 0; tries < 20 && !returned.wait(50); tries++)
                PostThreadMessageW(this_thread, WM_USER, 0, 0);
            if (!returned.wait(0))
                inside.unblock();
        });

    ASSERT_EQ(client.write("first"), 0u);
    ASSERT_TRUE(pump_until([&] { return filter.cancels.load(); }));
    returned.set();
    user.join();
    const HRESULT of_com = early.last;
    if (log->count(NamedPipeEventClientMessageReceived))
        GTEST_SKIP() << "Wine: a message filter cancels no call";
    send_second_and_leave();
    EXPECT_FALSE(pump_for(NamedPipeEventClientDisconnected, 1, 200));
    inside.unblock();

    EXPECT_EQ(of_com, RPC_E_CALL_CANCELED);
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log->all(),
                ElementsAre("ready", "connected 1", "message 1 first", "message 1 second", "disconnected 1"));
}

/* The runtime of a worker's sink is bound to its thread. */
TEST_F(EndedCall, AWorkerWaitsUntilTheHandlerHasReturned)
{
    hosted_runtime runtime;
    server->put_FreeThreadingEvents(VARIANT_TRUE);
    server->put_NumThreadsIOCP(2);
    listen_at_home();
    expect_the_next_event_to_wait();
    server.stop(); /* before the runtime goes */
}

TEST_F(EndedCall, GettingAnEventSinkFailsAndLeavesNothing)
{
    com_ptr<IDispatch> given;
    auto references = std::make_shared<std::atomic<LONG>>(0);
    auto *sink = new touchy_sink(references);
    home.run([&] { EXPECT_EQ(server->put_EventSink(com_ptr<IDispatch>(sink).get()), S_OK); });
    sink->when_touched = [&] { inside.block(); };
    early.arm();

    EXPECT_EQ(server->get_EventSink(given.put()), RPC_E_CALL_CANCELED);

    EXPECT_FALSE(given);
    inside.unblock();
    EXPECT_EQ(server->put_EventSink(nullptr), S_OK);
    EXPECT_TRUE(pump_until([&] { return *references == 0; }));
}

/* The same with handlers that never return: what they hold stays, so nothing is counted. It goes under the leak checks
 * of later tests, so these are a test of ctest's own, com.CallThatNeverReturns. */
class CallThatNeverReturns : public testing::Test
{
  protected:
    void SetUp() override
    {
        if (std::string(testing::GTEST_FLAG(filter)).find("CallThatNeverReturns") == std::string::npos)
            GTEST_SKIP() << "what such a call holds goes under the leak checks of later tests: it runs alone, as "
                            "com.CallThatNeverReturns";
    }

    first_use first;
    apartment sta{COINIT_APARTMENTTHREADED};
    blocking_point inside;
    early_end early{inside};
    std::shared_ptr<event_log> here = std::make_shared<event_log>(); /* of a sink of this STA */
    server_in_mode server;
    raw_client client;

    void advise_there(std::function<void()> handler)
    {
        server.advise(
            make_bare_sink(when(NamedPipeEventClientMessageReceived, [=](bare_call &) { return handler(), S_OK; }))
                .get());
    }
    void start_with_client()
    {
        server.advise(here);
        server.start();
        client = server.connect();
        ASSERT_TRUE(here->pump_for(NamedPipeEventClientConnected));
    }
};

TEST_F(CallThatNeverReturns, IsGivenUpWhenItsThreadHasEnded)
{
    latch advised;
    background home(
        [&]
        {
            CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
            advise_there([&] { inside.block(), ExitThread(0); });
            advised.set();
            dispatch_until([] { return false; }, event_patience);
        });
    ASSERT_TRUE(advised.wait(event_patience));
    start_with_client();
    ASSERT_FALSE(HasFatalFailure());
    early.arm(RPC_E_SERVER_DIED);
    ASSERT_EQ(client.write("first"), 0u);
    ASSERT_TRUE(dispatch_until([&] { return early.ended > 0; }));
    EXPECT_FALSE(here->pump_for(NamedPipeEventClientMessageReceived, 1, 200));

    inside.unblock();

    ASSERT_TRUE(home.join(event_patience));
    EXPECT_TRUE(here->pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_NE(last_event_error(server.object.get()), L"");
    early.give_up(); /* Wine never ends a call to a thread that has ended inside it */
    server.stop();
}

TEST_F(CallThatNeverReturns, IsOverWhenItsHandlerHasRaisedAnException)
{
    const ULONG_PTR nowhere[2] = {};
    lasting_sta().run([&] { advise_there([nowhere] { RaiseException(EXCEPTION_ACCESS_VIOLATION, 0, 2, nowhere); }); });
    start_with_client();
    ASSERT_FALSE(HasFatalFailure());

    ASSERT_EQ(client.write("first"), 0u);

    EXPECT_TRUE(here->pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_NE(last_event_error(server.object.get()), L"");
    server.stop();
}

} // namespace

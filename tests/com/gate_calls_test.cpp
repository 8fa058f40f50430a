/* Free-threaded events in a process that hosts a runtime whose objects are bound to their threads: a sink of an STA is
 * called on its own thread, through its gate. */

#include "support/com/consumer_object.h"
#include "support/com/message_filter.h"
#include "support/com/server_in_mode.h"
#include "support/com/stand_in.h"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>

using testing::Each;
using testing::ElementsAre;
using testing::Ne;

namespace
{

class UnboundGate : public testing::Test, public test_in_mta
{
  protected:
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    sta_thread &home = lasting_sta();
    server_in_mode server{event_mode::free_threaded, 2};

    ~UnboundGate() override
    {
        server.object.reset();
        home.run([] { EXPECT_TRUE(pump_until_windows_are_gone()); });
    }

    DWORD advise_at_home(event_handler handler = nullptr, sink_nature nature = sink_nature::bound)
    {
        DWORD cookie = 0;

        home.run([&] { cookie = server.advise(log, std::move(handler), nature); });
        return cookie;
    }

    void set_event_sink_at_home(sink_nature nature)
    {
        home.run([&] { EXPECT_EQ(server->put_EventSink(make_recording_sink(log, nature).get()), S_OK); });
    }
};

class Gate : public UnboundGate
{
  protected:
    hosted_runtime runtime;

    ~Gate() override
    {
        server.object.reset(); /* while the runtime is still there */
    }

    /* The home thread waits for a call, and looks at nothing from then on: it is blocked there. */
    background block_home(blocking_point &by_a_call)
    {
        latch waits;
        background job(
            [this, &by_a_call, &waits]
            {
                home.run(
                    [&]
                    {
                        waits.set();
                        MsgWaitForMultipleObjectsEx(0, nullptr, event_patience, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
                        by_a_call.block();
                    });
            });
        EXPECT_TRUE(waits.wait(event_patience));
        return job;
    }
};

TEST_F(Gate, ASinkOfAnStaIsCalledOnItsOwnThread)
{
    advise_at_home();

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(home.id()));
}

TEST_F(UnboundGate, ASinkOfAnStaIsCalledOnAWorkerWhereNoRuntimeIsBound)
{
    advise_at_home();

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(Ne(home.id())));
}

/* No thread but that of its apartment may call it. */
TEST_F(UnboundGate, ASinkThatIsAProxyIsCalledOnItsOwnThread)
{
    auto fate = std::make_shared<object_fate>();

    home.run([&] { server.advise(make_consumer_object(fate, agility::bound, IID_IProxyManager).get()); });
    server.advise(log); /* the next one */
    expect_a_client_to_be_told(server, *log);

    EXPECT_EQ(fate->calls, 4);
    EXPECT_EQ(fate->called_on, home.id());
}

TEST_F(Gate, AnAgileSinkIsCalledOnAWorkerAllTheSame)
{
    advise_at_home(nullptr, sink_nature::agile);

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(Ne(home.id())));
}

TEST_F(Gate, ASinkOfTheMtaIsCalledOnAWorkerAllTheSame)
{
    server.advise(log);

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(Ne(GetCurrentThreadId())));
}

TEST_F(Gate, AnEventSinkIsReachedByItsNames)
{
    set_event_sink_at_home(sink_nature::names);

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(home.id()));
    EXPECT_TRUE(log->events()[2].by_reference);
}

TEST_F(Gate, AnEventSinkWithIDispatchExAloneNeedsNoProxyAndGetsValues)
{
    set_event_sink_at_home(sink_nature::names_ex);

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(home.id()));
    EXPECT_FALSE(log->events()[2].by_reference);
}

TEST_F(Gate, TheConnectionIsTheSameObjectInEveryApartment)
{
    std::atomic<INamedPipeServerConnection *> at_home{nullptr}, on_worker{nullptr};
    auto keep_in = [](std::atomic<INamedPipeServerConnection *> &where)
    {
        return [&where](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind == NamedPipeEventClientConnected)
                where = connection;
        };
    };

    advise_at_home(keep_in(at_home));
    server.advise(log, keep_in(on_worker));
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected, 2));
    server.stop();

    EXPECT_NE(at_home, nullptr);
    EXPECT_EQ(at_home, on_worker);
}

TEST_F(Gate, UnadviseWhileACallIsOnItsWayRaisesNothing)
{
    blocking_point home_blocked;
    bstr error;

    DWORD cookie = advise_at_home();
    background job = block_home(home_blocked);
    server.start();
    ASSERT_TRUE(home_blocked.wait_until_blocked());

    EXPECT_EQ(server.unadvise(cookie), S_OK);
    home_blocked.unblock();

    server.stop();
    EXPECT_EQ(log->count(), 0u);
    server->get_LastEventError(error.put());
    EXPECT_EQ(error.str(), L"");
}

TEST_F(Gate, TheLastReleaseWhileACallIsOnItsWayRaisesNothing)
{
    blocking_point home_blocked;

    advise_at_home();
    background job = block_home(home_blocked);
    server.start();
    ASSERT_TRUE(home_blocked.wait_until_blocked());

    server.object.reset();
    home_blocked.unblock();

    ASSERT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    EXPECT_EQ(log->count(), 0u);
    EXPECT_EQ(log->released_on, home.id());
}

TEST_F(Gate, StopInAHandlerReturnsAtOnceAsInAFreeThreadedOne)
{
    std::atomic<bool> running{true};
    std::atomic<ULONGLONG> took{60000};

    advise_at_home(when(NamedPipeEventClientMessageReceived,
                        [&]
                        {
                            ULONGLONG begun = GetTickCount64();
                            server.stop();
                            running = server.is_running();
                            took = GetTickCount64() - begun;
                        }));
    server.start();
    raw_client client = server.connect();
    client.write("stop");

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_FALSE(running);
    EXPECT_LT(took, 3000u);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(Gate, AHandlerMayRestart)
{
    advise_at_home(when(NamedPipeEventClientMessageReceived,
                        [&]
                        {
                            server.stop();
                            EXPECT_EQ(server.start(), S_OK);
                        }));
    server.start();
    raw_client client = server.connect();
    client.write("restart");

    EXPECT_TRUE(log->wait_for(NamedPipeEventServerReady, 2));
    EXPECT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(Gate, StopOnTheSinksThreadLetsItsHandlersFinish)
{
    ULONGLONG took = 0;

    advise_at_home();
    server.start();
    raw_client one = server.connect(), two = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected, 2));

    home.run(
        [&]
        {
            ULONGLONG begun = GetTickCount64();
            server.stop();
            took = GetTickCount64() - begun;
            EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 2u);
        });

    EXPECT_LT(took, 4000u);
    EXPECT_THAT(log->threads(), Each(home.id()));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(Gate, WaitingInsideAHandlerIsRefused)
{
    std::vector<HRESULT> results;

    advise_at_home(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            com_ptr<INamedPipeEvent> given;
            VARIANT_BOOL left;

            if (event.kind != NamedPipeEventServerReady)
                return;
            results.push_back(server->WaitEvent(0, given.put()));
            results.push_back(server->ManualMessageLoopEnter(0, &left));
        });

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(results, ElementsAre(vb_error(5), vb_error(5)));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(Gate, AHandlerMayReleaseTheServer)
{
    advise_at_home(when(NamedPipeEventClientMessageReceived, [&] { server.object.reset(); }));
    server.start();
    raw_client client = server.connect();
    client.write("release");

    ASSERT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 release"));
    EXPECT_EQ(log->released_on, home.id());
}

TEST_F(Gate, AHandlerMayUnadviseItself)
{
    std::atomic<DWORD> cookie{0};

    cookie = advise_at_home(when(NamedPipeEventClientMessageReceived, [&] { server.unadvise(cookie); }));
    server.start();
    raw_client client = server.connect();
    client.write("unadvise");

    ASSERT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 unadvise"));
    EXPECT_EQ(log->released_on, home.id());
    server.stop(); /* what the handlers use goes now */
}

TEST_F(Gate, TheCookieIsReadAtHome)
{
    auto fate = std::make_shared<object_fate>();

    advise_at_home(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind == NamedPipeEventClientConnected)
                write_text(connection, L"x", variant(make_consumer_object(fate).get()));
            if (event.kind == NamedPipeEventClientMessageSent && V_VT(&event.cookie) == VT_DISPATCH)
            {
                DISPPARAMS none = {};
                V_DISPATCH(&event.cookie)->Invoke(1, IID_NULL, 0, DISPATCH_METHOD, &none, nullptr, nullptr, nullptr);
            }
        });
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageSent));
    server.stop();

    EXPECT_EQ(fate->called_on, home.id());
}

class UncountedGate : public testing::Test, public uncounted_test_in_mta
{
  protected:
    hosted_runtime runtime;
    std::shared_ptr<event_log> log = std::make_shared<event_log>();
    sta_thread home;
    server_in_mode server{event_mode::free_threaded, 2};
    std::unique_ptr<busy_for> filter;

    ~UncountedGate() override
    {
        home.run([&] { filter.reset(); });
        if (server.object)
            server.stop(); /* the workers let go of their proxies, for which the home has to be there */
        server.object.reset();
    }

    DWORD advise_at_home()
    {
        DWORD cookie = 0;

        home.run([&] { cookie = server.advise(log); });
        return cookie;
    }

    void make_home_busy_for(LONG times, DWORD how)
    {
        home.run([&] { filter.reset(new busy_for(times, how)); });
    }
};

/* Each call into the home thread's STA comes past its filter: what COM asks there for a proxy, too. */
TEST_F(UncountedGate, ItsProxyIsAskedForOnceAndNotForEachEvent)
{
    constexpr LONG messages = 40;
    LONG calls = 0;

    advise_at_home();
    make_home_busy_for(0, SERVERCALL_ISHANDLED);
    server.start();
    raw_client client = server.connect();
    for (LONG i = 0; i < messages; i++)
        ASSERT_EQ(client.write("hello"), 0u);
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived, messages));
    calls = filter->seen;

    EXPECT_GE(calls, messages);
    EXPECT_LT(calls, messages + 10);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(UncountedGate, AServerThatComesWhileAnotherOnesWorkersEndHasItsSinksCalled)
{
    server_in_mode other{event_mode::free_threaded, 1};
    auto others = std::make_shared<event_log>();

    advise_at_home();
    home.run([&] { other.advise(others); });
    server.start();
    other.start();
    ASSERT_TRUE(log->wait_for(NamedPipeEventServerReady));
    ASSERT_TRUE(others->wait_for(NamedPipeEventServerReady));

    for (size_t round = 2; round < 12; round++)
    {
        (round % 2 ? server : other).stop();
        (round % 2 ? other : server).stop();
        server.start();
        other.start();
        ASSERT_TRUE(log->wait_for(NamedPipeEventServerReady, round));
        ASSERT_TRUE(others->wait_for(NamedPipeEventServerReady, round));
    }
    server.stop(); /* what the handlers use goes now */
    other.stop();
}

TEST_F(UncountedGate, ACallThatIsRejectedForNowIsRepeatedUntilItIsTaken)
{
    advise_at_home();
    make_home_busy_for(3, SERVERCALL_RETRYLATER);

    expect_a_client_to_be_told(server, *log);

    EXPECT_EQ(filter->rejected, 3);
}

TEST_F(UncountedGate, ACallThatIsRejectedIsRepeatedUntilItIsTaken)
{
    advise_at_home();
    make_home_busy_for(3, SERVERCALL_REJECTED);

    expect_a_client_to_be_told(server, *log);

    EXPECT_EQ(filter->rejected, 3);
}

TEST_F(UncountedGate, ACallThatIsNeverTakenEndsWithTheServer)
{
    const unsigned threads = count_threads();

    advise_at_home();
    make_home_busy_for(1000000, SERVERCALL_REJECTED);
    server.start();
    ASSERT_TRUE(dispatch_until([&] { return filter->rejected > 1; }));

    server.object.reset();

    ASSERT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    EXPECT_EQ(log->count(), 0u);
    EXPECT_TRUE(dispatch_until([&] { return count_threads() <= threads + 1; }))
        << "the workers let go of their proxies, for which the home has to be there; COM has a thread of its own";
}

TEST_F(UncountedGate, ACallThatIsNeverTakenEndsWithItsSink)
{
    bstr error;

    DWORD cookie = advise_at_home();
    make_home_busy_for(1000000, SERVERCALL_REJECTED);
    server.start();
    ASSERT_TRUE(dispatch_until([&] { return filter->rejected > 1; }));

    server.unadvise(cookie);

    ASSERT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    server.stop();
    server->get_LastEventError(error.put());
    EXPECT_EQ(error.str(), L"");
    EXPECT_EQ(log->count(), 0u);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(UncountedGate, ASinkWhoseApartmentHasEndedIsUnadvised)
{
    auto dead = std::make_shared<event_log>();
    DWORD cookie = 0;

    {
        sta_thread short_lived;
        short_lived.run([&] { cookie = server.advise(dead); });
    }
    server.advise(log);

    expect_a_client_to_be_told(server, *log);

    EXPECT_EQ(dead->count(), 0u);
    EXPECT_EQ(server.unadvise(cookie), CONNECT_E_NOCONNECTION);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(UncountedGate, AnEventSinkWhoseApartmentHasEndedIsTakenOut)
{
    auto dead = std::make_shared<event_log>();
    com_ptr<IDispatch> left;

    {
        sta_thread short_lived;
        short_lived.run([&] { server->put_EventSink(make_recording_sink(dead, sink_nature::names).get()); });
    }
    server.advise(log);

    expect_a_client_to_be_told(server, *log);

    EXPECT_EQ(server->get_EventSink(left.put()), S_OK);
    EXPECT_FALSE(left);
    server.stop(); /* what the handlers use goes now */
}

} // namespace

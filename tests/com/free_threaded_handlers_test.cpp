/* FreeThreadingEvents: handlers run on the worker threads. */

#include "support/com/server_in_mode.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Ne;

namespace
{

class FreeThreaded : public testing::Test, public test_in_mta
{
  protected:
    server_in_mode server{event_mode::free_threaded, 4};
    std::shared_ptr<event_log> log = std::make_shared<event_log>();

    DWORD advise(event_handler handler = nullptr)
    {
        return server.advise(log, std::move(handler));
    }

    /* Starts; the handlers of a client's message block there, and then act. */
    raw_client start_with_a_client_at(blocking_point &handler, std::function<void()> then = nullptr)
    {
        advise(when(NamedPipeEventClientMessageReceived,
                    [&handler, then]
                    {
                        handler.block();
                        if (then)
                            then();
                    }));
        server.start();
        raw_client client = server.connect();
        client.write("x");
        EXPECT_TRUE(handler.wait_until_blocked());
        return client;
    }

    bool was_told(const char *what)
    {
        const std::vector<std::string> all = log->all();

        return std::find(all.begin(), all.end(), what) != all.end();
    }
};

TEST_F(FreeThreaded, HandlersRunOnWorkersInTheMta)
{
    std::atomic<int> type{-1};

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            APTTYPE apartment;
            APTTYPEQUALIFIER qualifier;

            if (event.kind == NamedPipeEventClientMessageReceived &&
                SUCCEEDED(CoGetApartmentType(&apartment, &qualifier)))
                type = apartment;
        });

    expect_a_client_to_be_told(server, *log);

    EXPECT_THAT(log->threads(), Each(Ne(GetCurrentThreadId())));
    EXPECT_EQ(type, APTTYPE_MTA);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, NothingBeginsUntilTheHandlersOfServerReadyHaveReturned)
{
    blocking_point handler;
    std::atomic<bool> returned{false}, too_early{false};

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.kind == NamedPipeEventServerReady)
            {
                handler.block();
                returned = true;
            }
            else
                too_early = too_early || !returned;
        });
    server.start();
    raw_client one = server.connect(), two = server.connect();
    one.write("x");
    two.write("y");
    server.await_connection(2);
    EXPECT_EQ(log->count(), 1u);
    handler.unblock();

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived, 2));
    EXPECT_FALSE(too_early);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, OneConnectionIsServedStrictlyOneAfterAnother)
{
    std::atomic<int> inside{0};
    std::atomic<bool> met{false};
    std::vector<std::string> expected{"ready", "connected 1"};

    advise(
        [&](const told_event &, INamedPipeServerConnection *)
        {
            met = met || ++inside > 1;
            SwitchToThread();
            inside--;
        });
    server.start();
    raw_client client = server.connect();
    for (int i = 0; i < 300; i++)
    {
        client.write(std::to_string(i).c_str());
        expected.push_back("message 1 " + std::to_string(i));
    }
    client.close();
    expected.push_back("disconnected 1");

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_FALSE(met);
    EXPECT_EQ(log->all(), expected);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, DifferentConnectionsAreServedAtOnce)
{
    std::atomic<int> inside{0};
    latch all_inside;
    std::atomic<int> met{0};

    advise(when(NamedPipeEventClientMessageReceived,
                [&]
                {
                    if (++inside == 4)
                        all_inside.set();
                    met += all_inside.wait(event_patience);
                }));
    server.start();
    raw_client clients[] = {server.connect(), server.connect(), server.connect(), server.connect()};
    for (raw_client &client : clients)
        client.write("x");

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived, 4));
    EXPECT_TRUE(all_inside.wait(event_patience));
    server.stop();
    EXPECT_EQ(met, 4);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AHandlerMayWriteAndHearsOfItAfterItReturned)
{
    std::atomic<bool> inside{false}, nested{false};

    advise(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            nested = nested || inside;
            if (event.kind != NamedPipeEventClientMessageReceived)
                return;
            inside = true;
            write_text(connection, L"answer", variant(5));
            SwitchToThread();
            inside = false;
        });
    server.start();
    raw_client client = server.connect();
    client.write("question");

    EXPECT_EQ(client.read_text(), "answer");
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageSent));
    EXPECT_FALSE(nested);
    EXPECT_EQ(V_I4(&log->events().back().cookie), 5);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AHandlerMayCloseItsConnection)
{
    advise(
        [&](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind == NamedPipeEventClientMessageReceived)
                connection->AsyncClose(VARIANT_FALSE);
        });
    server.start();
    raw_client client = server.connect();
    client.write("close");
    client.write("unheard");

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 close", "disconnected 1"));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, StopInAHandlerStopsAtOnceAndTheOldEventsFollow)
{
    std::atomic<bool> running{true}, client_was_closed{false};
    std::atomic<size_t> told_inside{0};
    raw_client client;

    advise(when(NamedPipeEventClientMessageReceived,
                [&]
                {
                    server.stop();
                    running = server.is_running();
                    client_was_closed = client.wait_until_closed() == 0;
                    told_inside = log->count(NamedPipeEventClientDisconnected);
                }));
    server.start();
    client = server.connect();
    client.write("stop");

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_FALSE(running);
    EXPECT_TRUE(client_was_closed);
    EXPECT_EQ(told_inside, 0u);
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 stop", "disconnected 1"));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AHandlerMayRestartOnTheSameName)
{
    std::atomic<HRESULT> started{E_FAIL};

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.text != "restart")
                return;
            server.stop();
            started = server.start();
        });
    server.start();
    raw_client client = server.connect();
    client.write("restart");

    ASSERT_TRUE(log->wait_for(NamedPipeEventServerReady, 2));
    raw_client second = server.connect();
    second.write("again");
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived, 2));
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log->all(), Contains("message 2 again"));
    EXPECT_THAT(log->all(), Contains("disconnected 1"));
    server.stop(); /* what the handlers use goes now */
    EXPECT_EQ(started, S_OK) << "which the next run's first event does not wait for";
}

TEST_F(FreeThreaded, TheOnlyWorkersHandlerMayRestart)
{
    server->put_NumThreadsIOCP(1);
    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.text != "restart")
                return;
            server.stop();
            server.start();
        });
    server.start();
    raw_client client = server.connect();
    client.write("restart");

    ASSERT_TRUE(log->wait_for(NamedPipeEventServerReady, 2));
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    raw_client second = server.connect();
    EXPECT_TRUE(log->wait_for(NamedPipeEventClientConnected, 2));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, StopOnAnotherThreadWaitsForHandlers)
{
    latch inside;
    std::atomic<bool> returned{false};

    advise(when(NamedPipeEventClientMessageReceived,
                [&]
                {
                    inside.set();
                    latch().wait(100);
                    returned = true;
                }));
    server.start();
    raw_client client = server.connect();
    client.write("x");
    ASSERT_TRUE(inside.wait(event_patience));

    server.stop();

    EXPECT_TRUE(returned);
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 x", "disconnected 1"));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AHandlerThatDoesNotReturnHoldsStopUpForFiveSeconds)
{
    blocking_point handler;

    advise(when(NamedPipeEventClientMessageReceived, [&] { handler.block(60000); }));
    server.start();
    raw_client client = server.connect();
    client.write("for ever");
    ASSERT_TRUE(handler.wait_until_blocked());
    client.write("never told");
    ULONGLONG begun = GetTickCount64();

    server.stop();

    ULONGLONG took = GetTickCount64() - begun;
    EXPECT_GE(took, 4900u);
    EXPECT_LT(took, 9000u);
    EXPECT_FALSE(server.is_running());
    EXPECT_EQ(server.start(), S_OK);
    EXPECT_TRUE(log->wait_for(NamedPipeEventServerReady, 2));
    handler.unblock();
    server.stop();
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 for ever", "ready"));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, TwoStopsAtOnceAreOne)
{
    blocking_point handler;

    raw_client client = start_with_a_client_at(handler);
    std::atomic<int> stopped{0};
    auto stop = [&]
    {
        server.stop();
        EXPECT_FALSE(server.is_running());
        stopped++;
    };
    background a = in_mta(stop), b = in_mta(stop);
    EXPECT_FALSE(a.join(50));
    EXPECT_EQ(stopped, 0);
    handler.unblock();

    EXPECT_TRUE(a.join(event_patience) && b.join(event_patience));
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 1u);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, StopInAHandlerReturnsAtOnceWhereAnotherThreadStops)
{
    blocking_point handler;
    std::atomic<ULONGLONG> took{0};

    raw_client client = start_with_a_client_at(handler,
                                               [&]
                                               {
                                                   ULONGLONG begun = GetTickCount64();
                                                   server.stop();
                                                   took = GetTickCount64() - begun;
                                               });
    background stopper = in_mta([&] { server.stop(); });
    EXPECT_EQ(client.wait_until_closed(200), WAIT_TIMEOUT); /* it waits for the handler, which has the handle */
    handler.unblock();

    EXPECT_TRUE(stopper.join(event_patience));
    EXPECT_LT(took, 3000u);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, StartInAHandlerThatAnotherThreadsStopWaitsForIsRefusedAtOnce)
{
    HRESULT answer = S_OK;
    std::wstring said;
    ULONGLONG took = 0;

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.kind != NamedPipeEventClientDisconnected || event.connection != 1)
                return;
            const ULONGLONG begun = GetTickCount64();
            answer = server->Start();
            took = GetTickCount64() - begun;
            said = take_error_sentence();
        });
    server.start();
    raw_client client = server.connect(), second = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected, 2));

    server.stop();

    EXPECT_EQ(answer, static_cast<HRESULT>(NamedPipeErrorTimedOut));
    EXPECT_THAT(said, testing::HasSubstr(L"Stop waits until this handler returns"));
    EXPECT_LT(took, 3000u);
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 2u);
    EXPECT_EQ(server.start(), S_OK);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, StartWaitsForAnotherThreadsStop)
{
    blocking_point handler;

    raw_client client = start_with_a_client_at(handler);
    latch stopping;
    background stopper = in_mta(
        [&]
        {
            stopping.set();
            server.stop();
        });
    stopping.wait(event_patience);
    EXPECT_FALSE(stopper.join(50));
    background later(
        [&]
        {
            latch().wait(100);
            handler.unblock();
        });

    EXPECT_EQ(server.start(), S_OK);

    EXPECT_TRUE(stopper.join(event_patience));
    EXPECT_TRUE(server.is_running());
    EXPECT_TRUE(log->wait_for(NamedPipeEventServerReady, 2));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AStartThatWaitsForAStopStartsNothingOnceTheLastReferenceHasGone)
{
    blocking_point handler;
    HRESULT started = S_OK;
    VARIANT_BOOL connected = VARIANT_TRUE;

    raw_client client = start_with_a_client_at(handler);
    INamedPipeServer *released = server.object.get();
    com_ptr<INamedPipeServerConnection> c = server.connection(); /* of which the memory stays */
    background stopper = in_mta([&] { released->Stop(0); });
    for (DWORD begin = GetTickCount(); connected && GetTickCount() - begin < event_patience; SwitchToThread())
        c->get_IsConnected(&connected);
    ASSERT_FALSE(connected) << "the stop has not begun";
    background starter = in_mta([&] { started = released->Start(); });
    EXPECT_FALSE(starter.join(50));

    server.object.reset();
    handler.unblock();

    EXPECT_TRUE(stopper.join(event_patience));
    EXPECT_TRUE(starter.join(event_patience));
    EXPECT_EQ(started, HRESULT_FROM_WIN32(ERROR_CANCELLED));
    EXPECT_NE(raw_client().connect(server.path, 0), 0u) << "nobody is left who could stop it";
}

TEST_F(FreeThreaded, TheLastReleaseInAHandlerEndsTheServer)
{
    advise(when(NamedPipeEventClientMessageReceived, [&] { server.object.reset(); }));
    server.start();
    raw_client client = server.connect();
    client.write("release");

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 release"));
}

TEST_F(FreeThreaded, TheLastReleaseWaitsForNoHandler)
{
    blocking_point handler;
    std::atomic<bool> returned{false};

    raw_client client = start_with_a_client_at(handler, [&] { returned = true; });
    client.write("never told");

    server.object.reset();

    EXPECT_FALSE(returned);
    EXPECT_EQ(client.wait_until_closed(), 0u);
    handler.unblock();
    EXPECT_TRUE(dispatch_until([&] { return log->sinks == 0; }));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 x"));
}

TEST_F(FreeThreaded, AHandlerMayUnadviseItself)
{
    DWORD cookie = 0;
    latch advised;

    cookie = advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            advised.wait(event_patience);
            if (event.kind == NamedPipeEventClientMessageReceived)
                server.unadvise(cookie);
        });
    advised.set();
    server.start();
    raw_client client = server.connect();
    client.write("one");
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived));
    client.write("two");

    EXPECT_EQ(server.next(), "message 1 two");
    EXPECT_EQ(log->count(), 3u);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AnEventBehindAHandlerThatUnadvisesGoesToTheThreadThatWaits)
{
    DWORD cookie = 0;
    blocking_point handler;
    std::string given;

    cookie = advise(when(NamedPipeEventClientMessageReceived,
                         [&]
                         {
                             handler.block();
                             server.unadvise(cookie);
                         }));
    server.start();
    raw_client client = server.connect();
    client.write("one");
    ASSERT_TRUE(handler.wait_until_blocked());
    client.write("two");
    background waiter = in_mta([&] { given = server.next(); });
    EXPECT_FALSE(waiter.join(50));
    handler.unblock();

    EXPECT_TRUE(waiter.join(event_patience / 3)) << "it was not woken";
    EXPECT_EQ(given, "message 1 two");
    server.stop(); /* what the handlers use goes now */
}

/* A sink that came during the event is let go first, and its code waits for the event to reach all that are left. */
TEST_F(FreeThreaded, TheLastReleaseSilencesEachSinkBeforeTheCodeOfOneRuns)
{
    std::shared_ptr<event_log> named_log = std::make_shared<event_log>();
    blocking_point handler;
    latch over;

    advise(with_end([&](const told_event &, INamedPipeServerConnection *) { handler.block(); }, [&] { over.set(); }));
    server->put_EventSink(make_recording_sink(named_log, sink_nature::names).get());
    server.start();
    ASSERT_TRUE(handler.wait_until_blocked());
    advise(with_end(nullptr,
                    [&]
                    {
                        handler.unblock();
                        EXPECT_TRUE(over.wait(event_patience));
                    }));

    server.object.reset();

    EXPECT_EQ(named_log->count(), 0u);
    EXPECT_TRUE(over.wait(event_patience));
}

TEST_F(FreeThreaded, TheArrivalOfASinkHandsWhatWaitsToAWorker)
{
    server.start();
    raw_client client = server.connect();
    client.write("early");
    client.close();

    advise();

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 early", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(Ne(GetCurrentThreadId())));
}

TEST_F(FreeThreaded, WhatARunBeforeLeftDoesNotHoldUpTheNext)
{
    server.start();
    raw_client client = server.connect();
    server.await_connection(1);
    server.stop();
    advise();

    for (int round = 2; round < 12; round++)
    {
        server.start();
        ASSERT_TRUE(log->wait_for(NamedPipeEventServerReady, static_cast<size_t>(round))) << "in round " << round;
        server.stop();
    }
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 1u);
}

TEST_F(FreeThreaded, ASinkThatComesLateHearsOfTheRunBeforeAndOfThisOne)
{
    server.start();
    raw_client client = server.connect();
    server.await_connection(1);
    server.stop();
    server.start();
    raw_client second = server.connect();
    server.await_connection(2);

    advise();

    EXPECT_TRUE(log->wait_for(NamedPipeEventServerReady, 2));
    EXPECT_TRUE(log->wait_for(NamedPipeEventClientConnected, 2));
    EXPECT_TRUE(log->wait_for(NamedPipeEventClientDisconnected, 1));
}

TEST_F(FreeThreaded, WhatARunLeftIsRaisedByANextRunOfTheDefaultMode)
{
    server.start();
    raw_client client = server.connect();
    server.await_connection(1);
    server.stop();
    server->put_FreeThreadingEvents(VARIANT_FALSE);
    server.start();

    advise();

    EXPECT_TRUE(dispatch_until([&] { return server.enter_loop(10) || log->count(NamedPipeEventServerReady) == 2; }));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "disconnected 1", "ready"));
    EXPECT_THAT(log->threads(), Each(GetCurrentThreadId()));
}

TEST_F(FreeThreaded, WaitEventGivesEventsOnAnyThread)
{
    std::string first, second, third;

    server.start();
    raw_client client = server.connect();
    client.write("hello");
    in_mta([&] { first = server.next(); }).join();
    in_sta([&] { second = server.next(); }).join();
    background([&] { third = server.next(); }).join();

    EXPECT_EQ(first, "ready");
    EXPECT_EQ(second, "connected 1");
    EXPECT_EQ(third, "message 1 hello");
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, AHandleIsClosedOnlyAfterTheHandlersOfItsEndHaveReturned)
{
    blocking_point handler;

    advise(when(NamedPipeEventClientDisconnected, [&] { handler.block(); }));
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected));
    INT_PTR handle = 0;
    DWORD flags;
    server.connection()->get_Handle(&handle);
    server.connection()->AsyncClose(VARIANT_FALSE);
    ASSERT_TRUE(handler.wait_until_blocked());

    EXPECT_TRUE(GetHandleInformation(reinterpret_cast<HANDLE>(handle), &flags));
    EXPECT_EQ(client.wait_until_closed(100), WAIT_TIMEOUT);
    handler.unblock();
    EXPECT_EQ(client.wait_until_closed(), 0u);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, TheSendLimitIsGivenBackWithClientMessageSent)
{
    blocking_point handler;
    com_ptr<INamedPipeServerConnection> connection;

    server->put_SendQueueLimit(600);
    advise(when(NamedPipeEventClientConnected, [&] { handler.block(); }));
    server.start();
    raw_client client = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected));
    connection = server.connection();
    EXPECT_EQ(write_text(connection.get(), L"one"), S_OK);
    EXPECT_EQ(write_text(connection.get(), L"two"), S_OK);
    EXPECT_EQ(client.read_text(), "one");
    EXPECT_EQ(client.read_text(), "two");
    EXPECT_EQ(write_text(connection.get(), L"three"), static_cast<HRESULT>(NamedPipeErrorSendQueueFull));
    handler.unblock();

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageSent, 2));
    EXPECT_EQ(write_text(connection.get(), L"three"), S_OK);
    EXPECT_TRUE(log->wait_for(NamedPipeEventClientMessageSent, 3));
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, WithoutASinkOnlyTheNewestThousandEventsWait)
{
    server.start();
    raw_client client = server.connect();
    for (int i = 0; i < 3000; i++)
        ASSERT_EQ(client.write("x"), 0u);
    server.await_connection(1);
    client.close();
    server.await_drop(1);

    advise();

    ASSERT_TRUE(log->wait_for(NamedPipeEventClientDisconnected));
    EXPECT_LE(log->count(), 1030u); /* its end may come later than the drop */
}

TEST_F(FreeThreaded, TheModeOfTheNextStartIsTheModeOfTheNextRun)
{
    advise();
    server.start();
    ASSERT_TRUE(log->wait_for(NamedPipeEventServerReady));
    server.stop();
    server->put_FreeThreadingEvents(VARIANT_FALSE);

    server.start();
    server.enter_loop(0);

    EXPECT_TRUE(dispatch_until(
        [&]
        {
            server.enter_loop(0);
            return log->count(NamedPipeEventServerReady) == 2;
        }));
    EXPECT_EQ(log->threads().back(), GetCurrentThreadId());
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, ABroadcastInAHandlerReachesAll)
{
    std::atomic<LONG> count{0};

    advise(when(NamedPipeEventClientMessageReceived, [&] { count = server.broadcast("to all"); }));
    server.start();
    raw_client one = server.connect(), two = server.connect();
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected, 2));
    one.write("go");

    EXPECT_EQ(one.read_text(), "to all");
    EXPECT_EQ(two.read_text(), "to all");
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageSent, 2));
    EXPECT_EQ(count, 2);
    server.stop(); /* what the handlers use goes now */
}

TEST_F(FreeThreaded, StopOnAnotherThreadTellsEveryEndBeforeItReturns)
{
    advise();
    server.start();
    std::vector<raw_client> clients;
    for (int i = 0; i < 12; i++)
        clients.push_back(server.connect());
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected, 12));

    server.stop();

    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 12u);
}

/* ---- workers that an earlier run has left behind ---- */

TEST_F(FreeThreaded, AWorkerOfAnEarlierRunRaisesNothingOfTheNextOne)
{
    blocking_point old_handler, new_handler;
    HANDLE old_worker = nullptr;
    std::atomic<DWORD> old_thread{0};
    server->put_NumThreadsIOCP(1);
    server->put_SendQueueLimit(1);
    DWORD cookie = advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.text == "old")
            {
                old_thread = GetCurrentThreadId();
                old_worker = OpenThread(SYNCHRONIZE, FALSE, old_thread);
                server.stop();
                old_handler.block();
            }
            if (event.text == "new")
                new_handler.block();
        });
    server.start();
    raw_client first = server.connect();
    first.write("old");
    ASSERT_TRUE(old_handler.wait_until_blocked());
    server.start();
    raw_client second = server.connect(), third = server.connect();
    third.write("behind");
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived, 2));
    second.write("new");
    ASSERT_TRUE(new_handler.wait_until_blocked()); /* the only worker of the new run */
    server.broadcast("fills the send queue");
    /* Told by ClientError: the second client waits for its handler, the third for a worker. */
    server.broadcast("too much");

    old_handler.unblock();
    EXPECT_EQ(WaitForSingleObject(old_worker, event_patience), WAIT_OBJECT_0);
    EXPECT_EQ(log->count(NamedPipeEventClientError), 0u);
    new_handler.unblock();
    server.stop();

    EXPECT_EQ(log->count(NamedPipeEventClientError), 2u);
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 3u);
    std::vector<DWORD> of_the_new_run;
    for (const told_event &event : log->events())
        if (event.connection > 1)
            of_the_new_run.push_back(event.thread);
    EXPECT_THAT(of_the_new_run, Each(Ne(old_thread.load())));
    CloseHandle(old_worker);
    server.unadvise(cookie);
}

} // namespace

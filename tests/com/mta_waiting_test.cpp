/* A server made in the MTA, by default: its events wait until a thread is inside ManualMessageLoopEnter or
 * WaitEvent. */

extern "C" {
#include "com/apartment.h"
}

#include "support/com/server_in_mode.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>

using testing::Each;
using testing::ElementsAre;
using testing::Ne;

namespace
{

class InTheMta : public testing::Test, public test_in_mta
{
  protected:
    server_in_mode server;
    std::shared_ptr<event_log> log = std::make_shared<event_log>();

    void advise(event_handler handler = nullptr)
    {
        server.advise(log, std::move(handler));
    }

    std::vector<std::string> first_of_all(size_t count) const
    {
        std::vector<std::string> all = log->all();

        all.resize(std::min(all.size(), count));
        return all;
    }

    void leave()
    {
        server->ManualMessageLoopLeave();
    }

    /* A client comes, says so much and goes; a second one stands behind it, and so all of that is queued. */
    void let_a_client_come_and_go(const char *text)
    {
        raw_client client = server.connect();

        server.await_connection(1);
        client.write(text);
        client.close();
        server.await_drop(1);
        behind = server.connect();
        server.await_connection(2);
    }

    void raise_until_it_is_gone()
    {
        while (!log->count(NamedPipeEventClientDisconnected))
            EXPECT_FALSE(server.enter_loop(10));
    }

    raw_client behind;
};

TEST_F(InTheMta, NothingIsRaisedWhileNobodyWaits)
{
    advise();
    server.start();
    let_a_client_come_and_go("hello");
    EXPECT_EQ(log->count(), 0u);

    raise_until_it_is_gone();

    EXPECT_THAT(first_of_all(4), ElementsAre("ready", "connected 1", "message 1 hello", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(GetCurrentThreadId()));
}

TEST_F(InTheMta, WaitEventRaisesForTheSink)
{
    advise();
    server.start();
    let_a_client_come_and_go("hello");

    while (!log->count(NamedPipeEventClientDisconnected))
        EXPECT_EQ(server.next(10), "nothing");

    EXPECT_THAT(first_of_all(4), ElementsAre("ready", "connected 1", "message 1 hello", "disconnected 1"));
}

TEST_F(InTheMta, WaitEventGivesEventsToAnyThreadOfIt)
{
    std::string first;

    server.start();
    in_mta([&] { first = server.next(); }).join();
    let_a_client_come_and_go("hello");

    EXPECT_EQ(first, "ready");
    EXPECT_EQ(server.next(), "connected 1");
    EXPECT_EQ(server.next(), "message 1 hello");
    EXPECT_EQ(server.next(), "disconnected 1");
    EXPECT_EQ(server.next(), "connected 2");
}

TEST_F(InTheMta, AWaitEndsInItsTimeWhileASinkRefuses)
{
    bool refuses = true;
    std::vector<std::string> taken;
    server.advise(make_bare_sink(when(NamedPipeEventClientMessageReceived,
                                      [&](bare_call &call) -> HRESULT
                                      {
                                          if (refuses)
                                              return RPC_E_CANTCALLOUT_ININPUTSYNCCALL;
                                          taken.push_back(call.text());
                                          return S_OK;
                                      }))
                      .get());
    server.start();
    raw_client client = server.connect();
    ASSERT_EQ(client.write("whole"), 0u);

    for (int i = 0; i < 20; i++)
        EXPECT_FALSE(server.enter_loop(5)) << "and not after ten seconds, when the refused event is given up";
    refuses = false;
    for (int i = 0; i < 100 && taken.empty(); i++)
        server.enter_loop(100);

    EXPECT_EQ(taken, std::vector<std::string>{"whole"});
}

TEST_F(InTheMta, WaitingInAnStaIsRefused)
{
    HRESULT wait = S_OK, loop = S_OK;

    server.start();
    in_sta(
        [&]
        {
            com_ptr<INamedPipeEvent> event;
            VARIANT_BOOL left;

            wait = server->WaitEvent(0, event.put());
            loop = server->ManualMessageLoopEnter(0, &left);
        })
        .join();

    EXPECT_EQ(wait, vb_error(5));
    EXPECT_EQ(loop, vb_error(5));
}

TEST_F(InTheMta, NoMessageIsPumpedMeanwhile)
{
    MSG message;

    PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0);
    PostQuitMessage(0);
    server.start();
    EXPECT_EQ(server.next(), "ready");
    EXPECT_EQ(server.next(20), "nothing");
    EXPECT_FALSE(server.enter_loop(20));

    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_APP, WM_APP, PM_REMOVE));
    EXPECT_TRUE(PeekMessageW(&message, nullptr, WM_QUIT, WM_QUIT, PM_REMOVE));
}

TEST_F(InTheMta, SeveralWaitingThreadsRaiseOneEventAtATime)
{
    std::atomic<int> inside{0};
    std::atomic<bool> met{false};
    int many = 0;

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            met = met || ++inside > 1;
            SwitchToThread();
            many += event.kind == NamedPipeEventClientMessageReceived;
            if (many == 60)
                leave();
            inside--;
        });
    server.start();
    background a = in_mta([&] { server.enter_loop(); });
    background b = in_mta([&] { server.enter_loop(); });
    background c = in_mta([&] { server.enter_loop(); });
    raw_client one = server.connect(), two = server.connect();
    for (int i = 0; i < 30; i++)
    {
        one.write("x");
        two.write("y");
    }

    EXPECT_TRUE(a.join(event_patience) && b.join(event_patience) && c.join(event_patience));
    EXPECT_FALSE(met);
    EXPECT_EQ(many, 60);
}

TEST_F(InTheMta, ANestedWaitRaisesOnItsThreadWhileOthersRaiseNone)
{
    latch other_is_inside;
    bool nested = false;
    std::atomic<bool> over{false};

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.kind == NamedPipeEventClientMessageReceived && event.text == "nest" && !nested)
            {
                nested = true;
                other_is_inside.wait(event_patience);
                server.enter_loop();
            }
            if (event.text == "leave")
            {
                over = true;
                leave();
            }
        });
    server.start();
    raw_client client = server.connect();
    background raiser = in_mta([&] { server.enter_loop(); });
    client.write("nest");
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientMessageReceived));
    background other = in_mta(
        [&]
        {
            other_is_inside.set();
            while (!over)
                server.enter_loop(20);
        });
    client.write("more");
    client.write("leave");

    EXPECT_TRUE(raiser.join(event_patience) && other.join(event_patience));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 nest", "message 1 more", "message 1 leave"));
    EXPECT_THAT(log->threads(), Each(log->threads()[0]));
}

TEST_F(InTheMta, StopInAHandlerDeliversTheRestNestedOnItsThread)
{
    std::vector<std::string> when_stop_returned;

    advise(when(NamedPipeEventClientMessageReceived,
                [&]
                {
                    server.stop();
                    when_stop_returned = log->all();
                }));
    server.start();
    raw_client client = server.connect();
    client.write("stop");

    EXPECT_TRUE(server.enter_loop());

    EXPECT_THAT(when_stop_returned, ElementsAre("ready", "connected 1", "message 1 stop", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(GetCurrentThreadId()));
}

TEST_F(InTheMta, StopElsewhereLeavesTheRestToAThreadInside)
{
    DWORD raiser = 0;

    advise();
    server.start();
    raw_client client = server.connect();
    background inside = in_mta(
        [&]
        {
            raiser = GetCurrentThreadId();
            EXPECT_TRUE(server.enter_loop());
        });
    ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected));

    server.stop();

    EXPECT_TRUE(inside.join(event_patience));
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(raiser));
}

TEST_F(InTheMta, StopRaisesTheRestItselfWhereNobodyWaits)
{
    advise();
    server.start();
    raw_client client = server.connect();
    server.await_connection(1);

    server.stop();

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(GetCurrentThreadId()));
}

TEST_F(InTheMta, StopOnAnStaThreadWhereNobodyWaitsCallsSinksOfTheMtaInTheMta)
{
    std::atomic<int> elsewhere{0};
    DWORD stopper = 0;

    advise([&](const told_event &, INamedPipeServerConnection *) { elsewhere += !apartment_is_mta(); });
    server.start();
    raw_client client = server.connect();
    server.await_connection(1);

    in_sta(
        [&]
        {
            stopper = GetCurrentThreadId();
            server.stop();
        })
        .join();

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(Ne(stopper)));
    EXPECT_EQ(elsewhere, 0);
}

TEST_F(InTheMta, StopOnAnStaThreadWhereNobodyWaitsCallsASinkOfThatThreadOnIt)
{
    sta_thread &home = lasting_sta();

    server.start();
    raw_client client = server.connect();
    server.await_connection(1);

    home.run(
        [&]
        {
            advise();
            server.stop();
        });

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(home.id()));
    server.object.reset();
    home.run([] { EXPECT_TRUE(pump_until_windows_are_gone()); });
}

TEST_F(InTheMta, LeaveAndThenStopLoseNoEvent)
{
    for (int round = 0; round < 20; round++)
    {
        log = std::make_shared<event_log>();
        DWORD cookie = server.advise(log);
        server.start();
        raw_client client = server.connect();
        background inside = in_mta([&] { server.enter_loop(); });
        ASSERT_TRUE(log->wait_for(NamedPipeEventClientConnected));

        leave();
        server.stop();

        ASSERT_TRUE(inside.join(event_patience));
        ASSERT_EQ(log->count(NamedPipeEventClientDisconnected), 1u) << "in round " << round;
        server.unadvise(cookie);
    }
}

TEST_F(InTheMta, StopOfAServerNobodyListensToLeavesTheRestToWaitEvent)
{
    server.start();
    raw_client client = server.connect();
    server.await_connection(1);

    server.stop();

    EXPECT_THAT(server.rest(), ElementsAre("ready", "connected 1", "disconnected 1"));
}

TEST_F(InTheMta, StopWakesAWaitEventOnAnotherThread)
{
    std::string given;
    latch first_given;

    server.start();
    background waiter = in_mta(
        [&]
        {
            EXPECT_EQ(server.next(-1), "ready");
            first_given.set();
            given = server.next(-1);
        });
    ASSERT_TRUE(first_given.wait(event_patience));

    server.stop();

    EXPECT_TRUE(waiter.join(event_patience));
    EXPECT_EQ(given, "nothing");
}

TEST_F(InTheMta, ManyThreadsShareTheEventsOfWaitEvent)
{
    std::atomic<int> messages{0};
    auto take = [&]
    {
        std::string line;

        while ((line = server.next(-1)) != "nothing")
            if (line.find("message") == 0 && ++messages == 100)
                server.stop();
    };

    server.start();
    background a = in_mta(take), b = in_mta(take), c = in_mta(take);
    raw_client client = server.connect();
    for (int i = 0; i < 100; i++)
        client.write("x");

    EXPECT_TRUE(a.join(event_patience) && b.join(event_patience) && c.join(event_patience));
    EXPECT_EQ(messages, 100);
}

TEST_F(InTheMta, ASinkOfAnStaIsReachedThroughItsGate)
{
    sta_thread &home = lasting_sta();

    home.run([&] { advise(); });
    server.start();
    let_a_client_come_and_go("hello");

    raise_until_it_is_gone();

    EXPECT_THAT(first_of_all(4), ElementsAre("ready", "connected 1", "message 1 hello", "disconnected 1"));
    EXPECT_THAT(log->threads(), Each(home.id()));
    server.object.reset();
    home.run([] { EXPECT_TRUE(pump_until_windows_are_gone()); });
    EXPECT_EQ(log->sinks, 0);
    EXPECT_EQ(log->released_on, home.id());
}

TEST_F(InTheMta, TheLastReleaseInAHandlerEndsTheLoopInSilence)
{
    INamedPipeServer *weak = server.object.get();
    VARIANT_BOOL left = VARIANT_FALSE;

    advise(
        [&](const told_event &, INamedPipeServerConnection *)
        {
            weak->ManualMessageLoopLeave();
            server.object.reset();
        });
    server.start();
    raw_client client = server.connect();

    EXPECT_EQ(weak->ManualMessageLoopEnter(-1, &left), S_OK);

    EXPECT_THAT(log->all(), ElementsAre("ready"));
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(InTheMta, AHandlerMayStopAndStartOnTheSameName)
{
    bool restarted = false;

    advise(
        [&](const told_event &event, INamedPipeServerConnection *)
        {
            if (event.kind == NamedPipeEventClientMessageReceived && !restarted)
            {
                restarted = true;
                server.stop();
                EXPECT_EQ(server.start(), S_OK);
                return;
            }
            if (event.kind == NamedPipeEventServerReady && restarted)
                leave();
        });
    server.start();
    raw_client client = server.connect();
    client.write("restart");

    while (!restarted)
        server.enter_loop();
    EXPECT_TRUE(server.enter_loop() || log->count(NamedPipeEventServerReady) == 2);

    EXPECT_TRUE(server.is_running());
    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 restart", "disconnected 1", "ready"));
}

} // namespace

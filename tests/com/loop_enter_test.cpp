/* ManualMessageLoopEnter and ManualMessageLoopLeave on the creating thread of a server made in an STA. */

#include "support/com/server_in_mode.h"

#include <gmock/gmock.h>

using testing::ElementsAre;

namespace
{

volatile LONG fired;

void CALLBACK note_timer(HWND, UINT, UINT_PTR, DWORD)
{
    fired = 1;
}

class ManualLoop : public testing::Test, public test_in_sta
{
  protected:
    server_in_mode server;
    std::shared_ptr<event_log> log = std::make_shared<event_log>();

    void leave()
    {
        EXPECT_EQ(server->ManualMessageLoopLeave(), S_OK);
    }
};

TEST_F(ManualLoop, RaisesEventsUntilItIsLeftFromAHandler)
{
    server.advise(log, when(NamedPipeEventClientMessageReceived, [&] { leave(); }));
    server.start();
    raw_client client = server.connect();
    client.write("go");

    EXPECT_TRUE(server.enter_loop(-1));

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 go"));
}

TEST_F(ManualLoop, IsLeftByAHandlerThatLastsLongerThanItsTime)
{
    server.advise(log,
                  [&](const told_event &, INamedPipeServerConnection *)
                  {
                      Sleep(60);
                      leave();
                  });
    server.start();

    EXPECT_TRUE(server.enter_loop(30));

    EXPECT_THAT(log->all(), ElementsAre("ready"));
}

TEST_F(ManualLoop, IsLeftFromAnyThread)
{
    server.advise(log);
    server.start();
    background leaver = in_mta(
        [&]
        {
            log->wait_for(NamedPipeEventServerReady);
            leave();
        });

    EXPECT_TRUE(server.enter_loop(-1));
}

TEST_F(ManualLoop, ReturnsAtOnceWhereItWasLeftBefore)
{
    server.start();
    leave();

    EXPECT_TRUE(server.enter_loop(-1));
    EXPECT_FALSE(server.enter_loop(0));
}

TEST_F(ManualLoop, ForgetsAnEarlierLeaveWithStart)
{
    leave();
    server.start();

    EXPECT_FALSE(server.enter_loop(20));
}

TEST_F(ManualLoop, ForgetsNothingWithAStartThatDoesNothing)
{
    server.start();
    leave();
    server.start();

    EXPECT_TRUE(server.enter_loop(-1));
}

TEST_F(ManualLoop, IsFalseWhenItsTimeIsOver)
{
    server.start();
    ULONGLONG begun = GetTickCount64();

    EXPECT_FALSE(server.enter_loop(60));
    EXPECT_GE(GetTickCount64() - begun, 50u);
}

TEST_F(ManualLoop, RefusesOtherNegativeTimes)
{
    VARIANT_BOOL left = VARIANT_TRUE;

    EXPECT_EQ(server->ManualMessageLoopEnter(-2, &left), vb_error(5));
    EXPECT_EQ(take_error_sentence(), L"TimeoutMs is -2; give -1 to wait for ever, or a number of milliseconds.");
    EXPECT_FALSE(left);
}

TEST_F(ManualLoop, RaisesWhatWasQueuedBeforeTheLeave)
{
    server.start();
    raw_client client = server.connect();
    client.write("one");
    client.write("two");
    server.await_connection(1);
    client.close();
    server.await_drop(1);
    raw_client behind = server.connect();
    server.await_connection(2);
    server.advise(log, when(NamedPipeEventServerReady, [&] { leave(); }));

    EXPECT_TRUE(server.enter_loop(-1));

    std::vector<std::string> all = log->all();
    EXPECT_THAT(all,
                testing::IsSupersetOf({"ready", "connected 1", "message 1 one", "message 1 two", "disconnected 1"}));
}

TEST_F(ManualLoop, EndsAllNestedLoopsWithOneLeave)
{
    std::vector<bool> left;

    server.advise(log,
                  [&](const told_event &event, INamedPipeServerConnection *)
                  {
                      if (event.kind == NamedPipeEventClientMessageReceived && event.text == "last")
                          leave();
                      else
                          left.push_back(server.enter_loop(-1));
                  });
    server.start();
    raw_client client = server.connect();
    client.write("last");

    left.push_back(server.enter_loop(-1));

    EXPECT_THAT(left, ElementsAre(true, true, true));
    EXPECT_FALSE(server.enter_loop(0));
}

TEST_F(ManualLoop, EndsWithAStopInAHandlerWhenAllIsRaised)
{
    server.advise(log, when(NamedPipeEventClientMessageReceived, [&] { server.stop(); }));
    server.start();
    raw_client client = server.connect();
    client.write("stop");

    EXPECT_TRUE(server.enter_loop(-1));

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "message 1 stop", "disconnected 1"));
}

TEST_F(ManualLoop, EndsWithAStopOnAnotherThreadWhenAllIsRaised)
{
    server.advise(log);
    server.start();
    raw_client client = server.connect();
    background stopper = in_mta(
        [&]
        {
            log->wait_for(NamedPipeEventClientConnected);
            server.stop();
        });

    EXPECT_TRUE(server.enter_loop(-1));

    EXPECT_THAT(log->all(), ElementsAre("ready", "connected 1", "disconnected 1"));
}

TEST_F(ManualLoop, EndsWithWmQuitWhichIsPostedAgain)
{
    MSG message = {};

    server.start();
    PostQuitMessage(3);

    EXPECT_TRUE(server.enter_loop(-1));
    EXPECT_FALSE(GetMessageW(&message, nullptr, 0, 0));
    EXPECT_EQ(message.wParam, 3u);
}

TEST_F(ManualLoop, EndsAllNestedLoopsWithWmQuit)
{
    MSG message = {};
    std::vector<bool> left;

    server.advise(log,
                  [&](const told_event &, INamedPipeServerConnection *)
                  {
                      PostQuitMessage(0);
                      left.push_back(server.enter_loop(-1));
                  });
    server.start();

    left.push_back(server.enter_loop(-1));

    EXPECT_THAT(left, ElementsAre(true, true));
    EXPECT_FALSE(GetMessageW(&message, nullptr, 0, 0));
}

TEST_F(ManualLoop, RefusesAnotherThreadThanTheCreatingOne)
{
    HRESULT hr = S_OK;
    std::wstring sentence;

    server.start();
    in_sta(
        [&]
        {
            VARIANT_BOOL left;

            hr = server->ManualMessageLoopEnter(0, &left);
            sentence = take_error_sentence();
        })
        .join();

    EXPECT_EQ(hr, vb_error(5));
    EXPECT_EQ(sentence,
              L"ManualMessageLoopEnter was called on another thread; call it on the thread that created this object.");
}

TEST_F(ManualLoop, NeedsAPointerForItsResult)
{
    EXPECT_EQ(server->ManualMessageLoopEnter(0, nullptr), E_POINTER);
}

TEST_F(ManualLoop, DispatchesMessagesOfOthersToo)
{
    fired = 0;
    UINT_PTR timer = SetTimer(nullptr, 0, 10, note_timer);
    server.start();

    for (int i = 0; i < 100 && !fired; i++)
        server.enter_loop(50);

    EXPECT_TRUE(fired);
    KillTimer(nullptr, timer);
}

TEST_F(ManualLoop, SurvivesTheLastReleaseInAHandler)
{
    INamedPipeServer *weak = server.object.get();
    VARIANT_BOOL left = VARIANT_FALSE;

    server.advise(log,
                  [&](const told_event &, INamedPipeServerConnection *)
                  {
                      weak->ManualMessageLoopLeave();
                      server.object.reset();
                  });
    server.start();

    EXPECT_EQ(weak->ManualMessageLoopEnter(-1, &left), S_OK);

    EXPECT_TRUE(left);
    EXPECT_THAT(log->all(), ElementsAre("ready"));
    EXPECT_EQ(log->sinks, 0);
}

TEST_F(ManualLoop, OfAFreeThreadedServerPumpsOnTheCreatingThread)
{
    server->put_FreeThreadingEvents(VARIANT_TRUE);
    server.advise(
        make_recording_sink(log, sink_nature::agile, [&](const told_event &, INamedPipeServerConnection *) { leave(); })
            .get());
    server.start();

    EXPECT_TRUE(server.enter_loop(-1));

    EXPECT_NE(log->threads()[0], GetCurrentThreadId());
    server.stop(); /* what the handlers use goes now */
}

TEST_F(ManualLoop, IsRefusedInsideAFreeThreadedHandler)
{
    std::vector<HRESULT> results;
    std::wstring sentence;

    server->put_FreeThreadingEvents(VARIANT_TRUE);
    server.advise(
        log,
        [&](const told_event &, INamedPipeServerConnection *)
        {
            VARIANT_BOOL left;
            com_ptr<INamedPipeEvent> event;

            results.push_back(server->ManualMessageLoopEnter(0, &left));
            sentence = take_error_sentence();
            results.push_back(server->WaitEvent(0, event.put()));
            leave();
        },
        sink_nature::agile);
    server.start();
    server.enter_loop(-1);

    EXPECT_THAT(results, ElementsAre(vb_error(5), vb_error(5)));
    EXPECT_EQ(sentence,
              L"ManualMessageLoopEnter was called inside a handler of a free-threaded event; call it elsewhere.");
    server.stop(); /* what the handlers use goes now */
}

} // namespace

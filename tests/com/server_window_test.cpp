#include "support/com/flood.h"
#include "support/com/window_server.h"

extern "C" {
#include "base/win32.h"
#include "deliver/thread_window.h"
}

#include <algorithm>
#include <atomic>

namespace
{

std::atomic<LONG> wake_ups, refusals;
std::atomic<LONG> reads;
decltype(thread_window_system.post_message) real_post;
decltype(win32.read_file) real_read;

BOOL WINAPI counting_post(HWND window, UINT number, WPARAM wparam, LPARAM lparam)
{
    if (number == THREAD_WINDOW_WAKE)
        wake_ups++;
    if (number == THREAD_WINDOW_WAKE && refusals > 0)
    {
        refusals--;
        SetLastError(ERROR_NOT_ENOUGH_QUOTA);
        return FALSE;
    }
    return real_post(window, number, wparam, lparam);
}

BOOL WINAPI counting_read(HANDLE file, void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    reads++;
    return real_read(file, data, size, done, overlapped);
}

class ServerWindow : public window_server_test
{
  protected:
    void SetUp() override
    {
        wake_ups = refusals = reads = 0;
        real_post = thread_window_system.post_message;
        real_read = win32.read_file;
        thread_window_system.post_message = counting_post;
        win32.read_file = counting_read;
    }
    void TearDown() override
    {
        window_server_test::TearDown();
        server.object.reset();
        c.reset();
        pump_until_windows_are_gone();
        thread_window_system.post_message = real_post;
        win32.read_file = real_read;
    }

    /* Until the server has begun so many reads: with one worker, the event of all but the last one is queued. */
    bool wait_for_reads(LONG many)
    {
        const ULONGLONG until = GetTickCount64() + patience;

        while (reads < many && GetTickCount64() < until)
            SwitchToThread();
        return reads >= many;
    }
    HWND window()
    {
        return FindWindowExW(HWND_MESSAGE, nullptr, L"NamedPipeServer.ThreadWindow", nullptr);
    }
};

TEST_F(ServerWindow, OneWakeUpIsOutstandingHoweverManyEventsWait)
{
    start_with_client();
    pump();
    wake_ups = 0;
    const ULONGLONG since = GetTickCount64();

    for (int i = 0; i < 500; i++)
        ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(wait_for_reads(501));

    EXPECT_GE(wake_ups, 1);
    EXPECT_LE(wake_ups, 1 + LONG((GetTickCount64() - since) / 1000)) << "a lost one is posted again";
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 500));
}

TEST_F(ServerWindow, ARefusedWakeUpIsTriedAgain)
{
    start_with_client();
    pump();
    refusals = 2;

    ASSERT_EQ(client.write("x"), 0u);

    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
    EXPECT_EQ(refusals, 0);
}

TEST_F(ServerWindow, AnybodyMayPostTheWakeUp)
{
    start_with_client();
    ASSERT_NE(window(), nullptr);

    for (int i = 0; i < 50; i++)
    {
        PostMessageW(window(), THREAD_WINDOW_WAKE, 1, 2);
        ASSERT_EQ(client.write("x"), 0u);
        PostMessageW(window(), THREAD_WINDOW_WAKE, 0, 0);
    }
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 50));
    PostMessageW(window(), THREAD_WINDOW_WAKE, 0, 0);
    pump();

    EXPECT_EQ(log->count(), 52u);
}

TEST_F(ServerWindow, MayBeSentAnyOtherMessageToo)
{
    start_with_client();

    PostMessageW(window(), WM_CLOSE, 0, 0);
    PostMessageW(window(), WM_TIMER, 1, 0);
    PostMessageW(window(), WM_USER, 0, 0);
    pump();
    ASSERT_EQ(client.write("x"), 0u);

    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived));
}

TEST_F(ServerWindow, OtherCodeMayDestroyItWhileEventsWait)
{
    start_with_client();
    ASSERT_EQ(client.write("x"), 0u);
    ASSERT_TRUE(wait_for_reads(2));
    const HWND destroyed = window();

    EXPECT_TRUE(DestroyWindow(destroyed));
    ASSERT_EQ(client.write("y"), 0u);

    EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));
    EXPECT_NE(window(), destroyed);
    EXPECT_EQ(server.stop(), S_OK);
    EXPECT_EQ(log->count(NamedPipeEventClientDisconnected), 1u) << "Stop raises on this thread";
}

/* ---- floods ---- */

LONG ticks; /* while a flood is drained */

void CALLBACK count_tick(HWND, UINT, UINT_PTR, DWORD)
{
    ticks++;
}

TEST_F(ServerWindow, AFloodPausesReadingLosesNothingAndLetsTimersThrough)
{
    constexpr LONG first = 20000, many = 131100;
    LONG received = 0, out_of_order = 0, ticks_before_the_end = 0;
    raw_client second;
    start_with_client();
    server.unadvise(advised);
    listen_bare(when(NamedPipeEventServerError,
                     [&](bare_call &call) -> HRESULT
                     {
                         out_of_order += call.number != first + received++;
                         return S_OK;
                     }));
    flood_server(server.object.get(), first, many);
    EXPECT_TRUE(server_is_paused(server.object.get()));
    const LONG reads_before = reads;
    ASSERT_EQ(client.write("let in: its read was under way"), 0u);
    ASSERT_EQ(client.write("has to wait"), 0u);
    ASSERT_EQ(second.connect(server.path), 0u);
    listen();

    ticks = 0;
    const UINT_PTR timer = SetTimer(nullptr, 0, 50, count_tick);
    ASSERT_TRUE(pump_until(
        [&]
        {
            EXPECT_TRUE(received || reads == reads_before) << "it reads nothing meanwhile";
            ticks_before_the_end = received < many ? ticks : ticks_before_the_end;
            return received == many;
        },
        60000));
    KillTimer(nullptr, timer);
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2) && pump_for(NamedPipeEventClientConnected, 2));

    EXPECT_FALSE(server_is_paused(server.object.get()));
    EXPECT_EQ(out_of_order, 0);
    EXPECT_GE(ticks_before_the_end, 1);
}

TEST_F(ServerWindow, AServerThatFloodsDelaysAnotherByOneTurn)
{
    constexpr int many = 2000;
    raw_client another;
    start_with_client();
    connect(another);
    const size_t before = log->count();
    for (int i = 0; i < many; i++)
        ASSERT_EQ(client.write("x"), 0u);
    ASSERT_EQ(another.write("quick"), 0u);
    ASSERT_TRUE(wait_for_reads(many + 3));

    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, many + 1));

    const lines all = log->all();
    const auto quick = std::find(all.begin(), all.end(), "message 2 quick") - all.begin();
    EXPECT_LE(quick - static_cast<ptrdiff_t>(before), 16);
}

/* ---- nobody there ---- */

TEST_F(ServerWindow, WithoutASinkReadingGoesOnBeyondTheReceiveLimitAndTheOldestGo)
{
    const message large = message_of(16384, 1);
    server->put_ReceiveQueueLimit(65536);
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    for (int i = 0; i < 100; i++)
        ASSERT_EQ(client.write(large), 0u);
    ASSERT_EQ(client.write("last"), 0u);
    ASSERT_TRUE(wait_for_reads(102));

    listen();
    ASSERT_TRUE(pump_until([&] { return !log->all().empty() && log->all().back() == "message 1 last"; }));

    EXPECT_EQ(log->all()[1], "connected 1");
    EXPECT_GE(log->count(NamedPipeEventClientMessageReceived), 3u);
    EXPECT_LE(log->count(NamedPipeEventClientMessageReceived), 5u);
}

TEST_F(ServerWindow, WhenTheLastSinkGoesReadingThatTheReceiveLimitHasStoppedGoesOn)
{
    const message large = message_of(16384, 1);
    server->put_ReceiveQueueLimit(65536);
    server->put_MessageBufferSize(16384);
    start_with_client();
    background writing(
        [&]
        {
            for (int i = 0; i < 100 && client.write(large) == 0; i++)
                continue;
        });
    ASSERT_TRUE(wait_for_reads(4));

    server.unadvise(advised);

    EXPECT_TRUE(wait_for_reads(101));
    EXPECT_TRUE(writing.join(patience));
}

TEST_F(ServerWindow, EventsBetweenStartAndTheFirstSinkAreDelivered)
{
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_EQ(client.write("early"), 0u);
    ASSERT_TRUE(wait_for_reads(2));

    listen();
    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 early"}));
}

TEST_F(ServerWindow, WithoutASinkTheNewest1024EventsWaitAndTheConnectedOfEachClientThatIsThere)
{
    raw_client barrier;
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    for (int i = 1; i <= 2000; i++)
        ASSERT_EQ(client.write(std::to_string(i).c_str()), 0u);
    ASSERT_TRUE(wait_for_reads(2001));
    ASSERT_EQ(barrier.connect(server.path), 0u);
    ASSERT_TRUE(wait_for_reads(2002));

    listen();
    ASSERT_TRUE(pump_until([&] { return log->count() >= 1026; }));
    pump();

    lines all = log->all();
    ASSERT_EQ(all.size(), 1026u);
    EXPECT_EQ(all.front(), "connected 1");
    EXPECT_EQ(std::count(all.begin(), all.end(), "connected 2"), 1);
    all.erase(std::find(all.begin(), all.end(), "connected 2"));
    EXPECT_EQ(all[1], "message 1 977");
    EXPECT_EQ(all.back(), "message 1 2000");
}

TEST_F(ServerWindow, WithoutASinkAConnectedGoesOnlyTogetherWithItsDisconnected)
{
    constexpr LONG many = 700;
    const auto has_connections = [this](LONG count)
    {
        const ULONGLONG until = GetTickCount64() + patience;
        com_ptr<INamedPipeConnections> all;

        for (;; SwitchToThread())
            if (server->get_Connections(all.put()) != S_OK || GetTickCount64() > until)
                return false;
            else if (value_of(all, &INamedPipeConnections::get_Count) == count)
                return true;
    };
    raw_client last;
    ASSERT_EQ(server->put_NumThreadsIOCP(1), S_OK); /* several may see one connect before another's end */
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_TRUE(has_connections(1));
    for (LONG i = 1; i <= many; i++)
    {
        raw_client one;

        /* One that leaves before the server has seen it may be none. */
        ASSERT_EQ(one.connect(server.path), 0u);
        ASSERT_TRUE(has_connections(2));
        one.close();
        ASSERT_TRUE(has_connections(1));
    }
    ASSERT_EQ(last.connect(server.path), 0u);
    ASSERT_TRUE(has_connections(2)); /* behind the ends of the others */
    listen();
    server.stop();

    std::vector<int> connected(many + 3), disconnected(many + 3);
    for (const told_event &event : log->events())
        ++(event.kind == NamedPipeEventClientConnected ? connected
                                                       : disconnected)[static_cast<size_t>(event.connection)];
    EXPECT_EQ(connected, disconnected);
    EXPECT_EQ(connected[1], 1) << "the living one's";
    EXPECT_EQ(connected[many + 1], 1) << "the newest";
    EXPECT_EQ(connected[2], 0) << "the oldest of those that left";
    EXPECT_LE(log->count(), 1024u + 4) << "and those of the two that live";
}

TEST_F(ServerWindow, WithoutASinkAServerThatOnlyBroadcastsRunsForEver)
{
    start();
    ASSERT_EQ(client.connect(server.path), 0u);
    ASSERT_TRUE(wait_for_reads(1));

    for (int i = 0; i < 3000; i++)
    {
        ASSERT_EQ(server.broadcast("tick"), 1);
        ASSERT_EQ(client.read_text(), "tick");
    }
}

/* ---- a creating thread that has ended ---- */

TEST_F(ServerWindow, OfAThreadThatHasEndedLeavesWritingAndStopWorking)
{
    com_ptr<INamedPipeServer> orphan;
    std::wstring path;
    auto told = std::make_shared<event_log>();
    background creator = in_sta(
        [&]
        {
            server_in_mode made;
            made.advise(told, nullptr, sink_nature::agile);
            EXPECT_EQ(made.start(), S_OK);
            path = made.path;
            orphan = made.object;
        });
    ASSERT_TRUE(creator.join(patience));
    ASSERT_EQ(client.connect(path), 0u);
    ASSERT_TRUE(wait_for_reads(1));

    LONG count = 0;
    EXPECT_EQ(orphan->AsyncBroadcastText(bstr(L"still here").get(), 65001, variant::missing(), &count), S_OK);
    EXPECT_EQ(count, 1);
    EXPECT_EQ(client.read_text(), "still here");
    ASSERT_EQ(client.write("x"), 0u);
    EXPECT_EQ(orphan->Stop(0), S_OK);
    EXPECT_EQ(orphan->Start(), S_OK);
    EXPECT_EQ(orphan->Stop(0), S_OK);

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(told->count(), 0u);
}

} // namespace

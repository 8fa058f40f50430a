/* A hundred thousand events wait while the thread that created the server does something else: none is lost, those of
 * one client come in their order, and a timer of that thread is served while they are raised. */

#include "support/long/long_run.h"
#include "support/long/server_in_way.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace
{

constexpr int clients = 20, threads = 4;
constexpr UINT tick_ms = 50;

struct numbered
{
    int client, number;
};

/* What came, client by client: on the creating thread. */
class order
{
  public:
    void note(const raised_event &event)
    {
        numbered message = {-1, -1};
        LONG id = 0;

        if (event.connection)
            event.connection->get_ID(&id);
        if (event.kind == NamedPipeEventClientDisconnected)
            ended++;
        if (event.kind != NamedPipeEventClientMessageReceived)
            return;
        ASSERT_EQ(event.data.size(), sizeof(message));
        std::memcpy(&message, event.data.data(), sizeof(message));
        const auto sender = senders.emplace(id, message.client).first;
        EXPECT_EQ(message.client, sender->second);
        EXPECT_EQ(message.number, next[id]++);
        work_for_a_millisecond();
    }

    size_t clients_seen() const
    {
        return senders.size();
    }
    int ended = 0;

  private:
    std::map<LONG, int> senders, next;
    int worked = 0;

    /* The first hundred handlers last longer together than the time of the timer, however fast the machine is. */
    void work_for_a_millisecond()
    {
        stopwatch watch;

        if (worked++ < 100)
            while (watch.seconds() < 0.001)
                ;
    }
};

/* The clients from `first` on, each with as many messages, in turn. */
void flood(const std::wstring &path, int first, int messages)
{
    std::vector<raw_client> all(clients / threads);

    for (raw_client &client : all)
        ASSERT_EQ(client.connect(path), 0u);
    for (int number = 0; number < messages; number++)
        for (size_t i = 0; i < all.size(); i++)
        {
            const numbered m = {first + static_cast<int>(i), number};
            const BYTE *bytes = reinterpret_cast<const BYTE *>(&m);

            ASSERT_EQ(all[i].write(message(bytes, bytes + sizeof(m))), 0u);
        }
}

/* Nobody tells that the server has received all: its own count does. */
bool received(const server_in_way &server, double messages)
{
    const ULONGLONG until = GetTickCount64() + 60000;
    double so_far = 0;

    while (so_far < messages && GetTickCount64() < until)
    {
        SwitchToThread();
        server->get_MessagesReceived(&so_far);
    }
    return so_far == messages;
}

int ticks;

void CALLBACK note_tick(HWND, UINT, UINT_PTR, DWORD)
{
    ticks++;
}

TEST(LongDrain, LosesNothingAndLetsTimersThrough)
{
    const int each = times(500, 5000), messages = each * clients;
    first_use first;
    com_leak_check leaks;
    apartment sta(COINIT_APARTMENTTHREADED);

    {
        order came;
        server_in_way server(way::window, [&](const raised_event &event) { came.note(event); });
        server->put_ReceiveQueueLimit(0);
        ASSERT_EQ(server.start(), S_OK);
        stopwatch filling;
        {
            std::vector<background> all;
            for (int t = 0; t < threads; t++)
                all.emplace_back([&, t] { flood(server.path, t * clients / threads, each); });
        }
        ASSERT_TRUE(received(server, messages));
        const double filled = filling.seconds();
        ASSERT_EQ(server.count(), 0) << "an event was raised while the thread slept";
        const UINT_PTR timer = SetTimer(nullptr, 0, tick_ms, note_tick);
        stopwatch watch;
        ticks = 0;

        EXPECT_TRUE(server.run_until([&] { return server.count(NamedPipeEventClientMessageReceived) == messages; }));
        const int ticks_meanwhile = ticks;

        const std::string rate = watch.rate(messages);
        EXPECT_GE(ticks_meanwhile, 1) << "no timer was served meanwhile";
        EXPECT_TRUE(server.run_until([&] { return came.ended == clients; }));
        EXPECT_EQ(came.clients_seen(), static_cast<size_t>(clients));
        EXPECT_EQ(server.count(), 1 + 2 * clients + messages);
        tell_figure("drain", rate + ", filled in " + std::to_string(static_cast<int>(filled * 1000)) + " ms; " +
                                 std::to_string(ticks_meanwhile) + " ticks of a timer of " + std::to_string(tick_ms) +
                                 " ms");
        KillTimer(nullptr, timer);
    }
    pump_until_windows_are_gone();
}

} // namespace

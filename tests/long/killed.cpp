/* A client that is killed in the middle of a message, and a host that is killed in its traffic: the other side sees the
 * end at once, and the next Start on that name works. The other process is this program with a disabled test. */

#include "support/com/client_in_mode.h"
#include "support/long/beats.h"
#include "support/long/long_run.h"
#include "support/long/server_in_way.h"

#include <gtest/gtest.h>

namespace
{

constexpr size_t long_message = 3000000;

std::wstring variable(const wchar_t *name)
{
    wchar_t value[MAX_PATH] = L"";

    GetEnvironmentVariableW(name, value, MAX_PATH);
    return value;
}

/* This program as another process, with one disabled test, until it is killed. It says that it has begun by an event of
 * the name of its pipe. */
class child
{
  public:
    child(const wchar_t *filter, const std::wstring &path)
        : begun(CreateEventW(nullptr, TRUE, FALSE, (L"NPS-begun-" + path.substr(9)).c_str()))
    {
        wchar_t self[MAX_PATH];
        STARTUPINFOW startup = {};

        GetModuleFileNameW(nullptr, self, MAX_PATH);
        std::wstring line =
            L"\"" + std::wstring(self) + L"\" --gtest_also_run_disabled_tests --gtest_brief=1 --gtest_filter=" + filter;
        SetEnvironmentVariableW(L"NPS_CHILD_PIPE", path.c_str());
        startup.cb = sizeof(startup);
        EXPECT_TRUE(CreateProcessW(self, &line[0], nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process));
    }
    child(const child &) = delete;
    ~child()
    {
        kill();
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
        CloseHandle(begun);
    }

    bool has_begun() const
    {
        return WaitForSingleObject(begun, 0) == WAIT_OBJECT_0;
    }
    bool wait_until_begun() const
    {
        return WaitForSingleObject(begun, 60000) == WAIT_OBJECT_0;
    }
    void kill() const
    {
        TerminateProcess(process.hProcess, 1);
        WaitForSingleObject(process.hProcess, INFINITE);
    }

  private:
    HANDLE begun;
    PROCESS_INFORMATION process = {};
};

/* By the child. */
[[noreturn]] void say_begun_and_wait(const std::wstring &path)
{
    SetEvent(OpenEventW(EVENT_MODIFY_STATE, FALSE, (L"NPS-begun-" + path.substr(9)).c_str()));
    for (;;)
        Sleep(INFINITE);
}

TEST(LongKilledChild, DISABLED_LeavesAMessageUnread)
{
    const std::wstring path = variable(L"NPS_CHILD_PIPE");
    raw_client client(path);

    ASSERT_EQ(client.begin_write(message_of(long_message, 1)), static_cast<DWORD>(ERROR_IO_PENDING));
    say_begun_and_wait(path);
}

TEST(LongKilledChild, DISABLED_WritesWithoutEnd)
{
    const std::wstring path = variable(L"NPS_CHILD_PIPE");
    const message m = message_of(long_message, 1);
    raw_client client(path);

    while (client.write(m) == 0)
        ;
}

TEST(LongKilledChild, DISABLED_Hosts)
{
    const std::wstring path = variable(L"NPS_CHILD_PIPE");
    apartment mta(COINIT_MULTITHREADED);
    server_in_way server(way::free_threaded, send_back, 2);

    server->put_PipeName(bstr(name_in(path)).get());
    ASSERT_EQ(server.start(), S_OK);
    say_begun_and_wait(path);
}

class LongKilled : public testing::Test
{
  protected:
    first_use first;
    apartment mta{COINIT_MULTITHREADED};
    beats machine;

    /* A server of that name begins, answers a client, and ends. */
    static void expect_the_name_to_work(server_in_way &server)
    {
        ASSERT_EQ(server.start(), S_OK) << "the name does not work any more";
        raw_client client(server.path);
        ASSERT_EQ(client.write("hello"), 0u);
        EXPECT_EQ(client.read_text(), "hello");
        EXPECT_EQ(server.stop(), S_OK);
    }

    /* The figure, and that 2 s were enough. */
    void expect_at_once(const char *what, int rounds, LONG longest)
    {
        EXPECT_LE(longest, 2 * beats::a_second);
        tell_figure(std::string("killed, ") + what, std::to_string(rounds) + " times; the end was seen after " +
                                                        std::to_string(longest * 10) + " ms at most");
    }

    void kill_a_client(const char *what, const wchar_t *filter, bool reads, int rounds)
    {
        std::atomic<LONG> intact{0}, damaged{0};
        const message whole = message_of(long_message, 1);
        LONG longest = 0;
        server_in_way server(
            way::free_threaded,
            [&](const raised_event &event)
            {
                if (event.kind == NamedPipeEventClientMessageReceived && event.data.size() == long_message)
                    (std::equal(whole.begin(), whole.end(), reinterpret_cast<const BYTE *>(event.data.data()))
                         ? intact
                         : damaged)++;
                else if (event.kind == NamedPipeEventClientMessageReceived)
                    send_back(event);
            },
            2);

        for (int i = 0; i < rounds; i++)
        {
            const LONG before = intact, gone = server.count(NamedPipeEventClientDisconnected);
            server->put_ContinuouslyReadFromPipe(reads ? VARIANT_TRUE : VARIANT_FALSE);
            ASSERT_EQ(server.start(), S_OK);
            child client(filter, server.path);
            ASSERT_TRUE(server.run_until([&] { return reads ? intact >= before + 2 + i % 3 : client.has_begun(); }));

            client.kill();
            const LONG killed = machine.now();
            ASSERT_TRUE(server.run_until([&] { return server.count(NamedPipeEventClientDisconnected) > gone; }));

            longest = std::max(longest, machine.now() - killed);
            EXPECT_EQ(server.stop(), S_OK);
            server->put_ContinuouslyReadFromPipe(VARIANT_TRUE);
            expect_the_name_to_work(server);
        }
        EXPECT_EQ(damaged, 0);
        expect_at_once(what, rounds, longest);
    }
};

TEST_F(LongKilled, AClientWhoseMessageIsNotRead)
{
    kill_a_client("a client whose message is not read", L"LongKilledChild.DISABLED_LeavesAMessageUnread", false,
                  times(1, 30));
}

TEST_F(LongKilled, AClientWhoseMessagesAreRead)
{
    kill_a_client("a client whose messages are read", L"LongKilledChild.DISABLED_WritesWithoutEnd", true, times(1, 30));
}

/* Clients of ours and of others write and are answered, until their server is killed. */
TEST_F(LongKilled, AHost)
{
    const int rounds = times(1, 30), clients = 4;
    LONG longest = 0;
    server_in_way next(way::free_threaded, send_back, 2);

    for (int i = 0; i < rounds; i++)
    {
        child host(L"LongKilledChild.DISABLED_Hosts", next.path);
        ASSERT_TRUE(host.wait_until_begun());
        auto log = std::make_shared<event_log>();
        std::atomic<int> answers{0}, raw_ended{0};
        client_in_mode manager(event_mode::free_threaded, 2);
        std::vector<client_ptr> ours;
        for (int c = 0; c < clients; c++)
            ours.push_back(manager.connect(next.path));
        for (const client_ptr &client : ours)
        {
            advise_client(
                client, log,
                [&answers, client = client.get()](const told_event &event, INamedPipeServerConnection *)
                {
                    if (event.kind == NamedPipeEventMessageReceived && ++answers < 1000000)
                        client->AsyncWriteText(bstr(L"on").get(), 65001, variant::missing());
                },
                sink_nature::agile);
            EXPECT_EQ(write_text(client, L"on"), S_OK);
        }
        background raw(
            [&]
            {
                raw_client client(next.path);
                while (client.write("raw") == 0 && client.read_text() == "raw")
                    answers++;
                raw_ended = 1;
            });
        const ULONGLONG until = GetTickCount64() + 60000;
        while (answers < 200 && GetTickCount64() < until)
            SwitchToThread();
        ASSERT_GE(answers, 200);

        host.kill();
        const LONG killed = machine.now();
        EXPECT_TRUE(log->wait_for(NamedPipeEventDisconnected, clients));
        EXPECT_TRUE(raw.join(patience));

        longest = std::max(longest, machine.now() - killed);
        EXPECT_EQ(raw_ended, 1);
        manager->Stop();
        ours.clear();
        expect_the_name_to_work(next);
    }
    expect_at_once("a host with its clients", rounds, longest);
}

} // namespace

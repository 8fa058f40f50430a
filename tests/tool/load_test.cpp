/* pipe load, with servers in bare Win32. */

#include "support/pipe/background.h"
#include "support/pipe/raw_server.h"
#include "support/tool/program.h"

#include <gtest/gtest.h>

namespace
{

/* Servers of one client each, which send back what they get. */
class echoing
{
  public:
    echoing(const std::wstring &path, DWORD count, pipe_mode mode = pipe_mode::messages)
    {
        for (DWORD i = 0; i < count; i++)
            servers.push_back(std::make_unique<raw_server>(path, mode, PIPE_ACCESS_DUPLEX, count));
        for (auto &server : servers)
            threads.push_back(std::make_unique<background>([&server] { echo(*server); }));
    }

    /* Until their clients have left. */
    void wait()
    {
        for (auto &thread : threads)
            EXPECT_TRUE(thread->join(patience));
    }

  private:
    std::vector<std::unique_ptr<raw_server>> servers;
    std::vector<std::unique_ptr<background>> threads;

    static void echo(raw_server &server)
    {
        message m;

        EXPECT_EQ(server.accept(), 0u);
        while (server.read(m) == 0)
            EXPECT_EQ(server.write(m), 0u);
        server.close();
    }
};

class Load : public testing::Test
{
  protected:
    const std::wstring name = unique_pipe_name();
};

} // namespace

TEST_F(Load, CountsAnswersAndMeasuresThem)
{
    echoing servers(path_of(name), 4);

    const auto p = run_pipe(L"load " + name + L" --clients 4 --messages 50 --size 100");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out.find("Messages: 200 of 200, of 100 bytes, by 4 clients, in "), 0u) << p.out;
    EXPECT_NE(p.out.find(" a second\r\nTime of an answer, in ms: half of them "), std::string::npos) << p.out;
    EXPECT_NE(p.out.find("Errors: 0\r\n"), std::string::npos) << p.out;
}

TEST_F(Load, OtherClientsWaitForAPlaceAlsoWhereThePipeIsGoneForAMoment)
{
    latch gone;
    background servers(
        [&]
        {
            for (int i = 0; i < 2; i++)
            {
                auto one = std::make_unique<echoing>(path_of(name), 1);
                one->wait();
                one.reset();
                if (i == 0)
                    gone.wait(300); /* the moment: nobody sets it */
            }
        });

    while (!WaitNamedPipeW(path_of(name).c_str(), 1))
        Sleep(1);
    const auto p = run_pipe(L"load " + name + L" --clients 2 --messages 5");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out.find("Messages: 10 of 10"), 0u) << p.out;
}

TEST_F(Load, SpeaksInLinesWithServersOfBytes)
{
    echoing servers(path_of(name), 2, pipe_mode::bytes);

    const auto p = run_pipe(L"load " + name + L" --clients 2 --messages 20 --framing lines");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out.find("Messages: 40 of 40"), 0u) << p.out;
}

TEST_F(Load, AsksForAFramingWhereTheServerHasNoMessages)
{
    echoing servers(path_of(name), 1, pipe_mode::bytes);

    const auto p = run_pipe(L"load " + name + L" --clients 1 --messages 1");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("say by --framing"), std::string::npos) << p.err;
}

TEST_F(Load, OneWayMeasuresWhatThePipeTakes)
{
    raw_server server(path_of(name));
    background reader(
        [&server]
        {
            message m;

            EXPECT_EQ(server.accept(), 0u);
            while (server.read(m) == 0)
            {
            }
            server.close();
        });

    const auto p = run_pipe(L"load " + name + L" --clients 1 --messages 30 --one-way");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out.find("Messages: 30 of 30"), 0u) << p.out;
    EXPECT_NE(p.out.find("\r\nTime to take a message, in ms: half of them "), std::string::npos) << p.out;
}

TEST_F(Load, TellsOfAServerThatDoesNotAnswerAndOfProgress)
{
    raw_server server(path_of(name));
    background silent(
        [&server]
        {
            message m;

            EXPECT_EQ(server.accept(), 0u);
            while (server.read(m) == 0)
            {
            }
            server.close();
        });

    const auto p = run_pipe(L"load " + name + L" --clients 1 --messages 5 --timeout 300");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("0 of 5 messages, 0 a second\r\n"), std::string::npos) << p.err;
    EXPECT_NE(p.err.find("No answer came within --timeout"), std::string::npos) << p.err;
    EXPECT_NE(p.err.find("or needs --framing."), std::string::npos) << p.err;
    EXPECT_EQ(p.out.find("Messages: 0 of 5"), 0u) << p.out;
    EXPECT_EQ(p.out.find("in 0.000 s"), std::string::npos) << p.out << "the time has passed, without an answer";
}

TEST_F(Load, TellsOfAServerThatLeaves)
{
    raw_server server(path_of(name));
    background leaves(
        [&server]
        {
            message m;

            EXPECT_EQ(server.accept(), 0u);
            EXPECT_EQ(server.read(m), 0u);
            EXPECT_EQ(server.write(m), 0u);
            EXPECT_EQ(server.read(m), 0u);
            server.close();
        });

    const auto p = run_pipe(L"load " + name + L" --clients 1 --messages 5");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("The server left before it had answered all."), std::string::npos) << p.err;
    EXPECT_EQ(p.out.find("Messages: 1 of 5"), 0u) << p.out;
}

TEST_F(Load, TellsThatThereIsNoServer)
{
    const auto p = run_pipe(L"load " + name + L" --clients 3 --messages 5");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("There is no such pipe"), std::string::npos) << p.err;
    EXPECT_NE(p.out.find("Errors: 1\r\n"), std::string::npos) << p.out << "one client has tried";
}

TEST_F(Load, RefusesMoreThanItCanMeasure)
{
    const auto p = run_pipe(L"load " + name + L" --clients 10000 --messages 10000");

    EXPECT_EQ(p.code, 2u);
    EXPECT_NE(p.err.find("20000000 at most"), std::string::npos) << p.err;
}

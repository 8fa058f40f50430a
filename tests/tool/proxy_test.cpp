/* pipe proxy, with servers and clients in bare Win32. */

#include "support/pipe/scripted_peer.h"
#include "support/tool/program.h"

#include <gtest/gtest.h>

namespace
{

class Proxy : public testing::Test
{
  protected:
    const std::wstring name = unique_pipe_name(), other = unique_pipe_name();

    std::wstring with(const std::wstring &options) const
    {
        return L"proxy " + name + L" " + other + L" " + options;
    }
};

} // namespace

TEST_F(Proxy, HandsOnMessagesBothWaysAndShowsThem)
{
    raw_server server(path_of(other));
    program p(with(L"--once"));
    raw_client client(path_of(name));

    EXPECT_EQ(client.write("ask"), 0u);
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "ask");
    EXPECT_EQ(server.write("answer \x1b"), 0u);
    EXPECT_EQ(client.read_text(), "answer \x1b");
    client.close();

    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(p.wait(), 0u) << p.err();
    EXPECT_NE(p.out().find("1   -> (3) ask\r\n"), std::string::npos) << p.out();
    EXPECT_NE(p.out().find("1   <- (8) answer \\x1b\r\n"), std::string::npos) << p.out();
    EXPECT_NE(p.out().find("1   the client left\r\n"), std::string::npos) << p.out();
}

TEST_F(Proxy, KeepsTheBoundariesOfMessagesOfAnySize)
{
    raw_server server(path_of(other));
    program p(with(L""));
    raw_client client(path_of(name));
    const message big = message_of(1048576, 6);

    EXPECT_EQ(server.accept(), 0u);
    client.write("one");
    client.write("");
    client.write("two");
    client.begin_write(big);
    EXPECT_EQ(server.read_text(), "one");
    EXPECT_EQ(server.read_text(), "");
    EXPECT_EQ(server.read_text(), "two");
    EXPECT_TRUE(server.read() == big);
    EXPECT_EQ(client.end_write(), 0u);

    server.begin_write(big);
    EXPECT_TRUE(client.read() == big);
    EXPECT_EQ(server.end_write(), 0u);
}

TEST_F(Proxy, HandsOnAllThatAClientWroteBeforeItLeft)
{
    raw_server server(path_of(other));
    program p(with(L"--once"));
    raw_client client(path_of(name));

    for (int i = 0; i < 200; i++)
        EXPECT_EQ(client.write(std::to_string(i).c_str()), 0u);
    client.close();

    EXPECT_EQ(server.accept(), 0u);
    for (int i = 0; i < 200; i++)
        EXPECT_EQ(server.read_text(), std::to_string(i));
    EXPECT_EQ(server.wait_until_closed(), 0u);
    EXPECT_EQ(p.wait(), 0u) << p.err();
}

TEST_F(Proxy, WhatAClientWroteBeforeItLeftReachesAServerThatReadsLate)
{
    raw_server server(path_of(other));
    program p(with(L"--once"));
    raw_client client(path_of(name));

    for (unsigned i = 0; i < 9; i++)
        EXPECT_EQ(client.write(message_of(100000, i)), 0u);
    client.close();
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_TRUE(p.says("the client left"));

    for (unsigned i = 0; i < 9; i++)
        EXPECT_TRUE(server.read() == message_of(100000, i)) << i;
    EXPECT_EQ(server.wait_until_closed(), 0u);
}

TEST_F(Proxy, HandsOnTheServersEnd)
{
    raw_server server(path_of(other));
    program p(with(L"--once"));
    raw_client client(path_of(name));

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.write("last words"), 0u);
    EXPECT_EQ(client.read_text(), "last words");
    server.close();

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(p.wait(), 0u) << p.err();
    EXPECT_NE(p.out().find("1   the server left\r\n"), std::string::npos) << p.out();
}

TEST_F(Proxy, WhatAServerWroteBeforeItLeftReachesAClientThatReadsLate)
{
    raw_server server(path_of(other));
    program p(with(L"--once"));
    raw_client client(path_of(name));

    EXPECT_EQ(server.accept(), 0u);
    for (unsigned i = 0; i < 9; i++)
        EXPECT_EQ(server.write(message_of(100000, i)), 0u);
    server.close();
    EXPECT_TRUE(p.says("the server left"));

    for (unsigned i = 0; i < 9; i++)
        EXPECT_TRUE(client.read() == message_of(100000, i)) << i;
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(Proxy, ASlowReaderSlowsTheWriter)
{
    raw_server server(path_of(other));
    program p(with(L""));
    raw_client client(path_of(name));
    const message part = message_of(65536, 7);
    int taken = 0;

    EXPECT_EQ(server.accept(), 0u);
    while (taken < 200 && client.write(part, 500) == 0)
        taken++;

    EXPECT_LT(taken, 100) << "6 MiB and more wait in the proxy";
    for (int i = 0; i < taken; i++)
        EXPECT_TRUE(server.read() == part) << i;
}

TEST_F(Proxy, ClientsHaveServersOfTheirOwn)
{
    raw_server one(path_of(other), pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2),
        two(path_of(other), pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);
    program p(with(L""));
    raw_client first(path_of(name)), second;

    first.write("first");
    EXPECT_EQ(one.accept(), 0u);
    EXPECT_EQ(one.read_text(), "first");
    EXPECT_EQ(second.connect(path_of(name)), 0u);
    second.write("second");
    EXPECT_EQ(two.accept(), 0u);
    EXPECT_EQ(two.read_text(), "second");
    two.write("to second");
    one.write("to first");

    EXPECT_EQ(first.read_text(), "to first");
    EXPECT_EQ(second.read_text(), "to second");
}

TEST_F(Proxy, SpeaksInLinesWithAServerOfBytes)
{
    raw_server server(path_of(other), pipe_mode::bytes);
    program p(with(L"--framing lines --once"));
    raw_client client(path_of(name));

    client.write("ask\n");
    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(server.read_text(), "ask\n");
    server.write("ans");
    server.write("wer\n");

    EXPECT_EQ(client.read_text(), "answer\n");
}

TEST_F(Proxy, RefusesAnotherNameThatCanBeNone)
{
    const auto p = run_pipe(L"proxy " + name + L" x\\");

    EXPECT_EQ(p.code, 2u);
    EXPECT_NE(p.err.find("cannot be a pipe's name"), std::string::npos) << p.err;
}

TEST_F(Proxy, SaysThatTheOtherPipeIsMissingAndLetsTheClientGo)
{
    program p(with(L"--once"));
    raw_client client(path_of(name));

    const std::string sentence = "the other pipe: There is no such pipe: " + std::string(other.begin(), other.end());

    EXPECT_EQ(client.wait_until_closed(), 0u);
    EXPECT_EQ(p.wait(), 1u);
    EXPECT_NE(p.out().find(sentence), std::string::npos) << p.out();
    EXPECT_NE(p.err().find("pipe: " + sentence), std::string::npos) << p.err();
}

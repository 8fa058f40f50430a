/* pipe listen, with clients in bare Win32. */

#include "support/pipe/raw_server.h"
#include "support/tool/program.h"

#include "test_paths.h"

#include <gtest/gtest.h>

namespace
{

class Listen : public testing::Test
{
  protected:
    const std::wstring name = unique_pipe_name();
    const std::wstring path = path_of(name);

    std::wstring with(const std::wstring &options) const
    {
        return L"listen " + name + L" --once " + options;
    }
};

/* What was said behind the number of the first client, without the time. */
std::string said_of_client(const std::string &out)
{
    std::string all;

    for (size_t at = 0, end; (end = out.find("\r\n", at)) != std::string::npos; at = end + 2)
    {
        const size_t client = out.find("  1   ", at);

        all += client < end ? out.substr(client + 6, end - client - 6) + "|" : out.substr(at, end - at) + "|";
    }
    return all;
}

} // namespace

TEST_F(Listen, PrintsWhoConnectsAndWhatTheySay)
{
    program p(with(L""));
    raw_client client(path);
    const std::string process = "connected: process " + std::to_string(GetCurrentProcessId()) + ", session ";

    EXPECT_EQ(client.write("gr\xc3\xbc\xc3\x9f"), 0u);
    EXPECT_EQ(client.write(message{0xff, 0x1b, '[', 'J'}), 0u);
    EXPECT_EQ(client.write(""), 0u);
    client.close();

    EXPECT_EQ(p.wait(), 0u) << p.err();
    const std::string said = said_of_client(p.out());
    EXPECT_EQ(said.find(process), 0u) << said;
    EXPECT_NE(said.find(", user "), std::string::npos) << said;
    EXPECT_NE(said.find("|-> (6) gr\xc3\xbc\xc3\x9f|-> (4) \\xff\\x1b[J|-> (0)|the client left|"), std::string::npos)
        << said;
    EXPECT_NE(p.err().find("Clients: 1; messages from them: 3, to them: 0"), std::string::npos) << p.err();
}

TEST_F(Listen, ALineEndInAMessageFakesNoLine)
{
    program p(with(L""));
    raw_client client(path);

    client.write("x\r\n12:00:00.000  2   connected: process 4");
    client.close();

    EXPECT_EQ(p.wait(), 0u);
    EXPECT_EQ(p.out().find("\n12:00:00.000  2"), std::string::npos) << p.out();
    EXPECT_NE(p.out().find("x\\r\\n12:00:00.000"), std::string::npos) << p.out();
}

TEST_F(Listen, EchoesMessagesOfAnySize)
{
    program p(with(L"--echo"));
    raw_client client(path);
    const message big = message_of(1048576, 4);

    client.write("one");
    EXPECT_EQ(client.read_text(), "one");
    client.begin_write(big);
    EXPECT_TRUE(client.read() == big);
    client.end_write();
    client.close();

    EXPECT_EQ(p.wait(), 0u);
    EXPECT_NE(p.out().find(" ... (--limit 0 shows all)"), std::string::npos);
}

TEST_F(Listen, AnswersByATextOrByBytes)
{
    program text(with(L"--reply \"sch\u00f6n\""));
    raw_client client(path);
    client.write("x");
    EXPECT_EQ(client.read_text(), "sch\xc3\xb6n");
    client.close();
    EXPECT_EQ(text.wait(), 0u);

    program digits(with(L"--reply \"00 ff\" --hex"));
    EXPECT_EQ(client.connect(path), 0u);
    client.write("x");
    EXPECT_TRUE(client.read() == (message{0, 0xff}));
    client.close();
    EXPECT_EQ(digits.wait(), 0u);
    EXPECT_NE(digits.out().find("00000000  00 ff"), std::string::npos) << digits.out();
}

TEST_F(Listen, AnswersByWhatACommandWrites)
{
    program p(with(L"--exec \"echo \"\"to client\"\"\""));
    raw_client client(path);

    client.write("x");
    EXPECT_EQ(client.read_text(), "\"to client\"\r\n");
    client.close();

    EXPECT_EQ(p.wait(), 0u);
}

TEST_F(Listen, ACommandReadsTheMessageWhateverIsInIt)
{
    program p(with(L"--exec \"\"" TEST_BUILD_FOLDER L"\\tests\\shout.exe\"\""));
    raw_client client(path);
    message big = message_of(1048576, 8);

    client.write("x & echo y > z | \" %PATH%");
    EXPECT_EQ(client.read_text(), "X & ECHO Y > Z | \" %PATH%");
    client.begin_write(big);
    message answer = client.read();
    for (BYTE &c : big)
        c = c >= 'a' && c <= 'z' ? BYTE(c - 'a' + 'A') : c;
    EXPECT_TRUE(answer == big);
    client.end_write();
    client.close();

    EXPECT_EQ(p.wait(), 0u);
}

TEST_F(Listen, ACommandThatFailsOrSaysNothingIsToldAndNoAnswer)
{
    program fails(with(L"--exec \"exit 7\""));
    raw_client client(path);
    client.write("x");
    EXPECT_TRUE(fails.says("The command ended with 7; there is no answer."));
    client.close();
    EXPECT_EQ(fails.wait(), 1u);
    EXPECT_NE(fails.err().find("pipe: The command ended with 7; there is no answer.\r\n"), std::string::npos);

    program is_silent(with(L"--exec \"exit 0\""));
    EXPECT_EQ(client.connect(path), 0u);
    client.write("x");
    EXPECT_TRUE(is_silent.says("The command wrote nothing; there is no answer."));
    client.close();
    EXPECT_EQ(is_silent.wait(), 1u);
}

TEST_F(Listen, ACommandThatTakesTooLongIsEndedWithWhatItHasStarted)
{
    const std::wstring held = unique_pipe_name();
    raw_server sign_of_life(path_of(held));
    program p(
        with(L"--exec \"\"" TEST_BUILD_FOLDER L"\\tests\\pipe_client.exe\" " + held + L" hold 60000\" --timeout 2000"));
    raw_client client(path);

    client.write("x");
    EXPECT_EQ(sign_of_life.accept(), 0u);
    EXPECT_TRUE(p.says("it took longer than --timeout")) << p.out() << p.err();

    EXPECT_EQ(sign_of_life.wait_until_closed(), 0u);
}

TEST_F(Listen, CommandsOfSeveralClientsRunAtOnce)
{
    program p(L"listen " + name + L" --exec \"echo done\"");
    raw_client one(path), two(path), three(path);

    for (raw_client *c : {&one, &two, &three})
        c->write("x");

    EXPECT_EQ(one.read_text() + two.read_text() + three.read_text(), "done\r\ndone\r\ndone\r\n");
}

TEST_F(Listen, RefusesAMessageBeyondMaxSizeAndThatClientAlone)
{
    program p(L"listen " + name + L" --echo --max-size 1000");
    raw_client bad(path), good(path);

    bad.begin_write(message_of(100000, 5));

    EXPECT_TRUE(p.says("--max-size")) << p.out();
    EXPECT_EQ(bad.wait_until_closed(), 0u);
    good.write("still there");
    EXPECT_EQ(good.read_text(), "still there");
}

TEST(ListenInWrongWords, EndsAndSaysWhy)
{
    EXPECT_EQ(run_pipe(L"listen").code, 2u);
    const auto digits = run_pipe(L"listen x --reply zz --hex");
    const auto name = run_pipe(L"listen x\\");

    EXPECT_EQ(digits.code, 2u);
    EXPECT_EQ(name.code, 2u);
    EXPECT_NE(name.err.find("cannot be a pipe's name"), std::string::npos) << name.err;
}

/* pipe talk, with servers in bare Win32. */

#include "support/pipe/scripted_peer.h"
#include "support/tool/program.h"

#include <gtest/gtest.h>

namespace
{

class Talk : public testing::Test
{
  protected:
    const std::wstring name = unique_pipe_name();
    raw_server server{path_of(name)};
};

} // namespace

TEST_F(Talk, SendsLinesAndPrintsWhatComes)
{
    program p(L"talk " + name + L" --wait 60000");

    EXPECT_EQ(server.accept(), 0u);
    p.type("erste Zeile \xc3\xbc\r\nsecond");
    EXPECT_EQ(server.read_text(), "erste Zeile \xc3\xbc");
    server.write("unasked\x1b[J");
    EXPECT_TRUE(p.says("unasked\\x1b[J\r\n"));
    p.type(" line\n\n");
    EXPECT_EQ(server.read_text(), "second line");
    EXPECT_EQ(server.read_text(), "") << "an empty line is a message of no bytes";
    server.close();

    EXPECT_EQ(p.wait(), 0u);
    EXPECT_NE(p.err().find("The server left."), std::string::npos) << p.err();
}

TEST_F(Talk, HearsOutTheServerAfterTheLastLine)
{
    program p(L"talk " + name + L" --wait 1000");

    EXPECT_EQ(server.accept(), 0u);
    p.type("last, without an end");
    p.close_input();
    EXPECT_EQ(server.read_text(), "last, without an end");
    server.write("late answer");
    EXPECT_EQ(server.wait_until_closed(), 0u);

    EXPECT_EQ(p.wait(), 0u) << p.err();
    EXPECT_EQ(p.out(), "late answer\r\n");
}

TEST_F(Talk, WithHexSpeaksInDigitsAndGoesOnAfterAWrongLine)
{
    program p(L"talk " + name + L" --hex --wait 0");

    EXPECT_EQ(server.accept(), 0u);
    p.type("0102\nno digits\n03\n");
    EXPECT_TRUE(server.read() == (message{1, 2}));
    EXPECT_TRUE(server.read() == message{3});
    server.write(message{0xab});
    EXPECT_TRUE(p.says("00000000  ab"));
    p.close_input();

    EXPECT_EQ(p.wait(), 1u) << "a line was not sent";
    EXPECT_NE(p.err().find("pairs of hexadecimal digits"), std::string::npos) << p.err();
}

TEST_F(Talk, ReadsAFileNoFasterThanTheServerReads)
{
    program p(L"talk " + name + L" --wait 1000");
    const std::string line(262144, 'x');
    background writer(
        [&]
        {
            for (int i = 0; i < 40; i++)
                p.type(line + "\n");
            p.close_input();
        });

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_FALSE(writer.join(500)) << "all 10 MiB wait in the program";
    int count = 0;
    for (message m; count < 40 && server.read(m) == 0; count++)
        EXPECT_EQ(m.size(), line.size());
    EXPECT_TRUE(writer.join(patience));

    EXPECT_EQ(count, 40);
    EXPECT_EQ(p.wait(), 0u) << p.err();
}

TEST(TalkWithoutServer, EndsAtOnceWithASentence)
{
    const auto p = run_pipe(L"talk " + unique_pipe_name(), "hello\n");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("There is no such pipe"), std::string::npos) << p.err;
}

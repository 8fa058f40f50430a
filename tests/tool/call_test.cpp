/* pipe call, with servers in bare Win32. */

#include "support/pipe/scripted_peer.h"
#include "support/tool/program.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace
{

std::wstring quoted(const std::wstring &text)
{
    return L" \"" + text + L"\"";
}

/* A file of this process' own in the folder for temporary files. */
std::wstring temporary_path(const wchar_t *end)
{
    wchar_t folder[MAX_PATH + 1];

    GetTempPathW(MAX_PATH + 1, folder);
    return folder + unique_pipe_name() + end;
}

void write_file(const std::wstring &path, const message &m)
{
    std::ofstream file(path.c_str(), std::ios::binary);

    file.write(reinterpret_cast<const char *>(m.data()), static_cast<std::streamsize>(m.size()));
}

message read_file(const std::wstring &path)
{
    std::ifstream file(path.c_str(), std::ios::binary);

    return message(std::istreambuf_iterator<char>(file), {});
}

class Call : public testing::Test
{
  protected:
    const std::wstring name = unique_pipe_name();
    raw_server server{path_of(name)};
};

} // namespace

TEST_F(Call, SendsTextAsUtf8AndPrintsTheAnswer)
{
    scripted_peer peer(server, {hears("gr\xc3\xbc\xc3\x9f Gott"), says("\xe6\x97\xa5\xe6\x9c\xac"), leaves()});

    const auto p = run_pipe(L"call " + name + quoted(L"gr\u00fc\u00df Gott"));

    EXPECT_EQ(p.code, 0u);
    EXPECT_EQ(p.out, "\xe6\x97\xa5\xe6\x9c\xac\r\n");
    EXPECT_EQ(p.err, "");
}

TEST_F(Call, TakesTheNameInFullAndAnEmptyText)
{
    scripted_peer peer(server, {hears(""), says("ok\r\n"), leaves()});

    const auto p = run_pipe(L"call " + path_of(name) + quoted(L""));

    EXPECT_EQ(p.code, 0u);
    EXPECT_EQ(p.out, "ok\r\n") << "one line end";
}

TEST_F(Call, WithHexSendsAndShowsBytes)
{
    scripted_peer peer(server, {hears(message{0, 1, 0xff}), says(message{0xfe, 0, 'A'}), leaves()});

    const auto p = run_pipe(L"call " + name + quoted(L"00 01 ff") + L" --hex");

    EXPECT_EQ(p.code, 0u);
    EXPECT_EQ(p.out, "00000000  fe 00 41                                          ..A\r\n");
}

TEST_F(Call, WritesTheAnswersBytesAsTheyAreWithRaw)
{
    scripted_peer peer(server, {hears("x"), says(message{0x1b, '[', 'J', 0, 0xff, '\n'}), leaves()});

    const auto p = run_pipe(L"call " + name + L" x --raw");

    EXPECT_EQ(p.code, 0u);
    EXPECT_EQ(p.out, std::string("\x1b[J\0\xff\n", 6));
}

TEST_F(Call, EscapesWhatWouldHarmTheTerminal)
{
    scripted_peer peer(server, {hears("x"), says("\x1b]0;owned\x07\r\xe2\x80\xaetxt.exe\nsecond line"), leaves()});

    const auto p = run_pipe(L"call " + name + L" x");

    EXPECT_EQ(p.out, "\\x1b]0;owned\\x07\\r\\u202etxt.exe\r\nsecond line\r\n");
}

TEST_F(Call, CarriesAFileOfOneMebibyteThereAndBack)
{
    const message big = message_of(1048576, 1), answer = message_of(1048577, 2);
    const std::wstring to = temporary_path(L".in"), from = temporary_path(L".out");
    write_file(to, big);
    scripted_peer peer(server, {hears(big), says(answer), sees_its_client_leave()});

    const auto p = run_pipe(L"call " + name + L" --file" + quoted(to) + L" --out" + quoted(from));

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out, "");
    EXPECT_TRUE(read_file(from) == answer);
    DeleteFileW(to.c_str());
    DeleteFileW(from.c_str());
}

TEST_F(Call, SendsTheStandardInputWithFileHyphen)
{
    scripted_peer peer(server, {hears("line one\nline two"), says("got it"), leaves()});

    const auto p = run_pipe(L"call " + name + L" --file -", "line one\nline two");

    EXPECT_EQ(p.out, "got it\r\n");
}

TEST_F(Call, OneWayWaitsForNoAnswer)
{
    scripted_peer peer(server, {hears("note"), sees_its_client_leave()});

    const auto p = run_pipe(L"call " + name + L" note --one-way");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out + p.err, "");
}

TEST_F(Call, OneWayTellsWithJsonWhatWasSent)
{
    scripted_peer peer(server, {hears("note"), sees_its_client_leave()});

    const auto p = run_pipe(L"call " + name + L" note --one-way --json");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out, "{\"sent\":4}\r\n");
}

TEST_F(Call, SendsNothingWhereTheFileForTheAnswerCannotBeOpened)
{
    const auto p = run_pipe(L"call " + name + L" x --out Z:\\no\\such\\file --timeout 1000");

    EXPECT_EQ(p.code, 1u);
    EXPECT_EQ(p.err.find("pipe: This file cannot be written: Z:\\no\\such\\file"), 0u) << p.err;
    raw_client other;
    EXPECT_EQ(other.connect(path_of(name)), 0u) << "nobody has taken the only instance";
}

TEST_F(Call, WithoutAnAnswerLeavesTheFileForItAsItWas)
{
    const std::wstring there = temporary_path(L".there"), fresh = temporary_path(L".new");
    const message before = message_of(1000, 1);
    write_file(there, before);

    EXPECT_EQ(run_pipe(L"call " + unique_pipe_name() + L" x --out" + quoted(there)).code, 1u);
    EXPECT_EQ(run_pipe(L"call " + unique_pipe_name() + L" x --out" + quoted(fresh)).code, 1u);

    EXPECT_TRUE(read_file(there) == before);
    EXPECT_EQ(GetFileAttributesW(fresh.c_str()), INVALID_FILE_ATTRIBUTES);
    scripted_peer peer(server, {hears("x"), says("short"), leaves()});
    EXPECT_EQ(run_pipe(L"call " + name + L" x --out" + quoted(there)).code, 0u);
    EXPECT_TRUE(read_file(there) == (message{'s', 'h', 'o', 'r', 't'})) << "nothing of the old one is left";
    DeleteFileW(there.c_str());
}

TEST_F(Call, EndsWithASentenceWhenTheAnswerDoesNotComeInTime)
{
    scripted_peer peer(server, {hears("x"), sees_its_client_leave()});

    const auto p = run_pipe(L"call " + name + L" x --timeout 100");

    EXPECT_EQ(p.code, 1u);
    EXPECT_EQ(p.out, "");
    EXPECT_EQ(p.err.find("pipe: The time is up; give a longer --timeout"), 0u) << p.err;
}

TEST_F(Call, EndsWithASentenceWhenThePipeIsBusy)
{
    raw_client other(path_of(name)); /* has the only instance */

    const auto p = run_pipe(L"call " + name + L" x --timeout 100");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("busy"), std::string::npos) << p.err;
}

TEST_F(Call, EndsWithASentenceWhenTheServerLeavesWithoutAnAnswer)
{
    scripted_peer peer(server, {hears("x"), leaves()});

    const auto p = run_pipe(L"call " + name + L" x");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("The server closed the pipe without an answer"), std::string::npos) << p.err;
}

TEST_F(Call, RefusesAnAnswerBeyondMaxSize)
{
    scripted_peer peer(server, {hears("x"), says_if_it_can(message_of(100000, 3)), leaves()});

    const auto p = run_pipe(L"call " + name + L" x --max-size 1000");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("--max-size"), std::string::npos) << p.err;
}

TEST(CallWithoutServer, EndsWithASentenceAndOne)
{
    const std::wstring name = unique_pipe_name();

    const auto p = run_pipe(L"call " + name + L" x");

    EXPECT_EQ(p.code, 1u);
    EXPECT_EQ(p.out, "");
    const std::string narrow(name.begin(), name.end());
    EXPECT_EQ(p.err, "pipe: There is no such pipe: " + narrow + "; start its server first, or check the name.\r\n");
}

TEST(CallOfAnotherComputer, SpeaksOfTheNameAndOfNoProperty)
{
    const auto p = run_pipe(L"call \\\\nowhere.invalid\\pipe\\x y --timeout 1000");

    EXPECT_EQ(p.code, 1u);
    EXPECT_EQ(p.err.find("pipe: "), 0u) << p.err;
    EXPECT_EQ(p.err.find("ServerName"), std::string::npos) << p.err;
}

TEST(CallInWrongWords, EndsWithTwo)
{
    EXPECT_EQ(run_pipe(L"call").code, 2u);
    EXPECT_EQ(run_pipe(L"call \"\" x").code, 2u);
    EXPECT_EQ(run_pipe(L"call x y --hex").code, 2u) << "no digits";
    EXPECT_EQ(run_pipe(L"call x --file Z:\\no\\such\\file").code, 1u);
}

TEST(CallOnAPipeOfBytes, AsksForAFraming)
{
    const std::wstring name = unique_pipe_name();
    raw_server server(path_of(name), pipe_mode::bytes);
    scripted_peer peer(server, {meets_its_client(), sees_its_client_leave()});

    const auto p = run_pipe(L"call " + name + L" x");

    EXPECT_EQ(p.code, 1u);
    EXPECT_NE(p.err.find("say by --framing"), std::string::npos) << p.err;
}

TEST(CallOnAPipeOfBytes, SpeaksInLines)
{
    const std::wstring name = unique_pipe_name();
    raw_server server(path_of(name), pipe_mode::bytes);
    scripted_peer peer(server, {hears("ask\n"), says("ans"), says("wer\r\nmore"), leaves()});

    const auto p = run_pipe(L"call " + name + L" ask --framing lines");

    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_EQ(p.out, "answer\r\n");
}

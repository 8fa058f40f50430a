/* pipe.exe as a program: help, exit codes, Ctrl+C, the console, an output that ends. */

#include "support/tool/program.h"

#include "support/pipe/raw_server.h"

#include <gtest/gtest.h>

namespace
{

/* A console that this process and its children have alone: Ctrl+C reaches them all. This one is not ended by it. */
class own_console
{
  public:
    own_console()
    {
        FreeConsole();
        there = AllocConsole() != 0;
        SetConsoleCtrlHandler(ignore, TRUE);
        SECURITY_ATTRIBUTES inherited = {sizeof(inherited), nullptr, TRUE};
        screen = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited,
                             OPEN_EXISTING, 0, nullptr);
    }
    ~own_console()
    {
        CloseHandle(screen);
        FreeConsole();
        SetConsoleCtrlHandler(ignore, FALSE);
    }

    /* Under Wine without a display it has no screen. */
    bool can_show() const
    {
        DWORD done = 0;

        return WriteConsoleW(screen, L"\r", 1, &done, nullptr) && done == 1;
    }
    bool press_ctrl_c() const
    {
        return GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) != 0;
    }
    std::wstring first_line() const
    {
        wchar_t text[80] = L"";
        DWORD length = 0;

        ReadConsoleOutputCharacterW(screen, text, 80, {0, 0}, &length);
        std::wstring line(text, length);
        return line.substr(0, line.find_last_not_of(L' ') + 1);
    }

    bool there;
    HANDLE screen;

  private:
    static BOOL WINAPI ignore(DWORD)
    {
        return TRUE;
    }
};

} // namespace

TEST(Program, ShowsItsHelpAndEndsWithZero)
{
    for (const wchar_t *command : {L"list", L"call", L"listen", L"talk", L"proxy", L"load"})
    {
        const auto p = run_pipe(std::wstring(command) + L" --help");
        const std::wstring wide = command;

        EXPECT_EQ(p.code, 0u);
        EXPECT_EQ(p.out.find("pipe " + std::string(wide.begin(), wide.end()) + " "), 0u) << p.out;
        EXPECT_EQ(p.err, "");
    }
    EXPECT_NE(run_pipe(L"--help").out.find("pipe proxy NAME OTHER"), std::string::npos);
}

TEST(Program, WithoutACommandShowsItsHelpAsAnError)
{
    const auto p = run_pipe(L"");

    EXPECT_EQ(p.code, 2u);
    EXPECT_EQ(p.out, "");
    EXPECT_EQ(p.err.find("pipe: named pipes at the command line\r\n"), 0u);
}

TEST(Program, SaysItsVersionAndBitness)
{
    EXPECT_EQ(run_pipe(L"--version").out, sizeof(void *) == 8 ? "pipe 1.0.0 x64\r\n" : "pipe 1.0.0 x86\r\n");
}

TEST(Program, EndsInOrderByCtrlC)
{
    const own_console console;
    const std::wstring name = unique_pipe_name();
    program p(L"listen " + name);
    raw_client client(path_of(name));

    client.write("hello");
    EXPECT_TRUE(p.says("-> (5) hello"));
    EXPECT_TRUE(console.there && console.press_ctrl_c());

    EXPECT_EQ(p.wait(), 0u);
    EXPECT_NE(p.out().find("1   pipe.exe was ended\r\n"), std::string::npos) << p.out();
    EXPECT_NE(p.err().find("Clients: 1; messages from them: 1, to them: 0"), std::string::npos) << p.err();
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST(Program, EndsAllCommandsThatRunOnByCtrlC)
{
    const own_console console;
    const std::wstring name = unique_pipe_name(), other = unique_pipe_name(), silent = unique_pipe_name(),
                       quiet = unique_pipe_name();
    raw_server server(path_of(name)), beyond(path_of(other)), deaf(path_of(silent)), deaf_too(path_of(quiet));
    const std::wstring middle = unique_pipe_name();
    program talk(L"talk " + name), proxy(L"proxy " + middle + L" " + other),
        load(L"load " + silent + L" --clients 1 --messages 3"),
        as_json(L"load " + quiet + L" --clients 1 --messages 3 --json");
    raw_client client(path_of(middle));

    EXPECT_EQ(server.accept(), 0u);
    EXPECT_EQ(beyond.accept(), 0u);
    EXPECT_EQ(deaf.accept(), 0u);
    EXPECT_EQ(deaf_too.accept(), 0u);
    deaf.read();
    deaf_too.read();
    server.write("there");
    EXPECT_TRUE(talk.says("there"));
    EXPECT_TRUE(proxy.says("connected"));
    EXPECT_TRUE(console.press_ctrl_c());

    EXPECT_EQ(talk.wait(), 0u) << talk.err();
    EXPECT_EQ(proxy.wait(), 0u) << proxy.err();
    EXPECT_EQ(load.wait(), 1u) << "not all was answered";
    EXPECT_EQ(load.out().find("Messages: 0 of 3"), 0u) << load.out();
    EXPECT_NE(load.err().find("pipe: Ended by Ctrl+C after 0 of 3 messages.\r\n"), std::string::npos) << load.err();
    EXPECT_EQ(as_json.wait(), 1u);
    EXPECT_NE(as_json.out().find(",\"stopped\":true}"), std::string::npos) << as_json.out();
}

TEST(Program, WritesTextOfAnyScriptToAConsole)
{
    const own_console console;
    const std::wstring name = unique_pipe_name();
    if (!console.can_show())
        GTEST_SKIP() << "Wine has no console without a display";
    raw_server server(path_of(name));
    background peer(
        [&]
        {
            server.accept();
            server.read();
            server.write("gr\xc3\xbc\xc3\x9f \xd0\x94");
            server.wait_until_closed();
        });
    program p(L"call " + name + L" x", console.screen);

    EXPECT_EQ(p.wait(), 0u) << p.err();
    EXPECT_EQ(console.first_line(), L"gr\u00fc\u00df \u0414");
}

TEST(Program, EndsWhenNobodyReadsItsOutputAnyMore)
{
    const std::wstring name = unique_pipe_name();
    SECURITY_ATTRIBUTES inherited = {sizeof(inherited), nullptr, TRUE};
    HANDLE reading, writing;
    CreatePipe(&reading, &writing, &inherited, 0);
    SetHandleInformation(reading, HANDLE_FLAG_INHERIT, 0);
    program p(L"listen " + name, writing);
    CloseHandle(writing);
    raw_client client(path_of(name));
    EXPECT_TRUE(p.remarks("Listening"));

    CloseHandle(reading);
    client.write("x");

    EXPECT_EQ(p.wait(), 1u);
}

TEST(Program, ListsPipesOrSaysThatTheSystemDoesNot)
{
    const std::wstring name = unique_pipe_name();
    raw_server server(path_of(name), pipe_mode::messages, PIPE_ACCESS_DUPLEX, 3);

    const auto p = run_pipe(L"list " + name.substr(0, name.size() - 1) + L"*");

    if (p.code == 1)
    {
        EXPECT_NE(p.err.find("This system does not list its pipes, as Wine does not"), std::string::npos) << p.err;
        GTEST_SKIP() << "Wine does not list its pipes";
    }
    EXPECT_EQ(p.code, 0u) << p.err;
    EXPECT_NE(p.out.find(std::string(name.begin(), name.end())), std::string::npos) << p.out;
}

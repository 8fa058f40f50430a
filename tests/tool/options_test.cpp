/* The command line, taken apart. */

extern "C" {
#include "tool/contract.h"
#include "tool/options.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace
{

struct reading
{
    std::vector<std::wstring> words;
    std::vector<wchar_t *> pointers;
    options o = {};
    text_builder fault = {};
    bool good = false;

    explicit reading(std::vector<std::wstring> given) : words(std::move(given))
    {
        for (std::wstring &word : words)
            pointers.push_back(word.data());
        good = options_read(static_cast<int>(pointers.size()), pointers.data(), &o, &fault);
    }
    ~reading()
    {
        text_builder_fini(&fault);
    }
    std::wstring said() const
    {
        return std::wstring(fault.text ? fault.text : L"", fault.length);
    }
};

std::wstring fault_of(std::vector<std::wstring> words)
{
    const reading r(std::move(words));

    EXPECT_FALSE(r.good);
    return r.said();
}

} // namespace

TEST(Options, TakesOptionsAnywhereAndWithEitherSign)
{
    const reading r({L"call", L"--timeout=500", L"name", L"--framing", L"lines", L"text"});

    EXPECT_TRUE(r.good) << r.said().c_str();
    EXPECT_EQ(r.o.command, COMMAND_CALL);
    EXPECT_STREQ(r.o.operands[0], L"name");
    EXPECT_STREQ(r.o.operands[1], L"text");
    EXPECT_EQ(r.o.timeout, 500);
    EXPECT_EQ(r.o.framing, LONG(NamedPipeFramingLines));
    EXPECT_EQ(r.o.size, OPTIONS_NOT_GIVEN);
}

TEST(Options, TakesWhatLooksLikeAnOptionBehindTwoHyphens)
{
    const reading r({L"call", L"name", L"--", L"--help"});

    EXPECT_TRUE(r.good);
    EXPECT_STREQ(r.o.operands[1], L"--help");
    EXPECT_FALSE(r.o.help);
}

TEST(Options, TakesAnEmptyTextAndALoneHyphenAsTheyAre)
{
    const reading empty({L"call", L"name", L""}), hyphen({L"call", L"name", L"-"});

    EXPECT_TRUE(empty.good);
    EXPECT_STREQ(empty.o.operands[1], L"");
    EXPECT_TRUE(hyphen.good);
}

TEST(Options, AsksForHelpInEveryWayThatPeopleTry)
{
    for (const auto &words : std::vector<std::vector<std::wstring>>{
             {L"call", L"--help"}, {L"call", L"-h"}, {L"call", L"/?"}, {L"help", L"call"}, {L"--help", L"call"}})
    {
        const reading r(words);

        EXPECT_TRUE(r.good && r.o.help) << r.said().c_str();
        EXPECT_EQ(r.o.command, COMMAND_CALL);
    }
}

TEST(Options, SayWhatIsWrongAndWhatToDo)
{
    EXPECT_EQ(fault_of({L"cal", L"x"}), L"There is no command cal; pipe --help lists them.");
    EXPECT_EQ(fault_of({L"call", L"--foo"}), L"There is no option --foo here; pipe call --help lists them.");
    EXPECT_EQ(fault_of({L"list", L"--echo"}), L"There is no option --echo here; pipe list --help lists them.");
    EXPECT_EQ(fault_of({L"call", L"x", L"y", L"--timeout"}), L"--timeout wants a value behind it.");
    EXPECT_EQ(fault_of({L"listen", L"x", L"--echo=1"}), L"--echo takes no value; leave out what stands behind it.");
    EXPECT_EQ(fault_of({L"load", L"x", L"--clients", L"0"}), L"--clients is 0; give a whole number from 1 to 10000.");
    EXPECT_EQ(fault_of({L"call", L"x", L"y", L"--timeout", L"soon"}),
              L"--timeout is soon; give a whole number from -1 to 2147483647; -1 is for ever.");
    EXPECT_EQ(fault_of({L"listen", L"x", L"--allow", L"all"}), L"--allow is all; give me, users or everyone.");
    EXPECT_EQ(fault_of({L"listen"}), L"listen wants the name of a pipe; pipe listen --help shows how.");
    EXPECT_EQ(fault_of({L"call", L"x", L"two", L"words"}),
              L"\"words\" is too much: call takes one name and one text. Put a text with blanks in quotation marks.");
    EXPECT_EQ(fault_of({L"listen", L"A", L"B"}),
              L"\"B\" is too much: listen takes one name. Put a text with blanks in quotation marks.");
}

TEST(Options, RefuseWhatDoesNotGoTogether)
{
    EXPECT_EQ(fault_of({L"call", L"x"}), L"call needs a text, or --file FILE.");
    EXPECT_EQ(fault_of({L"call", L"x", L"y", L"--file", L"z"}),
              L"call sends a text or --file FILE, not both; leave one of them out.");
    EXPECT_NE(fault_of({L"listen", L"x", L"--echo", L"--reply", L"y"}).find(L"Only one of"), std::wstring::npos);
    EXPECT_NE(fault_of({L"call", L"x", L"y", L"--raw", L"--json"}).find(L"Only one of"), std::wstring::npos);
    EXPECT_EQ(fault_of({L"load", L"x", L"--framing", L"chunks"}),
              L"--framing chunks has no messages to count; give pipe, lines, length or header.");
    EXPECT_EQ(fault_of({L"load", L"x", L"--framing", L"until-closed"}).find(L"--framing until-closed has no"), 0u);
}

TEST(Options, RefuseATimeoutWhereNothingHasOne)
{
    EXPECT_EQ(fault_of({L"listen", L"x", L"--timeout", L"5"}), L"--timeout is for --exec; leave it out.");
    EXPECT_TRUE(reading({L"listen", L"x", L"--exec", L"y", L"--timeout", L"5"}).good);
}

TEST(Options, RefuseAProxyToItself)
{
    const std::wstring same = L"Both names are the same pipe; give the proxy a name of its own.";
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = MAX_COMPUTERNAME_LENGTH + 1;

    ASSERT_TRUE(GetComputerNameW(computer, &size));
    EXPECT_EQ(fault_of({L"proxy", L"P", L"P"}), same);
    EXPECT_EQ(fault_of({L"proxy", L"E6", L"\\\\.\\pipe\\e6"}), same);
    EXPECT_EQ(fault_of({L"proxy", L"//./PIPE/a/\u00e9", L"A\\\u00c9"}), same);
    EXPECT_EQ(fault_of({L"proxy", L"P", L"\\\\localhost\\pipe\\p"}), same);
    EXPECT_EQ(fault_of({L"proxy", L"P", std::wstring(L"\\\\") + computer + L"\\pipe\\P"}), same);
    EXPECT_TRUE(reading({L"proxy", L"P", L"\\\\elsewhere\\pipe\\P"}).good);
    EXPECT_TRUE(reading({L"proxy", L"P", L"Q"}).good);
}

TEST(Options, RefuseNamesThatThePipeCannotHave)
{
    EXPECT_EQ(fault_of({L"listen", L"\\\\elsewhere\\pipe\\P"}),
              L"\"\\\\elsewhere\\pipe\\P\" is on another computer; listen makes pipes on this one alone. "
              L"Give the bare name.");
    EXPECT_NE(fault_of({L"proxy", L"\\\\elsewhere\\pipe\\P", L"Q"}).find(L"proxy makes pipes"), std::wstring::npos);
    EXPECT_NE(fault_of({L"listen", L"\\\\localhost\\pipe\\P"}).find(L"give the bare name."), std::wstring::npos);
    for (const wchar_t *command : {L"talk", L"load", L"listen"})
        EXPECT_EQ(fault_of({command, L"x\\"}).find(L"\"x\\\" cannot be a pipe's name; give one alone or in full"), 0u);
    EXPECT_EQ(fault_of({L"call", L"", L"x"}).find(L"\"\" cannot be a pipe's name"), 0u);
    EXPECT_TRUE(reading({L"call", L"\\\\elsewhere\\pipe\\P", L"x"}).good);
    EXPECT_TRUE(reading({L"listen", L"\\\\.\\pipe\\P"}).good);
}

TEST(Options, RefuseNumbersThatAreNone)
{
    for (const wchar_t *number : {L"", L"-", L"1.5", L"0x10", L"99999999999", L"-2", L"2147483648", L" 1"})
        EXPECT_FALSE(reading({L"call", L"x", L"y", L"--timeout", number}).good) << number;
    EXPECT_TRUE(reading({L"call", L"x", L"y", L"--timeout", L"-1"}).good);
}

/* Names of pipes. */

#include <gmock/gmock.h>

#include "support/leaks.h"
#include "support/pipe/seams.h"

extern "C" {
#include "pipe/name.h"
}

using testing::ElementsAre;

/* What becomes of a name that a server gives: "" for none. */
static std::wstring own_name(const std::wstring &given)
{
    pipe_address made;

    return pipe_address_of_own(given.data(), given.size(), &made) ? made.name : L"";
}

static bool possible(const std::wstring &name)
{
    return !own_name(name).empty();
}

/* Where a client would go: "server name", or why not. */
static std::wstring address_of(const std::wstring &given, const std::wstring &server = L"")
{
    pipe_address made;

    switch (pipe_address_of(given.data(), given.size(), server.data(), server.size(), &made))
    {
    case ADDRESS_IS_RIGHT: return std::wstring(made.server) + L" " + made.name;
    case ADDRESS_HAS_NO_PIPE_NAME: return L"no name";
    case ADDRESS_HAS_NO_SERVER: return L"no server";
    case ADDRESS_IS_TWO: return L"two servers";
    }
    return L"?";
}

static std::wstring path_of(const std::wstring &given, const std::wstring &server = L"")
{
    pipe_address made;

    EXPECT_EQ(pipe_address_of(given.data(), given.size(), server.data(), server.size(), &made), ADDRESS_IS_RIGHT);
    WCHAR *path = pipe_path_create(&made);
    std::wstring copy = path;
    mem_free(path);
    return copy;
}

/* ---- a name alone ---- */

TEST(Name, HasOneTo247Characters)
{
    EXPECT_FALSE(possible(L""));
    EXPECT_TRUE(possible(L"x"));
    EXPECT_TRUE(possible(std::wstring(247, L'x')));
    EXPECT_FALSE(possible(std::wstring(248, L'x')));
    EXPECT_FALSE(possible(std::wstring(100000, L'x')));
}

TEST(Name, HasNoSlashInFrontAndMayHaveSomeInside)
{
    EXPECT_FALSE(possible(L"\\x"));
    EXPECT_FALSE(possible(L"/x"));
    EXPECT_FALSE(possible(L"\\\\x"));
    EXPECT_FALSE(possible(L"\\"));
    EXPECT_TRUE(possible(L"company\\product\\x"));
}

TEST(Name, HasNoEmptyPart)
{
    for (const wchar_t *bad : {L"a\\\\b", L"a//b", L"a\\/b", L"a\\b\\", L"a/", L"x\\"})
        EXPECT_FALSE(possible(bad)) << bad;
}

TEST(Name, HasNoPartThatWindowsWouldNormaliseAway)
{
    for (const wchar_t *bad : {L".", L"..", L"...", L"..\\x", L".\\x", L"../x", L"a\\..", L"a\\.", L"a/..", L"a\\..\\b",
                               L"a/./b", L"a\\...\\b", L"..\\C:\\victim.txt", L"a\\../..\\C:\\victim.txt"})
        EXPECT_FALSE(possible(bad)) << bad;
}

TEST(Name, HasNoPartThatEndsInABlankOrADot)
{
    for (const wchar_t *bad :
         {L" ", L"x ", L"x.", L"x. ", L"x .", L"a \\b", L"a.\\b", L"a./b", L"a /b", L"a\\b ", L"a\\b."})
        EXPECT_FALSE(possible(bad)) << bad;
    for (const wchar_t *good : {L" x", L".x", L"..x", L"a b", L"a.b", L"a\\.b", L"a\\ b", L"v1.0\\x"})
        EXPECT_TRUE(possible(good)) << good;
}

TEST(Name, HasNoNul)
{
    EXPECT_FALSE(possible(std::wstring(1, L'\0')));
    EXPECT_FALSE(possible(std::wstring(L"a\0b", 3)));
    EXPECT_FALSE(possible(std::wstring(L"ab\0", 3)));
    EXPECT_FALSE(possible(std::wstring(L"\\\\.\\pipe\\a\0", 11)));
}

TEST(Name, MayBeInAnyScript)
{
    EXPECT_TRUE(possible(L"\x4e2d\x6587 \xfc \xd83d\xde00"));
    EXPECT_TRUE(possible(L"a/b:c*?"));
}

TEST(Name, ASlashIsABackslash)
{
    EXPECT_EQ(own_name(L"a/b/c"), L"a\\b\\c");
    EXPECT_EQ(own_name(L"//./pipe/a/b"), L"a\\b");
}

/* ---- in full ---- */

TEST(Name, OfAServerMayBeGivenInFullInAnyCaseAndWithEitherSlash)
{
    for (const wchar_t *full : {L"\\\\.\\pipe\\Name", L"\\\\?\\pipe\\Name", L"//./pipe/Name", L"//?/pipe/Name",
                                L"\\\\.\\PIPE\\Name", L"//./PiPe/Name", L"\\/.\\pipe/Name"})
        EXPECT_EQ(own_name(full), L"Name") << full;
    EXPECT_EQ(own_name(L"\\\\.\\pipe\\" + std::wstring(247, L'x')), std::wstring(247, L'x'));
}

TEST(Name, InFullIsTakenApartBeforeItIsJudged)
{
    for (const wchar_t *bad :
         {L"\\\\.\\pipe\\", L"\\\\.\\pipe", L"\\\\.\\pipe\\\\x", L"\\\\.\\pipe\\..\\x", L"\\\\.\\pipe\\x.",
          L"\\\\.\\pipes\\x", L"\\\\.\\pip\\x", L"\\\\.\\C:\\x", L"\\\\.\\..\\pipe\\x", L"\\.\\pipe\\x",
          L"\\\\..\\pipe\\x", L"\\\\.", L"\\\\", L"\\\\?\\UNC\\pc\\pipe\\x", L"\\??\\pipe\\x"})
        EXPECT_FALSE(possible(bad)) << bad;
    EXPECT_FALSE(possible(L"\\\\.\\pipe\\" + std::wstring(248, L'x')));
}

TEST(Name, OfAServerIsOfItsOwnComputer)
{
    EXPECT_FALSE(possible(L"\\\\localhost\\pipe\\x"));
    EXPECT_FALSE(possible(L"\\\\PC7\\pipe\\x"));
}

TEST(Name, OfAClientMayNameTheServerInFull)
{
    EXPECT_EQ(address_of(L"x"), L". x");
    EXPECT_EQ(address_of(L"x", L"."), L". x");
    EXPECT_EQ(address_of(L"x", L"PC7"), L"PC7 x");
    EXPECT_EQ(address_of(L"\\\\PC7\\pipe\\a\\b"), L"PC7 a\\b");
    EXPECT_EQ(address_of(L"//PC7/PIPE/a/b", L"."), L"PC7 a\\b");
    EXPECT_EQ(address_of(L"\\\\PC7\\pipe\\x", L"pc7"), L"PC7 x");
    EXPECT_EQ(address_of(L"\\\\?\\pipe\\x"), L". x");
    EXPECT_EQ(address_of(L"\\\\.\\pipe\\x", L"localhost"), L". x");
}

TEST(Name, InFullThatContradictsTheServerIsRefused)
{
    EXPECT_EQ(address_of(L"\\\\PC7\\pipe\\x", L"PC8"), L"two servers");
    EXPECT_EQ(address_of(L"\\\\PC7\\pipe\\x", L"localhost"), L"two servers");
    EXPECT_EQ(address_of(L"\\\\.\\pipe\\x", L"PC7"), L"two servers");
    EXPECT_EQ(address_of(L"\\\\?\\pipe\\x", L"PC7"), L"two servers");
}

TEST(Name, OfAClientIsJudgedAsAServers)
{
    for (const wchar_t *bad :
         {L"", L"\\x", L"..\\x", L"x.", L"a\\\\b", L"\\\\PC7\\pipe\\", L"\\\\PC7\\pipe\\..\\x", L"\\\\PC7\\C$\\x",
          L"\\\\..\\pipe\\x", L"\\\\ \\pipe\\x", L"\\\\\\pipe\\x", L"\\\\a?b\\pipe\\x"})
        EXPECT_EQ(address_of(bad), L"no name") << bad;
}

TEST(Name, OfAComputerLeadsNowhereElse)
{
    for (const wchar_t *bad : {L"?", L"..", L"...", L" ", L". ", L"\\\\PC7", L"a\\b", L"a/b", L"PC7\\", L"a?"})
        EXPECT_EQ(address_of(L"x", bad), L"no server") << bad;
    EXPECT_EQ(address_of(L"x", std::wstring(256, L'a')), L"no server");
    EXPECT_EQ(address_of(L"x", std::wstring(L"a\0b", 3)), L"no server");
    EXPECT_EQ(address_of(L"x", std::wstring(255, L'a')), std::wstring(255, L'a') + L" x");
    EXPECT_EQ(address_of(L"x", L"pc7.example.com"), L"pc7.example.com x");
}

TEST(Name, ThisComputersOwnNamesMeanThisComputer)
{
    seams system;
    system.computer_name = [](COMPUTER_NAME_FORMAT format)
    {
        switch (format)
        {
        case ComputerNameNetBIOS: return L"WORKSTATION-OF";
        case ComputerNameDnsHostname: return L"workstation-of-somebody";
        case ComputerNameDnsFullyQualified: return L"workstation-of-somebody.example.com";
        default: return L"";
        }
    };

    for (const wchar_t *here : {L"localhost", L"LocalHost", L"workstation-of", L"Workstation-of-Somebody",
                                L"workstation-of-somebody.EXAMPLE.com"})
    {
        EXPECT_EQ(address_of(L"x", here), L". x") << here;
        EXPECT_EQ(address_of(L"\\\\" + std::wstring(here) + L"\\pipe\\x"), L". x") << here;
    }
    EXPECT_EQ(address_of(L"x", L"workstation"), L"workstation x");
    EXPECT_EQ(address_of(L"x", L"example.com"), L"example.com x");
}

TEST(Name, AComputerWithoutANameIsNoOther)
{
    seams system;
    system.computer_name = [](COMPUTER_NAME_FORMAT) { return L""; };

    EXPECT_EQ(address_of(L"x", L"PC7"), L"PC7 x");
    EXPECT_EQ(address_of(L"x", L"localhost"), L". x");
}

TEST(Name, TheSystemKnowsThisComputersName)
{
    WCHAR own[256];
    DWORD size = 256;

    ASSERT_TRUE(GetComputerNameExW(ComputerNameDnsHostname, own, &size));

    EXPECT_EQ(address_of(L"x", own), L". x");
}

/* ---- paths ---- */

TEST(Name, ItsPathIsThePrefixAndTheName)
{
    leak_check nothing_is_left;

    EXPECT_EQ(path_of(L"a/b"), L"\\\\.\\pipe\\a\\b");
    EXPECT_EQ(path_of(L"//?/PIPE/name"), L"\\\\.\\pipe\\name");
    EXPECT_EQ(path_of(L"name", L"PC7"), L"\\\\PC7\\pipe\\name");
    EXPECT_TRUE(pipe_path_is_local(path_of(L"name", L"localhost").c_str()));
    EXPECT_FALSE(pipe_path_is_local(path_of(L"name", L"PC7").c_str()));
}

TEST(Name, WithoutMemoryThereIsNoPath)
{
    pipe_address address = {L".", L"name"};
    seams system;
    system.allocate = [](size_t) { return false; };

    EXPECT_EQ(pipe_path_create(&address), nullptr);
}

/* ---- patterns ---- */

TEST(NamePattern, StarIsAnyNumberOfCharactersAndQuestionMarkIsOne)
{
    EXPECT_TRUE(pipe_name_fits(L"anything\\at all", L"*"));
    EXPECT_TRUE(pipe_name_fits(L"sql\\query", L"sql\\*"));
    EXPECT_TRUE(pipe_name_fits(L"sql\\query", L"*query"));
    EXPECT_TRUE(pipe_name_fits(L"sql\\query", L"s*q*y"));
    EXPECT_TRUE(pipe_name_fits(L"sql\\query", L"sql?que??"));
    EXPECT_TRUE(pipe_name_fits(L"sql", L"sql***"));
    EXPECT_TRUE(pipe_name_fits(L"aab", L"*ab"));
    EXPECT_TRUE(pipe_name_fits(L"abcabd", L"*abd"));
    EXPECT_FALSE(pipe_name_fits(L"sql", L"sql?"));
    EXPECT_FALSE(pipe_name_fits(L"sql\\query", L"sql"));
    EXPECT_FALSE(pipe_name_fits(L"sql", L"sql\\*"));
    EXPECT_FALSE(pipe_name_fits(L"sql\\query", L"*quer"));
    EXPECT_FALSE(pipe_name_fits(L"", L"?"));
}

TEST(NamePattern, IsOfAnyCaseAndOfEitherSlash)
{
    EXPECT_TRUE(pipe_name_fits(L"SQL\\Query", L"sql/qUERY"));
    EXPECT_TRUE(pipe_name_fits(L"Stra\xdf\x65 \xc4", L"stra\xdf\x65 \xe4"));
    EXPECT_FALSE(pipe_name_fits(L"strasse", L"stra\xdf\x65")) << "by characters, not by a language";
}

TEST(NamePattern, OfManyStarsEndsSoon)
{
    std::wstring name(247, L'a'), pattern;

    for (int i = 0; i < 120; i++)
        pattern += L"*a";

    EXPECT_TRUE(pipe_name_fits(name.c_str(), pattern.c_str()));
    EXPECT_FALSE(pipe_name_fits(name.c_str(), (pattern + L"b").c_str()));
}

static std::wstring pattern_of(const std::wstring &given)
{
    const WCHAR *made = pipe_pattern_of(given.c_str(), given.size());

    return made ? made : L"none";
}

TEST(NamePattern, MayBeInFullAndStarDotStarIsAll)
{
    EXPECT_EQ(pattern_of(L"sql\\*"), L"sql\\*");
    EXPECT_EQ(pattern_of(L"\\\\.\\pipe\\sql\\*"), L"sql\\*");
    EXPECT_EQ(pattern_of(L"//?/PIPE/sql*"), L"sql*");
    EXPECT_EQ(pattern_of(L""), L"*");
    EXPECT_EQ(pattern_of(L"*.*"), L"*");
    EXPECT_EQ(pattern_of(L"\\\\.\\pipe\\*.*"), L"*");
    EXPECT_EQ(pattern_of(L"a*.*"), L"a*.*");
}

TEST(NamePattern, ThatNoNameCanFitIsNone)
{
    EXPECT_EQ(pattern_of(L"\\x"), L"none");
    EXPECT_EQ(pattern_of(L"/*"), L"none");
    EXPECT_EQ(pattern_of(L"\\\\PC7\\pipe\\*"), L"none");
    EXPECT_EQ(pattern_of(std::wstring(L"a\0b", 3)), L"none");
}

/* ---- the list ---- */

static bool note(void *context, const WCHAR *name)
{
    static_cast<std::vector<std::wstring> *>(context)->push_back(name);
    return true;
}

TEST(Name, AllOfThemAreListed)
{
    leak_check nothing_is_left;
    std::vector<std::wstring> names;
    std::wstring asked;
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{L"a", L"sql\\query"}; };
    system.find_first_file = [&](const WCHAR *pattern) { asked = pattern; };

    EXPECT_EQ(pipe_list(note, &names), 0u);

    EXPECT_THAT(names, ElementsAre(L"a", L"sql\\query"));
    EXPECT_EQ(asked, L"\\\\.\\pipe\\*");
    EXPECT_EQ(system.open_searches, 0u);
}

TEST(Name, AListThatBreaksOffIsAFailure)
{
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{L"a", L"b"}; };
    system.list_ends_with = ERROR_NO_SYSTEM_RESOURCES;

    EXPECT_EQ(pipe_list([](void *, const WCHAR *) { return true; }, nullptr), DWORD(ERROR_NO_SYSTEM_RESOURCES));
    EXPECT_EQ(pipe_list([](void *, const WCHAR *) { return false; }, nullptr), 0u) << "nobody wanted the rest";
    EXPECT_EQ(system.open_searches, 0u);
}

TEST(Name, IsListedWhateverItsCase)
{
    leak_check nothing_is_left;
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{L"a", L"Folder\\Name", L"other/folder", L"z"}; };

    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\a"));
    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\folder\\NAME"));
    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\other\\folder")) << "a slash is a backslash";
    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\z"));
}

TEST(Name, IsNotListedByALikeness)
{
    leak_check nothing_is_left;
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{L"name2", L"nam", L"a\\name", L"name\\a"}; };

    EXPECT_FALSE(pipe_is_listed(L"\\\\.\\pipe\\name"));
    EXPECT_FALSE(pipe_is_listed(L"\\\\.\\pipe\\nam?")) << "it is no pattern";
}

TEST(Name, IsNotListedWhereNothingIs)
{
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{}; };

    EXPECT_FALSE(pipe_is_listed(L"\\\\.\\pipe\\name"));
}

TEST(Name, OfARealPipeIsListed)
{
    WIN32_FIND_DATAW found;
    HANDLE pipe = CreateNamedPipeW(L"\\\\.\\pipe\\NamedPipeServer.tests.listed", PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE,
                                   1, 0, 0, 0, nullptr);
    HANDLE search = FindFirstFileW(L"\\\\.\\pipe\\*", &found);

    if (search == INVALID_HANDLE_VALUE)
    {
        EXPECT_FALSE(pipe_is_listed(L"\\\\.\\pipe\\NamedPipeServer.tests.listed"));
        CloseHandle(pipe);
        GTEST_SKIP() << "Wine: pipes cannot be listed";
    }
    FindClose(search);

    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\NamedPipeServer.tests.listed"));
    EXPECT_FALSE(pipe_is_listed(L"\\\\.\\pipe\\NamedPipeServer.tests.liste"));
    CloseHandle(pipe);
}

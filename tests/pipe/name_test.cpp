/* Names of pipes. */

#include <gtest/gtest.h>

#include "support/leaks.h"
#include "support/pipe/seams.h"

extern "C" {
#include "pipe/name.h"
}

static bool possible(const std::wstring &name)
{
    return pipe_name_is_possible(name.data(), name.size());
}

TEST(Name, HasOneTo247Characters)
{
    EXPECT_FALSE(possible(L""));
    EXPECT_TRUE(possible(L"x"));
    EXPECT_TRUE(possible(std::wstring(247, L'x')));
    EXPECT_FALSE(possible(std::wstring(248, L'x')));
}

TEST(Name, HasNoSlashInFrontAndMayHaveSomeInside)
{
    EXPECT_FALSE(possible(L"\\x"));
    EXPECT_FALSE(possible(L"/x"));
    EXPECT_FALSE(possible(L"\\\\.\\pipe\\x"));
    EXPECT_TRUE(possible(L"company\\product\\x"));
    EXPECT_TRUE(possible(L"x\\"));
}

TEST(Name, HasNoNul)
{
    EXPECT_FALSE(possible(std::wstring(1, L'\0')));
    EXPECT_FALSE(possible(std::wstring(L"a\0b", 3)));
    EXPECT_FALSE(possible(std::wstring(L"ab\0", 3)));
}

TEST(Name, MayBeInAnyScript)
{
    EXPECT_TRUE(possible(L"\x4e2d\x6587 \xfc \xd83d\xde00"));
    EXPECT_TRUE(possible(L" "));
    EXPECT_TRUE(possible(L"a/b:c*?"));
}

TEST(Name, ItsPathIsThePrefixAndTheName)
{
    leak_check nothing_is_left;
    WCHAR *path = pipe_path_create(L"name and more", 4);

    EXPECT_STREQ(path, L"\\\\.\\pipe\\name");

    mem_free(path);
}

TEST(Name, WithoutMemoryThereIsNoPath)
{
    seams system;
    system.allocate = [](size_t) { return false; };

    EXPECT_EQ(pipe_path_create(L"name", 4), nullptr);
}

TEST(Name, IsListedWhateverItsCase)
{
    leak_check nothing_is_left;
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{L"a", L"Folder\\Name", L"z"}; };

    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\a"));
    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\folder\\NAME"));
    EXPECT_TRUE(pipe_is_listed(L"\\\\.\\pipe\\z"));
}

TEST(Name, IsNotListedByALikeness)
{
    leak_check nothing_is_left;
    seams system;
    system.list_pipes = [] { return std::vector<std::wstring>{L"name2", L"nam", L"a\\name", L"name\\a"}; };

    EXPECT_FALSE(pipe_is_listed(L"\\\\.\\pipe\\name"));
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

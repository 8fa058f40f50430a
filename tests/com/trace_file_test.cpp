/* The file of a trace: who may write it, and what ends it. */

#include "support/com/trace_text.h"
#include "support/leaks.h"
#include "support/pipe/background.h"
#include "support/pipe/hook.h"

extern "C" {
#include "com/trace_file.h"
}

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

namespace
{

decltype(trace_file_system) real_system;
DWORD write_fails_with;
bool writes_half;

BOOL WINAPI failing_write(HANDLE file, const void *data, DWORD size, DWORD *done, OVERLAPPED *overlapped)
{
    if (write_fails_with)
    {
        SetLastError(write_fails_with);
        return FALSE;
    }
    return real_system.write_file(file, data, writes_half ? size / 2 : size, done, overlapped);
}

HANDLE WINAPI refusing_create(const WCHAR *, DWORD, DWORD, SECURITY_ATTRIBUTES *, DWORD, DWORD, HANDLE)
{
    SetLastError(ERROR_SHARING_VIOLATION);
    return INVALID_HANDLE_VALUE;
}

class TraceFile : public testing::Test
{
  protected:
    trace_path at;
    trace_file *file = nullptr;
    DWORD code = 0;

    void SetUp() override
    {
        real_system = trace_file_system;
        write_fails_with = 0;
        writes_half = false;
    }
    void TearDown() override
    {
        trace_file_release(file);
        trace_file_system = real_system;
    }

    trace_end open()
    {
        return open(at.path);
    }
    trace_end open(const std::wstring &path)
    {
        return trace_file_open(path.c_str(), &file, &code);
    }
    bool write(const std::string &line)
    {
        return trace_file_write(file, line.data(), static_cast<DWORD>(line.size()));
    }
};

TEST_F(TraceFile, BeginsWithTheNamesOfItsColumns)
{
    ASSERT_EQ(open(), TRACE_GOES_ON);

    EXPECT_TRUE(write("one\r\n"));

    EXPECT_EQ(at.content(), TRACE_COLUMNS "one\r\n");
}

TEST_F(TraceFile, GoesOnWhereAnEarlierOneEnded)
{
    ASSERT_EQ(open(), TRACE_GOES_ON);
    write("one\r\n");
    trace_file_release(file);

    ASSERT_EQ(open(), TRACE_GOES_ON);
    write("two\r\n");

    EXPECT_EQ(at.content(), TRACE_COLUMNS "one\r\ntwo\r\n");
}

TEST_F(TraceFile, IsOneForAllWhoNameTheSamePath)
{
    trace_file *other;
    DWORD none;
    std::wstring upper = at.path;
    ASSERT_EQ(open(), TRACE_GOES_ON);
    for (WCHAR &c : upper)
        c = static_cast<WCHAR>(towupper(c));

    ASSERT_EQ(trace_file_open(upper.c_str(), &other, &none), TRACE_GOES_ON);

    EXPECT_EQ(other, file);
    trace_file_release(other);
}

TEST_F(TraceFile, NeverTouchesAFileWithOtherContent)
{
    at.write("Dear Sir,");

    EXPECT_EQ(open(), TRACE_IS_NO_TRACE);

    EXPECT_EQ(file, nullptr);
    EXPECT_EQ(at.content(), "Dear Sir,");
}

TEST_F(TraceFile, TakesAFileThatIsEmpty)
{
    at.write("");

    EXPECT_EQ(open(), TRACE_GOES_ON);

    EXPECT_EQ(at.content(), TRACE_COLUMNS);
}

TEST_F(TraceFile, IsNoPipeAndNoDevice)
{
    EXPECT_EQ(open(L"\\\\.\\pipe\\NoTrace"), TRACE_IS_NO_FILE);
    EXPECT_EQ(open(L"\\\\?\\pipe\\NoTrace"), TRACE_IS_NO_FILE);
    EXPECT_EQ(open(L"//./pipe/NoTrace"), TRACE_IS_NO_FILE);
    EXPECT_EQ(open(L"NUL"), TRACE_IS_NO_FILE);
}

TEST_F(TraceFile, SaysWhyItCannotBeOpened)
{
    EXPECT_EQ(open(at.path + L"\\in a file\\that is missing"), TRACE_CANNOT_OPEN);

    EXPECT_NE(code, 0u);
    EXPECT_EQ(file, nullptr);
    trace_file_system.create_file = refusing_create;
    EXPECT_EQ(open(), TRACE_CANNOT_OPEN);
    EXPECT_EQ(code, DWORD{ERROR_SHARING_VIOLATION});
}

TEST_F(TraceFile, EndsWhereTheDiskIsFull)
{
    ASSERT_EQ(open(), TRACE_GOES_ON);
    trace_file_system.write_file = failing_write;
    write_fails_with = ERROR_DISK_FULL;

    EXPECT_FALSE(write("one\r\n"));
    write_fails_with = 0;
    EXPECT_FALSE(write("two\r\n")) << "a trace with a gap says what did not happen";

    EXPECT_EQ(trace_file_state(file, &code), TRACE_CANNOT_WRITE);
    EXPECT_EQ(code, DWORD{ERROR_DISK_FULL});
    EXPECT_EQ(at.content(), TRACE_COLUMNS);
}

TEST_F(TraceFile, EndsWhereALineIsNotTakenWhole)
{
    ASSERT_EQ(open(), TRACE_GOES_ON);
    trace_file_system.write_file = failing_write;
    writes_half = true;

    EXPECT_FALSE(write("one\r\n"));

    EXPECT_EQ(trace_file_state(file, &code), TRACE_CANNOT_WRITE);
}

TEST_F(TraceFile, BeginsAnewWhenItIsOpenedAgain)
{
    trace_file *again;
    ASSERT_EQ(open(), TRACE_GOES_ON);
    trace_file_system.write_file = failing_write;
    write_fails_with = ERROR_DISK_FULL;
    write("one\r\n");
    write_fails_with = 0;

    ASSERT_EQ(trace_file_open(at.path.c_str(), &again, &code), TRACE_GOES_ON);

    EXPECT_TRUE(trace_file_write(again, "two\r\n", 5));
    EXPECT_EQ(at.content(), TRACE_COLUMNS "two\r\n");
    trace_file_release(again);
}

TEST_F(TraceFile, GrowsToItsBoundAndNoFurther)
{
    trace_file_system.most = sizeof(TRACE_COLUMNS) - 1 + 10;
    ASSERT_EQ(open(), TRACE_GOES_ON);

    EXPECT_TRUE(write("one\r\n"));
    EXPECT_TRUE(write("two\r\n"));
    EXPECT_FALSE(write("three\r\n"));

    EXPECT_EQ(trace_file_state(file, &code), TRACE_IS_TOO_LONG);
    EXPECT_EQ(at.content(), TRACE_COLUMNS "one\r\ntwo\r\n");
}

TEST_F(TraceFile, KeepsTheLinesOfManyThreadsWhole)
{
    constexpr int each = 500;
    const std::vector<char> names = {'a', 'b', 'c', 'd'};
    ASSERT_EQ(open(), TRACE_GOES_ON);

    {
        std::vector<std::unique_ptr<background>> threads;
        for (char name : names)
            threads.push_back(std::make_unique<background>(
                [this, name]
                {
                    for (int i = 0; i < each; i++)
                        write(std::string(static_cast<size_t>(20 + i % 50), name) + "\r\n");
                }));
    }

    std::vector<std::string> lines = at.lines();
    EXPECT_EQ(lines.size(), names.size() * each);
    EXPECT_TRUE(std::all_of(lines.begin(), lines.end(),
                            [](const std::string &line)
                            { return std::set<char>(line.begin(), line.end()).size() == 1 && line.size() >= 20; }));
}

TEST_F(TraceFile, LeavesNothingBehind)
{
    leak_check nothing_is_left;

    ASSERT_EQ(open(), TRACE_GOES_ON);
    write("one\r\n");
    trace_file_release(file);
    at.write("Dear Sir,");
    EXPECT_EQ(open(), TRACE_IS_NO_TRACE);
}

} // namespace

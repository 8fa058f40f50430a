/* Percentiles of times, what a proxy may ask for, and the list of pipes. */

extern "C" {
#include "tool/commands.h"
#include "tool/entries.h"
#include "tool/flow.h"
#include "tool/latency.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

TEST(Latency, APercentileIsTheNearestRankOfWhatWasMeasured)
{
    std::vector<ULONG> times;

    for (ULONG i = 100; i > 0; i--)
        times.push_back(i * 10);
    latency_sort(times.data(), times.size());

    EXPECT_EQ(latency_percentile(times.data(), 100, 0.5), 500u);
    EXPECT_EQ(latency_percentile(times.data(), 100, 0.9), 900u);
    EXPECT_EQ(latency_percentile(times.data(), 100, 0.99), 990u);
    EXPECT_EQ(latency_percentile(times.data(), 100, 0.999), 1000u);
    EXPECT_EQ(latency_percentile(times.data(), 100, 1), 1000u);
    EXPECT_EQ(latency_mean(times.data(), 100), 505.0);
}

TEST(Latency, OneTimeIsEveryPercentile)
{
    const ULONG time = 7;

    EXPECT_EQ(latency_percentile(&time, 1, 0.5), 7u);
    EXPECT_EQ(latency_percentile(&time, 1, 1), 7u);
}

TEST(Latency, TimesOf32BitsAreSortedByTheirSize)
{
    std::vector<ULONG> times = {0xffffffffu, 1, 0x80000000u, 0x7fffffffu};

    latency_sort(times.data(), times.size());

    EXPECT_EQ(times, (std::vector<ULONG>{1, 0x7fffffffu, 0x80000000u, 0xffffffffu}));
}

TEST(Flow, AsksForOneMessageAtATime)
{
    flow f = {};

    EXPECT_TRUE(flow_asks(&f));
    EXPECT_FALSE(flow_asks(&f));
    flow_came(&f, 10);
    EXPECT_TRUE(flow_asks(&f));
}

TEST(Flow, AsksForNoneWhileTheFarEndDoesNotTake)
{
    flow f = {};

    flow_asks(&f);
    flow_came(&f, FLOW_BYTES);
    EXPECT_FALSE(flow_asks(&f));
    flow_taken(&f, FLOW_BYTES);
    EXPECT_TRUE(flow_asks(&f));
}

TEST(Flow, MessagesOfNoBytesAreBoundedToo)
{
    flow f = {};
    unsigned count = 0;

    for (; count < 1000 && flow_asks(&f); count++)
        flow_came(&f, 0);

    EXPECT_EQ(count, unsigned(FLOW_MESSAGES));
    flow_taken(&f, 0);
    EXPECT_TRUE(flow_asks(&f));
}

TEST(Flow, AsksForNoneAfterItsEnd)
{
    flow f = {};

    flow_end(&f);

    EXPECT_FALSE(flow_asks(&f));
}

namespace
{

/* The directory of pipes as a test wants it, in the form in which Windows gives it. */
std::vector<std::vector<BYTE>> answers; /* of one query each */
DWORD open_error;
size_t asked;

DWORD open_it(HANDLE *out)
{
    *out = open_error ? INVALID_HANDLE_VALUE : GetCurrentProcess();
    return open_error;
}

LONG query_it(HANDLE, void *buffer, ULONG size, BOOLEAN from_the_beginning)
{
    EXPECT_EQ(from_the_beginning != FALSE, asked == 0);
    if (asked == answers.size())
        return static_cast<LONG>(0x80000006);
    const std::vector<BYTE> &answer = answers[asked++];
    EXPECT_LE(answer.size(), size);
    memcpy(buffer, answer.data(), answer.size());
    return 0;
}

LONG refuse_it(HANDLE, void *, ULONG, BOOLEAN)
{
    return static_cast<LONG>(0xC0000002); /* STATUS_NOT_IMPLEMENTED */
}

void close_it(HANDLE)
{
}

void put(std::vector<BYTE> &to, size_t place, ULONG value)
{
    memcpy(to.data() + place, &value, sizeof(value));
}

/* A FILE_DIRECTORY_INFORMATION: NextEntryOffset at 0, EndOfFile at 40, AllocationSize at 48, FileNameLength at 60, the
 * name at 64. */
std::vector<BYTE> entry_of(const std::wstring &name, ULONG instances, ULONG most, bool is_last)
{
    std::vector<BYTE> e((64 + name.size() * 2 + 7) / 8 * 8);

    put(e, 0, is_last ? 0 : static_cast<ULONG>(e.size()));
    put(e, 40, instances);
    put(e, 48, most);
    put(e, 60, static_cast<ULONG>(name.size() * 2));
    memcpy(e.data() + 64, name.data(), name.size() * 2);
    return e;
}

std::vector<BYTE> operator+(std::vector<BYTE> one, const std::vector<BYTE> &other)
{
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

class Entries : public testing::Test
{
  protected:
    entries_system_calls kept = entries_system;
    std::wstring seen;

    void SetUp() override
    {
        entries_system = {open_it, query_it, close_it};
        answers.clear();
        open_error = 0;
        asked = 0;
    }
    void TearDown() override
    {
        entries_system = kept;
    }
    DWORD visit()
    {
        return entries_visit(
            [](void *context, const pipe_entry *e)
            {
                auto *all = static_cast<std::wstring *>(context);

                *all += std::wstring(e->name, e->length) + L" " + std::to_wstring(e->instances) + L" " +
                        (e->most == ENTRY_NO_LIMIT ? L"none" : std::to_wstring(e->most)) + L"; ";
                return e->length != 4 || wcsncmp(e->name, L"stop", 4) != 0;
            },
            &seen);
    }
};

} // namespace

TEST_F(Entries, HaveNamesInstancesAndLimitsFromAllParts)
{
    answers = {entry_of(L"lsass", 3, ENTRY_NO_LIMIT, false) + entry_of(L"a b", 1, 1, true),
               entry_of(L"Winsock2\\CatalogChangeListener-1-0", 1, 255, true)};

    EXPECT_EQ(visit(), 0u);
    EXPECT_EQ(seen, L"lsass 3 none; a b 1 1; Winsock2\\CatalogChangeListener-1-0 1 255; ");
}

/* What pipe list prints of them, with exit code 0. */
static std::string listed(const wchar_t *pattern, bool as_json)
{
    wchar_t folder[MAX_PATH + 1], path[MAX_PATH + 1];
    const HANDLE kept = GetStdHandle(STD_OUTPUT_HANDLE);
    options o = {};
    char said[1000];
    DWORD size = 0;

    GetTempPathW(MAX_PATH + 1, folder);
    GetTempFileNameW(folder, L"lst", 0, path);
    const HANDLE file =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    o.operands[0] = pattern;
    o.json = as_json;
    SetStdHandle(STD_OUTPUT_HANDLE, file);
    EXPECT_EQ(list_run(&o), EXIT_DONE);
    SetStdHandle(STD_OUTPUT_HANDLE, kept);
    SetFilePointer(file, 0, nullptr, FILE_BEGIN);
    ReadFile(file, said, sizeof(said), &size, nullptr);
    CloseHandle(file);
    return std::string(said, size);
}

TEST_F(Entries, ThatFitThePatternAreListedInTheirOrder)
{
    answers = {entry_of(L"lsass", 3, ENTRY_NO_LIMIT, false) + entry_of(L"Lazy", 1, 255, false) +
               entry_of(L"evil\x1b[J\"", 1, 1, true)};

    EXPECT_EQ(listed(L"l*", false), "NAME   INSTANCES   LIMIT\r\n"
                                    "Lazy   1           255\r\n"
                                    "lsass  3           none\r\n");
    asked = 0;
    EXPECT_EQ(listed(L"e*", false), "NAME         INSTANCES   LIMIT\r\n"
                                    "evil\\x1b[J\"  1           1\r\n");
}

TEST_F(Entries, AreJsonWhereAScriptAsks)
{
    answers = {entry_of(L"lsass", 3, ENTRY_NO_LIMIT, false) + entry_of(L"evil\x1b[J\"", 1, 1, true)};

    EXPECT_EQ(listed(nullptr, true), "[\r\n{\"name\":\"evil\\u001b[J\\\"\",\"instances\":1,\"limit\":1},\r\n"
                                     "{\"name\":\"lsass\",\"instances\":3,\"limit\":null}]\r\n");
    asked = 0;
    EXPECT_EQ(listed(L"none*", true), "[]\r\n");
}

TEST_F(Entries, EndWhereTheVisitorHasEnough)
{
    answers = {entry_of(L"stop", 1, 1, false) + entry_of(L"more", 1, 1, true), entry_of(L"most", 1, 1, true)};

    EXPECT_EQ(visit(), 0u);
    EXPECT_EQ(seen, L"stop 1 1; ");
}

TEST_F(Entries, AreNoneWhereThereAreNoPipes)
{
    EXPECT_EQ(visit(), 0u);
    EXPECT_EQ(seen, L"");
}

TEST_F(Entries, OfALengthThatLeavesTheBufferAreRefused)
{
    std::vector<BYTE> wrong = entry_of(L"x", 1, 1, true);

    put(wrong, 60, 0x7ffffff0);
    answers = {wrong};

    EXPECT_EQ(visit(), DWORD(ERROR_INVALID_DATA));
    EXPECT_EQ(seen, L"");
}

TEST_F(Entries, ThatLeadIntoThemselvesOrOutOfTheBufferAreRefused)
{
    for (const ULONG next : {8u, 65472u + 64u, 0xfffffff8u})
    {
        std::vector<BYTE> wrong = entry_of(L"x", 1, 1, true);

        asked = 0;
        put(wrong, 0, next);
        answers = {wrong};
        EXPECT_EQ(visit(), DWORD(ERROR_INVALID_DATA)) << next;
    }
}

TEST_F(Entries, ThatCannotBeHadAreAnError)
{
    open_error = ERROR_ACCESS_DENIED;
    EXPECT_EQ(visit(), DWORD(ERROR_ACCESS_DENIED));

    open_error = 0;
    entries_system.query = refuse_it;
    EXPECT_EQ(visit(), DWORD(ERROR_NOT_SUPPORTED));
}

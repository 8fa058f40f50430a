/* The beginning of a message in one line. */

extern "C" {
#include "com/trace_data.h"
}

#include <gtest/gtest.h>

#include <string>

namespace
{

std::wstring describe(const std::string &bytes)
{
    WCHAR out[TRACE_DATA_SIZE];

    trace_data_describe(bytes.data(), static_cast<DWORD>(bytes.size()), out);
    return out;
}

TEST(TraceData, ShowsTextInQuotes)
{
    EXPECT_EQ(describe("hello"), L"\"hello\"");
    EXPECT_EQ(describe("gr\xC3\xBC\xC3\x9F"
                       "e"),
              L"\"gr\u00FC\u00DFe\"");
    EXPECT_EQ(describe(""), L"\"\"");
}

TEST(TraceData, KeepsALineALine)
{
    EXPECT_EQ(describe("a\r\nb\t\"c\"\\"), L"\"a\\r\\nb\\t\\\"c\\\"\\\\\"");
}

TEST(TraceData, ShowsWhatIsNoTextAsNumbers)
{
    EXPECT_EQ(describe(std::string("\x00\x41\xFF", 3)), L"00 41 FF");
    EXPECT_EQ(describe("\xC3"), L"C3") << "half a character";
    EXPECT_EQ(describe("\x1B[31m"), L"1B 5B 33 31 6D") << "what colours a console";
    EXPECT_EQ(describe("a\xE2\x80\xA8"
                       "b"),
              L"61 E2 80 A8 62")
        << "a line separator";
    EXPECT_EQ(describe("\xEF\xBB\xBF"
                       "a"),
              L"EF BB BF 61")
        << "a mark that nobody sees";
    EXPECT_EQ(describe("\xE2\x80\xAE"
                       "a"),
              L"E2 80 AE 61")
        << "what turns the line round";
}

TEST(TraceData, ShowsTheFirst64BytesAlone)
{
    EXPECT_EQ(describe(std::string(64, 'x')), L"\"" + std::wstring(64, L'x') + L"\"");
    EXPECT_EQ(describe(std::string(65, 'x')), L"\"" + std::wstring(64, L'x') + L"\"...");
}

TEST(TraceData, LeavesOutACharacterThatTheCutHasHalved)
{
    EXPECT_EQ(describe(std::string(63, 'x') + "\xC3\xBC"), L"\"" + std::wstring(63, L'x') + L"\"...");
    EXPECT_EQ(describe(std::string(62, 'x') + "\xC3\xBC"
                                              "y"),
              L"\"" + std::wstring(62, L'x') + L"\u00FC\"...");
    EXPECT_EQ(describe(std::string(61, 'x') + "\xF0\x9F\x98\x80"), L"\"" + std::wstring(61, L'x') + L"\"...");
}

TEST(TraceData, HasRoomForTheLongest)
{
    EXPECT_LT(describe(std::string(100, '\xFF')).size(), size_t{TRACE_DATA_SIZE});
    EXPECT_LT(describe(std::string(100, '"')).size(), size_t{TRACE_DATA_SIZE});
}

} // namespace

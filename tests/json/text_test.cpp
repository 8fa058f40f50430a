/* Text that grows, and what JSON has between quotation marks. */

#include "support/leaks.h"

extern "C" {
#include "json/date_text.h"
#include "json/string_text.h"
#include "json/utf8.h"
}

#include <gtest/gtest.h>

#include <cmath>
#include <string>

using namespace std::string_literals;

namespace
{

std::wstring taken_from(text_builder &b)
{
    const std::wstring text(b.text ? b.text : L"", b.length);

    EXPECT_EQ(b.state, TEXT_GOOD);
    text_builder_fini(&b);
    return text;
}

std::wstring string_of(const std::wstring &text)
{
    text_builder b = {};

    string_append(&b, text.c_str(), text.size());
    return taken_from(b);
}

std::wstring base64_of(const std::string &bytes)
{
    text_builder b = {};

    string_append_base64(&b, reinterpret_cast<const BYTE *>(bytes.data()), bytes.size());
    return taken_from(b);
}

std::wstring date_of(double date)
{
    WCHAR text[DATE_TEXT];

    return std::wstring(text, date_text_of(date, text));
}

/* The text, and behind a | the first byte that is wrong. */
std::wstring decoded(const std::string &bytes)
{
    const BYTE *data = reinterpret_cast<const BYTE *>(bytes.data());
    size_t right = 0, again = 0;
    std::wstring text(utf8_decode(data, bytes.size(), nullptr, &right), L'\0');

    EXPECT_EQ(utf8_decode(data, bytes.size(), &text[0], &again), text.size());
    EXPECT_EQ(again, right);
    return right < bytes.size() ? text + L"|" + std::to_wstring(right) : text;
}

} // namespace

TEST(TextBuilder, KeepsWhatIsAppendedInOrder)
{
    leak_check nothing_is_left;
    text_builder b = {};
    std::wstring expected;

    for (int i = 0; i < 1000; i++)
    {
        text_builder_add(&b, static_cast<WCHAR>('a' + i % 26));
        text_builder_append(&b, L"xyz", i % 4);
        expected += static_cast<wchar_t>('a' + i % 26) + std::wstring(L"xyz").substr(0, i % 4);
    }

    EXPECT_EQ(taken_from(b), expected);
}

TEST(TextBuilder, EndsAtItsLongestText)
{
    text_builder b = {};
    WCHAR *room = text_builder_extend(&b, TEXT_LONGEST + 1);

    EXPECT_EQ(room, nullptr);
    EXPECT_EQ(b.state, TEXT_TOO_LONG);
    text_builder_add(&b, 'x');
    EXPECT_EQ(b.length, 0u);
    text_builder_fini(&b);
}

TEST(TextBuilder, KeepsAFailureOfMemory)
{
    leak_check nothing_is_left;
    const auto allocate = win32.allocate;
    text_builder b = {};

    text_builder_append(&b, L"abc", 3);
    win32.allocate = [](size_t) -> void * { return nullptr; };
    text_builder_extend(&b, 1000);
    win32.allocate = allocate;
    text_builder_append(&b, L"def", 3);

    EXPECT_EQ(b.state, TEXT_NO_MEMORY);
    EXPECT_EQ(std::wstring(b.text, b.length), L"abc");
    text_builder_fini(&b);
}

TEST(StringText, EscapesWhatItMust)
{
    EXPECT_EQ(string_of(L""), L"\"\"");
    EXPECT_EQ(string_of(L"a/b \x7F\u00E9\u20AC"), L"\"a/b \x7F\u00E9\u20AC\"");
    EXPECT_EQ(string_of(L"\"\\\b\f\n\r\t"), L"\"\\\"\\\\\\b\\f\\n\\r\\t\"");
    EXPECT_EQ(string_of(L"\0\x1F"s), L"\"\\u0000\\u001f\"");
}

TEST(StringText, EscapesHalvesOfPairsAndLeavesPairs)
{
    EXPECT_EQ(string_of(L"\xD83D\xDE00"), L"\"\xD83D\xDE00\"");
    EXPECT_EQ(string_of(L"\xD83D"), L"\"\\ud83d\"");
    EXPECT_EQ(string_of(L"\xDE00\xD83D"), L"\"\\ude00\\ud83d\"");
    EXPECT_EQ(string_of(L"\xD83D\xD83D\xDE00x"), L"\"\\ud83d\xD83D\xDE00x\"");
}

TEST(StringText, HasBytesInBase64)
{
    EXPECT_EQ(base64_of(""), L"\"\"");
    EXPECT_EQ(base64_of("f"), L"\"Zg==\"");
    EXPECT_EQ(base64_of("fo"), L"\"Zm8=\"");
    EXPECT_EQ(base64_of("foo"), L"\"Zm9v\"");
    EXPECT_EQ(base64_of("foob"), L"\"Zm9vYg==\"");
    EXPECT_EQ(base64_of("\xFB\xFF\xBF"), L"\"+/+/\"");
}

TEST(DateText, IsIso8601WithoutAZone)
{
    EXPECT_EQ(date_of(0), L"1899-12-30T00:00:00");
    EXPECT_EQ(date_of(46352.75277777778), L"2026-11-26T18:04:00");
    EXPECT_EQ(date_of(36585), L"2000-02-29T00:00:00");
    EXPECT_EQ(date_of(0.5), L"1899-12-30T12:00:00");
    EXPECT_EQ(date_of(1.0 / 86400000), L"1899-12-30T00:00:00.001");
    EXPECT_EQ(date_of(2958465.99999999), L"9999-12-31T23:59:59.999");
    EXPECT_EQ(date_of(-657434), L"0100-01-01T00:00:00");
}

TEST(DateText, OfANegativeDateHasItsTimeForwards)
{
    EXPECT_EQ(date_of(-1), L"1899-12-29T00:00:00");
    EXPECT_EQ(date_of(-1.25), L"1899-12-29T06:00:00");
    EXPECT_EQ(date_of(-0.25), L"1899-12-30T06:00:00");
}

TEST(DateText, IsRoundedToMilliseconds)
{
    EXPECT_EQ(date_of(1 - 1e-10), L"1899-12-31T00:00:00");
    EXPECT_EQ(date_of(-2 + 1e-10 - 1), L"1899-12-29T00:00:00");
    EXPECT_EQ(date_of(1e-300), L"1899-12-30T00:00:00");
}

TEST(DateText, OfWhatIsNoDateIsNone)
{
    EXPECT_EQ(date_of(2958466), L"");
    EXPECT_EQ(date_of(-657435), L"");
    EXPECT_EQ(date_of(1e300), L"");
    EXPECT_EQ(date_of(4294967296.0), L"");
    EXPECT_EQ(date_of(HUGE_VAL), L"");
    EXPECT_EQ(date_of(-HUGE_VAL), L"");
    EXPECT_EQ(date_of(HUGE_VAL - HUGE_VAL), L"");
}

TEST(Utf8, IsDecoded)
{
    EXPECT_EQ(decoded(""), L"");
    EXPECT_EQ(decoded("A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), L"A\u00E4\u20AC\xD83D\xDE00");
    EXPECT_EQ(decoded("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\x7F"), L"\xD7FF\xE000\xDBFF\xDFFF\x7F");
    EXPECT_EQ(decoded("a\0b"s), L"a\0b"s);
}

TEST(Utf8, ThatIsWrongIsFoundAtItsFirstByte)
{
    EXPECT_EQ(decoded("ab\xFC"), L"ab|2");     /* Windows-1252 */
    EXPECT_EQ(decoded("\xFF\xFE[\0"s), L"|0"); /* UTF-16 */
    EXPECT_EQ(decoded("a\x80"), L"a|1");       /* nothing to continue */
    EXPECT_EQ(decoded("\xC0\x80"), L"|0");     /* more bytes than needed */
    EXPECT_EQ(decoded("\xC1\xBF"), L"|0");
    EXPECT_EQ(decoded("\xE0\x9F\xBF"), L"|0");
    EXPECT_EQ(decoded("\xF0\x8F\xBF\xBF"), L"|0");
    EXPECT_EQ(decoded("\xED\xA0\x80"), L"|0");     /* half of a pair */
    EXPECT_EQ(decoded("\xF4\x90\x80\x80"), L"|0"); /* beyond the last character */
    EXPECT_EQ(decoded("\xF5\x80\x80\x80"), L"|0");
    EXPECT_EQ(decoded("\xFC\x83\xBF\xBF\xBF\xBF"), L"|0"); /* six bytes */
    EXPECT_EQ(decoded("x\xE2\x82"), L"x|1");               /* cut off */
    EXPECT_EQ(decoded("x\xE2\x82y"), L"x|1");
}

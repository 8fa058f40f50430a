/* Bytes as people see them: escaped, as hexadecimal digits, as JSON. */

extern "C" {
#include "tool/escape.h"
#include "tool/hex.h"
#include "tool/json_line.h"
#include "tool/line.h"
#include "tool/view.h"
}

#include <gtest/gtest.h>

#include <string>

namespace
{

struct text : text_builder
{
    text() : text_builder{}
    {
    }
    ~text()
    {
        text_builder_fini(this);
    }
    std::wstring whole() const
    {
        return std::wstring(text_builder::text, length);
    }
};

const BYTE *bytes_of(const std::string &s)
{
    return reinterpret_cast<const BYTE *>(s.data());
}

std::wstring escaped(const std::string &s, escape_lines lines = ESCAPE_LINE_ENDS)
{
    text b;

    escape_append(&b, bytes_of(s), s.size(), lines);
    return b.whole();
}

std::wstring dumped(const std::string &s)
{
    text b;

    hex_dump(&b, bytes_of(s), s.size());
    return b.whole();
}

/* The bytes of digits, or where they are wrong, as `wrong at N`. */
std::string parsed(const std::wstring &s)
{
    bytes out = {};
    size_t wrong = 0;
    const bool good = hex_parse(s.data(), s.size(), &out, &wrong);
    std::string result(reinterpret_cast<const char *>(out.data), out.size);

    bytes_fini(&out);
    return good ? result : "wrong at " + std::to_string(wrong);
}

} // namespace

TEST(Escape, LeavesTextOfAnyScriptAlone)
{
    EXPECT_EQ(escaped("gr\xc3\xbc\xc3\x9f Gott \xe6\x97\xa5 \xf0\x9f\x98\x80 C:\\x"), L"gr\u00fc\u00df Gott \u65e5 "
                                                                                      L"\U0001f600 C:\\x");
    EXPECT_EQ(escaped(""), L"");
}

TEST(Escape, ShowsControlCharactersInsteadOfSendingThemToATerminal)
{
    EXPECT_EQ(escaped("\x1b[2J\x07\x7f"), L"\\x1b[2J\\x07\\x7f");
    EXPECT_EQ(escaped(std::string("a\0b", 3)), L"a\\x00b");
    EXPECT_EQ(escaped("\xc2\x9b"
                      "31m"),
              L"\\x9b31m")
        << "CSI as one character of C1";
    EXPECT_EQ(escaped("a\rb\nc\td"), L"a\\rb\\nc\\td");
}

TEST(Escape, ShowsWhatTurnsTheDirectionOfTextOrHides)
{
    EXPECT_EQ(escaped("\xe2\x80\xae"
                      "exe.txt"),
              L"\\u202eexe.txt");
    EXPECT_EQ(escaped("\xe2\x81\xa6"), L"\\u2066");
    EXPECT_EQ(escaped("\xe2\x80\xa8"), L"\\u2028");
    EXPECT_EQ(escaped("\xef\xbb\xbf"), L"\\ufeff");
    EXPECT_EQ(escaped("\xe2\x80\x8b"), L"\\u200b");
}

TEST(Escape, ShowsBytesThatAreNoUtf8)
{
    EXPECT_EQ(escaped("a\xff\xfe"
                      "b"),
              L"a\\xff\\xfeb");
    EXPECT_EQ(escaped("\xc3"), L"\\xc3") << "the beginning of a character";
    EXPECT_EQ(escaped("\xed\xa0\x80"), L"\\xed\\xa0\\x80") << "half a surrogate pair";
}

TEST(Escape, KeepsLineEndsAndTabsWhereTheyAreAskedForAndNoBareCarriageReturn)
{
    EXPECT_EQ(escaped("a\nb\r\nc\td", ESCAPE_KEEPS_LINES), L"a\r\nb\r\nc\td");
    EXPECT_EQ(escaped("good\rbad", ESCAPE_KEEPS_LINES), L"good\\rbad") << "it would write over the line";
}

TEST(Escape, ShowsHalvesOfPairsInWhatWindowsGives)
{
    const std::wstring half(1, wchar_t(0xd800));
    text b;

    escape_append_text(&b, half.data(), 1, ESCAPE_LINE_ENDS);

    EXPECT_EQ(b.whole(), L"\\ud800");
}

TEST(Hex, DumpsPlaceBytesAndCharacters)
{
    EXPECT_EQ(dumped("hello\r\n"), L"00000000  68 65 6c 6c 6f 0d 0a                              hello..");
    EXPECT_EQ(dumped("0123456789abcdef!"),
              L"00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\r\n"
              L"00000010  21                                                !");
    EXPECT_EQ(dumped(""), L"");
}

TEST(Hex, ReadsDigitsHoweverTheyAreSetApart)
{
    EXPECT_EQ(parsed(L"48656c6C6F"), "Hello");
    EXPECT_EQ(parsed(L" 48 65,6c:6c-6f\t"), "Hello");
    EXPECT_EQ(parsed(L"0x48 0X69"), "Hi");
    EXPECT_EQ(parsed(L"00"), std::string(1, '\0'));
    EXPECT_EQ(parsed(L""), "");
}

TEST(Hex, TellsWhereDigitsAreWrong)
{
    EXPECT_EQ(parsed(L"48 4g"), "wrong at 4");
    EXPECT_EQ(parsed(L"48 6"), "wrong at 4") << "a byte has two digits";
    EXPECT_EQ(parsed(L"hello"), "wrong at 0");
    EXPECT_EQ(parsed(L"4 8"), "wrong at 1");
    EXPECT_EQ(parsed(L"0x"), "wrong at 2");
}

TEST(Hex, BytesComeBackFromTheirDigits)
{
    std::string all;
    text b;

    for (int i = 0; i < 256; i++)
        all += static_cast<char>(i);
    hex_append(&b, bytes_of(all), all.size());

    EXPECT_EQ(parsed(b.whole()), all);
}

TEST(JsonLine, HasTextWhereItIsUtf8AndBase64WhereItIsNot)
{
    text b;

    json_begin(&b);
    json_message(&b, bytes_of("a\"\x1b"), 3, false);
    json_message(&b, bytes_of("\xff"), 1, false);
    json_message(&b, bytes_of("\xff"), 1, true);
    json_end(&b);

    EXPECT_EQ(b.whole(), L"{\"bytes\":3,\"text\":\"a\\\"\\u001b\",\"bytes\":1,\"base64\":\"/w==\",\"bytes\":1,"
                         L"\"hex\":\"ff\"}");
}

TEST(JsonLine, EscapesWhatWouldHarmTheTerminalAsTheTextModeDoes)
{
    const std::string harm = "a\xc2\x9b"
                             "31m\x7f\xe2\x80\xaetxt\xe2\x81\xa6\xf0\x9f\x98\x80\xc3\xbc";
    text b;

    json_begin(&b);
    json_message(&b, bytes_of(harm), harm.size(), false);
    json_text(&b, L"user", L"\u202ex\u2069");
    json_end(&b);

    EXPECT_EQ(b.whole(), L"{\"bytes\":22,\"text\":\"a\\u009b31m\\u007f\\u202etxt\\u2066\U0001f600\u00fc\","
                         L"\"user\":\"\\u202ex\\u2069\"}");
}

TEST(Line, RoundsNumbersToTheirPlaces)
{
    text b;

    line_fixed(&b, 1.25, 1);
    line_text(&b, L" ");
    line_fixed(&b, 0.0004, 3);
    line_text(&b, L" ");
    line_fixed(&b, 1234567.9996, 3);
    line_text(&b, L" ");
    line_fixed(&b, 12.5, 0);

    EXPECT_EQ(b.whole(), L"1.3 0.000 1234568.000 13");
}

TEST(View, ShowsTheBeginningOfALongMessageAndItsLength)
{
    const options o = {};
    const std::string umlauts = "\xc3\xbc\xc3\xbc\xc3\xbc";
    text b;

    view_message(&b, &o, bytes_of(umlauts), umlauts.size(), 3, false);

    EXPECT_EQ(b.whole(), L"\u00fc ... (6 bytes; --limit 0 shows all)") << "no half of a character";
}

TEST(View, DoesNotTellALengthTwice)
{
    const options o = {};
    text b;

    view_message(&b, &o, bytes_of("Gr\xc3\xbc\xc3\x9f Gott"), 11, 4, true);

    EXPECT_EQ(b.whole(), L"Gr\u00fc ... (--limit 0 shows all)");
}

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"

extern "C" {
#include "com/text.h"
}

#include <gtest/gtest.h>

namespace
{

using namespace std::string_literals;

constexpr LONG UTF8 = 65001, UTF16 = 1200, ANSI = 0, LATIN = 1252, JAPANESE = 932;

class Text : public testing::Test
{
  protected:
    com_leak_check leaks;

    static std::wstring decoded(const std::string &data, LONG code_page = UTF8)
    {
        bstr text;

        EXPECT_EQ(text_decode(data.data(), static_cast<DWORD>(data.size()), code_page, text.put()), S_OK);
        EXPECT_NE(text.get(), nullptr);
        return text.str();
    }

    static std::string encoded(const std::wstring &from, LONG code_page = UTF8)
    {
        bstr text(from);
        byte_view view;
        std::string data;

        EXPECT_EQ(text_encode(text.get(), code_page, &view), S_OK);
        data.assign(static_cast<const char *>(view.data), view.size);
        bytes_free(&view);
        return data;
    }
};

/* ---- UTF-8 ---- */

TEST_F(Text, IsDecodedFromUtf8)
{
    EXPECT_EQ(decoded("A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), L"A\u00E4\u20AC\xD83D\xDE00");
}

TEST_F(Text, IsEncodedInUtf8)
{
    EXPECT_EQ(encoded(L"A\u00E4\u20AC\xD83D\xDE00"), "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST_F(Text, LosesALeadingMarkOfUtf8)
{
    EXPECT_EQ(decoded("\xEF\xBB\xBFhi"), L"hi");
    EXPECT_EQ(decoded("\xEF\xBB\xBF"), L"");
}

TEST_F(Text, KeepsAMarkInTheMiddle)
{
    EXPECT_EQ(decoded("a\xEF\xBB\xBF"), L"a\xFEFF");
}

TEST_F(Text, HasReplacementsForInvalidUtf8)
{
    EXPECT_EQ(decoded("a\xFFz"), L"a\xFFFDz");
    EXPECT_EQ(decoded("\x80"), L"\xFFFD");
}

TEST_F(Text, HasAReplacementForACharacterCutOff)
{
    EXPECT_EQ(decoded("a\xE2\x82").substr(0, 2), L"a\xFFFD");
    EXPECT_EQ(decoded("a\xC3"), L"a\xFFFD");
}

TEST_F(Text, HasReplacementsForASurrogateWithoutItsOther)
{
    EXPECT_EQ(encoded(L"a\xD83Dz"), "a\xEF\xBF\xBDz");
    EXPECT_EQ(encoded(L"\xDE00"), "\xEF\xBF\xBD");
}

TEST_F(Text, KeepsItsNuls)
{
    EXPECT_EQ(decoded("a\0b\0"s), L"a\0b\0"s);
    EXPECT_EQ(encoded(L"a\0b\0"s), "a\0b\0"s);
}

TEST_F(Text, MayBeEmpty)
{
    byte_view view;

    EXPECT_EQ(decoded(""), L"");
    EXPECT_EQ(encoded(L""), "");
    EXPECT_EQ(text_encode(nullptr, UTF8, &view), S_OK);
    EXPECT_EQ(view.size, 0u);
}

/* ---- UTF-16 ---- */

TEST_F(Text, IsDecodedFromUtf16)
{
    EXPECT_EQ(decoded("A\0\xAC\x20"s, UTF16), L"A\u20AC");
}

TEST_F(Text, HasAReplacementForHalfACharacterOfUtf16)
{
    EXPECT_EQ(decoded("A\0\xAC"s, UTF16), L"A\xFFFD");
}

TEST_F(Text, HasAReplacementForASurrogateOfUtf16WithoutItsOther)
{
    EXPECT_EQ(decoded("\x3D\xD8z\0"s, UTF16), L"\xFFFDz");
    EXPECT_EQ(decoded("\x3D\xD8\x00\xDE"s, UTF16), L"\xD83D\xDE00");
}

TEST_F(Text, IsEncodedInUtf16WithoutACopy)
{
    bstr text(L"A\u20AC");
    byte_view view;

    ASSERT_EQ(text_encode(text.get(), UTF16, &view), S_OK);

    EXPECT_EQ(view.data, text.get());
    EXPECT_EQ(view.size, 4u);
    bytes_free(&view);
}

/* ---- other code pages ---- */

TEST_F(Text, IsDecodedFromTheAnsiCodePage)
{
    EXPECT_EQ(decoded("plain", ANSI), L"plain");
    EXPECT_EQ(encoded(L"plain", ANSI), "plain");
}

TEST_F(Text, IsConvertedInACodePageOfOneByte)
{
    EXPECT_EQ(decoded("\x80\xE4", LATIN), L"\u20AC\u00E4");
    EXPECT_EQ(encoded(L"\u20AC\u00E4", LATIN), "\x80\xE4");
}

TEST_F(Text, HasTheCodePagesDefaultForWhatItLacks)
{
    EXPECT_EQ(encoded(L"\u3042", LATIN), "?");
}

TEST_F(Text, IsConvertedInACodePageOfTwoBytes)
{
    EXPECT_EQ(decoded("\x82\xA0z", JAPANESE), L"\u3042z");
    EXPECT_EQ(encoded(L"\u3042z", JAPANESE), "\x82\xA0z");
}

TEST_F(Text, HasReplacementsForInvalidBytesOfACodePage)
{
    EXPECT_EQ(decoded("a\x82", JAPANESE), L"a\xFFFD");
    EXPECT_EQ(decoded("\x82\xA0\x81\x01z", JAPANESE), L"\u3042\xFFFD\x01z");
}

TEST_F(Text, OfAnUnknownCodePageIsErrorFive)
{
    bstr text;
    byte_view view;

    EXPECT_EQ(text_decode("a", 1, 12345, text.put()), static_cast<HRESULT>(0x800A0005));
    EXPECT_EQ(take_error_sentence().substr(0, 33), L"Windows knows no code page 12345;");
    EXPECT_EQ(text_decode("", 0, -1, text.put()), static_cast<HRESULT>(0x800A0005));
    EXPECT_EQ(text.get(), nullptr);
    EXPECT_EQ(text_encode(text.get(), 12345, &view), static_cast<HRESULT>(0x800A0005));
}

TEST_F(Text, HalfASurrogatePairOfUtf16IsAReplacementCharacter)
{
    const std::string whole("\x3d\xd8\x00\xde", 4), high("\x3d\xd8\x41\x00", 4), low("\x00\xde", 2);

    EXPECT_EQ(decoded(whole, UTF16), L"\xd83d\xde00");
    EXPECT_EQ(decoded(high, UTF16), L"\xfffd\x0041");
    EXPECT_EQ(decoded(low, UTF16), L"\xfffd");
}

} // namespace

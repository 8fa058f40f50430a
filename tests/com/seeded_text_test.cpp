/* Text in every code page that the system has, drawn: whole texts, bytes that are none, characters cut off. Each page
 * is held against a simple second opinion, or against itself on the way back. */

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"
#include "support/seeds.h"

extern "C" {
#include "com/text.h"
}

#include <gtest/gtest.h>

#include <algorithm>

namespace
{

constexpr LONG UTF7 = 65000, UTF8 = 65001, UTF16 = 1200;
constexpr wchar_t REPLACEMENT = 0xFFFD;

std::wstring decoded(const std::string &data, LONG page)
{
    /* In memory of its own, so that a byte read beyond the end is one that the heap knows of. */
    const std::vector<char> exact(data.begin(), data.end());
    bstr text;

    EXPECT_EQ(text_decode(exact.data(), static_cast<DWORD>(exact.size()), page, text.put()), S_OK) << page;
    return text.str();
}

std::string encoded(const std::wstring &from, LONG page)
{
    bstr text(from);
    byte_view view;

    EXPECT_EQ(text_encode(text.get(), page, &view), S_OK) << page;
    const std::string data(static_cast<const char *>(view.data), view.size);
    bytes_free(&view);
    return data;
}

/* ---- what is drawn ---- */

std::string any_bytes(draw &d)
{
    std::string made;

    for (uint32_t i = d.below(12); i > 0; i--)
        switch (d.below(4))
        {
        case 0: made += static_cast<char>(d.below(0x80)); break;
        case 1: made += static_cast<char>(0x80 + d.below(0x80)); break;
        case 2:
            made +=
                d.one_of<std::string>({"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\xA0\xBD", "\xEF\xBB\xBF",
                                       "\x82\xA0", "\xC0\xAF", "\xF4\x90\x80\x80", "\x81\x30\x81\x30"});
            break;
        default: made += static_cast<char>(d.below(256));
        }
    return made;
}

std::wstring any_text(draw &d)
{
    std::wstring made;

    for (uint32_t i = d.below(12); i > 0; i--)
        switch (d.below(4))
        {
        case 0: made += static_cast<wchar_t>(d.below(0x80)); break;
        case 1:
            made += d.one_of<std::wstring>({L"\xD83D\xDE00", L"\xD800\xDC00", L"\xDBFF\xDFFF", L"\xD800", L"\xDFFF",
                                            L"\xFEFF", L"\xFFFF", L"\x20AC"});
            break;
        case 2: made += static_cast<wchar_t>(d.below(0x800)); break;
        default: made += static_cast<wchar_t>(d.below(0x10000));
        }
    return made;
}

/* ---- second opinions ---- */

bool is_high(wchar_t c)
{
    return c >= 0xD800 && c <= 0xDBFF;
}

bool is_low(wchar_t c)
{
    return c >= 0xDC00 && c <= 0xDFFF;
}

bool has_lone_surrogate(const std::wstring &text)
{
    for (size_t i = 0; i < text.size(); i++)
    {
        if (is_high(text[i]) && i + 1 < text.size() && is_low(text[i + 1]))
            i++;
        else if (is_high(text[i]) || is_low(text[i]))
            return true;
    }
    return false;
}

void append(std::wstring &to, uint32_t character)
{
    if (character >= 0x10000)
    {
        to += static_cast<wchar_t>(0xD800 + ((character - 0x10000) >> 10));
        to += static_cast<wchar_t>(0xDC00 + (character & 0x3FF));
    }
    else
        to += static_cast<wchar_t>(character);
}

/* How many bytes of UTF-8 at `at` are a character; 0: none. Sets it. (RFC 3629.) */
size_t utf8_character(const std::string &data, size_t at, uint32_t &character)
{
    const auto first = static_cast<BYTE>(data[at]);
    const size_t length = first < 0x80   ? 1
                          : first < 0xC2 ? 0
                          : first < 0xE0 ? 2
                          : first < 0xF0 ? 3
                          : first < 0xF5 ? 4
                                         : 0;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

    if (length == 0 || at + length > data.size())
        return 0;
    character = length == 1 ? first : first & (0xFF >> (length + 1));
    for (size_t i = 1; i < length; i++)
    {
        const auto next = static_cast<BYTE>(data[at + i]);
        if ((next & 0xC0) != 0x80)
            return 0;
        character = character << 6 | (next & 0x3F);
    }
    if (character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000))
        return 0;
    return length;
}

/* Systems differ in how many replacements stand for bytes that are no character: any number is one. */
std::wstring with_single_replacements(const std::wstring &text)
{
    std::wstring made;

    for (wchar_t c : text)
        if (c != REPLACEMENT || made.empty() || made.back() != REPLACEMENT)
            made += c;
    return made;
}

std::wstring utf8_decoded(const std::string &data)
{
    std::wstring made;
    size_t at = data.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;

    while (at < data.size())
    {
        uint32_t character = REPLACEMENT;
        const size_t length = utf8_character(data, at, character);

        append(made, length ? character : REPLACEMENT);
        at += std::max<size_t>(length, 1);
    }
    return with_single_replacements(made);
}

std::wstring utf16_decoded(const std::string &data)
{
    std::wstring made, whole;

    for (size_t i = 0; i + 1 < data.size(); i += 2)
        whole += static_cast<wchar_t>(static_cast<BYTE>(data[i]) | static_cast<BYTE>(data[i + 1]) << 8);
    for (size_t i = 0; i < whole.size(); i++)
    {
        const bool is_pair = is_high(whole[i]) && i + 1 < whole.size() && is_low(whole[i + 1]);

        made += is_pair || !(is_high(whole[i]) || is_low(whole[i])) ? whole[i] : REPLACEMENT;
        if (is_pair)
            made += whole[++i];
    }
    return data.size() % 2 ? made + REPLACEMENT : made;
}

/* The character of some bytes, by the system's strict conversion; "" for none. */
std::wstring strict(LONG page, const std::string &data)
{
    wchar_t made[8];
    const int length = MultiByteToWideChar(static_cast<UINT>(page), MB_ERR_INVALID_CHARS, data.data(),
                                           static_cast<int>(data.size()), made, 8);

    return {made, static_cast<size_t>(length)};
}

/* Whether a page has each of the characters. Some pages decode bytes for which they have no way back. */
bool has_all(LONG page, const std::wstring &text)
{
    BOOL lacks_one = FALSE;

    WideCharToMultiByte(static_cast<UINT>(page), 0, text.data(), static_cast<int>(text.size()), nullptr, 0, nullptr,
                        &lacks_one);
    return !lacks_one;
}

/* In pages of one or two bytes a character: a byte that begins none becomes a replacement. */
std::wstring decoded_by_characters(const std::string &data, LONG page)
{
    std::wstring made;
    size_t at = 0;

    while (at < data.size())
    {
        const size_t length = IsDBCSLeadByteEx(static_cast<UINT>(page), static_cast<BYTE>(data[at])) ? 2 : 1;
        const std::wstring character = at + length <= data.size() ? strict(page, data.substr(at, length)) : L"";

        made += character.empty() ? std::wstring(1, REPLACEMENT) : character;
        at += character.empty() ? 1 : length;
    }
    return made;
}

/* ---- code pages ---- */

std::vector<LONG> &all_pages()
{
    static std::vector<LONG> pages;

    return pages;
}

BOOL CALLBACK add_page(wchar_t *name)
{
    all_pages().push_back(std::stol(name));
    return TRUE;
}

/* Those that Windows converts by tables, and knows strictly. */
bool is_of_tables(LONG page)
{
    CPINFO info;

    return page != UTF7 && page != UTF8 && GetCPInfo(static_cast<UINT>(page), &info) && info.MaxCharSize <= 2 &&
           !strict(page, "a").empty();
}

class SeededText : public testing::Test
{
  protected:
    void SetUp() override
    {
        all_pages() = {0};
        EnumSystemCodePagesW(add_page, CP_INSTALLED);
        ASSERT_GT(all_pages().size(), 20u);
        tables.clear();
        std::copy_if(all_pages().begin(), all_pages().end(), std::back_inserter(tables), is_of_tables);
        ASSERT_GT(tables.size(), 20u);
    }

    std::vector<LONG> tables;
};

TEST_F(SeededText, IsDecodedFromUtf8AndUtf16AsTheyAreDefined)
{
    com_leak_check nothing_is_left;

    for_each_seed(4000,
                  [](draw &d)
                  {
                      /* Wine 8 takes valid bytes for a part of a character that is cut off near the end. */
                      const std::string data = any_bytes(d) + "zzzz";

                      EXPECT_EQ(with_single_replacements(decoded(data, UTF8)), utf8_decoded(data));
                      EXPECT_EQ(decoded(data, UTF16), utf16_decoded(data));
                  });
}

TEST_F(SeededText, ComesBackFromUtf8AndUtf16)
{
    com_leak_check nothing_is_left;

    for_each_seed(
        4000,
        [](draw &d)
        {
            const std::wstring text = any_text(d);
            const std::wstring expected = utf16_decoded({reinterpret_cast<const char *>(text.data()), text.size() * 2});
            const bool has_mark = !expected.empty() && expected[0] == 0xFEFF;

            EXPECT_EQ(decoded(encoded(text, UTF8), UTF8), has_mark ? expected.substr(1) : expected);
            EXPECT_EQ(decoded(encoded(text, UTF16), UTF16), expected);
        });
}

TEST_F(SeededText, IsDecodedCharacterByCharacterInPagesOfOneOrTwoBytes)
{
    com_leak_check nothing_is_left;

    for_each_seed(8000,
                  [&](draw &d)
                  {
                      const LONG page = d.one_of(tables);
                      const std::string data = any_bytes(d);

                      EXPECT_EQ(decoded(data, page), decoded_by_characters(data, page)) << "page " << page;
                  });
}

TEST_F(SeededText, ThatWasDecodedComesBackInItsPage)
{
    com_leak_check nothing_is_left;

    for_each_seed(8000,
                  [&](draw &d)
                  {
                      const LONG page = d.one_of(tables);
                      const std::wstring text = decoded(any_bytes(d), page);

                      if (has_all(page, text))
                      {
                          EXPECT_EQ(decoded(encoded(text, page), page), text) << "page " << page;
                      }
                  });
}

TEST_F(SeededText, OfAnyPageIsWholeCharactersOrAnError)
{
    com_leak_check nothing_is_left;

    for_each_seed(1500,
                  [&](draw &d)
                  {
                      const LONG page = d.one_in(4) ? static_cast<LONG>(d.below(70000)) - 10 : d.one_of(all_pages());
                      const std::string data = any_bytes(d);
                      bstr text, given(any_text(d));
                      byte_view view;

                      const HRESULT hr = text_decode(data.data(), static_cast<DWORD>(data.size()), page, text.put());
                      const HRESULT back = text_encode(given.get(), page, &view);

                      EXPECT_EQ(hr, back) << "page " << page;
                      EXPECT_TRUE(hr == S_OK || hr == vb_error(5)) << "page " << page;
                      EXPECT_EQ(text.get() != nullptr, hr == S_OK) << "page " << page;
                      if (page != UTF7)
                      {
                          EXPECT_FALSE(has_lone_surrogate(text.str())) << "page " << page;
                      }
                      bytes_free(&view);
                      take_error_sentence();
                  });
}

} // namespace

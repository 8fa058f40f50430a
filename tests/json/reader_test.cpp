/* JSON text, token by token. */

#include "suite_cases.h"

#include "support/seeds.h"

extern "C" {
#include "json/names.h"
#include "json/reader.h"
}

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace
{

/* The tokens of a text in one line: names and strings in quotation marks, numbers as they stand; the last is !, the
 * fault, line and column where the text is wrong. */
std::wstring tokens_of(const std::wstring &text)
{
    static const wchar_t *const words[] = {L"null", L"true", L"false", L"", L"", L"", L"[", L"]", L"{", L"}"};
    std::wstring tokens, string;
    json_reader r;
    LONG line = 0, column = 0;

    json_reader_init(&r, text.c_str(), text.size());
    for (;;)
    {
        const json_token token = json_reader_next(&r);

        switch (token)
        {
        case JSON_END: return tokens;
        case JSON_WRONG:
            json_place(text.c_str(), r.fault_at, &line, &column);
            EXPECT_EQ(json_reader_next(&r), JSON_WRONG);
            return tokens + L"!" + std::to_wstring(r.fault) + L" " + std::to_wstring(line) + L":" +
                   std::to_wstring(column);
        case JSON_NUMBER: tokens.append(r.raw, r.raw_length); break;
        case JSON_STRING:
        case JSON_NAME:
            string.resize(r.string_length);
            json_reader_copy_string(&r, &string[0]);
            tokens += L"\"" + string + (token == JSON_NAME ? L"\":" : L"\"");
            break;
        default: tokens += words[token]; break;
        }
        tokens += L" ";
    }
}

std::wstring fault(json_fault what, const wchar_t *place)
{
    return L"!" + std::to_wstring(what) + L" " + place;
}

bool is_taken(const std::wstring &text)
{
    return tokens_of(text).find(L'!') == std::wstring::npos;
}

std::wstring repeated(const wchar_t *what, size_t count)
{
    std::wstring text;

    for (size_t i = 0; i < count; i++)
        text += what;
    return text;
}

} // namespace

TEST(JsonReader, GivesTheTokensOfAValue)
{
    EXPECT_EQ(tokens_of(L"null"), L"null ");
    EXPECT_EQ(tokens_of(L" \t\r\n-1.5e3 "), L"-1.5e3 ");
    EXPECT_EQ(tokens_of(L"[]"), L"[ ] ");
    EXPECT_EQ(tokens_of(L"{ }"), L"{ } ");
    EXPECT_EQ(tokens_of(L"[true,false,[null]]"), L"[ true false [ null ] ] ");
    EXPECT_EQ(tokens_of(L"{\"a\":{\"b\":[1,{}]},\"c\":2}"), L"{ \"a\": { \"b\": [ 1 { } ] } \"c\": 2 } ");
}

TEST(JsonReader, ReplacesEscapes)
{
    EXPECT_EQ(tokens_of(L"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), L"\"\"\\/\b\f\n\r\t\" ");
    EXPECT_EQ(tokens_of(L"\"\\u00e9\\u20AC\\ud83d\\uDE00\""), L"\"\u00E9\u20AC\xD83D\xDE00\" ");
    EXPECT_EQ(tokens_of(L"{\"\\u0041\":\"\\u0000\"}"), L"{ \"A\": \"\0\" } "s);
    EXPECT_EQ(tokens_of(L"\"\\ud800\""), L"\"\xD800\" ");
}

TEST(JsonReader, SkipsAByteOrderMark)
{
    EXPECT_EQ(tokens_of(L"\xFEFF[]"), L"[ ] ");
}

TEST(JsonReader, TellsWhatIsWrongAndWhere)
{
    EXPECT_EQ(tokens_of(L""), fault(JSON_FAULT_ENDS, L"1:1"));
    EXPECT_EQ(tokens_of(L" \n"), fault(JSON_FAULT_ENDS, L"2:1"));
    EXPECT_EQ(tokens_of(L"nul"), fault(JSON_FAULT_VALUE, L"1:1"));
    EXPECT_EQ(tokens_of(L"[1,\r\n ]"), L"[ 1 " + fault(JSON_FAULT_VALUE, L"2:2"));
    EXPECT_EQ(tokens_of(L"[1 2]"), L"[ 1 " + fault(JSON_FAULT_ELEMENT, L"1:4"));
    EXPECT_EQ(tokens_of(L"[1"), L"[ 1 " + fault(JSON_FAULT_ENDS, L"1:3"));
    EXPECT_EQ(tokens_of(L"{1:2}"), L"{ " + fault(JSON_FAULT_NAME, L"1:2"));
    EXPECT_EQ(tokens_of(L"{\"a\" 1}"), L"{ " + fault(JSON_FAULT_COLON, L"1:6"));
    EXPECT_EQ(tokens_of(L"{\"a\":1;}"), L"{ \"a\": 1 " + fault(JSON_FAULT_MEMBER, L"1:7"));
    EXPECT_EQ(tokens_of(L"1 x"), L"1 " + fault(JSON_FAULT_MORE, L"1:3"));
    EXPECT_EQ(tokens_of(L"\r\r\"abc"), fault(JSON_FAULT_QUOTE, L"3:1"));
    EXPECT_EQ(tokens_of(L"\"a\tb\""), fault(JSON_FAULT_CONTROL, L"1:3"));
    EXPECT_EQ(tokens_of(L"\"\\x\""), fault(JSON_FAULT_ESCAPE, L"1:2"));
    EXPECT_EQ(tokens_of(L"\"\\u12g4\""), fault(JSON_FAULT_HEX, L"1:2"));
    EXPECT_EQ(tokens_of(L"[-]"), L"[ " + fault(JSON_FAULT_DIGIT, L"1:3"));
    EXPECT_EQ(tokens_of(L"01"), fault(JSON_FAULT_ZERO, L"1:1"));
    EXPECT_EQ(tokens_of(L"[1e400]"), L"[ " + fault(JSON_FAULT_LARGE, L"1:2"));
}

TEST(JsonReader, Takes100LevelsAndNoMore)
{
    EXPECT_TRUE(is_taken(repeated(L"[", 100) + repeated(L"]", 100)));
    EXPECT_EQ(tokens_of(repeated(L"[", 101)), repeated(L"[ ", 100) + fault(JSON_FAULT_DEEP, L"1:101"));
    EXPECT_TRUE(is_taken(repeated(L"{\"a\":", 99) + L"{}" + repeated(L"}", 99)));
    EXPECT_FALSE(is_taken(repeated(L"[{\"\":", 50000)));
    EXPECT_FALSE(is_taken(repeated(L"[", 100000)));
}

TEST(JsonReader, Takes32768MembersOfOneObjectAndNoMore)
{
    const std::wstring members = repeated(L"\"a\":1,", JSON_MEMBERS - 1);

    EXPECT_TRUE(is_taken(L"[{" + members + L"\"a\":1},{\"b\":2}]"));
    EXPECT_FALSE(is_taken(L"{" + members + L"\"a\":1,\"b\":2}"));
}

/* Those that may be either: numbers are rounded, or too large; texts may have halves of pairs; a mark is skipped. */
TEST(JsonReader, TakesAndRefusesWhatTheSuiteSays)
{
    const std::set<std::string> refused = {"i_number_huge_exp", "i_number_neg_int_huge_exp",
                                           "i_number_pos_double_huge_exp", "i_number_real_neg_overflow",
                                           "i_number_real_pos_overflow"};

    for (const suite_case &c : suite_cases)
        EXPECT_EQ(is_taken(c.text), c.name[0] == 'y' || (c.name[0] == 'i' && !refused.count(c.name))) << c.name;
}

/* ---- names ---- */

TEST(MemberNames, OfEqualOnesTheLastIsNotOverruled)
{
    const wchar_t *const texts[] = {L"b", L"a", L"b", L"", L"ab", L"a", L"", L"B", L"b"};
    member_name names[9] = {}, scratch[9] = {};
    std::string overruled;

    for (unsigned i = 0; i < 9; i++)
        names[i] = {texts[i], wcslen(texts[i]), i, false};
    member_names_judge(names, scratch, 9);

    for (const member_name &name : names)
        overruled += name.is_overruled ? 'x' : '.';
    EXPECT_EQ(overruled, "xxxx.....");
}

TEST(SeededMemberNames, AreJudgedAsAMapJudgesThem)
{
    for_each_seed(300,
                  [](draw &d)
                  {
                      const unsigned count = d.below(40);
                      std::vector<std::wstring> texts(count);
                      std::vector<member_name> names(count), scratch(count);
                      std::map<std::wstring, unsigned> last;

                      for (unsigned i = 0; i < count; i++)
                      {
                          for (unsigned length = d.below(4); length > 0; length--)
                              texts[i] += static_cast<wchar_t>('a' + d.below(3));
                          names[i] = {texts[i].c_str(), texts[i].size(), i, false};
                          last[texts[i]] = i;
                      }
                      member_names_judge(names.data(), scratch.data(), count);

                      for (unsigned i = 0; i < count; i++)
                      {
                          EXPECT_EQ(names[i].place, i);
                          EXPECT_EQ(names[i].is_overruled, last[texts[i]] != i);
                      }
                  });
}

/* What becomes of JSON as values: FromJson, CallJson and NamedPipeEvent.Json read it with this. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/seeds.h"

extern "C" {
#include "com/conversion.h"
#include "com/json_values.h"
}

#include <gtest/gtest.h>

#include <climits>

namespace
{

class JsonIn : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment sta{COINIT_APARTMENTTHREADED};
    std::wstring sentence; /* of the last failure */

    HRESULT read(const std::wstring &text, variant *out)
    {
        bstr given(text);
        HRESULT hr = conversion_from_json(given.get(), out);

        sentence = FAILED(hr) ? take_error_sentence() : L"";
        EXPECT_TRUE(SUCCEEDED(hr) || out->vt == VT_EMPTY);
        return hr;
    }
    HRESULT failure(const std::wstring &text)
    {
        variant value;

        return read(text, &value);
    }
    /* Reads a text and writes it again. */
    std::wstring again(const std::wstring &text)
    {
        variant value;
        bstr written;

        EXPECT_EQ(read(text, &value), S_OK) << std::string(sentence.begin(), sentence.end());
        EXPECT_EQ(conversion_to_json(&value, 0, written.put()), S_OK);
        return written.str();
    }
    static double seconds_of_this_thread()
    {
        FILETIME made, ended, kernel, user;

        GetThreadTimes(GetCurrentThread(), &made, &ended, &kernel, &user);
        return (static_cast<double>(kernel.dwLowDateTime) + static_cast<double>(user.dwLowDateTime)) / 1e7;
    }
    VARTYPE type_of(const std::wstring &text)
    {
        variant value;

        EXPECT_EQ(read(text, &value), S_OK);
        return value.vt;
    }
};

TEST_F(JsonIn, SingleValuesAreThoseOfVisualBasic)
{
    variant value;

    EXPECT_EQ(type_of(L"null"), VT_NULL);
    ASSERT_EQ(read(L"true", &value), S_OK);
    EXPECT_EQ(value.vt, VT_BOOL);
    EXPECT_EQ(value.boolVal, VARIANT_TRUE);
    ASSERT_EQ(read(L" -5 ", &value), S_OK);
    EXPECT_EQ(value.vt, VT_I4);
    EXPECT_EQ(value.lVal, -5);
    ASSERT_EQ(read(L"0.5", &value), S_OK);
    EXPECT_EQ(value.vt, VT_R8);
    EXPECT_EQ(value.dblVal, 0.5);
    ASSERT_EQ(read(L"\"a\\u0000\\n\"", &value), S_OK);
    EXPECT_EQ(std::wstring(value.bstrVal, SysStringLen(value.bstrVal)), std::wstring(L"a\0\n", 3));
    value.clear();
}

TEST_F(JsonIn, AWholeNumberThatNoDoubleHoldsIsADecimal)
{
    variant value;

    ASSERT_EQ(read(L"-9007199254740993", &value), S_OK);
    EXPECT_EQ(value.vt, VT_DECIMAL);
    EXPECT_EQ(value.decVal.sign, DECIMAL_NEG);
    EXPECT_EQ(value.decVal.scale, 0);
    EXPECT_EQ(value.decVal.Lo64, 9007199254740993u);
    EXPECT_EQ(again(L"9999999999999999999999999999"), L"9999999999999999999999999999");
    EXPECT_EQ(type_of(L"3000000000"), VT_R8);
    EXPECT_EQ(type_of(L"10000000000000000000000000001"), VT_R8);
    EXPECT_EQ(type_of(L"-0"), VT_R8);
}

TEST_F(JsonIn, ArraysAreOfVariantFromZero)
{
    variant value;

    ASSERT_EQ(read(L"[1,[],\"x\"]", &value), S_OK);
    ASSERT_EQ(value.vt, VT_ARRAY | VT_VARIANT);
    EXPECT_EQ(value.parray->cDims, 1);
    EXPECT_EQ(value.parray->rgsabound[0].lLbound, 0);
    EXPECT_EQ(value.parray->rgsabound[0].cElements, 3u);
    const auto *elements = static_cast<const VARIANT *>(value.parray->pvData);
    EXPECT_EQ(elements[0].vt, VT_I4);
    ASSERT_EQ(elements[1].vt, VT_ARRAY | VT_VARIANT);
    EXPECT_EQ(elements[1].parray->rgsabound[0].cElements, 0u);
    EXPECT_EQ(elements[2].vt, VT_BSTR);
}

TEST_F(JsonIn, ObjectsAreDictionariesInTheOrderOfTheText)
{
    EXPECT_EQ(type_of(L"{}"), VT_DISPATCH);
    EXPECT_EQ(again(L" { \"b\" : 1 , \"a\" : { \"\" : [ { } , null ] } } "), L"{\"b\":1,\"a\":{\"\":[{},null]}}");
}

TEST_F(JsonIn, NamesAreComparedAsTheyAreWritten)
{
    EXPECT_EQ(again(L"{\"a\":1,\"A\":2,\"\u00E4\":3,\"\u00C4\":4}"), L"{\"a\":1,\"A\":2,\"\u00E4\":3,\"\u00C4\":4}");
}

TEST_F(JsonIn, OfEqualNamesTheLastCounts)
{
    std::wstring many = L"{\"x\":0";

    EXPECT_EQ(again(L"{\"a\":1,\"b\":2,\"\\u0061\":{\"c\":3}}"), L"{\"b\":2,\"a\":{\"c\":3}}");
    for (int i = 0; i < 1000; i++)
        many += L",\"" + std::to_wstring(i % 7) + L"\":[" + std::to_wstring(i) + L"]";
    EXPECT_EQ(again(many + L"}"),
              L"{\"x\":0,\"6\":[993],\"0\":[994],\"1\":[995],\"2\":[996],\"3\":[997],\"4\":[998],\"5\":[999]}");
}

TEST_F(JsonIn, WhatIsWrongIsErrorFiveWithItsPlace)
{
    EXPECT_EQ(failure(L"{\"a\": 1,\r\n \"b\" 2}"), vb_error(5));
    EXPECT_EQ(sentence, L"The JSON is wrong in line 2, column 6: here must be a colon.");
    EXPECT_EQ(failure(L""), vb_error(5));
    EXPECT_EQ(sentence, L"The JSON is wrong in line 1, column 1: the text ends before the value does.");
    EXPECT_EQ(failure(L"[1e400]"), vb_error(5));
    EXPECT_EQ(failure(L"[{\"a\":[1,\"x\",{}]}, tru"), vb_error(5));
}

TEST_F(JsonIn, EachFaultHasItsSentence)
{
    const wchar_t *const wrong[] = {L"[",  L"x",      L"{1",      L"{\"\" 1", L"[1 2", L"{\"\":1 2", L"1 1",
                                    L"\"", L"\"\t\"", L"\"\\x\"", L"\"\\u\"", L"-x",   L"01",        L"1e999"};

    for (const wchar_t *text : wrong)
    {
        EXPECT_EQ(failure(text), vb_error(5));
        EXPECT_NE(sentence.find(L": "), sentence.size() - 3);
        EXPECT_EQ(sentence.find(L"(null)"), std::wstring::npos);
    }
}

TEST_F(JsonIn, AMillionNamesCostNoMoreThanASentence)
{
    std::wstring text = L"[{";

    for (int i = 0; i < 1000000; i++)
        text += L"\"" + std::to_wstring(i) + L"\":1,";
    text += L"\"\":1}]";
    const double began = seconds_of_this_thread();
    EXPECT_EQ(failure(text), vb_error(5));
    EXPECT_NE(sentence.find(L"32768 members"), std::wstring::npos);
    EXPECT_LT(seconds_of_this_thread() - began, 20.0); /* the spy on COM's memory takes nearly all of it */
}

TEST_F(JsonIn, MoreThan100LevelsAreErrorFive)
{
    EXPECT_EQ(failure(std::wstring(100000, L'[')), vb_error(5));
    EXPECT_NE(sentence.find(L"100 levels"), std::wstring::npos);
    EXPECT_EQ(again(std::wstring(100, L'[') + std::wstring(100, L']')),
              std::wstring(100, L'[') + std::wstring(100, L']'));
}

TEST_F(JsonIn, BytesMustBeUtf8)
{
    const BYTE good[] = {0xEF, 0xBB, 0xBF, '"', 0xC3, 0xA4, '"'}, wrong[] = {'[', '\n', '"', 'M', 0xFC, '"', ']'};
    variant value;

    ASSERT_EQ(json_read_bytes(good, sizeof(good), &value), S_OK);
    EXPECT_STREQ(value.bstrVal, L"\u00E4");
    value.clear();
    EXPECT_EQ(json_read_bytes(wrong, sizeof(wrong), &value), vb_error(5));
    EXPECT_EQ(take_error_sentence(), L"The JSON is wrong in line 2, column 3: the bytes are no UTF-8.");
    EXPECT_EQ(json_read_bytes(nullptr, 0, &value), vb_error(5));
}

class JsonInWithoutCom : public testing::Test
{
  protected:
    com_leak_check leaks;
};

TEST_F(JsonInWithoutCom, AnObjectNeedsComAndOtherValuesDoNot)
{
    variant value;
    bstr list(L"[1,\"x\"]"), object(L"[1,{}]");

    EXPECT_EQ(conversion_from_json(list.get(), &value), S_OK);
    value.clear();
    EXPECT_EQ(conversion_from_json(object.get(), &value), CO_E_NOTINITIALIZED);
    EXPECT_NE(take_error_sentence(), L"");
}

/* ---- memory ---- */

LONG countdown; /* the request that brings it to 0 is refused */
decltype(win32.allocate) real_allocate;

TEST_F(JsonIn, EachRequestForMemoryMayBeRefused)
{
    bstr text(L"{\"a\":[1,2,3,[4,5]],\"b\":{\"c\":\"d\",\"a\":null,\"a\":0},\"e\":[]}");
    std::wstring long_text(20000, L'x');
    int refused = 0;

    real_allocate = win32.allocate;
    win32.allocate = [](size_t size) { return --countdown == 0 ? nullptr : real_allocate(size); };
    for (LONG nth = 1;; nth++)
    {
        variant value, list = variant::array_of({variant(long_text.c_str()), variant(1)});
        bstr written;
        HRESULT hr, out;

        countdown = nth;
        hr = conversion_from_json(text.get(), &value);
        out = conversion_to_json(&list, 2, written.put());
        EXPECT_TRUE(hr == S_OK || hr == E_OUTOFMEMORY);
        EXPECT_TRUE(out == S_OK || out == E_OUTOFMEMORY);
        EXPECT_EQ(hr == E_OUTOFMEMORY || out == E_OUTOFMEMORY, countdown <= 0) << nth;
        if (countdown > 0)
            break;
        refused++;
    }
    win32.allocate = real_allocate;
    EXPECT_GE(refused, 5);
}

/* ---- there and back ---- */

std::wstring any_string(draw &d)
{
    std::wstring text = L"\"";

    for (unsigned length = d.below(5); length > 0; length--)
        text += d.one_of<std::wstring>({L"a", L"b", L" ", L"\\\"", L"\\\\", L"\\n", L"\\u0001", L"\u20AC",
                                        L"\xD83D\xDE00", L"\\ud800 ", L"\\udfff", L"/"});
    return text + L"\"";
}

/* A text as ToJson writes it. */
std::wstring any_json(draw &d, unsigned depth)
{
    const unsigned kind = d.below(depth < 6 ? 9 : 7);
    std::wstring text;

    switch (kind)
    {
    case 0: return d.one_of<std::wstring>({L"null", L"true", L"false"});
    case 1: return std::to_wstring(static_cast<LONG>(d.below(0xFFFFFFFF)));
    case 2: return std::to_wstring(9007199254740993 + 2 * d.below(1000));
    case 3: return std::to_wstring(d.below(1000)) + L"." + std::to_wstring(d.below(1000)) + L"5";
    case 4: return d.one_of<std::wstring>({L"1e-7", L"-0", L"1e300", L"5e-324", L"0.1", L"1e22"});
    case 5:
    case 6: return any_string(d);
    default: break;
    }
    for (unsigned i = 0, count = d.below(5); i < count; i++)
        text += (i ? L"," : L"") + (kind == 7 ? L"\"" + std::to_wstring(i) + L"\":" : std::wstring()) +
                any_json(d, depth + 1);
    return kind == 7 ? L"{" + text + L"}" : L"[" + text + L"]";
}

using SeededJson = JsonIn;

TEST_F(SeededJson, ComesBackAsItWas)
{
    for_each_seed(2000,
                  [this](draw &d)
                  {
                      const std::wstring text = any_json(d, 0);

                      EXPECT_EQ(again(text), text);
                  });
}

TEST_F(SeededJson, ThatIsDamagedIsTakenOrRefused)
{
    for_each_seed(2000,
                  [this](draw &d)
                  {
                      std::wstring text = any_json(d, 0);

                      for (unsigned i = 1 + d.below(3); i > 0 && !text.empty(); i--)
                          text[d.below(static_cast<uint32_t>(text.size()))] =
                              d.one_of<wchar_t>({L'[', L']', L'{', L'}', L'"', L',', L':', L'\\', L'0', L'e', L'\0'});
                      variant value;
                      const HRESULT hr = read(text, &value);

                      EXPECT_TRUE(hr == S_OK || hr == vb_error(5));
                  });
}

} // namespace

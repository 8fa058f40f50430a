/* Numbers to text and back. */

#include "support/seeds.h"

extern "C" {
#include "json/decimal.h"
#include "json/number.h"
#include "json/number_text.h"
#include "json/real.h"
}

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

namespace
{

std::wstring text_of(double n)
{
    WCHAR text[NUMBER_TEXT];

    return std::wstring(text, number_text_of_double(n, text));
}

std::wstring text_of(float n)
{
    WCHAR text[NUMBER_TEXT];

    return std::wstring(text, number_text_of_single(n, text));
}

std::wstring text_of_integer(int64_t n)
{
    WCHAR text[NUMBER_TEXT];

    return std::wstring(text, number_text_of_integer(n, text));
}

std::wstring text_of_scaled(uint32_t high, uint64_t low, unsigned scale, bool is_negative = false)
{
    WCHAR text[NUMBER_TEXT];

    return std::wstring(text, number_text_of_scaled(high, low, scale, is_negative, text));
}

number read(const std::wstring &text)
{
    return number_read(text.c_str(), text.size());
}

uint64_t bits_of(double n)
{
    uint64_t bits = 0;

    memcpy(&bits, &n, sizeof(bits));
    return bits;
}

double double_of(uint64_t bits)
{
    double n = 0;

    memcpy(&n, &bits, sizeof(n));
    return n;
}

float single_of(uint32_t bits)
{
    float n = 0;

    memcpy(&n, &bits, sizeof(n));
    return n;
}

void expect_double(const std::wstring &text, double value)
{
    const number n = read(text);

    EXPECT_EQ(n.kind, NUMBER_DOUBLE) << std::string(text.begin(), text.end());
    EXPECT_EQ(bits_of(n.real), bits_of(value)) << std::string(text.begin(), text.end());
}

void expect_long(const std::wstring &text, LONG value)
{
    const number n = read(text);

    EXPECT_EQ(n.kind, NUMBER_LONG) << std::string(text.begin(), text.end());
    EXPECT_EQ(n.whole, value);
}

void expect_decimal(const std::wstring &text, bool is_negative, uint32_t high, uint64_t low)
{
    const number n = read(text);

    EXPECT_EQ(n.kind, NUMBER_DECIMAL) << std::string(text.begin(), text.end());
    EXPECT_EQ(n.is_negative, is_negative);
    EXPECT_EQ(n.high, high);
    EXPECT_EQ(n.low, low);
}

/* Whether a number with fewer digits reads back as the same: if any does, one of the two nearest does. */
bool has_a_shorter_one(double n)
{
    const decimal d = decimal_of_double(bits_of(n));
    const uint64_t bits = bits_of(n) & 0x7FFFFFFFFFFFFFFF;

    for (uint64_t digits : {d.digits / 10, d.digits / 10 + 1})
    {
        const std::wstring text = std::to_wstring(digits);

        if (real_of_text(text.c_str(), text.size(), d.exponent + 1) == bits)
            return d.digits != 0;
    }
    return false;
}

/* A Double of any kind: any bits, near to a power of two, with few digits, below the smallest normal number. */
double any_double(draw &d)
{
    uint64_t bits = static_cast<uint64_t>(d.below(0xFFFFFFFF)) << 32 | d.below(0xFFFFFFFF);

    switch (d.below(5))
    {
    case 0: bits &= 0xFFF0000000000001; break;
    case 1: bits &= 0x800FFFFFFFFFFFFF; break;
    case 2: return static_cast<double>(bits % 100000000) / d.one_of({1.0, 10.0, 100.0, 1000.0, 3.0, 7.0});
    case 3: bits = (bits & 0x800FFFFFFFFFFFFF) | static_cast<uint64_t>(1000 + d.below(60)) << 52; break;
    default: break;
    }
    return std::isfinite(double_of(bits)) ? double_of(bits) : 1.5;
}

} // namespace

TEST(NumberText, HasTheFewestDigitsThatReadBackEqual)
{
    EXPECT_EQ(text_of(0.0), L"0");
    EXPECT_EQ(text_of(-0.0), L"-0");
    EXPECT_EQ(text_of(0.1), L"0.1");
    EXPECT_EQ(text_of(0.1 + 0.2), L"0.30000000000000004");
    EXPECT_EQ(text_of(-1.5), L"-1.5");
    EXPECT_EQ(text_of(100.0), L"100");
    EXPECT_EQ(text_of(1.0 / 3), L"0.3333333333333333");
    EXPECT_EQ(text_of(5e-324), L"5e-324");
    EXPECT_EQ(text_of(2.2250738585072014e-308), L"2.2250738585072014e-308");
    EXPECT_EQ(text_of(1.7976931348623157e308), L"1.7976931348623157e308");
    EXPECT_EQ(text_of(9007199254740992.0), L"9007199254740992");
    EXPECT_EQ(text_of(2e-44), L"2e-44");
    EXPECT_EQ(text_of(9.5367431640625e-7), L"9.5367431640625e-7");
}

TEST(NumberText, HasAnExponentWhereZerosWouldBeManyOrWouldClaimDigits)
{
    EXPECT_EQ(text_of(0.000001), L"0.000001");
    EXPECT_EQ(text_of(0.0000001), L"1e-7");
    EXPECT_EQ(text_of(1e15), L"1000000000000000");
    EXPECT_EQ(text_of(1e16), L"1e16");
    EXPECT_EQ(text_of(123456789012345680000.0), L"1.2345678901234568e20");
}

TEST(NumberText, OfInfinitiesAndNoNumbersIsNone)
{
    EXPECT_EQ(text_of(std::numeric_limits<double>::infinity()), L"");
    EXPECT_EQ(text_of(-std::numeric_limits<double>::infinity()), L"");
    EXPECT_EQ(text_of(std::nan("")), L"");
    EXPECT_EQ(text_of(std::numeric_limits<float>::infinity()), L"");
    EXPECT_EQ(text_of(std::nanf("")), L"");
}

TEST(NumberText, OfASingleHasTheDigitsOfASingle)
{
    EXPECT_EQ(text_of(0.1f), L"0.1");
    EXPECT_EQ(text_of(-3.4028235e38f), L"-3.4028235e38");
    EXPECT_EQ(text_of(1e-45f), L"1e-45");
    EXPECT_EQ(text_of(16777216.0f), L"16777216");
    EXPECT_EQ(text_of(-0.0f), L"-0");
}

TEST(NumberText, OfIntegersIsExact)
{
    EXPECT_EQ(text_of_integer(0), L"0");
    EXPECT_EQ(text_of_integer(INT64_MIN), L"-9223372036854775808");
    EXPECT_EQ(text_of_integer(INT64_MAX), L"9223372036854775807");
}

TEST(NumberText, OfCurrencyAndDecimalIsExact)
{
    EXPECT_EQ(text_of_scaled(0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 28, true), L"-7.9228162514264337593543950335");
    EXPECT_EQ(text_of_scaled(0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0), L"79228162514264337593543950335");
    EXPECT_EQ(text_of_scaled(0, 1, 28), L"0.0000000000000000000000000001");
    EXPECT_EQ(text_of_scaled(0, 12500, 4), L"1.25");
    EXPECT_EQ(text_of_scaled(0, 120000, 4), L"12");
    EXPECT_EQ(text_of_scaled(0, 5, 4, true), L"-0.0005");
    EXPECT_EQ(text_of_scaled(0, 0, 28, true), L"0");
}

TEST(Number, IsALongWhereItIsWholeAndFits)
{
    expect_long(L"0", 0);
    expect_long(L"2147483647", 2147483647);
    expect_long(L"-2147483648", -2147483647 - 1);
}

TEST(Number, IsADoubleWithAFractionOrAnExponentOrAsMinusZero)
{
    expect_double(L"-0", -0.0);
    expect_double(L"1.0", 1.0);
    expect_double(L"1e2", 100.0);
    expect_double(L"1E+2", 100.0);
    expect_double(L"-0.0e-5", -0.0);
}

TEST(Number, IsADoubleWhereThatHoldsAWholeNumberExactly)
{
    expect_double(L"2147483648", 2147483648.0);
    expect_double(L"-2147483649", -2147483649.0);
    expect_double(L"9007199254740992", 9007199254740992.0);
    expect_double(L"1000000000000000000000", 1e21);
}

TEST(Number, IsADecimalWhereNoDoubleHoldsAWholeNumberOf28Digits)
{
    expect_decimal(L"9007199254740993", false, 0, 9007199254740993);
    expect_decimal(L"-18446744073709551617", true, 1, 1);
    expect_decimal(L"9999999999999999999999999999", false, 0x204FCE5E, 0x3E2502610FFFFFFF);
    expect_double(L"10000000000000000000000000001", 1e28);
}

TEST(Number, IsRoundedCorrectly)
{
    expect_double(L"9007199254740993.0", 9007199254740992.0);
    expect_double(L"9007199254740993.000000000000000000000000000000000000000000000000000001", 9007199254740994.0);
    expect_double(L"9007199254740995.0", 9007199254740996.0);
    expect_double(L"8.5e22", 8.5e22);
    expect_double(L"1e23", 1e23);
    expect_double(L"2.2250738585072011e-308", double_of(0x000FFFFFFFFFFFFF));
    expect_double(L"2.2250738585072012e-308", double_of(0x0010000000000000));
    expect_double(L"0.500000000000000166533453693773481063544750213623046875", double_of(0x3FE0000000000002));
    expect_double(L"3.518437208883201171875e13", double_of(0x42C0000000000002));
    expect_double(L"62.5364939768271845828", double_of(0x404F44ABD5AA7CA4));
    expect_double(L"1.7976931348623158e308", 1.7976931348623157e308);
}

TEST(Number, IsRoundedCorrectlyNearNothing)
{
    expect_double(L"1e-400", 0.0);
    expect_double(L"-1e-400", -0.0);
    expect_double(L"2.4703282292062327e-324", 0.0);
    expect_double(L"2.47032822920623272088284396434110686182e-324", 0.0);
    expect_double(L"2.4703282292062328e-324", 5e-324);
    expect_double(L"7.4109846876186981e-324", 5e-324);
    expect_double(L"7.4109846876186982e-324", 1e-323);
}

TEST(Number, BeyondEveryDoubleIsTold)
{
    EXPECT_EQ(read(L"1e400").kind, NUMBER_TOO_LARGE);
    EXPECT_EQ(read(L"-1.7976931348623159e308").kind, NUMBER_TOO_LARGE);
    EXPECT_EQ(read(std::wstring(400, L'9')).kind, NUMBER_TOO_LARGE);
    EXPECT_EQ(read(L"1e99999999999999999999").kind, NUMBER_TOO_LARGE);
}

TEST(Number, CountsEveryDigitAndZero)
{
    const std::wstring zeros(2000, L'0'), half = L"1." + std::wstring(52, L'0');

    expect_double(L"0." + zeros + L"1e2001", 1.0);
    expect_double(L"1" + zeros + L"e-2000", 1.0);
    expect_double(L"1.00000000000000011102230246251565404236316680908203125" + zeros + L"1",
                  double_of(0x3FF0000000000001));
    expect_double(L"1.00000000000000011102230246251565404236316680908203125" + zeros, 1.0);
    expect_double(L"0e99999999999", 0.0);
}

TEST(SeededNumbers, ComeBackBitForBitWithNoMoreDigitsThanNeeded)
{
    for_each_seed(20000,
                  [](draw &d)
                  {
                      const double n = any_double(d);
                      const std::wstring text = text_of(n);
                      const number back = read(text);
                      const double value = back.kind == NUMBER_LONG ? back.whole : back.real;

                      EXPECT_NE(back.kind, NUMBER_DECIMAL) << n;
                      EXPECT_EQ(bits_of(value), bits_of(n)) << std::string(text.begin(), text.end());
                      EXPECT_FALSE(has_a_shorter_one(n)) << std::string(text.begin(), text.end());
                  });
}

TEST(SeededNumbers, OfSinglesComeBackDirectlyAndByWayOfADouble)
{
    for_each_seed(20000,
                  [](draw &d)
                  {
                      const float n = single_of(d.below(0xFFFFFFFF));
                      const std::wstring text = text_of(n);
                      const number back = text.empty() ? number{} : read(text);
                      const float value = static_cast<float>(back.kind == NUMBER_LONG ? back.whole : back.real);

                      EXPECT_EQ(text.empty(), !std::isfinite(n));
                      EXPECT_TRUE(text.empty() || memcmp(&value, &n, sizeof(n)) == 0) << n;
                  });
}

/* What a parameter `Data` may be, in all the shapes in which Basic, scripts and .NET send it. */

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"

extern "C" {
#include "com/bytes.h"
}

#include <gtest/gtest.h>

namespace
{

class Bytes : public testing::Test
{
  protected:
    com_leak_check leaks;
    std::vector<int> seen; /* by the last call of from */
    const void *data_seen = nullptr;

    HRESULT from(const VARIANT &value)
    {
        byte_view view;
        HRESULT hr = bytes_from_variant(&value, &view);
        const auto *first = static_cast<const BYTE *>(view.data);

        seen.assign(first, first + view.size);
        data_seen = view.data;
        bytes_free(&view);
        return hr;
    }

    /* A VARIANT of an array that it owns. */
    static variant owning(VARTYPE vt, SAFEARRAY *array)
    {
        variant made = variant::of_type(VT_ARRAY | vt);

        made.parray = array;
        return made;
    }
};

using numbers = std::vector<int>;

/* ---- arrays of bytes ---- */

TEST_F(Bytes, OfAByteArrayAreItsElements)
{
    variant data(std::vector<BYTE>{1, 2, 255});

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{1, 2, 255}));
}

/* SafeArrayDestroyData and SafeArrayAllocDescriptor leave such arrays. */
TEST_F(Bytes, OfADescriptorWithoutDataAreNone)
{
    for (VARTYPE vt : {VT_UI1, VT_I4, VT_VARIANT})
    {
        SAFEARRAY *array = SafeArrayCreateVector(vt, 0, 3);
        ASSERT_EQ(SafeArrayDestroyData(array), S_OK);
        array->pvData = nullptr;
        variant data = owning(vt, array);

        EXPECT_EQ(from(data), S_OK) << vt;
        EXPECT_EQ(seen, numbers{}) << vt;
    }
}

TEST_F(Bytes, OfAByteArrayAreNotCopied)
{
    variant data(std::vector<BYTE>{1, 2, 3});

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(data_seen, data.parray->pvData);
}

TEST_F(Bytes, OfAByteArrayKeepItLocked)
{
    variant data(std::vector<BYTE>{1, 2, 3});
    byte_view view;

    ASSERT_EQ(bytes_from_variant(&data, &view), S_OK);
    EXPECT_EQ(data.parray->cLocks, 1u);
    bytes_free(&view);

    EXPECT_EQ(data.parray->cLocks, 0u);
}

TEST_F(Bytes, MayHaveAnyLowerBound)
{
    variant data = owning(VT_UI1, make_array<BYTE>(VT_UI1, {7, 8}, -5));

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{7, 8}));
}

TEST_F(Bytes, MayComeByReferenceToTheArray)
{
    variant data(std::vector<BYTE>{4, 5});
    VARIANT reference = {};
    reference.vt = VT_BYREF | VT_ARRAY | VT_UI1;
    reference.pparray = &data.parray;

    ASSERT_EQ(from(reference), S_OK);

    EXPECT_EQ(seen, (numbers{4, 5}));
}

TEST_F(Bytes, MayComeByReferenceToTheVariant)
{
    variant data(std::vector<BYTE>{4, 5});
    variant reference = data.by_reference();

    ASSERT_EQ(from(reference), S_OK);

    EXPECT_EQ(seen, (numbers{4, 5}));
}

TEST_F(Bytes, MayComeByReferenceToAReferenceToAReference)
{
    variant data(std::vector<BYTE>{4, 5});
    VARIANT inner = {};
    inner.vt = VT_BYREF | VT_ARRAY | VT_UI1;
    inner.pparray = &data.parray;
    VARIANT middle = {};
    middle.vt = VT_BYREF | VT_VARIANT;
    middle.pvarVal = &inner;
    VARIANT outer = {};
    outer.vt = VT_BYREF | VT_VARIANT;
    outer.pvarVal = &middle;

    ASSERT_EQ(from(outer), S_OK);

    EXPECT_EQ(seen, (numbers{4, 5}));
}

TEST_F(Bytes, DoNotComeFromAReferenceToItself)
{
    VARIANT endless = {};
    endless.vt = VT_BYREF | VT_VARIANT;
    endless.pvarVal = &endless;

    EXPECT_EQ(from(endless), DISP_E_TYPEMISMATCH);
}

/* ---- strings ---- */

TEST_F(Bytes, OfAStringAreThoseOfUtf16)
{
    variant data(L"A\x20AC");

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{0x41, 0, 0xAC, 0x20}));
    EXPECT_EQ(data_seen, data.bstrVal);
}

TEST_F(Bytes, OfAStringMayBeOfAnOddNumber)
{
    variant data = variant::of_type(VT_BSTR);
    data.bstrVal = SysAllocStringByteLen("abc", 3);

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{'a', 'b', 'c'}));
}

TEST_F(Bytes, OfAStringMayComeByReference)
{
    variant data(L"A");
    VARIANT reference = {};
    reference.vt = VT_BYREF | VT_BSTR;
    reference.pbstrVal = &data.bstrVal;

    ASSERT_EQ(from(reference), S_OK);

    EXPECT_EQ(seen, (numbers{0x41, 0}));
}

/* ---- arrays of numbers ---- */

TEST_F(Bytes, MayComeAsVariantsOfAnyIntegerType)
{
    variant of_short = variant::of_type(VT_I2), of_byte = variant::of_type(VT_UI1),
            of_long_long = variant::of_type(VT_I8);
    of_short.iVal = 2;
    of_byte.bVal = 3;
    of_long_long.llVal = 4;
    variant data = variant::array_of({variant(255), of_short, of_byte, of_long_long});

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{255, 2, 3, 4}));
}

TEST_F(Bytes, MayComeAsWholeNumbersThatAScriptHasCalculated)
{
    variant of_double = variant::of_type(VT_R8), of_currency = variant::of_type(VT_CY);
    of_double.dblVal = 5.0;
    of_currency.cyVal.int64 = 60000;
    variant data = variant::array_of({of_double, of_currency});

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{5, 6}));
}

TEST_F(Bytes, DoNotComeFromAFraction)
{
    variant half = variant::of_type(VT_R8);
    half.dblVal = 0.5;
    variant data = variant::array_of({variant(1), half});

    EXPECT_EQ(from(data), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(),
              L"Data(1) is no whole number, as text, True and Null are none; give numbers from 0 to 255.");
}

TEST_F(Bytes, DoNotComeFromADecimalThatIsNearlyWhole)
{
    variant nearly_two, two;
    V_DECIMAL(&nearly_two).Lo64 = 20000000000000001; /* 2.0000000000000001, which is 2 as a Double */
    V_DECIMAL(&nearly_two).scale = 16;
    V_VT(&nearly_two) = VT_DECIMAL;
    V_DECIMAL(&two).Lo64 = 20000000000000000;
    V_DECIMAL(&two).scale = 16;
    V_VT(&two) = VT_DECIMAL;

    EXPECT_EQ(from(variant::array_of({nearly_two})), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(),
              L"Data(0) is no whole number, as text, True and Null are none; give numbers from 0 to 255.");
    ASSERT_EQ(from(variant::array_of({two})), S_OK);
    EXPECT_EQ(seen, numbers{2});
}

TEST_F(Bytes, MayComeAsVariantsThatAreReferences)
{
    LONG number = 9;
    variant value(8);
    variant data = variant::array_of({variant(), variant()});
    auto *elements = static_cast<VARIANT *>(data.parray->pvData);
    elements[0].vt = VT_BYREF | VT_I4;
    elements[0].plVal = &number;
    elements[1].vt = VT_BYREF | VT_VARIANT;
    elements[1].pvarVal = &value;

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{9, 8}));
}

TEST_F(Bytes, MayComeAsAnArrayOfIntegers)
{
    variant data = owning(VT_I2, make_array<SHORT>(VT_I2, {0, 17, 255}));

    ASSERT_EQ(from(data), S_OK);

    EXPECT_EQ(seen, (numbers{0, 17, 255}));
}

TEST_F(Bytes, MayComeAsAnArrayOfLongsByReference)
{
    variant data = owning(VT_I4, make_array<LONG>(VT_I4, {1, 200}));
    VARIANT reference = {};
    reference.vt = VT_BYREF | VT_ARRAY | VT_I4;
    reference.pparray = &data.parray;

    ASSERT_EQ(from(reference), S_OK);

    EXPECT_EQ(seen, (numbers{1, 200}));
}

TEST_F(Bytes, MayComeAsAnArrayOfWholeSinglesOrDoubles)
{
    variant doubles = owning(VT_R8, make_array<double>(VT_R8, {0.0, 17.0, 255.0}));
    variant singles = owning(VT_R4, make_array<float>(VT_R4, {255.0f, 1.0f}));
    variant empty = owning(VT_R8, make_array<double>(VT_R8, {}));

    ASSERT_EQ(from(doubles), S_OK);
    EXPECT_EQ(seen, (numbers{0, 17, 255}));
    ASSERT_EQ(from(singles), S_OK);
    EXPECT_EQ(seen, (numbers{255, 1}));
    ASSERT_EQ(from(empty), S_OK);
    EXPECT_EQ(seen, numbers{});
}

TEST_F(Bytes, DoNotComeFromAnArrayWithAFractionOrBeyond255)
{
    variant half = owning(VT_R8, make_array<double>(VT_R8, {1.0, 0.5}));
    variant beyond = owning(VT_R4, make_array<float>(VT_R4, {256.0f}));
    variant below = owning(VT_R8, make_array<double>(VT_R8, {-1.0}));
    variant no_number = owning(VT_R8, make_array<double>(VT_R8, {1e300 * 1e300}));
    variant dates = owning(VT_DATE, make_array<double>(VT_DATE, {1.0}));
    variant money = owning(VT_CY, make_array<LONGLONG>(VT_CY, {10000}));

    EXPECT_EQ(from(half), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(),
              L"Data(1) is no whole number, as text, True and Null are none; give numbers from 0 to 255.");
    EXPECT_EQ(from(beyond), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(), L"Data(0) is 256; give numbers from 0 to 255.");
    EXPECT_EQ(from(below), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(no_number), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(dates), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(money), DISP_E_TYPEMISMATCH);
}

TEST_F(Bytes, OfNumbersAreACopyAndTheArrayIsNotLocked)
{
    variant data = owning(VT_I4, make_array<LONG>(VT_I4, {1, 200}));
    byte_view view;

    ASSERT_EQ(bytes_from_variant(&data, &view), S_OK);

    EXPECT_EQ(data.parray->cLocks, 0u);
    bytes_free(&view);
}

TEST_F(Bytes, AreFromZeroTo255)
{
    variant high = owning(VT_I4, make_array<LONG>(VT_I4, {1, 256}, 1));
    variant low = owning(VT_I2, make_array<SHORT>(VT_I2, {-1}));
    variant huge = owning(VT_I8, make_array<LONGLONG>(VT_I8, {0x100000001}));

    EXPECT_EQ(from(high), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(), L"Data(2) is 256; give numbers from 0 to 255.");
    EXPECT_EQ(from(low), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(huge), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(seen, numbers{});
}

TEST_F(Bytes, DoNotComeFromVariantsThatAreNoNumbers)
{
    EXPECT_EQ(from(variant::array_of({variant(L"1")})), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(variant::array_of({variant()})), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(variant::array_of({variant::of_type(VT_NULL)})), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(variant::array_of({variant::of_type(VT_BOOL)})), DISP_E_TYPEMISMATCH);
}

/* ---- nothing to send ---- */

TEST_F(Bytes, AreNoneWhereThereIsNothingToSend)
{
    variant empty, no_string = variant::of_type(VT_BSTR), empty_string(L""), empty_array(std::vector<BYTE>{});
    variant uninitialised = variant::of_type(VT_ARRAY | VT_UI1), no_variants = variant::of_type(VT_ARRAY | VT_VARIANT);

    EXPECT_EQ(from(empty), S_OK);
    EXPECT_EQ(from(no_string), S_OK);
    EXPECT_EQ(from(empty_string), S_OK);
    EXPECT_EQ(from(empty_array), S_OK);
    EXPECT_EQ(from(uninitialised), S_OK);
    EXPECT_EQ(from(no_variants), S_OK);
    EXPECT_EQ(from(empty.by_reference()), S_OK);
    EXPECT_EQ(seen, numbers{});
}

/* ---- what cannot be sent ---- */

TEST_F(Bytes, DoNotComeFromAnythingElse)
{
    variant number(5), null = variant::of_type(VT_NULL), nothing(static_cast<IDispatch *>(nullptr));
    VARIANT no_pointer = {};
    no_pointer.vt = VT_BYREF | VT_BSTR;

    EXPECT_EQ(from(number), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(null), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(nothing), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(variant::missing()), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(from(no_pointer), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(),
              L"Data is no bytes; give an array of Byte, a String, or an array or a list of whole numbers from 0 to "
              L"255; or send it as JSON.");
}

TEST_F(Bytes, DoNotComeFromAnArrayOfStrings)
{
    SAFEARRAYBOUND bound = {1, 0};
    variant data = owning(VT_BSTR, SafeArrayCreate(VT_BSTR, 1, &bound));

    EXPECT_EQ(from(data), DISP_E_TYPEMISMATCH);
}

TEST_F(Bytes, DoNotComeFromAnArrayWhoseElementsAreOfAnotherSize)
{
    variant data = owning(VT_I4, make_array<BYTE>(VT_UI1, {1, 2, 3}));

    EXPECT_EQ(from(data), DISP_E_TYPEMISMATCH);
}

TEST_F(Bytes, DoNotComeFromAMatrix)
{
    SAFEARRAYBOUND bounds[] = {{2, 0}, {3, 0}};
    variant data = owning(VT_UI1, SafeArrayCreate(VT_UI1, 2, bounds));

    EXPECT_EQ(from(data), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(take_error_sentence(), L"Data is an array of 2 dimensions; give an array of one.");
}

/* ---- to arrays ---- */

TEST_F(Bytes, BecomeAZeroBasedArray)
{
    variant array = owning(VT_UI1, bytes_to_array("\1\2\3", 3));

    EXPECT_EQ(elements_of(array.parray), (numbers{1, 2, 3}));
    EXPECT_EQ(array.parray->rgsabound[0].lLbound, 0);
}

TEST_F(Bytes, OfNoNumberBecomeAnEmptyArray)
{
    variant array = owning(VT_UI1, bytes_to_array(nullptr, 0));
    LONG upper = 99;

    ASSERT_EQ(SafeArrayGetUBound(array.parray, 1, &upper), S_OK);
    EXPECT_EQ(upper, -1);
}

TEST_F(Bytes, BecomeVariantsThatVBScriptCanIndex)
{
    variant array, element;
    LONG index = 1;

    ASSERT_EQ(bytes_to_variants("\1\xFF", 2, &array), S_OK);

    EXPECT_EQ(array.vt, VT_ARRAY | VT_VARIANT);
    ASSERT_EQ(SafeArrayGetElement(array.parray, &index, &element), S_OK);
    EXPECT_EQ(element.vt, VT_UI1);
    EXPECT_EQ(element.bVal, 255);
}

TEST_F(Bytes, OfNoNumberBecomeNoVariants)
{
    variant array;
    LONG upper = 99;

    ASSERT_EQ(bytes_to_variants(nullptr, 0, &array), S_OK);

    ASSERT_EQ(SafeArrayGetUBound(array.parray, 1, &upper), S_OK);
    EXPECT_EQ(upper, -1);
}

/* ---- as a message ---- */

TEST_F(Bytes, PackedAreNotTheConsumersAnyMore)
{
    variant data(std::vector<BYTE>{1, 2, 3});
    byte_view view;
    payload *message = nullptr;

    ASSERT_EQ(bytes_from_variant(&data, &view), S_OK);
    ASSERT_EQ(bytes_pack(&view, FRAMING_PIPE, &message), S_OK);

    EXPECT_EQ(data.parray->cLocks, 0u);
    data.clear();
    EXPECT_EQ(payload_size(message), 3u);
    EXPECT_EQ(memcmp(payload_data(message), "\1\2\3", 3), 0);
    payload_release(message);
}

TEST_F(Bytes, PackedMayBeNone)
{
    variant empty;
    byte_view view;
    payload *message = nullptr;

    ASSERT_EQ(bytes_from_variant(&empty, &view), S_OK);
    ASSERT_EQ(bytes_pack(&view, FRAMING_PIPE, &message), S_OK);

    EXPECT_EQ(payload_size(message), 0u);
    payload_release(message);
}

} // namespace

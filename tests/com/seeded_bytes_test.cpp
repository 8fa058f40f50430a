/* What a parameter `Data` may be, drawn: arrays of any type, bounds and dimensions, references to references, NULL
 * where something is due. What must come of it is drawn along with it. */

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"
#include "support/seeds.h"

extern "C" {
#include "com/bytes.h"
#include "com/conversion.h"
}

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <limits>
#include <optional>

namespace
{

using bytes = std::optional<std::vector<BYTE>>; /* none: it is no Data */

/* VARIANTs that refer to each other, to numbers, texts and arrays; all are freed together. */
class data_maker
{
  public:
    explicit data_maker(draw &from) : d(from)
    {
    }
    data_maker(const data_maker &) = delete;
    ~data_maker()
    {
        for (SAFEARRAY *array : arrays)
            SafeArrayDestroy(array);
        for (BSTR text : texts)
            SysFreeString(text);
    }

    /* Draws a value; *out is what it must be as Data. */
    VARIANT *make(bytes &out, unsigned references = 0)
    {
        switch (d.below(8))
        {
        case 0: return make_simple(out);
        case 1: return make_text(out);
        case 2: return make_reference(out, references);
        case 3: return make_odd(out);
        default: return make_array(out);
        }
    }

    bool has_locked_array() const
    {
        for (const SAFEARRAY *array : arrays)
            if (array->cLocks != 0)
                return true;
        return false;
    }

  private:
    VARIANT *add(VARTYPE vt)
    {
        values.emplace_back();
        memset(&values.back(), 0, sizeof(VARIANT));
        V_VT(&values.back()) = vt;
        return &values.back();
    }

    VARIANT *make_simple(bytes &out)
    {
        VARTYPE vt = d.one_of<VARTYPE>({VT_EMPTY, VT_NULL, VT_I4, VT_R8, VT_BOOL, VT_DATE, VT_ERROR, VT_DISPATCH,
                                        VT_UNKNOWN, VT_DECIMAL, VT_CY, VT_UI1, VT_I8});

        out.reset();
        if (vt == VT_EMPTY)
            out.emplace();
        return add(vt);
    }

    VARIANT *make_text(bytes &out)
    {
        bool by_reference = d.one_in(2);
        VARIANT *value = add(by_reference ? VT_BYREF | VT_BSTR : VT_BSTR);
        BSTR text = nullptr;

        out.emplace();
        if (!d.one_in(4))
        {
            for (uint32_t i = d.below(9); i > 0; i--)
                out->push_back(static_cast<BYTE>(d.below(256)));
            text = SysAllocStringByteLen(reinterpret_cast<const char *>(out->data()), static_cast<UINT>(out->size()));
        }
        texts.push_back(text);
        if (by_reference)
            V_BSTRREF(value) = &texts.back();
        else
            V_BSTR(value) = text;
        return value;
    }

    /* At most 16 references are followed. */
    VARIANT *make_reference(bytes &out, unsigned references)
    {
        uint32_t more = d.one_in(4) ? 14 + d.below(5) : 1 + d.below(3);
        VARIANT *target = d.one_in(8) ? nullptr : make(out, references + more), *value = nullptr;

        if (!target)
            out.reset();
        for (uint32_t i = 0; i < more; i++)
        {
            value = add(VT_BYREF | VT_VARIANT);
            V_VARIANTREF(value) = target;
            target = value;
        }
        if (references + more > 16)
            out.reset();
        return value;
    }

    /* A reference to nothing, to a number, or to itself. */
    VARIANT *make_odd(bytes &out)
    {
        VARIANT *value;

        out.reset();
        switch (d.below(4))
        {
        case 0: value = add(static_cast<VARTYPE>(VT_BYREF | VT_ARRAY | d.below(40))); break;
        case 1:
            value = add(VT_BYREF | VT_I4);
            V_I4REF(value) = static_cast<LONG *>(number());
            break;
        case 2:
            value = add(VT_BYREF | VT_VARIANT);
            V_VARIANTREF(value) = value;
            break;
        default: value = add(static_cast<VARTYPE>(VT_BYREF | d.one_of<VARTYPE>({VT_BSTR, VT_UI1, VT_R8, VT_EMPTY})));
        }
        return value;
    }

    /* ---- numbers ---- */

    void *number()
    {
        numbers.emplace_back();
        return &numbers.back();
    }

    /* A number of which it is likely that it fits, or nearly does. */
    double any_number()
    {
        if (!d.one_in(8))
            return d.below(256);
        return d.one_of({256.0, -1.0, 0.5, 254.999, -0.0, 65536.0, 2147483647.0, 2147483648.0, -2147483649.0,
                         4294967296.0, 4294967295.0, 1e300, 255.5});
    }

    /* Writes a number of type `vt` to `to` and returns it as a byte, if it is one. */
    std::optional<BYTE> write_number(VARTYPE vt, void *to)
    {
        const double wanted = any_number();
        double made = 0;

        switch (vt)
        {
        case VT_UI1: made = write<BYTE>(to, wanted); break;
        case VT_I1: made = write<signed char>(to, wanted); break;
        case VT_I2: made = write<SHORT>(to, wanted); break;
        case VT_UI2: made = write<USHORT>(to, wanted); break;
        case VT_I4:
        case VT_INT: made = write<LONG>(to, wanted); break;
        case VT_UI4:
        case VT_UINT: made = write<ULONG>(to, wanted); break;
        case VT_I8: made = write<LONGLONG>(to, wanted); break;
        case VT_UI8: made = write<ULONGLONG>(to, wanted); break;
        case VT_R4: made = write_real<float>(to, wanted); break;
        case VT_R8: made = write_real<double>(to, wanted); break;
        default: return {};
        }
        return byte_of(made);
    }

    static std::optional<BYTE> byte_of(double number)
    {
        if (number >= 0 && number <= 255 && number == std::floor(number))
            return static_cast<BYTE>(number);
        return {};
    }

    /* What does not fit the type is wrapped, by way of the largest one. */
    template <typename Type> static double write(void *to, double wanted)
    {
        const auto wide = std::fabs(wanted) < 9e18 ? static_cast<LONGLONG>(wanted) : 0;
        const Type value = static_cast<Type>(wide);

        memcpy(to, &value, sizeof(value));
        return static_cast<double>(value);
    }

    template <typename Type> double write_real(void *to, double wanted)
    {
        Type value = static_cast<Type>(wanted);

        if (d.one_in(40))
            value = d.one_in(2) ? std::numeric_limits<Type>::quiet_NaN() : -std::numeric_limits<Type>::infinity();
        memcpy(to, &value, sizeof(value));
        return static_cast<double>(value);
    }

    /* ---- elements that are VARIANTs ---- */

    std::optional<BYTE> fill_element(VARIANT *element)
    {
        switch (d.below(5))
        {
        case 0: return fill_reference(element);
        case 1: return fill_exact(element);
        case 2: return fill_no_number(element);
        default: V_VT(element) = number_type(); return write_number(V_VT(element), &V_UI1(element));
        }
    }

    std::optional<BYTE> fill_reference(VARIANT *element)
    {
        std::optional<BYTE> byte;

        if (d.one_in(2))
        {
            VARIANT *target = add(number_type());

            byte = write_number(V_VT(target), &V_UI1(target));
            V_VT(element) = VT_BYREF | VT_VARIANT;
            V_VARIANTREF(element) = target;
            return byte;
        }
        V_VT(element) = static_cast<VARTYPE>(VT_BYREF | number_type());
        V_BYREF(element) = d.one_in(6) ? nullptr : number();
        if (V_BYREF(element))
            byte = write_number(static_cast<VARTYPE>(V_VT(element) & ~VT_BYREF), V_BYREF(element));
        return byte;
    }

    /* A Currency, or a Decimal of up to 28 digits behind the point. */
    std::optional<BYTE> fill_exact(VARIANT *element)
    {
        const uint32_t whole = d.below(300), part = d.one_in(2) ? 0 : d.one_of<uint32_t>({1, 5000, 9999});
        const bool is_negative = d.one_in(8);

        if (d.one_in(2))
        {
            V_VT(element) = VT_CY;
            V_CY(element).int64 = (static_cast<LONGLONG>(whole) * 10000 + part) * (is_negative ? -1 : 1);
        }
        else
            fill_decimal(element, whole, part, is_negative);
        if (part != 0 || whole > 255 || (is_negative && whole != 0))
            return {};
        return static_cast<BYTE>(whole);
    }

    /* whole + part / 10^scale, where a part is as small as a Decimal can say. */
    void fill_decimal(VARIANT *element, uint32_t whole, uint32_t part, bool is_negative)
    {
        const BYTE scale = static_cast<BYTE>(4 + d.below(13));
        ULONGLONG power = 1;

        for (BYTE i = 0; i < scale; i++)
            power *= 10;
        V_DECIMAL(element).Lo64 = whole * power + part;
        V_DECIMAL(element).Hi32 = 0;
        V_DECIMAL(element).scale = scale;
        V_DECIMAL(element).sign = is_negative ? DECIMAL_NEG : 0;
        V_VT(element) = VT_DECIMAL;
    }

    std::optional<BYTE> fill_no_number(VARIANT *element)
    {
        V_VT(element) = d.one_of<VARTYPE>({VT_EMPTY, VT_NULL, VT_BSTR, VT_BOOL, VT_DATE, VT_ERROR, VT_DISPATCH});
        return {};
    }

    VARTYPE number_type()
    {
        return d.one_of<VARTYPE>(
            {VT_UI1, VT_I1, VT_I2, VT_UI2, VT_I4, VT_UI4, VT_INT, VT_UINT, VT_R4, VT_R8, VT_I8, VT_UI8});
    }

    /* ---- arrays ---- */

    SAFEARRAY *create(VARTYPE vt, UINT dimensions)
    {
        SAFEARRAYBOUND bounds[3];

        for (UINT i = 0; i < dimensions; i++)
        {
            bounds[i].cElements = d.one_in(6) ? 0 : 1 + d.below(12);
            bounds[i].lLbound = d.one_of<LONG>({0, 0, 1, -5, 100, -2147483647 - 1, 2147483645});
        }
        arrays.push_back(SafeArrayCreate(vt, dimensions, bounds));
        return arrays.back();
    }

    bytes fill(SAFEARRAY *array, VARTYPE vt)
    {
        std::vector<BYTE> all;
        bool is_data = true;
        auto *to = static_cast<BYTE *>(array->pvData);

        for (ULONG i = 0; i < array->rgsabound[0].cElements; i++, to += array->cbElements)
        {
            const std::optional<BYTE> byte =
                vt == VT_VARIANT ? fill_element(reinterpret_cast<VARIANT *>(to)) : write_number(vt, to);

            is_data = is_data && byte.has_value();
            all.push_back(byte.value_or(0));
        }
        return is_data ? bytes(all) : bytes();
    }

    VARIANT *make_array(bytes &out)
    {
        VARTYPE vt = d.one_in(2) ? d.one_of<VARTYPE>({VT_UI1, VT_UI1, VT_VARIANT}) : number_type();
        const UINT dimensions = d.one_in(8) ? 2 + d.below(2) : 1;
        SAFEARRAY *array = nullptr;

        if (d.one_in(10))
            vt = d.one_of<VARTYPE>({VT_BSTR, VT_BOOL, VT_DATE, VT_CY, VT_DISPATCH, VT_UNKNOWN, VT_ERROR, VT_DECIMAL});
        out.emplace();
        if (!d.one_in(12))
        {
            array = create(vt, dimensions);
            if (dimensions != 1)
                out.reset();
            else
                out = fill(array, vt);
            if (d.one_in(10))
                vt = pretend(array, vt, out);
        }
        return refer_to(array, vt);
    }

    /* Another type than the elements have: refused where the sizes differ. */
    VARTYPE pretend(const SAFEARRAY *array, VARTYPE vt, bytes &out)
    {
        if (array->cbElements == 8 || array->cDims != 1)
            return vt;
        if (array->rgsabound[0].cElements > 0)
            out.reset();
        return VT_R8;
    }

    VARIANT *refer_to(SAFEARRAY *array, VARTYPE vt)
    {
        const bool by_reference = d.one_in(2);
        VARIANT *value = add(static_cast<VARTYPE>((by_reference ? VT_BYREF | VT_ARRAY : VT_ARRAY) | vt));

        places.push_back(array);
        if (by_reference)
            V_ARRAYREF(value) = &places.back();
        else
            V_ARRAY(value) = array;
        return value;
    }

    draw &d;
    std::deque<VARIANT> values;
    std::deque<SAFEARRAY *> places; /* that references point to */
    std::deque<BSTR> texts;
    std::deque<double> numbers;
    std::vector<SAFEARRAY *> arrays;
};

/* What bytes_from_variant gives. */
bytes taken_from(const VARIANT *value)
{
    byte_view view;
    const HRESULT hr = bytes_from_variant(value, &view);
    const auto *first = static_cast<const BYTE *>(view.data);
    bytes taken;

    if (SUCCEEDED(hr))
        taken.emplace(first, first + view.size);
    else
    {
        EXPECT_EQ(hr, DISP_E_TYPEMISMATCH);
        EXPECT_EQ(view.size, 0u);
        EXPECT_NE(take_error_sentence(), L"");
    }
    bytes_free(&view);
    return taken;
}

TEST(SeededBytes, AreThoseOfTheValueOrNone)
{
    com_leak_check nothing_is_left;

    for_each_seed(4000,
                  [](draw &d)
                  {
                      data_maker maker(d);
                      bytes expected;
                      const VARIANT *value = maker.make(expected);

                      EXPECT_EQ(taken_from(value), expected) << "type " << V_VT(value);
                      EXPECT_FALSE(maker.has_locked_array());
                  });
}

TEST(SeededBytes, ComeBackFromAnArrayOfVariants)
{
    com_leak_check nothing_is_left;

    for_each_seed(1000,
                  [](draw &d)
                  {
                      data_maker maker(d);
                      bytes expected;
                      const VARIANT *value = maker.make(expected);
                      variant elements;

                      const HRESULT hr = conversion_bytes_to_array(value, &elements);

                      EXPECT_EQ(SUCCEEDED(hr), expected.has_value());
                      take_error_sentence();
                      if (SUCCEEDED(hr))
                      {
                          EXPECT_EQ(taken_from(&elements), expected);
                      }
                      EXPECT_FALSE(maker.has_locked_array());
                  });
}

} // namespace

/* A sheet of 100,000 rows of five cells, as Excel gives it, becomes JSON and values again, in well under a second each
 * way; so do 20,000 objects of five members. */

#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/long/long_run.h"

extern "C" {
#include "com/conversion.h"
}

#include <gtest/gtest.h>

namespace
{

/* Cells of a row: a whole number, a price, a number of 17 digits, a text, a date. */
void fill_row(SAFEARRAY *cells, LONG row)
{
    VARIANT cell;

    for (LONG column = 1; column <= 5; column++)
    {
        LONG at[] = {row, column};

        V_VT(&cell) = VT_R8;
        switch (column)
        {
        case 1: V_R8(&cell) = row; break;
        case 2: V_R8(&cell) = (row % 100000) / 100.0; break;
        case 3: V_R8(&cell) = 1.0 / row; break;
        case 4:
            V_VT(&cell) = VT_BSTR;
            V_BSTR(&cell) = SysAllocString((L"customer no. " + std::to_wstring(row)).c_str());
            break;
        default:
            V_VT(&cell) = VT_DATE;
            V_DATE(&cell) = 46000 + row / 1440.0;
            break;
        }
        SafeArrayPutElement(cells, at, &cell);
        VariantClear(&cell);
    }
}

variant sheet_of(LONG rows)
{
    SAFEARRAYBOUND bounds[] = {{static_cast<ULONG>(rows), 1}, {5, 1}};
    variant made = variant::of_type(VT_ARRAY | VT_VARIANT);

    made.parray = SafeArrayCreate(VT_VARIANT, 2, bounds);
    for (LONG row = 1; row <= rows; row++)
        fill_row(made.parray, row);
    return made;
}

/* Writes, reads, and tells how long each took. Returns the text. */
std::wstring there_and_back(const char *what, const VARIANT &value, LONG count)
{
    bstr text, again;
    variant read;
    stopwatch out;
    EXPECT_EQ(conversion_to_json(&value, 0, text.put()), S_OK);
    const std::string written = out.rate(count);
    stopwatch in;
    EXPECT_EQ(conversion_from_json(text.get(), &read), S_OK);

    tell_figure(what, "out: " + written + "; in: " + in.rate(count) + "; " + std::to_string(SysStringLen(text.get())) +
                          " characters");
    EXPECT_EQ(conversion_to_json(&read, 0, again.put()), S_OK);
    EXPECT_EQ(again.str(), text.str());
    return text.str();
}

} // namespace

TEST(LongJson, RowsOfASheetGoAndComeBack)
{
    const LONG rows = times(20000, 100000);
    variant sheet = sheet_of(rows);

    there_and_back("json, rows of five cells", sheet, rows);
}

TEST(LongJson, ObjectsComeAndGo)
{
    const LONG count = times(5000, 20000);
    apartment sta{COINIT_APARTMENTTHREADED};
    std::wstring text = L"[";
    variant objects;

    for (LONG i = 0; i < count; i++)
        text += (i ? L",{\"id\":" : L"{\"id\":") + std::to_wstring(i) +
                L",\"name\":\"pen\",\"price\":1.25,\"in stock\":true,\"note\":null}";
    ASSERT_EQ(conversion_from_json(bstr(text + L"]").get(), &objects), S_OK);
    EXPECT_EQ(there_and_back("json, objects of five members", objects, count), text + L"]");
    objects.clear();
}

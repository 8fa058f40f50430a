/* The Global Interface Table, as threads of all kinds use it. */

#include "support/com/apartments.h"
#include "support/com/consumer_object.h"

extern "C" {
#include "com/global_table.h"
}

#include <gtest/gtest.h>

namespace
{

class GlobalTable : public testing::Test
{
  protected:
    std::shared_ptr<object_fate> fate = std::make_shared<object_fate>();
    DWORD cookie = 0;

    void put_in_the_mta()
    {
        com_ptr<IDispatch> object = make_consumer_object(fate);

        EXPECT_EQ(global_table_put(object.get(), IID_IDispatch, &cookie), S_OK);
    }

    HRESULT get()
    {
        com_ptr<IDispatch> found;

        return global_table_get(cookie, IID_IDispatch, found.put_void());
    }
};

TEST_F(GlobalTable, GivesWhatWasPut)
{
    apartment mta(COINIT_MULTITHREADED);

    put_in_the_mta();

    EXPECT_EQ(get(), S_OK);
    global_table_drop(cookie);
    EXPECT_TRUE(fate->is_gone());
    EXPECT_EQ(get(), E_INVALIDARG);
}

TEST_F(GlobalTable, IsFreedOfWhatIsDroppedOnAThreadWithoutComWhileTheMtaIsThere)
{
    apartment mta(COINIT_MULTITHREADED);
    put_in_the_mta();

    run_without_apartment([&] { global_table_drop(cookie); });

    EXPECT_TRUE(fate->is_gone());
    EXPECT_EQ(get(), E_INVALIDARG);
}

TEST_F(GlobalTable, IsFreedOfWhatIsDroppedOnAThreadWithoutComWhenTheMtaHasGone)
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;
    bool has_com_after = true;
    run_in_mta([&] { put_in_the_mta(); });

    run_without_apartment(
        [&]
        {
            global_table_drop(cookie);
            has_com_after = SUCCEEDED(CoGetApartmentType(&type, &qualifier));
        });

    EXPECT_FALSE(has_com_after);
    run_in_mta([&] { EXPECT_EQ(get(), E_INVALIDARG); });
}

} // namespace

/* A consumer's values that are kept while threads and apartments change. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/consumer_object.h"
#include "support/com/server_in_mode.h"

extern "C" {
#include "com/stored.h"
#include "deliver/thread_window.h"
#include "deliver/window_class.h"
}

#include <gtest/gtest.h>

#include <optional>

namespace
{

class Stored : public testing::Test
{
  protected:
    home_thread home, other;
    com_leak_check leaks;
    stored *h = nullptr;
    std::shared_ptr<object_fate> fate = std::make_shared<object_fate>();

    HRESULT store(const VARIANT &value)
    {
        return stored_create(&value, &h);
    }

    /* Stores a new object, whose last reference the stored value has then. In the calling thread's apartment. */
    void store_object(agility how = agility::bound)
    {
        com_ptr<IDispatch> object = make_consumer_object(fate, how);

        ASSERT_EQ(store(variant(object.get())), S_OK);
    }
};

/* ---- plain values ---- */

TEST_F(Stored, EmptyIsNothingToStore)
{
    EXPECT_EQ(store(variant()), S_OK);
    EXPECT_EQ(h, nullptr);
}

TEST_F(Stored, AMissingArgumentIsNothingToStore)
{
    variant missing = variant::missing();

    EXPECT_EQ(store(missing), S_OK);
    EXPECT_EQ(h, nullptr);
    EXPECT_EQ(store(missing.by_reference()), S_OK);
    EXPECT_EQ(h, nullptr);
}

TEST_F(Stored, NothingIsGivenAsEmpty)
{
    variant value(5);

    EXPECT_EQ(stored_get(nullptr, &value), S_OK);
    EXPECT_EQ(value.vt, VT_EMPTY);
    EXPECT_EQ(stored_hold(nullptr), nullptr);
    stored_release(nullptr);
}

TEST_F(Stored, AValueIsGivenAsACopy)
{
    variant value;
    ASSERT_EQ(store(variant(L"text")), S_OK);

    EXPECT_EQ(stored_get(h, &value), S_OK);
    stored_release(h);

    EXPECT_STREQ(value.bstrVal, L"text");
}

TEST_F(Stored, AReferenceIsFollowed)
{
    variant original(7);
    VARIANT middle = {};
    middle.vt = VT_BYREF | VT_I4;
    middle.plVal = &original.lVal;
    VARIANT outer = {};
    outer.vt = VT_BYREF | VT_VARIANT;
    outer.pvarVal = &middle;
    variant value;
    ASSERT_EQ(store(outer), S_OK);

    original.lVal = 8;
    EXPECT_EQ(stored_get(h, &value), S_OK);
    stored_release(h);

    EXPECT_EQ(value.vt, VT_I4);
    EXPECT_EQ(value.lVal, 7);
}

TEST_F(Stored, AReferenceToItselfIsRefused)
{
    VARIANT endless = {};
    endless.vt = VT_BYREF | VT_VARIANT;
    endless.pvarVal = &endless;

    EXPECT_EQ(store(endless), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(h, nullptr);
}

TEST_F(Stored, NullIsAValue)
{
    variant value;
    ASSERT_EQ(store(variant::of_type(VT_NULL)), S_OK);

    EXPECT_EQ(stored_get(h, &value), S_OK);
    stored_release(h);

    EXPECT_EQ(value.vt, VT_NULL);
}

TEST_F(Stored, PlainValuesNeedNoApartment)
{
    variant value;

    run_without_apartment(
        [&]
        {
            ASSERT_EQ(store(variant::array_of({variant(L"a"), variant(2)})), S_OK);
            EXPECT_EQ(stored_get(h, &value), S_OK);
            stored_release(h);
        });

    EXPECT_EQ(value.vt, VT_ARRAY | VT_VARIANT);
}

TEST_F(Stored, AValueIsSharedUntilTheLastOneLetsGo)
{
    variant value;
    ASSERT_EQ(store(variant(L"text")), S_OK);

    stored_hold(h);
    stored_release(h);
    EXPECT_EQ(stored_get(h, &value), S_OK);
    stored_release(h);

    EXPECT_STREQ(value.bstrVal, L"text");
}

/* ---- objects ---- */

TEST_F(Stored, AnObjectIsItselfInItsApartment)
{
    home.run(
        [&]
        {
            com_ptr<IDispatch> object = make_consumer_object(fate);
            variant value;

            ASSERT_EQ(store(variant(object.get())), S_OK);
            EXPECT_EQ(stored_get(h, &value), S_OK);
            EXPECT_EQ(value.pdispVal, object.get());
            stored_release(h);
        });

    EXPECT_EQ(fate->released_on, home.id());
}

TEST_F(Stored, AnObjectIsCalledInItsApartmentFromAnotherSta)
{
    home.run([&] { store_object(); });

    other.run(
        [&]
        {
            variant value;
            DISPPARAMS none = {};

            EXPECT_EQ(stored_get(h, &value), S_OK);
            ASSERT_EQ(value.vt, VT_DISPATCH);
            ASSERT_NE(value.pdispVal, nullptr);
            EXPECT_EQ(value.pdispVal->Invoke(42, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &none, nullptr,
                                             nullptr, nullptr),
                      S_OK);
        });

    EXPECT_EQ(fate->called_on, home.id());
    EXPECT_EQ(fate->last_dispid, 42);
    home.run([&] { stored_release(h); });
    EXPECT_EQ(fate->released_on, home.id());
}

TEST_F(Stored, AnObjectIsCalledInItsApartmentFromTheMta)
{
    home.run([&] { store_object(); });

    run_in_mta(
        [&]
        {
            variant value;
            DISPPARAMS none = {};

            EXPECT_EQ(stored_get(h, &value), S_OK);
            ASSERT_NE(value.pdispVal, nullptr);
            value.pdispVal->Invoke(1, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &none, nullptr, nullptr, nullptr);
        });

    EXPECT_EQ(fate->called_on, home.id());
    home.run([&] { stored_release(h); });
}

TEST_F(Stored, AnObjectIsReleasedAtHomeWhereverItIsFreed)
{
    home.run([&] { store_object(); });

    other.run([&] { stored_release(h); });

    home.run([&] { EXPECT_TRUE(dispatch_until([&] { return fate->is_gone(); })); });
    EXPECT_EQ(fate->released_on, home.id());
}

TEST_F(Stored, AnObjectIsReleasedAtHomeWhereAThreadWithoutAnApartmentFreesIt)
{
    home.run([&] { store_object(); });

    run_without_apartment([&] { stored_release(h); });

    home.run([&] { EXPECT_TRUE(dispatch_until([&] { return fate->is_gone(); })); });
    EXPECT_EQ(fate->released_on, home.id());
}

TEST_F(Stored, AnObjectOfTheMtaIsItselfThere)
{
    apartment mta(COINIT_MULTITHREADED);
    com_ptr<IDispatch> object = make_consumer_object(fate);
    variant value;
    ASSERT_EQ(store(variant(object.get())), S_OK);

    run_in_mta([&] { EXPECT_EQ(stored_get(h, &value), S_OK); });

    EXPECT_EQ(value.pdispVal, object.get());
    stored_release(h);
}

TEST_F(Stored, AnObjectOfTheMtaIsReleasedByAThreadWithoutAnApartment)
{
    apartment mta(COINIT_MULTITHREADED);
    store_object();

    run_without_apartment([&] { stored_release(h); });

    EXPECT_TRUE(fate->is_gone());
}

TEST_F(Stored, AnAgileObjectIsItselfEverywhere)
{
    apartment mta(COINIT_MULTITHREADED);
    com_ptr<IDispatch> object;
    variant value;
    home.run(
        [&]
        {
            object = make_consumer_object(fate, agility::agile);
            ASSERT_EQ(store(variant(object.get())), S_OK);
        });

    EXPECT_EQ(stored_get(h, &value), S_OK);
    EXPECT_EQ(value.pdispVal, object.get());

    value.clear();
    object.reset();
    stored_release(h);
    EXPECT_EQ(fate->released_on, GetCurrentThreadId());
}

TEST_F(Stored, TheNullObjectBelongsToNoApartment)
{
    variant value;

    ASSERT_EQ(store(variant(static_cast<IDispatch *>(nullptr))), S_OK);

    EXPECT_EQ(stored_get(h, &value), S_OK);
    EXPECT_EQ(value.vt, VT_DISPATCH);
    EXPECT_EQ(value.pdispVal, nullptr);
    stored_release(h);
}

TEST_F(Stored, AnObjectNeedsAnApartment)
{
    run_without_apartment(
        [&]
        {
            com_ptr<IDispatch> object = make_consumer_object(fate);

            EXPECT_EQ(store(variant(object.get())), CO_E_NOTINITIALIZED);
        });

    EXPECT_EQ(h, nullptr);
    EXPECT_TRUE(fate->is_gone());
}

/* ---- objects in arrays ---- */

TEST_F(Stored, ObjectsInArraysAreFoundAtTheirPlaces)
{
    auto second_fate = std::make_shared<object_fate>();
    home.run(
        [&]
        {
            com_ptr<IDispatch> first = make_consumer_object(fate), second = make_consumer_object(second_fate);
            variant inner = variant::array_of({variant(2), variant(second.get())});

            ASSERT_EQ(store(variant::array_of({variant(L"one"), variant(first.get()), variant(), inner})), S_OK);
        });

    other.run(
        [&]
        {
            variant value;
            DISPPARAMS none = {};

            ASSERT_EQ(stored_get(h, &value), S_OK);
            auto *outer = static_cast<VARIANT *>(value.parray->pvData);
            auto *inner = static_cast<VARIANT *>(outer[3].parray->pvData);
            EXPECT_STREQ(outer[0].bstrVal, L"one");
            outer[1].pdispVal->Invoke(1, IID_NULL, 0, DISPATCH_METHOD, &none, nullptr, nullptr, nullptr);
            inner[1].pdispVal->Invoke(2, IID_NULL, 0, DISPATCH_METHOD, &none, nullptr, nullptr, nullptr);
        });

    EXPECT_EQ(fate->last_dispid, 1);
    EXPECT_EQ(second_fate->last_dispid, 2);
    EXPECT_EQ(second_fate->called_on, home.id());
    home.run([&] { stored_release(h); });
    EXPECT_TRUE(fate->is_gone() && second_fate->is_gone());
}

TEST_F(Stored, ArraysOfObjectsAreStoredToo)
{
    home.run(
        [&]
        {
            com_ptr<IDispatch> object = make_consumer_object(fate);
            variant array = variant::of_type(VT_ARRAY | VT_DISPATCH), value;
            SAFEARRAYBOUND bound = {2, 1};
            LONG index = 2;
            array.parray = SafeArrayCreate(VT_DISPATCH, 1, &bound);
            SafeArrayPutElement(array.parray, &index, object.get());

            ASSERT_EQ(store(array), S_OK);

            EXPECT_EQ(stored_get(h, &value), S_OK);
            EXPECT_EQ(static_cast<IDispatch **>(value.parray->pvData)[0], nullptr);
            EXPECT_EQ(static_cast<IDispatch **>(value.parray->pvData)[1], object.get());
            stored_release(h);
        });

    EXPECT_TRUE(fate->is_gone());
}

TEST_F(Stored, ReferencesInArraysAreFollowed)
{
    variant original(L"text");
    variant array = variant::array_of({variant()}), value;
    auto *element = static_cast<VARIANT *>(array.parray->pvData);
    element->vt = VT_BYREF | VT_BSTR;
    element->pbstrVal = &original.bstrVal;
    ASSERT_EQ(store(array), S_OK);

    original.clear();
    EXPECT_EQ(stored_get(h, &value), S_OK);
    stored_release(h);

    EXPECT_STREQ(static_cast<VARIANT *>(value.parray->pvData)->bstrVal, L"text");
}

/* ---- the end of a home; what was bound to it is lost, which the leak check would see ---- */

TEST(StoredBeyondItsHome, AnObjectIsNothingAndNobodyIsCalled)
{
    apartment mta(COINIT_MULTITHREADED);
    auto fate = std::make_shared<object_fate>();
    std::optional<sta_thread> home(std::in_place);
    stored *h = nullptr;
    variant value;
    home->run(
        [&]
        {
            com_ptr<IDispatch> object = make_consumer_object(fate);
            variant cookie(object.get());

            ASSERT_EQ(stored_create(&cookie, &h), S_OK);
        });

    home.reset();
    HRESULT hr = stored_get(h, &value);
    DWORD released_before = fate->released_on;
    stored_release(h);

    EXPECT_EQ(hr, S_OK);
    EXPECT_EQ(value.vt, VT_DISPATCH);
    EXPECT_EQ(value.pdispVal, nullptr);
    EXPECT_EQ(fate->released_on, released_before);
}

/* ---- a home that ends ---- */

/* The home is asked to free the value while it lives, and dispatches nothing before it ends. Handles are not counted:
 * Wine keeps two of an STA that ends after an interface of it was registered. */
TEST(StoredAtAnEndedHome, LeavesTheObjectToItAndIsFreed)
{
    auto fate = std::make_shared<object_fate>();
    const unsigned windows_before = window_class_count();

    in_sta(
        [&]
        {
            com_ptr<IDispatch> object = make_consumer_object(fate);
            variant value(object.get());
            stored *h;

            ASSERT_EQ(stored_create(&value, &h), S_OK);
            run_without_apartment([&] { stored_release(h); });
        })
        .join();
    EXPECT_EQ(window_class_count(), windows_before + 1);
    thread_window_reap();

    EXPECT_EQ(window_class_count(), windows_before);
}

} // namespace

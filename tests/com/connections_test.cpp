#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"
#include "support/com/fake_connection.h"

extern "C" {
#include "com/connections.h"
#include "com/enum_variant.h"
}

#include <gtest/gtest.h>

namespace
{

class Connections : public testing::Test
{
  protected:
    com_leak_check leaks;
    com_ptr<INamedPipeServerConnection> first{fake_connection_create(11)}, second{fake_connection_create(12)};
    com_ptr<INamedPipeServerConnection> found;
    com_ptr<INamedPipeConnections> connections;

    void SetUp() override
    {
        INamedPipeServerConnection *items[] = {first.get(), second.get()};

        ASSERT_EQ(connections_create(items, 2, connections.put()), S_OK);
    }
};

TEST_F(Connections, AreCounted)
{
    LONG count = 0;

    EXPECT_EQ(connections->get_Count(&count), S_OK);
    EXPECT_EQ(count, 2);
}

TEST_F(Connections, AreNumberedFromOne)
{
    EXPECT_EQ(connections->get_Item(1, found.put()), S_OK);
    EXPECT_EQ(found.get(), first.get());
    EXPECT_EQ(connections->get_Item(2, found.put()), S_OK);
    EXPECT_EQ(found.get(), second.get());
}

TEST_F(Connections, OfAnotherNumberAreErrorNine)
{
    EXPECT_EQ(connections->get_Item(0, found.put()), static_cast<HRESULT>(0x800A0009));
    EXPECT_EQ(take_error_sentence(), L"There is no item 0; the items are numbered from 1 to Count, which is 2.");
    EXPECT_EQ(connections->get_Item(3, found.put()), static_cast<HRESULT>(0x800A0009));
    EXPECT_FALSE(found);
}

TEST_F(Connections, AreFoundByTheirId)
{
    EXPECT_EQ(connections->get_ByID(12, found.put()), S_OK);
    EXPECT_EQ(found.get(), second.get());
}

TEST_F(Connections, OfAnotherIdAreNothing)
{
    EXPECT_EQ(connections->get_ByID(99, found.put()), S_OK);
    EXPECT_FALSE(found);
}

TEST_F(Connections, NeedAPointerForTheResult)
{
    EXPECT_EQ(connections->get_Count(nullptr), E_POINTER);
    EXPECT_EQ(connections->get_Item(1, nullptr), E_POINTER);
    EXPECT_EQ(connections->get_ByID(1, nullptr), E_POINTER);
    EXPECT_EQ(connections->get__NewEnum(nullptr), E_POINTER);
}

TEST_F(Connections, AreHeldByTheCollectionAlone)
{
    first.reset();
    second.reset();
    EXPECT_EQ(fake_connections, 2);

    connections.reset();

    EXPECT_EQ(fake_connections, 0);
}

TEST_F(Connections, MayBeNone)
{
    com_ptr<INamedPipeConnections> none;
    com_ptr<IUnknown> all;
    com_ptr<IEnumVARIANT> each;
    variant element;

    ASSERT_EQ(connections_create(nullptr, 0, none.put()), S_OK);
    ASSERT_EQ(none->get__NewEnum(all.put()), S_OK);

    each = all.as<IEnumVARIANT>(IID_IEnumVARIANT);
    EXPECT_EQ(each->Next(1, &element, nullptr), S_FALSE);
}

/* ---- For Each ---- */

class ForEach : public Connections
{
  protected:
    com_ptr<IEnumVARIANT> each;
    variant elements[3];
    ULONG fetched = 99;

    void SetUp() override
    {
        com_ptr<IUnknown> all;

        Connections::SetUp();
        ASSERT_EQ(connections->get__NewEnum(all.put()), S_OK);
        each = all.as<IEnumVARIANT>(IID_IEnumVARIANT);
        ASSERT_TRUE(each);
    }

    IDispatch *at(int i)
    {
        return elements[i].vt == VT_DISPATCH ? elements[i].pdispVal : nullptr;
    }
};

TEST_F(ForEach, GivesOneAfterTheOther)
{
    EXPECT_EQ(each->Next(1, &elements[0], nullptr), S_OK);
    EXPECT_EQ(at(0), first.get());
    EXPECT_EQ(each->Next(1, &elements[1], nullptr), S_OK);
    EXPECT_EQ(at(1), second.get());
    EXPECT_EQ(each->Next(1, &elements[2], nullptr), S_FALSE);
}

TEST_F(ForEach, GivesWhatIsLeftWhereMoreIsAskedFor)
{
    EXPECT_EQ(each->Next(3, elements, &fetched), S_FALSE);

    EXPECT_EQ(fetched, 2u);
    EXPECT_EQ(at(1), second.get());
}

TEST_F(ForEach, NeedsACountWhereMoreThanOneIsAskedFor)
{
    EXPECT_EQ(each->Next(2, elements, nullptr), E_POINTER);
    EXPECT_EQ(each->Next(1, nullptr, &fetched), E_POINTER);
    EXPECT_EQ(fetched, 0u);
}

TEST_F(ForEach, GivesNoneWhereNoneIsAskedFor)
{
    EXPECT_EQ(each->Next(0, elements, &fetched), S_OK);
    EXPECT_EQ(fetched, 0u);
}

TEST_F(ForEach, SkipsElements)
{
    EXPECT_EQ(each->Skip(1), S_OK);
    EXPECT_EQ(each->Next(1, &elements[0], nullptr), S_OK);
    EXPECT_EQ(at(0), second.get());
    EXPECT_EQ(each->Skip(1), S_FALSE);
}

TEST_F(ForEach, BeginsAnew)
{
    each->Skip(2);

    EXPECT_EQ(each->Reset(), S_OK);

    EXPECT_EQ(each->Next(1, &elements[0], nullptr), S_OK);
    EXPECT_EQ(at(0), first.get());
}

TEST_F(ForEach, GoesOnWithACloneFromTheSamePlace)
{
    com_ptr<IEnumVARIANT> clone;
    each->Skip(1);

    ASSERT_EQ(each->Clone(clone.put()), S_OK);
    each->Reset();

    EXPECT_EQ(clone->Next(1, &elements[0], nullptr), S_OK);
    EXPECT_EQ(at(0), second.get());
    EXPECT_EQ(each->Clone(nullptr), E_POINTER);
}

TEST_F(ForEach, OutlivesTheCollection)
{
    connections.reset();

    EXPECT_EQ(each->Next(2, elements, &fetched), S_OK);
    EXPECT_EQ(at(0), first.get());
}

TEST_F(ForEach, IsAgileAndNoDispatch)
{
    EXPECT_TRUE(each.as<IUnknown>(IID_IAgileObject));
    EXPECT_TRUE(each.as<IUnknown>(IID_IMarshal));
    EXPECT_FALSE(each.as<IUnknown>(IID_IDispatch));
    EXPECT_FALSE(each.as<IUnknown>(IID_IProvideClassInfo));
}

TEST_F(ForEach, GoesOverStringsToo)
{
    variant names[] = {variant(L"one"), variant(L"two")};

    ASSERT_EQ(enum_variant_create(names, 2, each.put()), S_OK);
    each->Skip(1);

    EXPECT_EQ(each->Next(1, &elements[0], nullptr), S_OK);
    EXPECT_STREQ(elements[0].bstrVal, L"two");
}

} // namespace

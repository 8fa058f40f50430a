/* Connection points by the book, on a sample source. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/consumer_object.h"
#include "support/com/sample_source.h"
#include "support/com/server_in_mode.h"
#include "support/pipe/seams.h"

#include "NamedPipeServer.h"

#include <gtest/gtest.h>

namespace
{

class ConnectionPoint : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    sample_source *weak = nullptr;
    com_ptr<IUnknown> source{sample_source_create(&weak)};
    com_ptr<IConnectionPointContainer> container = source.as<IConnectionPointContainer>(IID_IConnectionPointContainer);
    com_ptr<IConnectionPoint> point;
    std::shared_ptr<object_fate> fate = std::make_shared<object_fate>();
    com_ptr<IDispatch> sink = make_consumer_object(fate, agility::bound, DIID__INamedPipeServerEvents);

    void SetUp() override
    {
        ASSERT_TRUE(container);
        ASSERT_EQ(container->FindConnectionPoint(DIID__INamedPipeServerEvents, point.put()), S_OK);
    }

    DWORD advise(IUnknown *consumer)
    {
        DWORD cookie = 0;

        EXPECT_EQ(point->Advise(consumer, &cookie), S_OK);
        return cookie;
    }
};

/* ---- finding it ---- */

TEST_F(ConnectionPoint, IsFoundByIDispatchToo)
{
    com_ptr<IConnectionPoint> found;

    EXPECT_EQ(container->FindConnectionPoint(IID_IDispatch, found.put()), S_OK);
    EXPECT_EQ(found.get(), point.get());
}

TEST_F(ConnectionPoint, IsNotFoundByAnotherInterface)
{
    com_ptr<IConnectionPoint> found;

    EXPECT_EQ(container->FindConnectionPoint(IID_INamedPipeServer, found.put()), CONNECT_E_NOCONNECTION);
    EXPECT_FALSE(found);
    EXPECT_EQ(container->FindConnectionPoint(IID_IDispatch, nullptr), E_POINTER);
}

TEST_F(ConnectionPoint, IsAnIdentityOfItsOwn)
{
    com_ptr<IUnknown> identity = point.as<IUnknown>(IID_IUnknown);

    EXPECT_EQ(identity.get(), static_cast<IUnknown *>(point.get()));
    EXPECT_FALSE(point.as<IUnknown>(IID_INamedPipeServer));
    EXPECT_FALSE(point.as<IUnknown>(IID_IConnectionPointContainer));
    EXPECT_TRUE(point.as<IUnknown>(IID_IAgileObject));
    EXPECT_TRUE(point.as<IUnknown>(IID_IMarshal));
}

TEST_F(ConnectionPoint, KeepsItsSource)
{
    LONG before = sample_source_destroyed;
    container.reset();

    source.reset();
    EXPECT_EQ(sample_source_destroyed, before);
    point.reset();

    EXPECT_EQ(sample_source_destroyed, before + 1);
}

TEST_F(ConnectionPoint, LeadsBackToItsContainer)
{
    com_ptr<IConnectionPointContainer> back;

    EXPECT_EQ(point->GetConnectionPointContainer(back.put()), S_OK);
    EXPECT_EQ(back.get(), container.get());
    EXPECT_EQ(point->GetConnectionPointContainer(nullptr), E_POINTER);
}

TEST_F(ConnectionPoint, NamesItsInterface)
{
    IID iid;

    EXPECT_EQ(point->GetConnectionInterface(&iid), S_OK);
    EXPECT_TRUE(IsEqualIID(iid, DIID__INamedPipeServerEvents));
    EXPECT_EQ(point->GetConnectionInterface(nullptr), E_POINTER);
}

TEST_F(ConnectionPoint, IsTheOneThatIsEnumerated)
{
    com_ptr<IEnumConnectionPoints> each, clone;
    com_ptr<IConnectionPoint> found;
    ULONG fetched = 99;

    ASSERT_EQ(container->EnumConnectionPoints(each.put()), S_OK);
    ASSERT_EQ(each->Clone(clone.put()), S_OK);

    EXPECT_EQ(each->Next(1, found.put(), nullptr), S_OK);
    EXPECT_EQ(found.get(), point.get());
    EXPECT_EQ(each->Next(1, found.put(), &fetched), S_FALSE);
    EXPECT_EQ(fetched, 0u);
    EXPECT_EQ(each->Skip(1), S_FALSE);
    EXPECT_EQ(each->Reset(), S_OK);
    EXPECT_EQ(each->Skip(1), S_OK);
    EXPECT_EQ(clone->Next(1, found.put(), nullptr), S_OK);
    EXPECT_EQ(found.get(), point.get());
    EXPECT_EQ(container->EnumConnectionPoints(nullptr), E_POINTER);
}

/* ---- Advise ---- */

TEST_F(ConnectionPoint, GivesCookiesThatFitASignedLongAndAreNeverUsedAgain)
{
    DWORD first = advise(sink.get());
    point->Unadvise(first);

    DWORD second = advise(sink.get());

    EXPECT_GT(static_cast<LONG>(first), 0);
    EXPECT_GT(static_cast<LONG>(second), 0);
    EXPECT_NE(first, second);
}

TEST_F(ConnectionPoint, HoldsASinkUntilItIsUnadvised)
{
    DWORD cookie = advise(sink.get());
    sink.reset();
    EXPECT_FALSE(fate->is_gone());

    EXPECT_EQ(point->Unadvise(cookie), S_OK);

    EXPECT_TRUE(fate->is_gone());
}

TEST_F(ConnectionPoint, TakesASinkThatKnowsIDispatchOnly)
{
    auto other = std::make_shared<object_fate>();
    com_ptr<IDispatch> simple = make_consumer_object(other);

    EXPECT_NE(advise(simple.get()), 0u);
}

TEST_F(ConnectionPoint, TakesOneSinkTwice)
{
    EXPECT_NE(advise(sink.get()), advise(sink.get()));
}

TEST_F(ConnectionPoint, RefusesWhatIsNoSink)
{
    DWORD cookie = 99;
    com_ptr<IUnknown> plain = make_plain_unknown();

    EXPECT_EQ(point->Advise(plain.get(), &cookie), CONNECT_E_CANNOTCONNECT);
    EXPECT_EQ(cookie, 0u);
}

/* The window is the second piece of memory, after the sink. */
TEST_F(ConnectionPoint, RefusesASinkOfAnStaWhoseThreadGetsNoWindow)
{
    seams system;

    in_sta(
        [&]
        {
            const DWORD thread = GetCurrentThreadId();
            auto at_home = std::make_shared<object_fate>();
            com_ptr<IDispatch> bound = make_consumer_object(at_home);
            DWORD cookie = 99;
            int pieces = 0;

            system.allocate = [&](size_t) { return GetCurrentThreadId() != thread || ++pieces != 2; };
            EXPECT_EQ(point->Advise(bound.get(), &cookie), E_OUTOFMEMORY);
            EXPECT_EQ(cookie, 0u);
            EXPECT_EQ(at_home->references, 1);
        })
        .join();
    system.allocate = nullptr;
}

TEST_F(ConnectionPoint, RefusesNullPointers)
{
    DWORD cookie = 99;

    EXPECT_EQ(point->Advise(nullptr, &cookie), E_POINTER);
    EXPECT_EQ(cookie, 0u);
    EXPECT_EQ(point->Advise(sink.get(), nullptr), E_POINTER);
}

TEST_F(ConnectionPoint, KnowsNoOtherCookie)
{
    DWORD cookie = advise(sink.get());

    EXPECT_EQ(point->Unadvise(0), CONNECT_E_NOCONNECTION);
    EXPECT_EQ(point->Unadvise(cookie + 1), CONNECT_E_NOCONNECTION);
    EXPECT_EQ(point->Unadvise(cookie), S_OK);
    EXPECT_EQ(point->Unadvise(cookie), CONNECT_E_NOCONNECTION);
}

TEST_F(ConnectionPoint, TellsTheSourceOfEachChange)
{
    point->Unadvise(advise(sink.get()));

    EXPECT_EQ(sample_source_changes(weak), 2);
}

TEST_F(ConnectionPoint, ReleasesItsSinksWithTheSource)
{
    advise(sink.get());
    sink.reset();

    point.reset();
    container.reset();
    source.reset();

    EXPECT_TRUE(fate->is_gone());
}

/* ---- EnumConnections ---- */

class Connected : public ConnectionPoint
{
  protected:
    DWORD first = 0, second = 0;
    com_ptr<IEnumConnections> each;
    CONNECTDATA data[3] = {};
    ULONG fetched = 99;

    void SetUp() override
    {
        ConnectionPoint::SetUp();
        first = advise(sink.get());
        second = advise(sink.get());
        ASSERT_EQ(point->EnumConnections(each.put()), S_OK);
    }

    void TearDown() override
    {
        for (CONNECTDATA &one : data)
            if (one.pUnk)
                one.pUnk->Release();
    }
};

TEST_F(Connected, SinksAreEnumeratedWithTheirCookies)
{
    EXPECT_EQ(each->Next(3, data, &fetched), S_FALSE);

    ASSERT_EQ(fetched, 2u);
    EXPECT_EQ(data[0].dwCookie, first);
    EXPECT_EQ(data[1].dwCookie, second);
    EXPECT_EQ(data[0].pUnk, sink.as<IUnknown>(IID_IUnknown).get());
}

TEST_F(Connected, SinksAreThoseOfTheMomentOfAsking)
{
    point->Unadvise(first);

    EXPECT_EQ(each->Next(1, data, nullptr), S_OK);
    EXPECT_EQ(data[0].dwCookie, first);
}

TEST_F(Connected, SinksCanBeSkippedAndClonedAndBegunAnew)
{
    com_ptr<IEnumConnections> clone;

    EXPECT_EQ(each->Skip(1), S_OK);
    EXPECT_EQ(each->Clone(clone.put()), S_OK);
    EXPECT_EQ(each->Reset(), S_OK);

    EXPECT_EQ(each->Next(1, &data[0], nullptr), S_OK);
    EXPECT_EQ(data[0].dwCookie, first);
    EXPECT_EQ(clone->Next(1, &data[1], nullptr), S_OK);
    EXPECT_EQ(data[1].dwCookie, second);
    EXPECT_EQ(clone->Skip(1), S_FALSE);
}

TEST_F(Connected, SinksNeedAPointerForTheEnumerator)
{
    EXPECT_EQ(point->EnumConnections(nullptr), E_POINTER);
    EXPECT_EQ(each->Next(2, data, nullptr), E_POINTER);
}

} // namespace

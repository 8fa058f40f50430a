/* What every object of ours shares, seen from outside: on a sample source, and on the objects without events. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/fake_connection.h"
#include "support/com/sample_source.h"

extern "C" {
#include "com/unload.h"
}

#include <gtest/gtest.h>

#include <thread>

namespace
{

class Object : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    sample_source *weak = nullptr;
    com_ptr<IUnknown> object{sample_source_create(&weak)};

    ~Object() override
    {
        sample_source_on_destroy = nullptr;
    }

    HRESULT query(IUnknown *from, REFIID iid)
    {
        com_ptr<IUnknown> found;

        return from->QueryInterface(iid, found.put_void());
    }
};

class ObjectInterface : public Object, public testing::WithParamInterface<const IID *>
{
};

const IID *const source_interfaces[] = {
    &IID_IUnknown,          &IID_IDispatch,          &IID_INamedPipeServer,          &IID_ISupportErrorInfo,
    &IID_IProvideClassInfo, &IID_IProvideClassInfo2, &IID_IConnectionPointContainer, &IID_IMarshal,
    &IID_IAgileObject};

INSTANTIATE_TEST_SUITE_P(OfASource, ObjectInterface, testing::ValuesIn(source_interfaces));

TEST_P(ObjectInterface, IsReachedFromTheIdentityAndLeadsBackToIt)
{
    com_ptr<IUnknown> found = object.as<IUnknown>(*GetParam());
    ASSERT_TRUE(found);

    com_ptr<IUnknown> identity = found.as<IUnknown>(IID_IUnknown);

    EXPECT_EQ(identity.get(), object.get());
}

TEST_P(ObjectInterface, ReachesEveryOther)
{
    com_ptr<IUnknown> found = object.as<IUnknown>(*GetParam());
    ASSERT_TRUE(found);

    EXPECT_EQ(query(found.get(), IID_IUnknown), S_OK);
    EXPECT_EQ(query(found.get(), IID_IDispatch), S_OK);
    EXPECT_EQ(query(found.get(), IID_INamedPipeServer), S_OK);
    EXPECT_EQ(query(found.get(), IID_ISupportErrorInfo), S_OK);
    EXPECT_EQ(query(found.get(), IID_IProvideClassInfo), S_OK);
    EXPECT_EQ(query(found.get(), IID_IProvideClassInfo2), S_OK);
    EXPECT_EQ(query(found.get(), IID_IConnectionPointContainer), S_OK);
    EXPECT_EQ(query(found.get(), IID_IMarshal), S_OK);
    EXPECT_EQ(query(found.get(), IID_IAgileObject), S_OK);
}

TEST_P(ObjectInterface, CountsItsReferencesWithTheObjects)
{
    com_ptr<IUnknown> found = object.as<IUnknown>(*GetParam());
    ASSERT_TRUE(found);

    found->AddRef();

    EXPECT_EQ(found->Release(), 2u);
}

TEST_F(Object, GivesNoInterfaceThatItDoesNotHave)
{
    void *out = &out;

    HRESULT hr = object->QueryInterface(IID_IPersistStreamInit, &out);

    EXPECT_EQ(hr, E_NOINTERFACE);
    EXPECT_EQ(out, nullptr);
}

TEST_F(Object, DoesNotAnswerForTheDispinterfaceOfItsEvents)
{
    EXPECT_EQ(query(object.get(), DIID__INamedPipeServerEvents), E_NOINTERFACE);
}

TEST_F(Object, AnswersAMissingPointerWithAnError)
{
    EXPECT_EQ(object->QueryInterface(IID_IUnknown, nullptr), E_POINTER);
}

TEST_F(Object, HasErrorSentencesForItsDualInterfaceOnly)
{
    com_ptr<ISupportErrorInfo> errors = object.as<ISupportErrorInfo>(IID_ISupportErrorInfo);

    EXPECT_EQ(errors->InterfaceSupportsErrorInfo(IID_INamedPipeServer), S_OK);
    EXPECT_EQ(errors->InterfaceSupportsErrorInfo(IID_IProvideClassInfo), S_FALSE);
    EXPECT_EQ(errors->InterfaceSupportsErrorInfo(IID_IUnknown), S_FALSE);
}

TEST_F(Object, ProvidesItsCoclassAsClassInformation)
{
    com_ptr<IProvideClassInfo> classes = object.as<IProvideClassInfo>(IID_IProvideClassInfo);
    com_ptr<ITypeInfo> info;
    TYPEATTR *attributes;

    ASSERT_EQ(classes->GetClassInfo(info.put()), S_OK);

    ASSERT_EQ(info->GetTypeAttr(&attributes), S_OK);
    EXPECT_EQ(attributes->typekind, TKIND_COCLASS);
    EXPECT_TRUE(IsEqualGUID(attributes->guid, CLSID_NamedPipeServer));
    info->ReleaseTypeAttr(attributes);
}

TEST_F(Object, ClassInformationLeadsToTheLibrary)
{
    com_ptr<IProvideClassInfo> classes = object.as<IProvideClassInfo>(IID_IProvideClassInfo);
    com_ptr<ITypeInfo> info;
    com_ptr<ITypeLib> library;
    UINT index;

    ASSERT_EQ(classes->GetClassInfo(info.put()), S_OK);

    EXPECT_EQ(info->GetContainingTypeLib(library.put(), &index), S_OK);
}

TEST_F(Object, NamesItsEventsByTheDispinterface)
{
    com_ptr<IProvideClassInfo2> classes = object.as<IProvideClassInfo2>(IID_IProvideClassInfo2);
    GUID guid;

    ASSERT_EQ(classes->GetGUID(GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK);

    EXPECT_TRUE(IsEqualGUID(guid, DIID__INamedPipeServerEvents));
}

TEST_F(Object, KnowsNoOtherKindOfGuid)
{
    com_ptr<IProvideClassInfo2> classes = object.as<IProvideClassInfo2>(IID_IProvideClassInfo2);
    GUID guid;

    EXPECT_EQ(classes->GetGUID(0, &guid), E_INVALIDARG);
    EXPECT_EQ(classes->GetGUID(2, &guid), E_INVALIDARG);
    EXPECT_TRUE(IsEqualGUID(guid, GUID_NULL));
    EXPECT_EQ(classes->GetGUID(GUIDKIND_DEFAULT_SOURCE_DISP_IID, nullptr), E_POINTER);
    EXPECT_EQ(classes->GetClassInfo(nullptr), E_POINTER);
}

TEST_F(Object, WithoutEventsNamesNone)
{
    com_ptr<INamedPipeServerConnection> connection(fake_connection_create(1));
    com_ptr<IProvideClassInfo2> classes = connection.as<IProvideClassInfo2>(IID_IProvideClassInfo2);
    GUID guid;

    EXPECT_EQ(classes->GetGUID(GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), E_INVALIDARG);
    EXPECT_EQ(query(connection.get(), IID_IConnectionPointContainer), E_NOINTERFACE);
}

TEST_F(Object, IsGivenDirectlyToAnotherApartment)
{
    IStream *stream;
    com_ptr<IUnknown> there;
    ASSERT_EQ(CoMarshalInterThreadInterfaceInStream(IID_IUnknown, object.get(), &stream), S_OK);

    sta_thread sta;
    sta.run([&] { CoGetInterfaceAndReleaseStream(stream, IID_IUnknown, there.put_void()); });

    EXPECT_EQ(there.get(), object.get());
}

TEST_F(Object, CountsForTheModuleWhileItLives)
{
    EXPECT_FALSE(unload_is_permitted());

    object.reset();

    EXPECT_TRUE(unload_is_permitted());
}

TEST_F(Object, IsDestroyedOnceThoughItIsUsedInItsDestruction)
{
    LONG before = sample_source_destroyed;
    sample_source_on_destroy = [](sample_source *, IUnknown *identity)
    {
        com_ptr<IUnknown> used;

        identity->QueryInterface(IID_IUnknown, used.put_void());
    };

    object.reset();

    EXPECT_EQ(sample_source_destroyed, before + 1);
}

TEST_F(Object, CanBeHeldByItsWeakPointerWhileItLives)
{
    EXPECT_TRUE(sample_source_try_hold(weak));

    EXPECT_EQ(object->Release(), 1u);
}

TEST_F(Object, CannotBeHeldByItsWeakPointerInItsDestruction)
{
    static BOOL held;
    held = TRUE;
    sample_source_on_destroy = [](sample_source *s, IUnknown *) { held = sample_source_try_hold(s); };

    object.reset();

    EXPECT_FALSE(held);
}

TEST_F(Object, CountsRightOnManyThreads)
{
    auto use = [this]
    {
        for (int i = 0; i < 10000; i++)
        {
            object->AddRef();
            object->Release();
        }
    };

    std::thread first(use), second(use);
    first.join();
    second.join();

    object->AddRef();
    EXPECT_EQ(object->Release(), 1u);
}

} // namespace

#include "support/com/allocation_spy.h"
#include "support/com/com_values.h"

extern "C" {
#include "com/unload.h"
#include "com/typeinfo.h"
}

#include <gtest/gtest.h>

#include <thread>

namespace
{

class TypeInfo : public testing::Test
{
  protected:
    com_leak_check leaks;
    com_ptr<ITypeInfo> info;

    ~TypeInfo() override
    {
        info.reset();
        typeinfo_forget();
    }

    TYPEKIND kind() const
    {
        TYPEATTR *attributes;
        TYPEKIND kind;

        info->GetTypeAttr(&attributes);
        kind = attributes->typekind;
        info->ReleaseTypeAttr(attributes);
        return kind;
    }
};

TEST_F(TypeInfo, OfADualInterfaceIsItsDispatchSide)
{
    ASSERT_EQ(typeinfo_get(IID_INamedPipeServer, info.put()), S_OK);

    EXPECT_EQ(kind(), TKIND_DISPATCH);
}

TEST_F(TypeInfo, OfACoclassIsTheCoclass)
{
    ASSERT_EQ(typeinfo_get(CLSID_NamedPipeServer, info.put()), S_OK);

    EXPECT_EQ(kind(), TKIND_COCLASS);
}

TEST_F(TypeInfo, OfAnUnknownGuidIsAnError)
{
    EXPECT_EQ(typeinfo_get(IID_IStream, info.put()), TYPE_E_ELEMENTNOTFOUND);

    EXPECT_FALSE(info);
}

TEST_F(TypeInfo, IsTheSameTheNextTime)
{
    com_ptr<ITypeInfo> again;

    typeinfo_get(IID_INamedPipeServer, info.put());
    typeinfo_get(IID_INamedPipeServer, again.put());

    EXPECT_EQ(again.get(), info.get());
}

TEST_F(TypeInfo, StaysGoodWhenTheCacheIsDropped)
{
    typeinfo_get(IID_INamedPipeServer, info.put());

    typeinfo_forget();

    EXPECT_EQ(kind(), TKIND_DISPATCH);
}

TEST_F(TypeInfo, IsDroppedWithTheModulesLastObject)
{
    unload_prevent();
    typeinfo_get(IID_INamedPipeServer, info.put());

    unload_permit();

    info->AddRef();
    EXPECT_EQ(info->Release(), 1u);
}

TEST_F(TypeInfo, CanBeAskedForAndDroppedOnManyThreads)
{
    auto use = []
    {
        for (int i = 0; i < 20; i++)
        {
            com_ptr<ITypeInfo> one;

            EXPECT_EQ(typeinfo_get(IID_INamedPipeEvent, one.put()), S_OK);
            typeinfo_forget();
        }
    };

    std::thread first(use), second(use);
    first.join();
    second.join();
}

} // namespace

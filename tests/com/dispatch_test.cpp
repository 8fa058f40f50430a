/* IDispatch of a dual interface, as scripts call it: on a collection of two connections, whose IDs are 11 and 12. */

#include "support/com/allocation_spy.h"
#include "support/com/apartments.h"
#include "support/com/com_values.h"
#include "support/com/fake_connection.h"

extern "C" {
#include "com/connections.h"
}

#include <gtest/gtest.h>

namespace
{

class Dispatch : public testing::Test
{
  protected:
    com_leak_check leaks;
    apartment mta{COINIT_MULTITHREADED};
    com_ptr<INamedPipeConnections> connections;
    variant result;
    EXCEPINFO exception = {};

    void SetUp() override
    {
        com_ptr<INamedPipeServerConnection> first(fake_connection_create(11)), second(fake_connection_create(12));
        INamedPipeServerConnection *items[] = {first.get(), second.get()};

        ASSERT_EQ(connections_create(items, 2, connections.put()), S_OK);
    }

    void TearDown() override
    {
        SysFreeString(exception.bstrSource);
        SysFreeString(exception.bstrDescription);
        SysFreeString(exception.bstrHelpFile);
    }

    HRESULT invoke(DISPID id, WORD flags, std::vector<variant> arguments = {}, REFIID riid = IID_NULL)
    {
        DISPPARAMS params = {arguments.data(), nullptr, static_cast<UINT>(arguments.size()), 0};

        return connections->Invoke(id, riid, LOCALE_USER_DEFAULT, flags, &params, &result, &exception, nullptr);
    }

    HRESULT id_of(const wchar_t *name, DISPID *id)
    {
        auto names = const_cast<LPOLESTR>(name);

        return connections->GetIDsOfNames(IID_NULL, &names, 1, LOCALE_USER_DEFAULT, id);
    }
};

constexpr DISPID ITEM = DISPID_VALUE, COUNT = 1, BY_ID = 2;

TEST_F(Dispatch, HasOneTypeInfoThatOfTheDualInterface)
{
    UINT count;
    com_ptr<ITypeInfo> info;
    TYPEATTR *attributes;

    ASSERT_EQ(connections->GetTypeInfoCount(&count), S_OK);
    ASSERT_EQ(connections->GetTypeInfo(0, LOCALE_USER_DEFAULT, info.put()), S_OK);

    EXPECT_EQ(count, 1u);
    info->GetTypeAttr(&attributes);
    EXPECT_TRUE(IsEqualGUID(attributes->guid, IID_INamedPipeConnections));
    info->ReleaseTypeAttr(attributes);
}

TEST_F(Dispatch, HasNoSecondTypeInfo)
{
    com_ptr<ITypeInfo> info;

    EXPECT_EQ(connections->GetTypeInfo(1, LOCALE_USER_DEFAULT, info.put()), DISP_E_BADINDEX);
    EXPECT_FALSE(info);
}

TEST_F(Dispatch, KnowsItsNamesWhateverTheirCase)
{
    DISPID id;

    EXPECT_EQ(id_of(L"byid", &id), S_OK);
    EXPECT_EQ(id, BY_ID);
}

TEST_F(Dispatch, KnowsNoOtherName)
{
    DISPID id;

    EXPECT_EQ(id_of(L"Remove", &id), DISP_E_UNKNOWNNAME);
    EXPECT_EQ(id, DISPID_UNKNOWN);
}

TEST_F(Dispatch, KnowsTheNamesOfArguments)
{
    LPOLESTR names[] = {const_cast<LPOLESTR>(L"Item"), const_cast<LPOLESTR>(L"Index")};
    DISPID ids[2];

    EXPECT_EQ(connections->GetIDsOfNames(IID_NULL, names, 2, LOCALE_USER_DEFAULT, ids), S_OK);
    EXPECT_EQ(ids[0], ITEM);
    EXPECT_EQ(ids[1], 0);
}

TEST_F(Dispatch, TakesIidNullOnly)
{
    DISPID id;
    auto name = const_cast<LPOLESTR>(L"Count");

    EXPECT_EQ(connections->GetIDsOfNames(IID_IUnknown, &name, 1, LOCALE_USER_DEFAULT, &id), DISP_E_UNKNOWNINTERFACE);
    EXPECT_EQ(invoke(COUNT, DISPATCH_PROPERTYGET, {}, IID_IUnknown), DISP_E_UNKNOWNINTERFACE);
}

TEST_F(Dispatch, GetsAProperty)
{
    ASSERT_EQ(invoke(COUNT, DISPATCH_PROPERTYGET), S_OK);

    EXPECT_EQ(result.vt, VT_I4);
    EXPECT_EQ(result.lVal, 2);
}

TEST_F(Dispatch, GetsAPropertyAsAMethodAsBasicAsksForIt)
{
    ASSERT_EQ(invoke(COUNT, DISPATCH_METHOD | DISPATCH_PROPERTYGET), S_OK);

    EXPECT_EQ(result.lVal, 2);
}

TEST_F(Dispatch, ConvertsArguments)
{
    ASSERT_EQ(invoke(ITEM, DISPATCH_PROPERTYGET, {variant(L"2")}), S_OK);

    EXPECT_EQ(result.vt, VT_DISPATCH);
    EXPECT_NE(result.pdispVal, nullptr);
}

TEST_F(Dispatch, TakesNamedArguments)
{
    variant index(1);
    DISPID name = 0;
    DISPPARAMS params = {&index, &name, 1, 1};

    EXPECT_EQ(connections->Invoke(ITEM, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYGET, &params, &result, nullptr,
                                  nullptr),
              S_OK);
}

TEST_F(Dispatch, RefusesAnUnknownMember)
{
    EXPECT_EQ(invoke(77, DISPATCH_METHOD), DISP_E_MEMBERNOTFOUND);
}

TEST_F(Dispatch, RefusesToPutWhatIsReadOnly)
{
    variant value(1);
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = {&value, &put, 1, 1};

    EXPECT_EQ(connections->Invoke(COUNT, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYPUT, &params, nullptr, nullptr,
                                  nullptr),
              DISP_E_MEMBERNOTFOUND);
}

TEST_F(Dispatch, RefusesTooFewAndTooManyArguments)
{
    EXPECT_EQ(invoke(ITEM, DISPATCH_PROPERTYGET), DISP_E_BADPARAMCOUNT);
    EXPECT_EQ(invoke(ITEM, DISPATCH_PROPERTYGET, {variant(1), variant(2)}), DISP_E_BADPARAMCOUNT);
}

/* Which argument it was only Windows says: Wine's ITypeInfo::Invoke leaves puArgErr alone. */
TEST_F(Dispatch, RefusesAnArgumentOfTheWrongType)
{
    EXPECT_EQ(invoke(ITEM, DISPATCH_PROPERTYGET, {variant(L"two")}), DISP_E_TYPEMISMATCH);
}

TEST_F(Dispatch, RefusesMissingParameters)
{
    EXPECT_EQ(connections->Invoke(COUNT, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYGET, nullptr, &result, nullptr,
                                  nullptr),
              E_INVALIDARG);
}

TEST_F(Dispatch, TellsAFailureAsAnExceptionWithItsSentence)
{
    ASSERT_EQ(invoke(ITEM, DISPATCH_PROPERTYGET, {variant(3)}), DISP_E_EXCEPTION);

    EXPECT_EQ(exception.scode, static_cast<SCODE>(0x800A0009));
    EXPECT_STREQ(exception.bstrDescription, L"There is no item 3; the items are numbered from 1 to Count, which is 2.");
    EXPECT_STREQ(exception.bstrSource, L"NamedPipeServerLib.NamedPipeConnections");
}

TEST_F(Dispatch, LeavesNoSentenceOfAnotherCallBehind)
{
    bstr stale(L"stale");
    com_ptr<ICreateErrorInfo> create;
    CreateErrorInfo(create.put());
    create->SetDescription(stale.get());
    SetErrorInfo(0, create.as<IErrorInfo>(IID_IErrorInfo).get());

    invoke(COUNT, DISPATCH_PROPERTYGET);

    EXPECT_EQ(take_error_sentence(), L"");
}

TEST_F(Dispatch, GivesTheEnumeratorToForEach)
{
    ASSERT_EQ(invoke(DISPID_NEWENUM, DISPATCH_METHOD | DISPATCH_PROPERTYGET), S_OK);

    EXPECT_EQ(result.vt, VT_UNKNOWN);
}

TEST_F(Dispatch, GivesTheEnumeratorToJScriptWhichAsksForAMethod)
{
    ASSERT_EQ(invoke(DISPID_NEWENUM, DISPATCH_METHOD), S_OK);

    EXPECT_EQ(result.vt, VT_UNKNOWN);
}

TEST_F(Dispatch, WorksOnAThreadWithoutAnApartment)
{
    HRESULT hr = E_FAIL;

    run_without_apartment([&] { hr = invoke(COUNT, DISPATCH_PROPERTYGET); });

    EXPECT_EQ(hr, S_OK);
    EXPECT_EQ(result.lVal, 2);
}

} // namespace

/* Late-bound calls with more arguments than a member takes, and puts of what cannot be put: on a server that is
 * stopped, and on a connection of it. */

#include "support/com/consumer_object.h"
#include "support/com/server_in_mode.h"

#include <gtest/gtest.h>

namespace
{

constexpr DISPID PIPE_NAME = 1, NUM_THREADS = 2, IS_RUNNING = 6, CONNECTIONS = 8, EVENT_SINK = 18, START = 40,
                 CUSTOM_DATA = 1;
constexpr WORD GET = DISPATCH_METHOD | DISPATCH_PROPERTYGET; /* as Basic and scripts ask */

HRESULT invoke(IDispatch *on, DISPID id, WORD flags, std::vector<variant> arguments, VARIANT *result = nullptr)
{
    DISPID put = DISPID_PROPERTYPUT;
    const bool puts = (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;
    DISPPARAMS params = {arguments.data(), puts ? &put : nullptr, static_cast<UINT>(arguments.size()), puts ? 1u : 0u};

    return on->Invoke(id, IID_NULL, LOCALE_USER_DEFAULT, flags, &params, result, nullptr, nullptr);
}

class DispatchArguments : public testing::Test, public test_in_mta
{
  protected:
    server_in_mode server;
    std::shared_ptr<object_fate> fate = std::make_shared<object_fate>();
    variant result;

    /* The only client's connection. */
    com_ptr<INamedPipeServerConnection> connect()
    {
        EXPECT_EQ(server.start(), S_OK);
        client = server.connect();
        return server.await_connection(1);
    }

    std::wstring pipe_name()
    {
        bstr name;

        server->get_PipeName(name.put());
        return name.str();
    }

  private:
    raw_client client;
};

TEST_F(DispatchArguments, ThoseOfAPropertyThatIsNothingAreRefused)
{
    EXPECT_EQ(invoke(server.object.get(), EVENT_SINK, GET, {variant(1)}, &result), DISP_E_BADPARAMCOUNT);
    EXPECT_EQ(V_VT(&result), VT_EMPTY);
}

TEST_F(DispatchArguments, ThoseOfAnObjectPropertyGoToItsDefaultMember)
{
    com_ptr<INamedPipeServerConnection> connection = connect();

    ASSERT_EQ(invoke(server.object.get(), CONNECTIONS, GET, {variant(1)}, &result), S_OK);

    ASSERT_EQ(V_VT(&result), VT_DISPATCH);
    EXPECT_EQ(V_DISPATCH(&result), static_cast<IDispatch *>(connection.get()));
}

TEST_F(DispatchArguments, AFailureOfTheDefaultMemberIsToldAsItsOwn)
{
    variant index(7);
    DISPPARAMS params = {&index, nullptr, 1, 0};
    EXCEPINFO exception = {};

    HRESULT hr = server->Invoke(CONNECTIONS, IID_NULL, LOCALE_USER_DEFAULT, GET, &params, &result, &exception, nullptr);

    EXPECT_EQ(hr, DISP_E_EXCEPTION);
    EXPECT_EQ(exception.scode, static_cast<SCODE>(0x800A0009));
    EXPECT_STREQ(exception.bstrDescription, L"There is no item 7; the items are numbered from 1 to Count, which is 0.");
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
}

TEST_F(DispatchArguments, AnObjectInAVariantPropertyGetsThem)
{
    com_ptr<INamedPipeServerConnection> connection = connect();
    ASSERT_EQ(connection->putref_CustomData(variant(make_consumer_object(fate).get())), S_OK);

    EXPECT_EQ(invoke(connection.get(), CUSTOM_DATA, GET, {variant(L"key")}, &result), S_OK);

    EXPECT_EQ(fate->calls, 1);
    EXPECT_EQ(fate->last_dispid, DISPID_VALUE);
}

TEST_F(DispatchArguments, AVariantPropertyThatHoldsNoObjectRefusesThem)
{
    com_ptr<INamedPipeServerConnection> connection = connect();

    EXPECT_EQ(invoke(connection.get(), CUSTOM_DATA, GET, {variant(L"key")}, &result), DISP_E_BADPARAMCOUNT);
    ASSERT_EQ(connection->put_CustomData(variant(3)), S_OK);
    EXPECT_EQ(invoke(connection.get(), CUSTOM_DATA, GET, {variant(L"key")}, &result), DISP_E_BADPARAMCOUNT);
}

TEST_F(DispatchArguments, APropertyOfAPlainTypeRefusesThem)
{
    EXPECT_EQ(invoke(server.object.get(), PIPE_NAME, GET, {variant(1)}, &result), DISP_E_BADPARAMCOUNT);
}

TEST_F(DispatchArguments, AMethodRefusesThem)
{
    EXPECT_EQ(invoke(server.object.get(), START, GET, {variant(1)}), DISP_E_BADPARAMCOUNT);
    EXPECT_FALSE(server.is_running());
}

TEST_F(DispatchArguments, APutThatHasThemIsRefusedAndChangesNothing)
{
    const std::wstring before = pipe_name();

    EXPECT_EQ(invoke(server.object.get(), PIPE_NAME, DISPATCH_PROPERTYPUT, {variant(L"b"), variant(L"a")}),
              DISP_E_BADPARAMCOUNT);

    EXPECT_EQ(pipe_name(), before);
}

TEST_F(DispatchArguments, APutThatHasThemLeavesTheObjectOfCustomDataWhereItIs)
{
    com_ptr<INamedPipeServerConnection> connection = connect();
    ASSERT_EQ(connection->putref_CustomData(variant(make_consumer_object(fate).get())), S_OK);

    EXPECT_EQ(invoke(connection.get(), CUSTOM_DATA, DISPATCH_PROPERTYPUT, {variant(3), variant(L"key")}),
              DISP_E_BADPARAMCOUNT);

    EXPECT_EQ(connection->get_CustomData(&result), S_OK);
    EXPECT_EQ(V_VT(&result), VT_DISPATCH);
    EXPECT_EQ(fate->calls, 0);
}

TEST_F(DispatchArguments, APutByReferenceThatHasThemIsRefused)
{
    com_ptr<INamedPipeServerConnection> connection = connect();

    EXPECT_EQ(invoke(connection.get(), CUSTOM_DATA, DISPATCH_PROPERTYPUTREF,
                     {variant(make_consumer_object(fate).get()), variant(L"key")}),
              DISP_E_BADPARAMCOUNT);
    EXPECT_TRUE(fate->is_gone());
}

TEST_F(DispatchArguments, APropertyThatIsReadOnlyHasNothingToPut)
{
    EXPECT_EQ(invoke(server.object.get(), IS_RUNNING, DISPATCH_PROPERTYPUT, {variant(1)}), DISP_E_MEMBERNOTFOUND);
    EXPECT_EQ(invoke(server.object.get(), IS_RUNNING, DISPATCH_PROPERTYPUT, {variant(1), variant(2)}),
              DISP_E_MEMBERNOTFOUND);
    EXPECT_EQ(invoke(server.object.get(), IS_RUNNING, DISPATCH_PROPERTYPUTREF, {variant(1)}), DISP_E_MEMBERNOTFOUND);
}

TEST_F(DispatchArguments, AMethodHasNothingToPut)
{
    EXPECT_EQ(invoke(server.object.get(), START, DISPATCH_PROPERTYPUT, {variant(1)}), DISP_E_MEMBERNOTFOUND);
    EXPECT_FALSE(server.is_running());
}

TEST_F(DispatchArguments, NullIsNothingToAnObjectPropertyAndTheWrongTypeToOthers)
{
    variant null;
    com_ptr<IDispatch> sink;
    LONG threads = 0;

    V_VT(&null) = VT_NULL;
    ASSERT_EQ(server->put_EventSink(make_recording_sink(std::make_shared<event_log>(), sink_nature::names).get()),
              S_OK);
    EXPECT_EQ(invoke(server.object.get(), EVENT_SINK, DISPATCH_PROPERTYPUT, {null}), S_OK);
    EXPECT_EQ(server->get_EventSink(sink.put()), S_OK);
    EXPECT_FALSE(sink);

    EXPECT_EQ(invoke(server.object.get(), NUM_THREADS, DISPATCH_PROPERTYPUT, {null}), DISP_E_TYPEMISMATCH);
    EXPECT_EQ(server->get_NumThreadsIOCP(&threads), S_OK);
    EXPECT_EQ(threads, 1);
}

TEST_F(DispatchArguments, APropertyIsPutAsBefore)
{
    EXPECT_EQ(invoke(server.object.get(), PIPE_NAME, DISPATCH_PROPERTYPUT, {variant(L"put")}), S_OK);

    EXPECT_EQ(pipe_name(), L"put");
}

} // namespace

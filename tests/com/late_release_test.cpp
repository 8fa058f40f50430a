/* A late-bound call whose argument lets go of the object that is called: its default property runs before the method
 * begins. */

#include "support/com/client_in_mode.h"
#include "support/com/scripted_object.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"
#include "support/pipe/seams.h"

namespace
{

constexpr DISPID ITEM = 0, PIPE_NAME = 1, BY_ID = 2, EVENT_SINK = 18, ENTER_LOOP = 43, WAIT_EVENT = 46;
constexpr DISPID CONNECT = 50, TO_JSON = 54;
constexpr DISPID CLOSE = 40, WRITE_TEXT = 43, CALL = 45, CALL_TEXT = 46;

/* Freed memory is filled by the seams, so that a look at it is seen. */
class late_release
{
  protected:
    seams system;
    bool released = false;

    /* Gives `value` when its default property is read, after it has called `release`. */
    variant releasing(std::function<void()> release, const variant &value)
    {
        auto script = std::make_shared<object_script>();

        script->value = [this, release, give = gives(value)](const VARIANT *argument, VARIANT *result)
        {
            release();
            released = true;
            return give(argument, result);
        };
        return variant(make_scripted_object(script).get());
    }

    /* Calls what holds no reference of its own; the arguments come in their order. Returns the method's own code. */
    HRESULT invoke(IDispatch *called, DISPID id, WORD flags, std::initializer_list<variant> arguments)
    {
        std::vector<variant> reversed(std::rbegin(arguments), std::rend(arguments));
        DISPID put = DISPID_PROPERTYPUT;
        const UINT puts = flags == DISPATCH_PROPERTYPUT;
        DISPPARAMS params = {reversed.data(), puts ? &put : nullptr, static_cast<UINT>(reversed.size()), puts};
        EXCEPINFO exception = {};
        HRESULT hr;

        result.clear();
        hr = called->Invoke(id, IID_NULL, LOCALE_USER_DEFAULT, flags, &params, puts ? nullptr : &result, &exception,
                            nullptr);
        sentence = exception.bstrDescription ? exception.bstrDescription : L"";
        SysFreeString(exception.bstrSource);
        SysFreeString(exception.bstrDescription);
        SysFreeString(exception.bstrHelpFile);
        EXPECT_TRUE(released);
        released = false;
        return hr == DISP_E_EXCEPTION ? exception.scode : hr;
    }

    variant result;        /* of the last call */
    std::wstring sentence; /* of its failure */
};

/* An EventSink that has every name. */
class named_object : public dispatch_stub
{
  public:
    explicit named_object(reference_count references) : dispatch_stub(agility::agile, std::move(references))
    {
    }

    std::function<void()> when_touched; /* runs once, inside the next AddRef or QueryInterface */

  protected:
    HRESULT find(const wchar_t *, DISPID *id) override
    {
        return *id = 1, S_OK;
    }
    HRESULT call(DISPID, DISPPARAMS &, EXCEPINFO *) override
    {
        return S_OK;
    }
    void touched() override
    {
        if (auto act = std::exchange(when_touched, nullptr))
            act();
    }
};

/* ---- a server and what comes of it, on its own thread ---- */

class LateRelease : public testing::Test, public test_in_sta, public late_release
{
  protected:
    server_in_mode server;
    raw_client client;

    variant letting_go(const variant &value)
    {
        return releasing([this] { server.object.reset(); }, value);
    }
    HRESULT call(DISPID id, WORD flags, const variant &last)
    {
        return invoke(server.object.get(), id, flags, {last});
    }
};

TEST_F(LateRelease, OfAServerIsNoMatterToAPutOfItsProperty)
{
    EXPECT_EQ(call(PIPE_NAME, DISPATCH_PROPERTYPUT, letting_go(variant(L"x"))), S_OK);
}

TEST_F(LateRelease, OfAServerLeavesNothingToWaitFor)
{
    ASSERT_EQ(server.start(), S_OK);
    EXPECT_EQ(server.next(), "ready");
    server.stop();

    EXPECT_EQ(call(WAIT_EVENT, DISPATCH_METHOD, letting_go(variant(-1))), S_OK);

    EXPECT_EQ(V_VT(&result), VT_DISPATCH);
    EXPECT_EQ(V_DISPATCH(&result), nullptr);
}

/* Nobody is left who could leave it. */
TEST_F(LateRelease, OfAServerLetsNoLoopBegin)
{
    EXPECT_EQ(call(ENTER_LOOP, DISPATCH_METHOD, letting_go(variant(-1))), S_OK);

    EXPECT_EQ(V_BOOL(&result), VARIANT_TRUE);
}

/* The call holds its memory alone. */
TEST_F(LateRelease, OfAServerInsideALoopEndsIt)
{
    server.advise(std::make_shared<event_log>(), when(NamedPipeEventServerReady,
                                                      [this]
                                                      {
                                                          released = true;
                                                          server.object.reset();
                                                      }));
    ASSERT_EQ(server.start(), S_OK);

    EXPECT_EQ(call(ENTER_LOOP, DISPATCH_METHOD, variant(-1)), S_OK);

    EXPECT_EQ(V_BOOL(&result), VARIANT_TRUE);
}

TEST_F(LateRelease, OfAServerIsNoMatterToAConversion)
{
    IDispatch *called = server.object.get();

    EXPECT_EQ(invoke(called, TO_JSON, DISPATCH_METHOD, {variant(7), letting_go(variant(0))}), S_OK);

    EXPECT_STREQ(V_BSTR(&result), L"7");
}

TEST_F(LateRelease, OfAServersConnectionIsNoMatterToItsWrite)
{
    ASSERT_EQ(server.start(), S_OK);
    client = server.connect();
    server_connection_ptr connection = server.await_connection(1);
    IDispatch *called = connection.get();
    client = raw_client();
    server.await_drop(1);
    while (server.next(0) != "nothing")
        continue;

    EXPECT_EQ(invoke(called, WRITE_TEXT, DISPATCH_METHOD, {releasing([&] { connection.reset(); }, variant(L"x"))}),
              not_connected);
}

TEST_F(LateRelease, OfACollectionIsNoMatterToItsItem)
{
    com_ptr<INamedPipeConnections> all;
    ASSERT_EQ(server.start(), S_OK);
    client = server.connect();
    server.await_connection(1);

    for (DISPID id : {ITEM, BY_ID})
    {
        ASSERT_EQ(server->get_Connections(all.put()), S_OK);
        IDispatch *called = all.get();
        EXPECT_EQ(invoke(called, id, DISPATCH_PROPERTYGET, {releasing([&] { all.reset(); }, variant(1))}), S_OK);
        EXPECT_EQ(V_DISPATCH(&result), static_cast<IDispatch *>(server.connection().get()));
    }
}

/* ---- in the MTA, where the memory goes with the last Release ---- */

class MtaLateRelease : public testing::Test, public test_in_mta, public late_release
{
  protected:
    client_in_mode manager;
    std::wstring path = unique_pipe_path();
};

TEST_F(MtaLateRelease, OfAServerIsNoMatterToAPutOfItsProperty)
{
    server_in_mode server;

    EXPECT_EQ(invoke(server.object.get(), PIPE_NAME, DISPATCH_PROPERTYPUT,
                     {releasing([&] { server.object.reset(); }, variant(L"x"))}),
              S_OK);
}

TEST_F(MtaLateRelease, OfAServerHasItTakeNoEventSink)
{
    auto references = std::make_shared<std::atomic<LONG>>(0);
    auto *sink = new named_object(references);
    server_in_mode server;
    variant value = variant::of_type(VT_UNKNOWN); /* so that it is asked for IDispatch */
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = {&value, &put, 1, 1};

    value.punkVal = sink;
    sink->when_touched = [&]
    {
        released = true;
        server.object.reset();
    };
    EXPECT_EQ(server.object.get()->Invoke(EVENT_SINK, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYPUT, &params,
                                          nullptr, nullptr, nullptr),
              S_OK);

    EXPECT_TRUE(released);
    EXPECT_EQ(*references, 1) << "the test's own";
}

TEST_F(MtaLateRelease, OfAManagerEndsItBeforeItsConnect)
{
    IDispatch *called = manager.object.get();

    EXPECT_EQ(invoke(called, CONNECT, DISPATCH_METHOD, {releasing([&] { manager.object.reset(); }, variant(L"x"))}),
              HRESULT_FROM_WIN32(ERROR_CANCELLED));
    EXPECT_NE(sentence, L"");
}

TEST_F(MtaLateRelease, OfAClientEndsItBeforeItsMethodBegins)
{
    struct
    {
        DISPID id;
        std::vector<variant> before; /* the arguments before the one that releases */
        variant value;
        HRESULT expected;
    } const calls[] = {
        {CLOSE, {}, variant(0), S_OK},
        {CLOSE, {}, variant(-1), S_OK},
        {WRITE_TEXT, {}, variant(L"x"), not_connected},
        {CALL, {variant(L"x")}, variant(-1), not_connected},
        {CALL_TEXT, {}, variant(L"x"), not_connected},
    };

    for (const auto &one : calls)
    {
        SCOPED_TRACE(one.id);
        raw_server peer(path);
        client_ptr connection = manager.connect(path);
        IDispatch *called = connection.get();
        variant last = releasing([&] { connection.reset(); }, one.value);

        ASSERT_EQ(peer.accept(), 0u);
        ASSERT_EQ(manager.next(), "connected");
        EXPECT_EQ(one.before.empty() ? invoke(called, one.id, DISPATCH_METHOD, {last})
                                     : invoke(called, one.id, DISPATCH_METHOD, {one.before[0], last}),
                  one.expected);
        EXPECT_EQ(peer.wait_until_closed(), 0u);
    }
    manager->Stop();
}

} // namespace

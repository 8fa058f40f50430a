/* What a consumer's own code does while a call of ours is under way: it may change or free all that was passed beside
 * it, and let go of the object that was called. */

#include "support/com/client_in_mode.h"
#include "support/com/consumer_object.h"
#include "support/com/window_server.h"
#include "support/pipe/engine_fixture.h"
#include "support/pipe/raw_server.h"
#include "support/pipe/seams.h"

namespace
{

class Reentrance : public window_server_test
{
  protected:
    std::shared_ptr<object_fate> fate = std::make_shared<object_fate>();
    com_ptr<IDispatch> object = make_consumer_object(fate);
    variant cookie{object.get()};
    bool acted = false;

    /* Inside the call that the object is passed to next. */
    void when_asked(std::function<void()> act)
    {
        fate->when_touched = [this, act]
        {
            acted = true;
            act();
        };
    }
    /* By reference, as scripts pass variables; making it does not touch an object in it. */
    static message utf16(const std::wstring &text)
    {
        const auto *bytes = reinterpret_cast<const BYTE *>(text.data());

        return message(bytes, bytes + text.size() * sizeof(WCHAR));
    }
    static VARIANT to(variant &value)
    {
        VARIANT reference = {};

        reference.vt = VT_BYREF | VT_VARIANT;
        reference.pvarVal = &value;
        return reference;
    }
    void TearDown() override
    {
        EXPECT_TRUE(acted);
        c.reset();
        window_server_test::TearDown();
        server.object.reset(); /* with the events that nobody has heard any more */
        log.reset();           /* with the cookies of those that somebody has */
        EXPECT_TRUE(pump_until([&] { return fate->references == 2; })) << "object and cookie";
    }
};

/* ---- what was passed beside it ---- */

TEST_F(Reentrance, AWriteSendsTheArrayThatWasPassedThoughItsCookieFreesIt)
{
    variant data(std::vector<BYTE>{'a', 'b', 'c'});
    start_with_client();
    when_asked(
        [&]
        {
            memset(data.parray->pvData, 'x', 3);
            EXPECT_EQ(SafeArrayDestroy(data.parray), S_OK) << "it is not locked any more";
            data.vt = VT_EMPTY;
        });

    EXPECT_EQ(c->AsyncWrite(to(data), to(cookie)), S_OK);

    EXPECT_EQ(client.read_text(), "abc");
}

TEST_F(Reentrance, AWriteSendsTheStringThatWasPassedThoughItsCookieRewritesIt)
{
    variant data(L"before");
    start_with_client();
    when_asked([&] { wmemset(data.bstrVal, L'x', 6); });

    EXPECT_EQ(c->AsyncWrite(to(data), to(cookie)), S_OK);

    EXPECT_TRUE(client.read() == utf16(L"before"));
}

TEST_F(Reentrance, ATextInUtf16IsSentAsItWasPassed)
{
    bstr text(L"before");
    start_with_client();
    when_asked([&] { wmemset(text.get(), L'x', 6); });

    EXPECT_EQ(c->AsyncWriteText(text.get(), 1200, to(cookie)), S_OK);

    EXPECT_TRUE(client.read() == utf16(L"before"));
}

TEST_F(Reentrance, ABroadcastSendsWhatWasPassedThoughItsCookieFreesIt)
{
    variant data(std::vector<BYTE>{'a', 'b', 'c'});
    LONG count = 0;
    start_with_client();
    when_asked(
        [&]
        {
            memset(data.parray->pvData, 'x', 3);
            EXPECT_EQ(SafeArrayDestroy(data.parray), S_OK);
            data.vt = VT_EMPTY;
        });

    EXPECT_EQ(server->AsyncBroadcast(to(data), to(cookie), &count), S_OK);

    EXPECT_EQ(count, 1);
    EXPECT_EQ(client.read_text(), "abc");
}

TEST_F(Reentrance, AnArrayOfObjectsStaysWhereItIsWhileItIsCopied)
{
    variant element(object.get());
    variant data = variant::array_of({element, variant(7)}), kept;
    SAFEARRAY *array = data.parray;
    start_with_client();
    fate->when_touched = [&]
    {
        acted = true;
        EXPECT_EQ(SafeArrayDestroy(array), DISP_E_ARRAYISLOCKED);
    };

    EXPECT_EQ(c->put_CustomData(to(data)), S_OK);

    EXPECT_EQ(c->get_CustomData(&kept), S_OK);
    EXPECT_EQ(kept.parray->rgsabound[0].cElements, 2u);
    EXPECT_EQ(static_cast<VARIANT *>(kept.parray->pvData)[1].lVal, 7);
    EXPECT_EQ(c->put_CustomData(variant()), S_OK);
}

TEST_F(Reentrance, WhatElementsReferToIsCopiedBeforeAnObjectIsAsked)
{
    variant number(7), kept;
    variant data = variant::array_of({variant(), variant()});
    auto *elements = static_cast<VARIANT *>(data.parray->pvData);
    start_with_client();
    elements[0].vt = VT_DISPATCH; /* a reference of the array's own */
    elements[0].pdispVal = object.get();
    object->AddRef();
    elements[1].vt = VT_BYREF | VT_I4;
    elements[1].plVal = &number.lVal;
    LONG touches = 0;
    std::function<void()> count = [&]
    {
        acted = true;
        if (++touches == 2)
            number.lVal = 8; /* the first time is the copy's own */
        else
            fate->when_touched = count;
    };
    fate->when_touched = count;

    EXPECT_EQ(c->put_CustomData(to(data)), S_OK);

    EXPECT_EQ(touches, 2);
    EXPECT_EQ(c->get_CustomData(&kept), S_OK);
    EXPECT_EQ(static_cast<VARIANT *>(kept.parray->pvData)[1].lVal, 7);
    EXPECT_EQ(c->put_CustomData(variant()), S_OK);
}

/* ---- the object that was called ---- */

/* Freed memory is filled by these seams, so that a look at it is seen. */
class ReentranceOfAReleased : public Reentrance
{
  protected:
    seams system;
};

TEST_F(ReentranceOfAReleased, AServerMayBeLetGoInsideItsBroadcast)
{
    LONG count = -1;
    start_with_client();
    c.reset();
    INamedPipeServer *called = server.object.get();
    when_asked(
        [&]
        {
            server.unadvise(advised);
            server.object.reset();
        });

    EXPECT_EQ(called->AsyncBroadcast(variant(L"x"), to(cookie), &count), S_OK);

    EXPECT_EQ(count, 0);
    EXPECT_EQ(client.wait_until_closed(), 0u);
}

TEST_F(ReentranceOfAReleased, AServerMayBeLetGoInsideAPutOfItsEventSink)
{
    INamedPipeServer *called = server.object.get();
    when_asked([&] { server.object.reset(); });

    EXPECT_EQ(called->put_EventSink(object.get()), vb_error(5)) << "it has no method for an event";
}

TEST_F(ReentranceOfAReleased, AServerMayBeLetGoInsideAnAdvise)
{
    com_ptr<IConnectionPointContainer> container =
        server.object.as<IConnectionPointContainer>(IID_IConnectionPointContainer);
    com_ptr<IConnectionPoint> point;
    DWORD advise_cookie = 0;
    container->FindConnectionPoint(DIID__INamedPipeServerEvents, point.put());
    container.reset();
    IConnectionPoint *called = point.get();
    when_asked(
        [&]
        {
            server.object.reset();
            point.reset();
        });

    EXPECT_EQ(called->Advise(object.get(), &advise_cookie), S_OK);

    EXPECT_NE(advise_cookie, 0u);
}

TEST_F(ReentranceOfAReleased, AClientMayBeLetGoInsideItsWriteItsReadAndItsCustomData)
{
    enum
    {
        WRITE,
        READ,
        KEEP
    };
    client_in_mode manager;

    for (int what : {WRITE, READ, KEEP})
    {
        const std::wstring path = unique_pipe_path();
        raw_server peer(path);
        client_ptr connection = manager.connect(path);
        INamedPipeClientConnection *called = connection.get();

        ASSERT_EQ(peer.accept(), 0u);
        ASSERT_EQ(manager.next(), "connected");
        when_asked([&] { connection.reset(); });
        switch (what)
        {
        case WRITE: EXPECT_EQ(called->AsyncWrite(variant(L"x"), to(cookie)), not_connected); break;
        case READ: EXPECT_EQ(called->AsyncRead(to(cookie)), not_connected); break;
        default: EXPECT_EQ(called->put_CustomData(to(cookie)), S_OK); break;
        }
        EXPECT_EQ(peer.wait_until_closed(), 0u);
    }
    manager->Stop();
}

/* ---- while a call waits ---- */

/* A handler of this thread, which runs while a call of ours pumps: at once where a client comes to its server. */
class ReentranceOfAWait : public Reentrance
{
  protected:
    server_in_mode knocked;
    raw_client knocker;
    client_in_mode manager;

    void while_it_waits(std::function<void()> act)
    {
        DWORD knock_cookie = knocked.advise(std::make_shared<event_log>(), when(NamedPipeEventClientConnected,
                                                                                [this, act]
                                                                                {
                                                                                    acted = true;
                                                                                    act();
                                                                                }));
        ASSERT_NE(knock_cookie, 0u);
        ASSERT_EQ(knocked.start(), S_OK);
        ASSERT_EQ(knocker.connect(knocked.path), 0u);
    }
    void TearDown() override
    {
        knocked.stop();
        Reentrance::TearDown();
    }
};

TEST_F(ReentranceOfAWait, ACallSendsTheStringThatWasPassedThoughAHandlerFreesIt)
{
    variant data(L"before");
    bstr name(server.path.substr(9));
    SAFEARRAY *answer = nullptr;
    server.advise(log, echo());
    while_it_waits(
        [&]
        {
            wmemset(data.bstrVal, L'x', 6);
            wmemset(name.get(), L'x', SysStringLen(name.get()));
            data.clear();
            EXPECT_EQ(server.start(), S_OK);
        });

    EXPECT_EQ(manager->Call(name.get(), to(data), LONG(event_patience), nullptr, &answer), S_OK);

    ASSERT_TRUE(answer);
    EXPECT_EQ(elements_of(answer), (std::vector<int>{'b', 0, 'e', 0, 'f', 0, 'o', 0, 'r', 0, 'e', 0}));
    SafeArrayDestroy(answer);
    server.stop();
}

TEST_F(ReentranceOfAWait, ACallSendsTheArrayThatWasPassedThoughAHandlerFreesIt)
{
    variant data(std::vector<BYTE>{'a', 'b', 'c'});
    SAFEARRAY *answer = nullptr;
    server.advise(log, echo());
    while_it_waits(
        [&]
        {
            memset(data.parray->pvData, 'x', 3);
            EXPECT_EQ(SafeArrayDestroy(data.parray), S_OK);
            data.vt = VT_EMPTY;
            EXPECT_EQ(server.start(), S_OK);
        });

    EXPECT_EQ(manager->Call(bstr(server.path.substr(9)).get(), to(data), LONG(event_patience), nullptr, &answer), S_OK);

    ASSERT_TRUE(answer);
    EXPECT_EQ(elements_of(answer), (std::vector<int>{'a', 'b', 'c'}));
    SafeArrayDestroy(answer);
    server.stop();
}

TEST_F(ReentranceOfAWait, ACallOfTextInUtf16SendsWhatWasPassed)
{
    bstr text(L"before"), answer;
    server.advise(log, echo());
    while_it_waits(
        [&]
        {
            wmemset(text.get(), L'x', 6);
            EXPECT_EQ(server.start(), S_OK);
        });

    EXPECT_EQ(manager->CallText(bstr(server.path.substr(9)).get(), text.get(), LONG(event_patience), nullptr, 1200,
                                answer.put()),
              S_OK);

    EXPECT_EQ(answer.str(), L"before");
    server.stop();
}

/* A window of this thread: what is sent to it runs while the thread waits, also where that dispatches no posted
 * messages. */
class sent_message
{
  public:
    explicit sent_message(std::function<void()> run)
        : run(std::move(run)),
          window(CreateWindowExW(0, L"STATIC", nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, nullptr, nullptr))
    {
        SetWindowLongPtrW(window, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
        SetWindowLongPtrW(window, GWLP_WNDPROC, reinterpret_cast<LONG_PTR>(procedure));
    }
    sent_message(const sent_message &) = delete;
    ~sent_message()
    {
        DestroyWindow(window);
    }

    /* Any thread; returns when it has run. */
    void send()
    {
        SendMessageW(window, WM_APP, 0, 0);
    }

  private:
    static LRESULT CALLBACK procedure(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
    {
        if (message == WM_APP)
            reinterpret_cast<sent_message *>(GetWindowLongPtrW(window, GWLP_USERDATA))->run();
        return DefWindowProcW(window, message, wparam, lparam);
    }

    std::function<void()> run;
    HWND window;
};

TEST_F(ReentranceOfAWait, AConnectGoesToTheNameThatWasPassedThoughItIsRewrittenMeanwhile)
{
    raw_server peer(server.path, pipe_mode::messages, PIPE_ACCESS_DUPLEX, 2);
    client_in_mode workers(event_mode::free_threaded);
    client_ptr first = workers.connect(server.path), second;
    bstr name(server.path.substr(9)), connected_to;
    blocking_point handler;
    advise_client(first, log, when(NamedPipeEventConnected, [&] { handler.block(); }), sink_nature::agile);
    ASSERT_EQ(peer.accept(), 0u);
    ASSERT_TRUE(handler.wait_until_blocked());
    sent_message rewrite(
        [&]
        {
            acted = true;
            wmemset(name.get(), L'x', SysStringLen(name.get()));
            handler.unblock();
        });
    background stop = in_mta([&] { workers->Stop(); });
    while (is_connected(first))
        SwitchToThread();
    background sender([&] { rewrite.send(); });

    EXPECT_EQ(workers->Connect(name.get(), LONG(event_patience), nullptr, second.put()), S_OK)
        << "once that Stop has ended";

    ASSERT_TRUE(second);
    EXPECT_EQ(second->get_PipeName(connected_to.put()), S_OK);
    EXPECT_EQ(connected_to.str(), server.path.substr(9));
    stop.join();
    sender.join();
    workers->Stop();
}

} // namespace

#include "support/com/consumer_object.h"
#include "support/com/window_server.h"

namespace
{

class ServerHandlers : public window_server_test
{
  protected:
    std::shared_ptr<event_log> second_log = std::make_shared<event_log>();
    bool acted = false;

    /* Does it in the first ClientMessageReceived. */
    event_handler once_in_message(std::function<void(INamedPipeServerConnection *connection)> act)
    {
        return [this, act](const told_event &event, INamedPipeServerConnection *connection)
        {
            if (event.kind != NamedPipeEventClientMessageReceived || std::exchange(acted, true))
                return;
            act(connection);
        };
    }
    DWORD listen_second()
    {
        return server.advise(second_log);
    }
    void send(const char *text)
    {
        const size_t before = log->count(NamedPipeEventClientMessageReceived);

        ASSERT_EQ(client.write(text), 0u);
        ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, before + 1));
    }
    /* What a handler may do to the references it is given, and that the server goes on. */
    void expect_to_survive(bare_handler in_message)
    {
        LONG calls = 0;
        listen();
        listen_bare(when(NamedPipeEventClientMessageReceived,
                         [&](bare_call &call) -> HRESULT
                         {
                             calls++;
                             return in_message(call);
                         }));
        start_with_client();

        for (int i = 0; i < 3; i++)
        {
            send("hello");
            send(std::string(60000, 'x').c_str());
        }

        EXPECT_EQ(calls, 6);
        EXPECT_EQ(log->events().back().text, std::string(60000, 'x'));
    }
};

/* ---- sinks that come and go ---- */

TEST_F(ServerHandlers, MayUnadviseThemselves)
{
    listen(once_in_message([&](INamedPipeServerConnection *) { EXPECT_EQ(server.unadvise(advised), S_OK); }));
    listen_second();
    start_with_client();
    ASSERT_EQ(client.write("one"), 0u);
    ASSERT_EQ(client.write("two"), 0u);

    ASSERT_TRUE(second_log->pump_for(NamedPipeEventClientMessageReceived, 2));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 one"}));
    EXPECT_EQ(log->sinks, 0);
}

TEST_F(ServerHandlers, MayUnadviseOthersWhichAreNotCalledAnyMore)
{
    DWORD second = 0;
    listen(once_in_message([&](INamedPipeServerConnection *) { EXPECT_EQ(server.unadvise(second), S_OK); }));
    second = listen_second();
    start_with_client();

    send("one");
    pump();

    EXPECT_EQ(second_log->all(), (lines{"ready", "connected 1"}));
    EXPECT_EQ(second_log->sinks, 0);
}

TEST_F(ServerHandlers, AreNotCalledWhereTheCodeOfTheCookieHasUnadvisedThem)
{
    auto fate = std::make_shared<object_fate>();
    listen();
    start_with_client();
    ASSERT_EQ(write_text(c.get(), L"x", variant(make_consumer_object(fate, agility::agile).get())), S_OK);
    fate->when_touched = [&] { EXPECT_EQ(server.unadvise(advised), S_OK); };

    EXPECT_TRUE(pump_until([&] { return log->sinks == 0; }));

    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
    EXPECT_EQ(server.next(), "sent 1") << "nobody had it";
}

TEST_F(ServerHandlers, AnEventOfASinkThatWentBeforeItsCallIsGivenWholeToTheNext)
{
    auto fate = std::make_shared<object_fate>();
    listen();
    start_with_client();
    ASSERT_EQ(c->AsyncRead(variant(make_consumer_object(fate, agility::agile).get())), S_OK);
    fate->when_touched = [&]
    {
        EXPECT_EQ(server.unadvise(advised), S_OK);
        listen_second();
    };

    ASSERT_EQ(client.write("whole"), 0u);

    EXPECT_TRUE(pump_until([&] { return second_log->count(NamedPipeEventClientMessageReceived) != 0; }));
    EXPECT_EQ(second_log->all(), lines{"message 1 whole"});
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerHandlers, AFreeThreadedSinkThatWentBeforeItsCallLeavesTheEventToTheConsumer)
{
    auto fate = std::make_shared<object_fate>();
    ASSERT_EQ(server->put_FreeThreadingEvents(VARIANT_TRUE), S_OK);
    listen();
    start_with_client();
    ASSERT_EQ(c->AsyncRead(variant(make_consumer_object(fate, agility::agile).get())), S_OK);
    fate->when_touched = [&] { EXPECT_EQ(server.unadvise(advised), S_OK); };

    ASSERT_EQ(client.write("whole"), 0u);
    ASSERT_EQ(client.write("next"), 0u);

    EXPECT_TRUE(pump_until([&] { return log->sinks == 0; }));
    EXPECT_EQ(server.next(), "message 1 whole");
    EXPECT_EQ(server.next(), "message 1 next");
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1"}));
}

TEST_F(ServerHandlers, MayAdviseOthersWhichGetTheNextEvent)
{
    listen(once_in_message([&](INamedPipeServerConnection *) { listen_second(); }));
    start_with_client();

    send("one");
    send("two");

    EXPECT_EQ(second_log->all(), lines{"message 1 two"});
}

TEST_F(ServerHandlers, OfTwoSinksAreCalledInTheOrderOfTheirAdvise)
{
    std::vector<int> order;
    listen();
    listen_bare([&](bare_call &) { return order.push_back(1), S_OK; });
    listen_bare([&](bare_call &) { return order.push_back(2), S_OK; });

    start();
    ASSERT_TRUE(pump_until([&] { return order.size() == 2; }));

    EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST_F(ServerHandlers, OfTwoSinksGetDataAndCookiesOfTheirOwn)
{
    std::vector<const void *> data;
    std::vector<std::string> texts;
    auto note = when(NamedPipeEventClientMessageReceived,
                     [&](bare_call &call) -> HRESULT
                     {
                         data.push_back(call.data->pvData);
                         texts.push_back(call.text());
                         memset(call.data->pvData, 'z', call.data->rgsabound[0].cElements);
                         return S_OK;
                     });
    listen();
    listen_bare(note);
    listen_bare(note);
    start_with_client();

    send("hello");

    EXPECT_EQ(texts, (lines{"hello", "hello"}));
    EXPECT_NE(data[0], data[1]);
}

/* ---- re-entrance ---- */

TEST_F(ServerHandlers, ThatPumpAreReenteredByTheNextEventOfTheSameConnection)
{
    size_t inside = 0;
    listen(once_in_message(
        [&](INamedPipeServerConnection *)
        {
            EXPECT_EQ(client.write("two"), 0u);
            EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 2));
            inside = log->count(NamedPipeEventClientMessageReceived);
        }));
    start_with_client();

    send("one");

    EXPECT_EQ(inside, 2u);
}

TEST_F(ServerHandlers, ThatPumpAreReenteredByWhatWaitedAlready)
{
    size_t inside = 0;
    listen(once_in_message(
        [&](INamedPipeServerConnection *)
        {
            EXPECT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 3));
            inside = log->count(NamedPipeEventClientMessageReceived);
        }));
    start_with_client();
    ASSERT_EQ(client.write("one"), 0u);
    ASSERT_EQ(client.write("two"), 0u);
    ASSERT_EQ(client.write("three"), 0u);

    ASSERT_TRUE(pump_for(NamedPipeEventClientMessageReceived, 3));

    EXPECT_EQ(inside, 3u);
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 one", "message 1 two", "message 1 three"}));
}

TEST_F(ServerHandlers, ANestedEventReachesAllSinksBeforeTheOuterGoesOn)
{
    listen(once_in_message(
        [&](INamedPipeServerConnection *)
        {
            EXPECT_EQ(client.write("inner"), 0u);
            EXPECT_TRUE(second_log->pump_for(NamedPipeEventClientMessageReceived, 1));
        }));
    listen_second();
    start_with_client();

    send("outer");
    ASSERT_TRUE(second_log->pump_for(NamedPipeEventClientMessageReceived, 2));

    EXPECT_EQ(second_log->all(), (lines{"ready", "connected 1", "message 1 inner", "message 1 outer"}));
}

TEST_F(ServerHandlers, ASinkThatHadTheEndOfAConnectionGetsNothingEarlierOfIt)
{
    listen(once_in_message(
        [&](INamedPipeServerConnection *)
        {
            client.close();
            EXPECT_TRUE(second_log->pump_for(NamedPipeEventClientDisconnected));
        }));
    listen_second();
    start_with_client();

    ASSERT_EQ(client.write("outer"), 0u);
    ASSERT_TRUE(second_log->pump_for(NamedPipeEventClientDisconnected));
    pump();

    EXPECT_EQ(second_log->all(), (lines{"ready", "connected 1", "disconnected 1"}));
    EXPECT_EQ(log->all(), (lines{"ready", "connected 1", "message 1 outer", "disconnected 1"}));
}

/* ---- failures ---- */

TEST_F(ServerHandlers, ThatFailAreTold)
{
    listen();
    listen_bare(when(NamedPipeEventClientMessageReceived,
                     [](bare_call &call) -> HRESULT
                     {
                         call.exception->scode = vb_error(11);
                         call.exception->bstrDescription = SysAllocString(L"Division by zero");
                         call.exception->bstrSource = SysAllocString(L"Project1");
                         return DISP_E_EXCEPTION;
                     }));
    start_with_client();

    send("one");
    pump();

    EXPECT_EQ(last_event_error(server.object.get()), L"ClientMessageReceived: 0x800A000B: Division by zero");
    EXPECT_TRUE(is_connected(c));
}

TEST_F(ServerHandlers, WithOtherParametersThanTheEventsAreToldWhichItHas)
{
    listen();
    listen_bare(when(NamedPipeEventClientMessageReceived, [](bare_call &) -> HRESULT { return DISP_E_BADPARAMCOUNT; }));
    start_with_client();

    send("one");
    pump();

    EXPECT_EQ(
        last_event_error(server.object.get()),
        L"ClientMessageReceived: 0x8002000E: the handler must take the parameters of this event: Connection, Cookie, "
        L"Data");
}

TEST_F(ServerHandlers, ThatHandOnAnErrorOfOursAreToldWithItsSentence)
{
    listen();
    listen_bare(when(NamedPipeEventClientMessageReceived,
                     [](bare_call &call) -> HRESULT { return call.connection->AsyncWrite(variant(5), variant()); }));
    start_with_client();

    send("one");
    pump();

    EXPECT_EQ(
        last_event_error(server.object.get()),
        L"ClientMessageReceived: 0x80020005: Data is no bytes; give an array of Byte, a String, or an array or a list "
        L"of whole numbers from 0 to 255; or send it as JSON.");
}

TEST_F(ServerHandlers, AreNotToldWithTheSentenceOfAnEarlierFailure)
{
    listen();
    listen_bare(when(NamedPipeEventClientMessageReceived, [](bare_call &) -> HRESULT { return E_FAIL; }));
    start_with_client();

    EXPECT_EQ(c->AsyncWrite(variant(5), variant()), DISP_E_TYPEMISMATCH);
    send("one");
    pump();

    EXPECT_EQ(last_event_error(server.object.get()),
              L"ClientMessageReceived: 0x80004005: the handler gave no description");
}

TEST_F(ServerHandlers, ThatReturnABareErrorAreTold)
{
    listen();
    listen_bare(when(NamedPipeEventServerReady, [](bare_call &) -> HRESULT { return E_FAIL; }));
    start_with_client();

    EXPECT_EQ(last_event_error(server.object.get()).substr(0, 23), L"ServerReady: 0x80004005");
}

TEST_F(ServerHandlers, ThatHandOnThatAnotherObjectIsDisconnectedStayAdvised)
{
    lines told;
    listen();
    listen_bare(when(NamedPipeEventClientMessageReceived,
                     [&](bare_call &call) -> HRESULT
                     {
                         told.push_back(call.text());
                         return RPC_E_DISCONNECTED;
                     }));
    start_with_client();

    send("one");
    send("two");

    ASSERT_TRUE(pump_until([&] { return told.size() == 2; }));
    EXPECT_EQ(told, (lines{"one", "two"}));
    EXPECT_NE(last_event_error(server.object.get()).find(L"0x80010108"), std::wstring::npos);
}

TEST_F(ServerHandlers, ThatFailHarmNoOtherSink)
{
    lines told;
    listen_bare([](bare_call &) { return E_FAIL; });
    listen();
    start_with_client();

    send("one");
    send("two");
    client.close();
    ASSERT_TRUE(pump_for(NamedPipeEventClientDisconnected));

    for (const std::string &line : log->all())
        if (line != "server error") /* the reports of the failures; see failure_report_test.cpp */
            told.push_back(line);
    EXPECT_EQ(told, (lines{"ready", "connected 1", "message 1 one", "message 1 two", "disconnected 1"}));
}

/* ---- what a handler does to its arguments ---- */

TEST_F(ServerHandlers, MayResizeData)
{
    expect_to_survive(
        [](bare_call &call)
        {
            SAFEARRAYBOUND more = {100000, 0}, fewer = {2, 0};

            EXPECT_EQ(SafeArrayRedim(*call.data_slot, &more), S_OK);
            EXPECT_EQ(SafeArrayRedim(*call.data_slot, &fewer), S_OK);
            return S_OK;
        });
}

TEST_F(ServerHandlers, MayShortenData)
{
    expect_to_survive(
        [](bare_call &call)
        {
            SAFEARRAYBOUND fewer = {2, 0};

            return SafeArrayRedim(*call.data_slot, &fewer);
        });
}

TEST_F(ServerHandlers, MayEraseData)
{
    expect_to_survive(
        [](bare_call &call)
        {
            EXPECT_EQ(SafeArrayDestroy(*call.data_slot), S_OK);
            *call.data_slot = nullptr;
            return S_OK;
        });
}

TEST_F(ServerHandlers, MayReplaceData)
{
    expect_to_survive(
        [](bare_call &call)
        {
            SafeArrayDestroy(*call.data_slot);
            *call.data_slot = make_array<BYTE>(VT_UI1, {1, 2, 3}, 5);
            return S_OK;
        });
}

TEST_F(ServerHandlers, MayKeepData)
{
    std::vector<SAFEARRAY *> kept;
    expect_to_survive(
        [&](bare_call &call)
        {
            kept.push_back(*call.data_slot);
            *call.data_slot = nullptr;
            return S_OK;
        });

    for (SAFEARRAY *array : kept)
    {
        EXPECT_EQ(static_cast<const char *>(array->pvData)[0], array->rgsabound[0].cElements == 5 ? 'h' : 'x');
        EXPECT_EQ(SafeArrayDestroy(array), S_OK);
    }
}

TEST_F(ServerHandlers, MayLeaveAWildPointerInTheSlotOfData)
{
    expect_to_survive(
        [](bare_call &call)
        {
            SafeArrayDestroy(*call.data_slot);
            *call.data_slot = reinterpret_cast<SAFEARRAY *>(static_cast<ULONG_PTR>(0x00800001));
            return S_OK;
        });
}

TEST_F(ServerHandlers, MayReplaceTheCookie)
{
    expect_to_survive(
        [](bare_call &call)
        {
            VariantClear(call.cookie_slot);
            V_VT(call.cookie_slot) = VT_BSTR;
            V_BSTR(call.cookie_slot) = SysAllocString(L"changed");
            return S_OK;
        });
}

TEST_F(ServerHandlers, MayReplaceOrDropTheConnection)
{
    bool drop = false;
    expect_to_survive(
        [&](bare_call &call)
        {
            IDispatch *other = call.connection;

            (*call.connection_slot)->Release();
            drop = !drop;
            *call.connection_slot = drop ? nullptr : other;
            if (!drop)
                other->AddRef();
            return S_OK;
        });
}

TEST_F(ServerHandlers, ACookieThatASinkChangesIsUnchangedForTheNext)
{
    std::vector<VARTYPE> seen;
    listen();
    auto change = when(NamedPipeEventClientMessageSent,
                       [&](bare_call &call) -> HRESULT
                       {
                           seen.push_back(V_VT(call.cookie_slot));
                           V_VT(call.cookie_slot) = VT_NULL;
                           return S_OK;
                       });
    listen_bare(change);
    listen_bare(change);
    start_with_client();

    write_text(c.get(), L"x", variant(5));
    ASSERT_TRUE(pump_until([&] { return seen.size() == 2; }));

    EXPECT_EQ(seen, (std::vector<VARTYPE>{VT_I4, VT_I4}));
}

TEST_F(ServerHandlers, OfBoundSinksGetReferencesAndAgileOnesValues)
{
    std::vector<VARTYPE> bound, agile;
    auto note = [](std::vector<VARTYPE> &types)
    {
        return [&types](bare_call &call) -> HRESULT
        {
            if (call.event == NamedPipeEventClientMessageReceived)
                for (UINT i = call.params->cArgs; i-- > 0;)
                    types.push_back(V_VT(&call.params->rgvarg[i]));
            return S_OK;
        };
    };
    listen();
    listen_bare(note(bound));
    listen_bare(note(agile), sink_nature::agile);
    start_with_client();
    c->AsyncRead(variant(5));

    send("x");

    EXPECT_EQ(bound,
              (std::vector<VARTYPE>{VT_BYREF | VT_DISPATCH, VT_BYREF | VT_VARIANT, VT_BYREF | VT_ARRAY | VT_UI1}));
    EXPECT_EQ(agile, (std::vector<VARTYPE>{VT_DISPATCH, VT_I4, VT_ARRAY | VT_UI1}));
}

/* ---- EventSink ---- */

class ServerEventSink : public ServerHandlers
{
  protected:
    com_ptr<IDispatch> named(sink_nature nature = sink_nature::names, event_handler handler = nullptr)
    {
        return make_recording_sink(second_log, nature, handler);
    }
};

TEST_F(ServerEventSink, IsCalledByName)
{
    listen();
    ASSERT_EQ(server->put_EventSink(named().get()), S_OK);
    start_with_client();

    send("x");

    EXPECT_EQ(second_log->all(), (lines{"ready", "connected 1", "message 1 x"}));
    EXPECT_TRUE(second_log->events().back().by_reference);
}

TEST_F(ServerEventSink, WithIDispatchExIsCalledByItsNamesAndGetsValues)
{
    listen();
    ASSERT_EQ(server->putref_EventSink(named(sink_nature::names_ex).get()), S_OK);
    start_with_client();

    send("x");

    EXPECT_EQ(second_log->all(), (lines{"ready", "connected 1", "message 1 x"}));
    EXPECT_FALSE(second_log->events().back().by_reference);
}

TEST_F(ServerEventSink, WithoutAMethodOfAnEventsNameIsErrorFive)
{
    com_ptr<IDispatch> mute = make_bare_sink([](bare_call &) { return S_OK; });
    com_ptr<IDispatch> before = named(), kept;
    ASSERT_EQ(server->put_EventSink(before.get()), S_OK);

    EXPECT_EQ(server->put_EventSink(mute.get()), vb_error(5));
    EXPECT_NE(take_error_sentence(), L"");

    EXPECT_EQ(server->get_EventSink(kept.put()), S_OK);
    EXPECT_EQ(kept.get(), before.get()) << "what stood there stays";
}

TEST_F(ServerEventSink, ReadsAsTheSameObject)
{
    com_ptr<IDispatch> sink = named(), read;
    ASSERT_EQ(server->put_EventSink(sink.get()), S_OK);

    EXPECT_EQ(server->get_EventSink(read.put()), S_OK);
    EXPECT_EQ(read.get(), sink.get());
    EXPECT_EQ(server->put_EventSink(nullptr), S_OK);
    EXPECT_EQ(server->get_EventSink(read.put()), S_OK);

    EXPECT_FALSE(read);
}

TEST_F(ServerEventSink, IsCalledAfterTheSinksOfTheConnectionPoint)
{
    size_t already = 99;
    ASSERT_EQ(server->put_EventSink(named(sink_nature::names, [&](const told_event &, INamedPipeServerConnection *)
                                          { already = log->count(); })
                                        .get()),
              S_OK);
    listen();

    start();
    ASSERT_TRUE(second_log->pump_for(NamedPipeEventServerReady));

    EXPECT_EQ(already, 1u);
}

TEST_F(ServerEventSink, ChangedInAHandlerTakesEffectWithTheNextEvent)
{
    auto third = std::make_shared<event_log>();
    listen(once_in_message(
        [&](INamedPipeServerConnection *)
        { EXPECT_EQ(server->put_EventSink(make_recording_sink(third, sink_nature::names).get()), S_OK); }));
    ASSERT_EQ(server->put_EventSink(named().get()), S_OK);
    start_with_client();

    send("one");
    send("two");

    EXPECT_EQ(second_log->all(), (lines{"ready", "connected 1"})) << "replaced: it is not called any more";
    EXPECT_EQ(third->all(), lines{"message 1 two"});
    EXPECT_EQ(second_log->sinks, 0);
}

TEST_F(ServerEventSink, SetToNothingInItsOwnHandlerGetsNoMore)
{
    ASSERT_EQ(server->put_EventSink(named(sink_nature::names, [&](const told_event &, INamedPipeServerConnection *)
                                          { EXPECT_EQ(server->put_EventSink(nullptr), S_OK); })
                                        .get()),
              S_OK);
    start();
    ASSERT_TRUE(second_log->pump_for(NamedPipeEventServerReady));
    listen();
    connect(client);

    EXPECT_EQ(second_log->all(), lines{"ready"});
    EXPECT_EQ(second_log->sinks, 0);
}

} // namespace
